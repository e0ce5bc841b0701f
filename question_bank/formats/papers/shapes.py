"""Shapes of lines in written papers: numbers of questions, options, answers, tails, in Chinese and English."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from question_bank.formats.fields.scripts import simplified

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 32, 0xA0: 32, 0xFE52: 46, 0x2003: 32}
INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD], None)
"""Signs that nobody sees, as pages and editors leave them between others."""
_NUMERALS = "零一二三四五六七八九"
CN = "[一二三四五六七八九十百]{1,5}"
RIGHT_SIGNS, WRONG_SIGNS = "√✓✔✅☑", "×✗✘✖❌❎"
SIGNS = RIGHT_SIGNS + WRONG_SIGNS
"""Signs that say right or wrong. Programs put them as coloured pictures (emoji), too."""


@lru_cache(maxsize=256)
def narrow(text: str) -> str:
    """A text with full-width signs made narrow, character for character, so that places stay the same."""
    return text.translate(_NARROW)


def labelled(text: str) -> str:
    """A text as labels are told by: narrow, in simplified characters, and every sign in its place."""
    return simplified(narrow(text))


def counted(text: str) -> int:
    """The number that digits or Chinese numerals (up to 999) write."""
    if text.isdigit():
        return int(text)
    total = unit = 0
    for sign in text:
        if sign == "百":
            total, unit = total + (unit or 1) * 100, 0
        elif sign == "十":
            total, unit = total + (unit or 1) * 10, 0
        else:
            unit = _NUMERALS.index(sign)
    return total + unit


@dataclass(frozen=True)
class Number:
    """The number that a line begins with: in which style it is written, and where the text after it begins."""

    style: str
    value: int
    end: int


KINDS_IN_BRACKETS = r"(?:[单多]选|[单多]项选择|不定项(?:选择)?|判断|填空|简答|论述|问答|名词解释)题?"
"""The types of questions, as `1（单选）…` names them behind a number without a point."""
_NUMBERS = (
    ("nth", re.compile(rf"[【\[(]?\s*第\s*(\d{{1,4}}|{CN})\s*[题問问](?!\s*\?)(?:\s*[.、:)\]】])*\s*")),
    (
        "named",
        re.compile(
            r"(?:Question|Q|Câu|No\.|Problem|P(?=\d{1,3}\s*[.:])|题目|试题|问题|题)\s*\.?\s*(\d{1,4})(?:\s+of\s+\d{1,4}(?=\s*(?:[.:)]|$)))?\s*(?:[.:、)]\s*|\s+|(?=\()|$)",
            re.IGNORECASE,
        ),
    ),
    ("named", re.compile(r"\d{1,2}(?:\.\d{1,2})+\s*(?:问题|题目|Question|Q)\s*(\d{1,3})\s*[.:、)]\s*", re.IGNORECASE)),
    ("named", re.compile(rf"(?:题目|试题|问题)\s*({CN})(?:\s*[.:、]\s*|\s*$)")),
    ("bracket", re.compile(r"[【\[]\s*(\d{1,4})\s*[·•.、,-]\s*(?=[\u4e00-\u9fff]{2,6}题?\s*[】\]])")),
    ("bracket", re.compile(r"[【\[]\s*(\d{1,4})\s*[】\]]\s*[.、]?\s*")),
    ("paren", re.compile(r"\(\s*(\d{1,3})\s*\)\s*[.、]?\s*")),
    ("half", re.compile(r"(\d{1,3})\s*\)\s*")),
    ("dot", re.compile(r"(\d{1,5})\s*(?:、\s*|\.(?:\s+|(?!\d)|(?=\d{4}年)))(?:\s*[.、](?![A-Za-z]))?\s*")),
    ("dot", re.compile(r"(?:\d{1,2}\.)?(\d{1,4})\s*(?=[【\[][\u4e00-\u9fff]{2,6}题[】\]])")),
    ("dot", re.compile(rf"(\d{{1,3}})\s*(?=[【\[(]{KINDS_IN_BRACKETS}[】\])])")),
    ("dot", re.compile(r"(\d{1,4})\.\d{1,4}\.(?=\s*[\u4e00-\u9fff])")),
    ("dot", re.compile(r"(\d{1,3})\s*,\s*(?=[\u4e00-\u9fff“《])")),
    ("dot", re.compile(r"(?:母题|例题|真题|考题)\s*(\d{1,3})\s*(?:[.、:]\s*|\s+)(?=\S)")),
    ("cn", re.compile(rf"({CN})\s*[、.]\s*")),
    ("cnparen", re.compile(rf"\(\s*({CN})\s*\)\s*[.、]?\s*")),
    ("space", re.compile(r"(\d{1,3})\s+(?=[\u4e00-\u9fff【\[(“\"《]|_{2,}|[A-Z][\w’']*\s)")),
)
_WIDE_DOT = re.compile(r"\s*([0-9]{1,3})(?:．(?=[0-9(（])|\s*，\s*(?=[A-Za-z]))")
"""`11．3+1=`, `1，NFS…` are numbered: the point of a number is as narrow as its digits, and so is its comma."""
_BULLET = re.compile(
    r"[*★☆●◆■▲]\s*(?=\d|第|\()|[\U0001f300-\U0001faff]\s*(?=第\s*\d|(?:题目|Question|Q)\s*\d)", re.IGNORECASE
)
FIRST_STYLES = ("nth", "named", "bracket")
"""Styles that nothing but a question is numbered in."""


@lru_cache(maxsize=4096)
def number_of(text: str) -> Number | None:
    """The number that a line begins with; None when it begins otherwise."""
    thin = narrow(text)
    start = len(thin) - len(thin.lstrip())
    bullet = _BULLET.match(thin, start)
    start = bullet.end() if bullet else start
    for style, pattern in _NUMBERS:
        found = pattern.match(thin, start)
        if found:
            return Number(style, counted(found.group(1)), found.end())
    wide = _WIDE_DOT.match(text)
    return Number("dot", int(wide.group(1)), wide.end()) if wide else None


_BEFORE_FIGURE = re.compile(r"\s*(\d{1,3})[.](?=\d[\d.,]*\s*[^\s\d.,])")


def number_before_figure(text: str) -> Number | None:
    """`3.220V是…`: a number whose point runs into a figure. Only what stands around it can tell that it is none."""
    found = _BEFORE_FIGURE.match(narrow(text))
    return Number("dot", int(found.group(1)), found.end()) if found else None


_BEFORE_TEXT = re.compile(r"\s*(\d{1,3})(?=[\u4e00-\u9fff])")


def number_before_text(text: str) -> Number | None:
    """`24下列…`: a number with nothing behind it. Only what stands around it can tell that it is none of the text."""
    found = _BEFORE_TEXT.match(narrow(text))
    return Number("dot", int(found.group(1)), found.end()) if found else None


_RIGHT_BEFORE = re.compile(
    rf"\s*(?:\(\s*([A-Ha-h]{{1,8}}|[{SIGNS}]|对|错|正确|错误|T|F)?\s*\)|[_\ue006]+\s*([A-Ha-h]{{1,4}}|[{SIGNS}TF])?\s*[_\ue007]+)\s*(?=\d{{1,4}}\s*[.、])"
)


def answer_before_number(text: str) -> tuple[str, str] | None:
    """`（ B ）1. …` writes the answer before the number: the answer and the line without it."""
    found = _RIGHT_BEFORE.match(narrow(text))
    return (found.group(1) or found.group(2) or "", text[found.end() :]) if found else None


@dataclass(frozen=True)
class Option:
    """An option in a line: its letter, its text, where it stands in the line, whether a sign marks it as right."""

    letter: str
    text: str
    start: int
    end: int
    ticked: bool = False


_TICK = (
    r"(?:[-*+]\s+)?(?:\[\s*(?P<box>[xX√✓]?)\s*\]\s*"
    r"|(?P<tick>[√✓✔☑●■*]|\(√\)|[vV](?=\s+[A-H]\s*[.、:)]))\s*|[□○◯☐〇◻]\s*)?"
)
OPTIONS_LABEL = r"(?:[【\[]\s*(?:选项|备选项|备选答案)\s*[】\]]\s*:?|(?:选项|备选项|备选答案)\s*:)\s*"
_FIRST_OPTION = re.compile(
    rf"\s*(?:{OPTIONS_LABEL})?{_TICK}(?:\(\s*(?P<a>[A-Za-z])\s*\)|[【\[]\s*(?:选项\s*)?(?P<b>[A-Z])\s*[】\]]|(?:选项\s*)?(?P<c>[A-Za-z])\s*[.、:)](?:(?<=、)(?P=c)\.(?=\S)|(?![A-Za-z]\.))"
    r"|(?P<d>[A-Z])(?:\s+(?=\S)|(?=[\u4e00-\u9fff“《\d]))|(?P<e>[A-Z]),(?=\s*\S))(?:(?<=[)\]】])[.、])?\s*"
)
_ARTICLE = re.compile(r"\s*(?:[-*+]\s+)?\[[ xX]?\]\s*A\s+[a-z]")
"""`[ ] A database` is a box before an article, and no letter."""
_BULLETED = re.compile(r"\s*(?:\[\s*[xX ]?\s*\]\s+|[○◯□☐◻〇●☑■]\s*)(?=\S)")
_NEXT_OPTION = re.compile(
    rf"(?:(?<=\s)|(?<=[^A-Za-z0-9(（=+\-]))\s*{_TICK}(?:\(\s*(?P<a>[A-Za-z])\s*\)|(?P<c>[A-Za-z])\s*[.、:)])\s*"
)
_OPTION_BEHIND_DIGITS = re.compile(r"(?<=\d)(?P<c>[B-H])[.、](?=\d)")
_FIGURES = re.compile(r"\s*[\d.,:%~+-]+\s*")
"""`A.1430B.1435`: figures alone, with nothing between them and the next letter."""
_FAR_OPTION = re.compile(r"(?:\s{2,}|\t)[□○☐]?(?P<d>[A-Z])\s*(?=\S)")
_TICKED_END = re.compile(
    r"\s*(?:[(\[【]\s*(?:正确(?:答案|选项)?|对|√|✓|correct|right)\s*[)\]】]|[√✓✔✅☑])\s*$", re.IGNORECASE
)


def options_of(text: str, expected: str, *, anywhere: bool = False) -> list[Option]:
    """The options in a line: the first has to be the `expected` letter (any, when that is empty), the others follow.

    With `anywhere` the first may stand behind a stem, and there have to be two at least.
    """
    thin = narrow(text)
    found: list[tuple[str, int, int, bool]] = []
    if not anywhere:
        first = _FIRST_OPTION.match(thin)
        first = None if first and _ARTICLE.match(thin) else first
        bullet = _BULLETED.match(thin) if not first else None
        if bullet:
            ticked = bullet.group().strip() in {"●", "■", "☑"} or "x" in bullet.group().casefold()
            return [_option(expected or "A", text[bullet.end() :], 0, len(text), ticked)]
        letter = _letter(first) if first else ""
        if not first or (expected and letter != expected):
            return []
        found.append((letter, first.start(), first.end(), _is_ticked(first)))
    wanted = chr(ord(found[-1][0]) + 1) if found else "A"
    at = found[-1][2] if found else 1
    while at < len(thin) and (mark := _next(thin, at, wanted, anywhere)):
        found.append((wanted, mark.start(), mark.end(), _is_ticked(mark)))
        at, wanted = mark.end(), chr(ord(wanted) + 1)
    if len(found) == 1 and not anywhere and _BARE.match(thin):
        found += _bare_letters(thin, found[0][0], found[0][2])
    if anywhere and (len(found) < 2 or any(not thin[a[2] : b[1]].strip() for a, b in pairwise(found))):
        return []
    ends = [start for _letter, start, _end, _ticked in found[1:]] + [len(text)]
    return [
        _option(letter, text[end:stop], start, stop, ticked)
        for (letter, start, end, ticked), stop in zip(found, ends, strict=True)
    ]


_BARE = re.compile(r"\s*[A-Z](?:\s|[\u4e00-\u9fff“《])")
_CLOSE_LETTER = re.compile(r"(?<=[^A-Za-z0-9+=-])([B-H])(?=[\u4e00-\u9fff“《])")
_LONE_LETTER = re.compile(r"(?<=\s)([B-H])(?=\s+\S)")


def _bare_letters(thin: str, first: str, at: int) -> list[tuple[str, int, int, bool]]:
    """B, C … of `A打电话B断电源C送医院` and `A Argon B Methane C Helium`: each stands there once, and they run on."""
    is_close = not thin[at - 1].isspace()
    marks = list((_CLOSE_LETTER if is_close else _LONE_LETTER).finditer(thin, at))
    letters = [mark.group(1) for mark in marks]
    if letters != [chr(ord(first) + 1 + n) for n in range(len(letters))]:
        return []
    if len(letters) < 2 and (first == "A" and not (is_close and letters and thin[marks[0].start() - 1].isspace())):
        return []
    return [(mark.group(1), mark.start(), mark.end(), False) for mark in marks]


def _option(letter: str, text: str, start: int, stop: int, ticked: bool) -> Option:
    end = _TICKED_END.search(narrow(text))
    if end and end.start():
        text, ticked = text[: end.start()], True
    return Option(letter, text.strip(" \t\u3000;；"), start, stop, ticked)


def _letter(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return next(str(groups[name]) for name in "abcde" if groups.get(name)).upper()


def _is_ticked(found: re.Match[str]) -> bool:
    groups = found.groupdict()
    return bool(groups.get("box") or (groups.get("tick") and groups["tick"] != "*") or groups.get("tick") == "*")


def _next(thin: str, at: int, wanted: str, is_stem: bool) -> re.Match[str] | None:
    for pattern in (_NEXT_OPTION, _FAR_OPTION):
        for found in pattern.finditer(thin, at):
            is_shut = bool(found.groupdict().get("a"))
            is_close = is_shut and not thin[thin.index("(", found.start()) - 1].isspace()
            if _letter(found) == wanted and not (is_stem and is_close):
                return found
    behind = _OPTION_BEHIND_DIGITS.search(thin, at)
    if behind and behind.group("c") == wanted and _FIGURES.fullmatch(thin[at : behind.start()]):
        return behind
    return None


def options_inside(text: str, expected: str) -> tuple[str, list[Option]] | None:
    """A line that ends the option above it, and goes on with the `expected` one: `站台 C、本次列车停车站`."""
    thin = narrow(text)
    for mark in re.finditer(rf"(?<=\S)\s+(?={expected}\s*[.、])", thin):
        if found := options_of(text[mark.end() :], expected):
            moved = [replace(one, start=one.start + mark.end(), end=one.end + mark.end()) for one in found]
            return text[: mark.start()].strip(), moved
    return None


_OPEN, _SHUT = r"[【\[〖(]?\s*", r"\s*[】\]〗)]?"
_ANSWER = re.compile(
    rf"\s*{_OPEN}(?P<word>(?:本题的?)?(?:正确的?|标准|参考|示例|样例)?答案(?:要点|示例|举例|是|为|应?选)?|正确选项|正确项|答题要点|参考要点|参考解答|评分(?:标准|细则|要点)|解题(?:过程|步骤)?"
    r"|(?:correct|right)\s+(?:option|choice)|answer\s*keys?(?=\s*:\s*\S)|(?:answer\s+(?=correct|right))?(?:correct\s+|right\s+|(?:sample|model|suggested|possible|expected)\s+)?answers?|ans|answer\s*keys?|keys?"
    r"|respuesta(?:\s+correcta)?|r[ée]ponse(?:\s+correcte)?|(?:richtige\s+)?antwort|resposta(?:\s+correta)?"
    r"|risposta(?:\s+corretta)?|(?:правильный\s+)?ответ|đáp\s+án(?:\s+đúng)?)(?P<shut>\s*[】\]〗)])?\s*(?P<colon>[:.»]\s*)?",
    re.IGNORECASE,
)
_OF_MARKER = re.compile("参考|要点|示例|样例|举例|^评分|^解题|sample|model|suggested|possible|expected")
"""Words before an answer that others may differ from."""
_SAID = re.compile(r"\s*(?:[答解]\s*:|参考\s*:(?!\s*(?:《|第|http)))\s*")
_GIVEN = re.compile(
    r"\s*[【\[]?\s*(?:(?:我|学生|考生|你|您|本人|作答)的?(?:答案|作答|选项)|(?:所选|选择|提交)的?答案(?=\s*[】\]:]))\s*[】\]]?\s*:?"
)
_GIVEN_BEHIND = re.compile(r"\s*[【\[]?\s*(?:我|学生|考生|你|您|本人|作答)的?(?:答案|作答|选项)\s*[】\]]?\s*:.*$")
_VERDICT_BEHIND = re.compile(
    rf"(?P<said>\s*(?:[A-H](?:[\s,、]*[A-H]){{0,7}}|[{SIGNS}]|对|错|正确|错误))\s*你(?:选|答|做|错|漏|少|多|没|未)\S*.*"
)
"""`B你选对了`, `A、C你错选为A、B`: what a platform says of an attempt behind the right answer."""
_GIVEN_RIGHT = re.compile(r"(?:正确|标准|参考)答案\s*[】\]]?\s*:?\s*")


def says_nothing_given(text: str) -> bool:
    """Whether such a line only names what stands below it: `我的答案`."""
    found = _GIVEN.match(labelled(text))
    return found is not None and not text[found.end() :].strip()


_ABOUT_MARKING = re.compile(r"(?<=[A-Za-zＡ-Ｚ])\s*[(（](?:少选|漏选|多选|错选|部分|全部|选对)[^()（）]{0,20}[)）]\s*$")


@dataclass(frozen=True)
class Answer:
    """What an answer's line says: the text (empty: it follows below), and whether it was called a reference answer."""

    text: str
    is_reference: bool = False


_EXPLANATION_NAMED = re.compile(r"\s*(?P<both>[与和及])?(?:解析|说明|分析|详解|解释)(?P<end>\s*(?:[】\]):]|$))?")
"""`答案解析：`, `答案：解析：` name an explanation; `答案与解析：` and `答案：说明生产力决定…` an answer."""


def answer_of(text: str) -> Answer | None:
    """What a line says that begins with 答案, Answer or 答; None when it begins otherwise."""
    thin = labelled(text)
    if given := _GIVEN.match(thin):
        right = _GIVEN_RIGHT.search(thin, given.end())
        return Answer(text[right.end() :].strip()) if right else None
    if said := _SAID.match(thin):
        return Answer(text[said.end() :].strip(), is_reference=True)
    found = _ANSWER.match(thin)
    if not found:
        return None
    word, rest = found.group("word").casefold(), text[found.end() :]
    clear = found.group("colon") or found.group("shut") or word.endswith(("是", "为", "选"))
    explains = _EXPLANATION_NAMED.match(narrow(rest))
    if explains and explains.group("both") and explains.group("end"):
        return Answer(rest[explains.end() :].lstrip(" :：").strip(), is_reference=True)
    if explains and (explains.group("end") is not None or not clear):
        return None
    bare = re.fullmatch(
        rf"\s*\(?\s*(?:[A-Za-z](?:[\s,、]*[A-Za-z]){{0,7}}|[{SIGNS}]|对|错|正确|错误)?\s*\)?\s*", narrow(rest)
    )
    if not clear and (not bare or (word[0].isascii() and rest.strip())):
        return None
    given = _GIVEN_BEHIND.search(narrow(rest))
    rest = rest[: given.start()] if given else rest
    verdict = _VERDICT_BEHIND.fullmatch(narrow(rest))
    rest = rest[: verdict.end("said")] if verdict else rest
    if narrow(rest).lstrip().startswith("【") and "】" not in rest:
        rest = rest.lstrip()[1:]
    rest = rest.rstrip()[:-1] if narrow(rest).rstrip()[-1:] == ")" and "(" not in narrow(rest) else rest
    return Answer(_ABOUT_MARKING.sub("", rest).strip(), is_reference=_OF_MARKER.search(word) is not None)


_SENTENCE = re.compile(r"\s*the\s+(?:correct|right)\s+answer\s+is\s*:?\s*(?:option\s+)?(?=\(?[A-H]\b)", re.IGNORECASE)


def answer_in_sentence(text: str) -> str | None:
    """What `The correct answer is B. …` says, from its letter on."""
    found = _SENTENCE.match(text)
    return text[found.end() :].strip() if found else None


def is_given_answer(text: str) -> bool:
    """Whether a line tells what somebody answered, which is no part of the question."""
    return _GIVEN.match(labelled(text)) is not None


_ANSWER_INSIDE = re.compile(
    r"\s+(?:正确|标准|参考)?答案\s+(?=[A-H]{1,8}\s*[。.]?\s*$)|\s*[【\[〖]\s*(?:正确|标准|参考)?答案\s*[】\]〗]\s*:?\s*|(?:\s+|(?<=[。?!)])|\s*(?:@{2,}|#{2,}|\|{2,})\s*)(?:正确|标准|参考)?答案\s*:\s*|(?:正确|标准|参考)?答案\s*:\s*(?=[A-H]{1,8}\s*(?:$|[。.;,]?\s*[【\[(]?(?:答案)?解析))|(?:\s{2,}|\t\s*)答\s*:\s*"
    rf"|\s+[-–—]\s*(?:ANSWER\s*[{SIGNS}]*\s*[-–—:]+|[Aa]ns(?:wer)?\s*:)\s*"
)


_ANSWER_IN_BRACKETS = re.compile(
    r"\s*\*?\(\s*(?:(?:正确|标准|参考)?答案|(?:correct )?answer)\s*:\s*(?P<said>[^()]+)\)\*?\s*[。.]?\s*$", re.I
)
_ANSWER_IN_HOOKS = re.compile(
    r"\s*[\[【]\s*(?:(?:正确|标准|参考)?答案|(?:correct )?answer)\s*:\s*(?P<said>[^\[\]【】]+)[\]】]", re.I
)


def cut_answer(text: str) -> tuple[str, str] | None:
    """A line with `【答案】B` or `  答案：B` at its end: what stands before, and what the answer says."""
    shut = _ANSWER_IN_BRACKETS.search(labelled(text))
    if shut and text[: shut.start()].strip():
        return text[: shut.start()].rstrip(), text[shut.start("said") : shut.end("said")].strip()
    tag = _ANSWER_IN_HOOKS.search(labelled(text))
    if tag and text[: tag.start()].strip():
        return text[: tag.start()] + text[tag.end() :], text[tag.start("said") : tag.end("said")].strip()
    found = _ANSWER_INSIDE.search(labelled(text))
    if not found or not text[: found.start()].strip():
        return None
    return text[: found.start()].rstrip(), text[found.end() :].strip()
