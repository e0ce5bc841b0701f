"""Headers of question tables: which column is the stem, which the answer, which option B; synonyms and decorations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from question_bank.formats.fields.scripts import simplified
from question_bank.formats.fields.vocabulary import HEADERS, KINDS
from question_bank.formats.sheets.head_notes import is_setting_of_blanks, name_in, options_alike, verdicts_in

_FIELDS = {name: role for role, names in HEADERS.items() for name in names.split()}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OPTION = re.compile(
    r"(?:opci[oó]n|opç[aã]o|opcao|lựachọn|phươngán|вариант|보기|선택지|antwort|respuesta|resposta)[_\-.]?([a-z]|\d{1,2})|item[_\-]?(\d)|(?:选项|备选项|备选答案|选择项|答案选项|选择肢|answerchoice|answeroption|option|choice|xuanxiang|opt|op)[_\-.]?([a-z]|\d{1,2})(?:内容|文本|[_\-]?text)?"
    r"|(?:qu[_\-.]?)?([a-z])(?:选项|项)?|(?:第)?([一二三四五六七八九]|\d{1,2})(?:个)?选项|选项([一二三四五六七八九十])",
    re.ASCII | re.IGNORECASE,
)
_FLAG = re.compile(
    r"(?:is[_\- ]?(?:correct|right|answer|true)|correct|right|是否正确|是否答案|是否(?:为)?正确答案|正确)"
    r"[_\-.]?([a-z]|\d{1,2})"
    r"|(?:选项)?([a-z]|\d{1,2})[_\-.]?(?:是否正确|正确|iscorrect|correct)",
    re.IGNORECASE | re.ASCII,
)
_BLANK_ANSWER = re.compile(
    r"(?:答案|填空|空|空格|填空答案|blank|answer)[_\-.]?(\d{1,2})(?:答案)?|第(\d{1,2})空(?:答案)?", re.I | re.A
)
_ANSWER_LETTER = re.compile(r"(?:答案|answer)[_\-.]?([a-h])", re.IGNORECASE | re.ASCII)
"""`答案A` … `答案D` beside 正确答案: options."""
_WRONG = re.compile(
    r"(?:incorrect|wrong|false)[_\-.]?(?:(?:answer|option|choice)s?[_\-.]?([a-z]|\d{1,2})?|\d{1,2}|one|two|three|four|five)"
    r"|distractors?[_\-.]?(\d{1,2})?"
    r"|(?:错误答案|错误选项|错误项|干扰项|干扰答案)(\d{1,2}|[一二三四五六七八九])?",
    re.IGNORECASE | re.ASCII,
)
_FORM = re.compile(r"[-_]?(?:md|html|markdown|latex|richtext)$|[-_]text$")
"""In which form a text is written: `stemMd`, `question_html`, `title_text`."""
_OF_QUESTION = re.compile(r"^(?:questions?|ques|quiz|mcq|topic|exam|problem|timu|试题|题目|考题|习题)[-_]?(?=.)")
"""`quesAnswer`, `试题选项`."""
_OF_ONE = re.compile(r"^question[-_]?(?=s)")
"""`questionScore`, which is no `core` of questions."""
_SAYS_RIGHT = re.compile(r"correct|right|true|正确|标准|index|key")
_NUMBERS = "零一二三四五六七八九十"
_DECORATION = re.compile(r"[（(\[【][^）)\]】]*[)）\]】]")
_SPACES = re.compile("[\\s*＊:：\u200b\ufeff]+")


@dataclass(frozen=True)
class Columns:
    """Where each field of a question stands in a row: positions from 0."""

    fields: dict[str, int]
    options: dict[str, int] = field(default_factory=dict)
    """Letter to position."""
    flags: dict[str, int] = field(default_factory=dict)
    """Letter to the position that says whether the option is right."""
    blank_answers: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    """Positions of wrong options, which stand beside the right one: `Correct Answer`, `Incorrect Answer 1` …"""
    numbered: bool = False
    """Options are called by numbers in the header."""
    codes: dict[str, str] = field(default_factory=dict)
    """What the header says about coded types: `0` is 单选."""
    verdicts: dict[str, bool] = field(default_factory=dict)
    """What the header says that the answers of true/false questions mean: `1` is 对, `2` is 错."""
    answers: dict[str, list[int]] = field(default_factory=dict)
    """All columns of answers by name: several of one name hold a letter each (Socrative)."""
    settings: set[str] = field(default_factory=set)
    """Letters of options that are settings where the question has blanks."""
    counts_from: int | None = None
    """The number of the first option in the answers, where somebody told it."""

    @property
    def worth(self) -> int:
        """How much of a header this is."""
        return len(self.fields) + len(self.options) + len(self.flags) + len(self.wrong) + len(self.blank_answers)


LONGEST_NAME = 120
"""Characters of a head; what is longer is a text."""
LONGEST_HEAD = 1000
"""Characters of a head that are looked at, with its notes: what brackets left open take grows with the square."""


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A header's or a type's name without decoration: widths folded, brackets, stars and spaces gone."""
    folded = _DECORATION.sub("", unicodedata.normalize("NFKC", text[:LONGEST_HEAD]))
    return simplified(_SPACES.sub("", folded).casefold())


def columns_of(cells: Sequence[str]) -> Columns | None:
    """The columns that a row of headers names; None when it is no header of a table of questions."""
    found = named_columns(cells)
    fields = found.fields
    if "stem" not in fields:
        return None
    answered = {"answer", "kind", "options"} & set(fields) or found.options or found.flags or found.blank_answers
    return found if answered and found.worth >= 2 else None


LONGEST_KEPT = 400
"""Characters of a row that is kept with what it names: names of fields are short, rows of a table are not."""


def named_columns(cells: Sequence[str]) -> Columns:
    """Whatever a row of headers names, be it enough for a table of questions or not.

    Rows alike share what is found, as the objects of a JSON file have the same names thousands of times: it is not to
    be changed.
    """
    named = tuple(cells)
    return _kept(named) if sum(map(len, named)) <= LONGEST_KEPT else _named(named)


def _named(cells: tuple[str, ...]) -> Columns:
    found = Columns({})
    numbered: set[str] = set()
    heads = [name_in(cell) for cell in cells]
    names = [plain(head) for head in heads]
    for at, head in enumerate(heads):
        if head and len(head) <= LONGEST_NAME:
            _place(found, at, head, cells[at], numbered)
    fields = found.fields
    if "stem" not in fields and "topic" in names and {"answer", "kind"} & set(fields):
        at = names.index("topic")
        fields["stem"] = at
        for role in [role for role, place in fields.items() if place == at and role != "stem"]:
            del fields[role]
    has_options = found.options or "options" in fields
    if "stem" not in fields and fields.get("subject") is not None and "answer" in fields and has_options:
        fields["stem"] = fields.pop("subject")
    if "stem" not in fields and "material" in fields and names[fields["material"]].endswith("题干"):
        fields["stem"] = fields.pop("material")
    if "stem" not in fields and "text" in names and "answer" in fields and has_options:
        fields["stem"] = names.index("text")
    of_kind = next((at for at, name in enumerate(names) if names_kind(name)), None)
    if "stem" not in fields and "answer" in fields and of_kind is not None:
        fields["stem"] = of_kind
    if "answer2" in fields and names[fields["answer"]] == "key":
        fields["answer"] = fields.pop("answer2")
    _prefer_text(fields, names)
    _part_answers(fields, names)
    lettered = {mark.group(1).upper(): n for n, name in enumerate(names) if (mark := _ANSWER_LETTER.fullmatch(name))}
    if len(lettered) > 1 and "answer" in fields and not found.options:
        found.options.update(lettered)
    if _answers_are_options(found, names):
        found.options.update({_LETTERS[n]: at for n, at in enumerate(found.blank_answers[:26])})
        found.blank_answers.clear()
        numbered.add("A")
    _leave_out_lone(found.options)
    if not found.options and (alike := options_alike(names)):
        found.options.update(zip(_LETTERS, alike, strict=False))
        fields.pop("options", None)
        numbered.add("A")
    return replace(found, numbered=True) if numbered else found


_kept = lru_cache(maxsize=1024)(_named)
_TITLES = {"title", "name", "标题", "题目标题", "试题标题", "questiontitle", "questionname"}


def _prefer_text(fields: dict[str, int], names: Sequence[str]) -> None:
    """A title beside the text of the question is its title, wherever it stands."""
    bare = [re.sub("[-_]", "", name) for name in names]
    if "stem" not in fields or bare[fields["stem"]] not in _TITLES:
        return
    texts = [at for at, name in enumerate(bare) if _role(name) == "stem" and name not in {*_TITLES, "q", "item"}]
    fields["stem"] = texts[0] if texts else fields["stem"]
    if fields.get("stem2") == fields["stem"]:
        del fields["stem2"]


def _leave_out_lone(options: dict[str, int]) -> None:
    """Letters that do not run on from A are names of something else: `t` for a topic, `E` for an expert."""
    run = next((n for n, letter in enumerate(_LETTERS) if letter not in options), len(_LETTERS))
    for letter in [one for one in options if one not in _LETTERS[:run]]:
        del options[letter]


@lru_cache(maxsize=4096)
def role_of(head: str) -> str:
    """What a cell beside a value says that the value is, as in ROLES; empty when it is no such name."""
    found = Columns({})
    _place(found, 0, head, head, set())
    return roles_of(found).get(0, "")


def names_kind(head: str) -> bool:
    """Whether a head is the kind of the questions below it: 单选题."""
    return head.endswith("题") and head not in _FIELDS and kind_named(head) is not None


_LISTS = {"answers", "questionanswers", "possibleanswers", "answerlist"}


def _part_answers(fields: dict[str, int], names: Sequence[str]) -> None:
    """`answers` beside `correct` are the options."""
    at = fields.get("answer", -1)
    right = next(
        (n for n, name in enumerate(names) if n != at and _role(name) == "answer" and _SAYS_RIGHT.search(name)), None
    )
    if at >= 0 and names[at] in _LISTS and right is not None and "options" not in fields:
        fields["options"], fields["answer"] = at, right


def _answers_are_options(found: Columns, names: Sequence[str]) -> bool:
    """`Answer 1`, `Answer 2` … beside `Correct answer` (Kahoot, Blooket) are the options, not the texts of blanks."""
    if len(found.blank_answers) < 2 or found.options or "options" in found.fields:
        return False
    at = found.fields.get("answer")
    named_in_english = all(names[n][:1].isascii() for n in found.blank_answers)
    return bool(found.flags) or (at is not None and (named_in_english or _SAYS_RIGHT.search(names[at]) is not None))


def _place(found: Columns, at: int, head: str, cell: str, numbered: set[str]) -> None:
    name = plain(head)
    role = _role(name)
    if role == "stem" and "stem" in found.fields and name == "title":
        return
    if role == "kind" and "kind" in found.fields and name.endswith(("name", "text")):
        found.fields["kind"] = at
        return
    if role and not (role == "stem" and name == "title" and "stem" in found.fields):
        is_second = role == "answer" or (role == "category" and name in {"知识点", "category"})
        if role not in found.fields or is_second or (role == "stem" and name not in _TITLES):
            found.fields.setdefault(role if role not in found.fields else f"{role}2", at)
        if role == "kind":
            found.codes.update(_codes(cell))
        if role == "answer":
            found.verdicts.update(verdicts_in(cell))
            found.answers.setdefault(name, []).append(at)
        return
    if flag := _FLAG.fullmatch(name):
        found.flags.setdefault(_letter(flag), at)
    elif option := _OPTION.fullmatch(name.removeprefix("mcq")):
        letter = _letter(option)
        found.options.setdefault(letter, at)
        if is_setting_of_blanks(cell):
            found.settings.add(letter)
        if not any(group and group.isascii() and group.isalpha() for group in option.groups()):
            numbered.add(letter)
    elif _WRONG.fullmatch(name):
        found.wrong.append(at)
    elif _BLANK_ANSWER.fullmatch(name):
        found.blank_answers.append(at)


@lru_cache(maxsize=4096)
def _role(name: str) -> str | None:
    """What a name means, with or without the word for a question before it, and the form of the text behind it."""
    tried = (
        name,
        re.sub(r"[-_]", "", name),
        name.replace("questions", "question", 1),
        _FORM.sub("", name),
        _OF_QUESTION.sub("", name),
        _OF_ONE.sub("", name),
    )
    return next((role for one in tried if (role := _FIELDS.get(one))), None)


def _letter(found: re.Match[str]) -> str:
    text = next(group for group in found.groups() if group)
    if text in _NUMBERS:
        text = str(_NUMBERS.index(text))
    if text.isdigit():
        return _LETTERS[(int(text) - 1) % 26]
    return text.upper()


OPTION_LETTERS = "ABCDEFGH"
"""Options that can be told by hand."""
ROLES = (
    "stem",
    "kind",
    *(f"option:{letter}" for letter in OPTION_LETTERS),
    "options",
    "wrong",
    "answer",
    "answer:0",
    "answer:1",
    "blank",
    "explanation",
    "hint",
    "category",
    "subject",
    "tags",
    "difficulty",
    "mark",
    "material",
)
"""What a column can be told to hold; `answer:0` counts the options from 0."""


def roles_of(columns: Columns) -> dict[int, str]:
    """What each column was taken for, by its position."""
    found = {at: name.removesuffix("2") for name, at in columns.fields.items() if name not in {"ignored", "part_kind"}}
    if columns.counts_from is not None and "answer" in columns.fields:
        found[columns.fields["answer"]] = f"answer:{columns.counts_from}"
    found |= {at: f"option:{letter}" for letter, at in columns.options.items()}
    found |= {at: f"flag:{letter}" for letter, at in columns.flags.items()}
    same = {at: "answer" for places in columns.answers.values() if len(places) > 1 for at in places}
    return same | found | dict.fromkeys(columns.blank_answers, "blank") | dict.fromkeys(columns.wrong, "wrong")


def columns_of_roles(roles: Mapping[int, str], found: Columns) -> Columns:
    """The columns as somebody told them; how options are counted and types coded stays as `found` in the header."""
    counted = next((int(role[-1]) for role in roles.values() if role in {"answer:0", "answer:1"}), None)
    said = {name: [at for at in places if roles.get(at) == "answer"] for name, places in found.answers.items()}
    told = replace(
        found, fields={}, options={}, flags={}, blank_answers=[], wrong=[], answers=said, counts_from=counted
    )
    for at, role in sorted(roles.items()):
        name, _sign, letter = role.partition(":")
        if letter and name != "answer":
            (told.options if name == "option" else told.flags)[letter] = at
        elif name in {"blank", "wrong"}:
            (told.blank_answers if name == "blank" else told.wrong).append(at)
        elif name:
            told.fields[f"{name}2" if name in told.fields and name in {"stem", "category", "answer"} else name] = at
    return told


_CODE = re.compile(r"(\d)\s*[:：=、.\-]?\s*([\u4e00-\u9fff]{2,5}|[a-zA-Z_ ]{2,20})")


_NAMED_CODE = re.compile(r"([\u4e00-\u9fff]{2,5}|[a-zA-Z_ ]{2,20})\s*[:：=、.\-]?\s*(\d)(?!\d)")
"""`单选=1，多选=2`: the name before its code."""


_LISTED_CODE = re.compile(r"\((\d)\)\s*([\u4e00-\u9fff]{2,5}|[a-zA-Z_ ]{2,20})")


def _codes(cell: str) -> dict[str, str]:
    """`题型（0单选,1判断,2多选）` says what the numbers mean."""
    whole = unicodedata.normalize("NFKC", cell)
    inside = re.search(r"[（(\[【](.*)[)）\]】]", whole, re.DOTALL)
    if not inside:
        return {}
    listed = {code: name for code, name in _LISTED_CODE.findall(whole) if kind_named(name)}
    if len(listed) > 1:
        return listed
    before = {code: name for code, name in _CODE.findall(inside.group(1)) if kind_named(name)}
    behind = {code: name for name, code in _NAMED_CODE.findall(inside.group(1)) if kind_named(name)}
    return behind if len(behind) > len(before) else before


def as_choices(kinds: Iterable[str]) -> dict[str, str]:
    """What `multiple_choice` means in a file whose types these are: a choice with one or several right answers.

    English calls any question with options so; only beside a name for single choices does it say more.
    """
    written = set(kinds)
    if "single_choice" in {kind_named(name) for name in written}:
        return {}
    return {name: "choice" for name in written if plain(name) == "multiple_choice"}


_BY_NAME = {name: kind for kind, names in KINDS.items() for name in names.split()}


@lru_cache(maxsize=4096)
def kind_named(text: str) -> str | None:
    """The kind that a type's name means; None when it is no name of a kind."""
    name = plain(text)
    if name in _BY_NAME:
        return _BY_NAME[name]
    name = re.sub(r"^[一二三四五六七八九十\d]+[、.．]", "", name)
    found = {kind for names, kind in _BY_NAME.items() if len(names) >= 2 and names[0] >= "\u4e00" and names in name}
    named = re.sub(r"[-_ ]", "", name)
    for one in (named, named.removesuffix("question")):
        if one in _BY_NAME:
            return _BY_NAME[one]
    if {"cloze", "fill_in"} <= found:
        found.discard("fill_in")
    if {"case", "essay"} <= found:
        found.discard("case")
    if {"fill_in", "essay"} <= found and "填空" in name:
        found.discard("essay")
    if "单选" in name or "单项选择" in name or "多选" in name or "多项选择" in name or "不定项" in name:
        found -= {"essay", "case"}
        if {"single_choice", "multiple_choice"} <= found and not ("单" in name and "多" in name):
            found.discard("single_choice")
    if not found and len(name) < 2 and (said := _CODED.fullmatch(text)):
        return kind_named(said.group(1))
    return next(iter(found)) if len(found) == 1 else None


_CODED = re.compile(r"\s*[A-Za-z\d]\s*[(（]\s*([^()（）]{2,20})\s*[)）]\s*")
"""`B（单选题）`: a code, and what it means."""
