"""Headings of written papers and the tags of their questions: kinds, marks, chapters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from question_bank.formats.fields.scripts import simplified
from question_bank.formats.fields.vocabulary import KINDS
from question_bank.formats.papers.english_parts import EnglishPart, kind_of_english_task, part_in_english
from question_bank.formats.papers.shapes import CN, SIGNS, labelled, narrow
from question_bank.formats.papers.task_names import (
    TOTAL,
    is_about_text,
    is_contest,
    kind_of_task,
    marks_by_number,
    part_by_task,
    product_of,
    task_of,
    total_of,
    total_of_bonus,
)
from question_bank.formats.sheets.columns import kind_named, plain


@dataclass(frozen=True)
class Heading:
    """What a heading sets for the questions below it. Marks are thousandths; `category` for a chapter's heading."""

    kind: str | None = None
    mark: int | None = None
    mark_per_blank: bool = False
    total: int | None = None
    """What the whole part earns, where nothing says what each question does: `简答题（5分）`."""
    marks: tuple[tuple[int, int], ...] = ()
    """What single questions earn: `第1小题6分，第2小题8分`."""
    category: str | None = None
    part: str = ""
    """What an English paper counts the part by: A, III."""
    has_texts: bool = False
    """Whether its questions are about texts that stand above them: 案例分析题, 材料分析题."""
    product: tuple[int, int] | None = None
    """How many questions there are, and what each earns, in either order: `选择题 (20*2)`."""
    count: int | None = None
    """How many questions there are, where the heading says so beside what each earns: `每题15分，共30分`."""


_NAMES = sorted((name for names in KINDS.values() for name in names.split() if len(name) >= 2), key=len, reverse=True)
_CHINESE = [re.escape(name) for name in _NAMES if name[0] >= chr(0x4E00)]
_KIND = re.compile(
    rf"(?:[\u4e00-\u9fff]{{0,8}}?(?:{'|'.join(name for name in _CHINESE if name.endswith('题'))})目?"
    rf"|{'|'.join(_CHINESE)})(?:部分|类|类型|题目|试题|题库|练习|专项|大题|如下)*"
)
_PREFIX = re.compile(
    rf"(?:第?{CN}\s*(?:大题|部分|单元)?\s*[、.:)]?\s*|\(\s*{CN}\s*\)\s*[、.]?\s*|[IVX]{{1,4}}\s*[.、:]\s*"
    r"|(?:part|section)\s+(?:\d+|[a-z]|[ivx]+)\b\s*[.:、-]?\s*|题型\s*[一二三四五六七八九十\d]{1,2}\s*[:、.]\s*|\d{1,2}\s*(?:[.、]\s*|(?<=\d)\s+(?=[\u4e00-\u9fff]{2,6}题)))?",
    re.IGNORECASE,
)
_ABOUT_MARKS = re.compile(
    r"每|共|分|小题|本大?题|打|请|选|填|points?|marks?|each|write|choose|select|circle|complete|answer|\(\d{1,3}\s*questions?\)|\(MCQs?\)|\d\s*pts?\b|将|把|连|\d\s*(?:道|题)|[✓√×]",
    re.IGNORECASE,
)
_CHAPTER = re.compile(
    rf"(?:第\s*(?:\d{{1,3}}|{CN})\s*(?:章|节|单元|篇|编|讲|模块)|chapter\s+\d+)\s*[、.:]?\s*(.{{0,40}})", re.I
)
_OF_TEXTS = re.compile("案例|病例|病案|材料|资料|阅读|共用题干")
_UNKNOWN = re.compile(rf"第?{CN}\s*(?:大题|部分)?\s*[、.]\s*[\u4e00-\u9fff]{{1,8}}题\s*(?:[(:].*)?")

_UNKNOWN_WITH_MARKS = re.compile(
    rf"(?:第?{CN}\s*(?:大题|部分)?|[IVX]{{1,4}})\s*[、.]\s*[\u4e00-\u9fff]{{2,20}}(?:[,、][\u4e00-\u9fffTF√×\"“”]{{1,20}}){{0,4}}[。.,]?\s*\((?:每|共|本大?题|计)[^()]{{0,30}}\d\s*分[^()]{{0,20}}\)\s*[。.:]?"
)
"""`五、看拼音写词语（每空1分）`: a part under a name that tells no kind."""


_WORTH_A_LOOK = re.compile(
    r"([\u4e00-\u9fff])一\1|题|章|节|单元|篇|编|讲|模块|\d\s*分|"
    + "|".join(name for name in _CHINESE if not name.endswith("题"))
    + "|choice|true|blank|essay"
    "|question|match|order|answer|numeric|chapter|mcq|comprehension|completion",
    re.IGNORECASE,
)


_ENGLISH_PART = re.compile(r"(?:part|section)\s+(\w+)", re.IGNORECASE)


def _english_kind(name: str) -> str | None:
    return kind_named(re.sub(r"\s*questions?$", "", name, flags=re.IGNORECASE)) if name else None


@lru_cache(maxsize=2048)
def heading_of(text: str) -> Heading | None:
    """What a heading says; None when the line is none."""
    if part := part_in_english(narrow(text).strip(" #*")):
        return _of_english_part(part, narrow(text))
    sent, text = text, simplified(text)
    if not _WORTH_A_LOOK.search(text):
        return None
    thin = _bare(text)
    if _JUDGED.search(thin):
        return None
    if not thin or len(thin) > 150 or re.search(r"_{2,}|^[A-H]\s*[.、:)]", thin):
        return None
    chapter = _CHAPTER.fullmatch(thin)
    if chapter and not re.search(r"[?？。]$|[(]\s*[)]", thin):
        return Heading(category=" ".join(_bare(sent).split()))
    if named := _named_otherwise(thin):
        return named
    start = _PREFIX.match(thin)
    rest = thin[start.end() :] if start else thin
    cut = re.search(r"[(:,。\[【—-]|\s+(?=[共每\d(])|(?<=题)(?=\d{1,4}\s*(?:道|小?题)\s*$)", rest)
    name, told = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    name = name.strip(" 】]」")
    if re.match(r"\d", thin) and not (name.endswith("题") and plain(name) in _NAMES):
        return None
    if _NUMBERS_BEHIND.match(told) or (thin[0].isdigit() and _asks_behind(told)):
        return None
    if not _is_kind(name) or kind_named(name) == "description" or not _tells_of_part(thin, told):
        in_brackets = re.match(r"\s*\(([^()]{2,6})\)", told)
        kind = kind_named(in_brackets.group(1)) if in_brackets else None
        return Heading(kind, _mark(thin)[0]) if _UNKNOWN.fullmatch(thin) and told.strip(" :") else None
    if told.lstrip()[:1] in {":", ",", "。"} and len(told) > 60 and not re.search(r"\d\s*分", told):
        return None
    mark, per_blank = _mark(thin)
    total = total_of(told) if mark is None else None
    kind = kind_named(name) or _english_kind(name)
    marks = marks_by_number(told)
    mark = None if marks else mark
    has_texts = _OF_TEXTS.search(name) is not None
    return Heading(
        kind,
        mark,
        per_blank,
        total,
        marks,
        part=found.group(1).upper() if start and (found := _ENGLISH_PART.match(start.group())) else "",
        has_texts=has_texts,
        product=product_of(told),
        count=_count(thin, mark) if mark and not per_blank else None,
    )


def _of_english_part(part: EnglishPart, line: str) -> Heading:
    named = heading_of(part.name) if part.is_counted and part.name else None
    mark, per_blank = _mark(line)
    kind = named.kind if named else _english_kind(part.name) or kind_of_english_task(part.name)
    total = total_of(part.told) if mark is None else None
    return Heading(kind, mark, per_blank, total, part=part.number, has_texts=part.has_texts)


def _bare(text: str) -> str:
    return narrow(text).strip().strip("#*【】《》[]「」〖〗 ").strip()


def _whole(thin: str) -> int | None:
    """What a whole part earns, where nothing says what each question does."""
    return total_of(thin) if _mark(thin)[0] is None else None


_COUNTED_PART = re.compile(rf"(?:第?{CN}\s*(?:大题|部分)?\s*[、.:]|\({CN}\))")
_IN_BRACKETS = re.compile(r"\s*\([^()]{1,60}\)\s*[:。]?\s*")


def _tells_of_part(thin: str, told: str) -> bool:
    """Whether what stands behind the name of a kind is about the part: nothing, marks, numbers.

    Behind a name that is counted as parts are, `三、判断题（闭卷）`, anything in brackets is.
    """
    if (
        not told.strip(" :】]")
        or (told.strip() == "。" and _COUNTED_PART.match(thin))
        or _ABOUT_MARKS.search(told)
        or _COUNTED.fullmatch(told)
    ):
        return True
    return _COUNTED_PART.match(thin) is not None and _IN_BRACKETS.fullmatch(told) is not None


def _named_otherwise(thin: str) -> Heading | None:
    """A heading that names a round, a task, or its kind behind what it is about."""
    name = thin.split("(", maxsplit=1)[0].strip(" 。.,")
    if _UNKNOWN_WITH_MARKS.fullmatch(thin) and not _is_kind(_PREFIX.sub("", name, count=1).strip()):
        return Heading(kind_of_task(name), *_mark(thin), total=_whole(thin), has_texts=is_about_text(name))
    if part := part_by_task(thin):
        return Heading(kind_of_task(part), *_mark(thin), total=_whole(thin))
    if bonus := total_of_bonus(thin):
        return Heading(total=bonus)
    if is_contest(thin) and not _is_kind(name):
        return Heading(None, *_mark(thin))
    if task := task_of(_PREFIX.sub("", thin, count=1)):
        return Heading(task, *_mark(thin))
    about = _ABOUT_KIND.fullmatch(thin) or _PAPER_OF_KIND.fullmatch(thin)
    return Heading(kind_named(about.group("kind")), *_mark(thin)) if about and _is_kind(about.group("kind")) else None


SHORTEST_QUESTION = 5
"""Characters behind the name of a kind that can be a question."""


def _asks_behind(told: str) -> bool:
    """Whether what stands behind `3. 判断题` is the question itself, and no word about marks or what to do."""
    text = TOTAL.sub("", told)
    return text.startswith(":") and len(text) > SHORTEST_QUESTION and _ABOUT_MARKS.search(text) is None


_JUDGED = re.compile(rf"[。.]\s*\(\s*(?:[{SIGNS}]|对|错|正确|错误|T|F)\s*\)$")
"""A sentence that is judged at its end is none, whatever it speaks of."""
_NUMBERS_BEHIND = re.compile(r"\s*:\s*\(?\d{1,3}\s*(?:[.、)]\s*(?!\d)|[-~—–]\s*\d|[A-H√×](?![a-z]))")
"""`一、选择题：1.A 2.B` is a line of a key."""
_COUNTED = re.compile(
    rf"\s*\(\s*(?:\d{{1,2}}\s*[*×xX]\s*\d{{1,2}}|第?\s*\d{{1,4}}\s*题?\s*[-~—–至到]+\s*第?\s*\d{{1,4}}\s*题?|{CN}|\d{{1,2}})\s*\)\s*:?\s*"
)
"""`阅读理解（一）`, `单选题（1-20）`: the first of several such parts, and the numbers of its questions."""
_ABOUT_KIND = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\s+)?\S{2,24}\s+(?P<kind>[\u4e00-\u9fff]{2,6}题)\s*\(\s*共\s*\d+\s*(?:道|小)?题[^()]*\)"
)
"""`4.1 检查温度 判断题 (共70题)`: what the part is about stands before the kind of its questions."""
_PAPER_OF_KIND = re.compile(
    r"[^。?!,;:()]{2,30}(?:题库|试题|试卷|考试题|考题|练习题?|测试题?|题目)\s*\(\s*(?P<kind>[\u4e00-\u9fff]{2,6}题?)\s*\)"
)
"""`消防知识题库（判断题）`: a title that names the kind of what stands below it."""
_LETTERED_KIND = re.compile(r"[ABX][1-4]?(?:\s*[/、]\s*[ABX][1-4]?)*\s*型(?:题|选择题)?")
"""A1型题, X型题: kinds of medical papers."""


def _is_kind(name: str) -> bool:
    if not name or len(name) > 40:
        return False
    if name[0].isascii():
        if not name.isascii() and not _LETTERED_KIND.fullmatch(name):
            return False
        return kind_named(re.sub(r"\s*questions?$", "", name, flags=re.I)) is not None and plain(name) not in {
            "true",
            "open",
            "text",
        }
    return _KIND.fullmatch(name) is not None and kind_named(name) is not None


_EACH = re.compile(
    r"每\s*(?:小|道|一)?\s*(?P<unit>[题空个])\s*(?P<a>\d+(?:\.\d+)?)\s*分|(?P<b>\d+(?:\.\d+)?)\s*分\s*/\s*(?P<unit2>[题空个])"
    r"|全?部?(?:选|答)?对(?:的|者)?得\s*(?P<e>\d+(?:\.\d+)?)\s*分|各\s*(?P<c>\d+(?:\.\d+)?)\s*分|(?P<d>\d+(?:\.\d+)?)\s*(?:points?|marks?)\s*(?:each|per)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)\s*(?:分|pts?|points?)\s*[*×xX]\s*\d+|\d+\s*(?:题|道|小题|个|空)?\s*[*×xX]\s*(?P<b>\d+(?:\.\d+)?)\s*(?:分|pts?|points?)",
    re.IGNORECASE,
)
"""`(2分×10)`, `10题×2分`."""
_ALL = re.compile(r"(?:共|计|满分)\s*(\d+(?:\.\d+)?)\s*分")
_ONLY_ONE = re.compile(r"共\s*[1一]\s*(?:小题|道题?|题)\s*[,、;]?\s*(?:共|计)?\s*(\d+(?:\.\d+)?)\s*分")
_COUNT = re.compile(r"(\d+)\s*(?:小题|道|题)")


def _mark(thin: str) -> tuple[int | None, bool]:
    each = _EACH.search(thin)
    if each:
        value = next(each.group(name) for name in "abcde" if each.group(name))
        thousandths = Decimal(value) * 1000
        per_blank = (each.group("unit") or each.group("unit2") or "") == "空"
        return (int(thousandths), per_blank) if thousandths <= 1_000_000 else (None, False)
    if times := _TIMES.search(thin):
        thousandths = Decimal(times.group("a") or times.group("b")) * 1000
        return (int(thousandths), False) if thousandths <= 1_000_000 else (None, False)
    if alone := _ONLY_ONE.search(thin):
        thousandths = Decimal(alone.group(1)) * 1000
        return (int(thousandths), False) if thousandths <= 1_000_000 else (None, False)
    total, count = _ALL.search(thin), _COUNT.search(thin)
    if total and count and int(count.group(1)):
        share = Fraction(total.group(1)) * 1000 / int(count.group(1))
        if share.denominator == 1 and share <= 1_000_000:
            return int(share), False
    return None, False


def _count(thin: str, mark: int) -> int | None:
    """How many questions a heading tells of: in so many words, or by what they earn together."""
    counted, total = _COUNT.search(thin), _ALL.search(thin)
    if counted:
        return int(counted.group(1))
    whole = Decimal(total.group(1)) * 1000 if total else Decimal(0)
    return int(whole / mark) if whole and whole % mark == 0 else None


_TAG = re.compile(
    r"\s*[_*]{0,2}[\[【(]?\s*(?P<kind>[^\[\]【】()]{1,24}?)\s*(?:[,、;\s]\s*(?P<mark>\d+(?:\.\d+)?)\s*分)?\s*[\]】)][_*]{0,2}\s*[:.、]?\s*\*?"
)
_MARK_TAG = re.compile(
    r"\s*[\[【(]\s*(?:(?:[本此]小?题|分值:?|[共计])?(?:满分|最高得|得分上限)?\s*(?=[\d.]+\s*(?:分|points?|pts?\b|marks?))"
    r"|(?:[本此]小?题|题目)?(?:分值|分数|满分|(?:得分|分值|分数)上限|最[高大]得?分值?|(?:max(?:imum|\.)?\s+)?(?:score|points?|marks?))\s*:\s*)"
    r"(?P<mark>\d+(?:\.\d+)?)\s*(?:分|points?|pts?|marks?)?\s*[\]】)]\s*[.、]?\s*",
    re.IGNORECASE,
)
"""`（2分）`, `[分值：5]`."""
_KIND_COLON = re.compile(
    r"\s*(?P<kind>[\u4e00-\u9fff]{2,6}题)\s*(?:\(\s*(?P<mark>\d{1,3}(?:\.\d)?)\s*分\s*\)\s*(?=:))?(?:[:]\s*|\s)(?=\S)"
)


_MARK_BEFORE_GAP = re.compile(r"\(\s*(?P<mark>\d{1,3}(?:\.\d)?)\s*分\s*\)(?=\s*\(\s*\)\s*[.。]?\s*$)")
"""`…的一项是（3分）（  ）`."""
_SHUT = frozenset("]】)_*.、:")
"""What a tag at the end of a stem can end with."""
_CODE = re.compile(r"\s*\([A-Za-z0-9_.,; -]{2,40}\)(?=\s*[\[【])")
"""`(kp_014)` before `[选择题, 5分]`: what somebody files the question under."""


def cut_tags(text: str) -> tuple[str, str, str]:
    """A stem without `【单选题】` and `（2分）` at its beginning or end; the kind and the mark that they name."""
    kind = mark = ""
    code = _CODE.match(labelled(text))
    tagged = _TAG.match(labelled(text), code.end()) if code else None
    if code and tagged and _is_kind(tagged.group("kind")):
        kind, mark = tagged.group("kind"), tagged.group("mark") or ""
        text = f"{text[: code.end()]}{text[tagged.end() :]}"
    for _n in range(3):
        thin = labelled(text)
        at_start = (_MARK_TAG.match(thin), _TAG.match(thin), _KIND_COLON.match(thin))
        if at_start[0]:
            mark, text = mark or at_start[0].group("mark"), text[at_start[0].end() :]
        elif at_start[1] and _is_kind(at_start[1].group("kind")):
            kind, mark = kind or at_start[1].group("kind"), mark or at_start[1].group("mark") or ""
            text = text[at_start[1].end() :]
        elif at_start[2] and _is_kind(at_start[2].group("kind")):
            kind, mark = kind or at_start[2].group("kind"), mark or at_start[2].group("mark") or ""
            text = text[at_start[2].end() :]
        else:
            break
    if before := _MARK_BEFORE_GAP.search(labelled(text)):
        mark, text = mark or before.group("mark"), text[: before.start()] + text[before.end() :]
    for _n in range(3):
        thin = labelled(text)
        if thin.rstrip()[-1:] not in _SHUT:
            break
        for pattern in (_MARK_TAG, _TAG):
            found = _last(pattern, thin)
            named = found.groupdict().get("kind") if found else None
            if found and (pattern is _MARK_TAG or (named and _is_kind(named))):
                kind, mark = kind or named or "", mark or found.group("mark") or ""
                text = text[: found.start()]
                break
    return text.strip(), kind, mark


_LONGEST_TAG = 100
"""Characters at the end of a stem among which a tag begins."""


def _last(pattern: re.Pattern[str], thin: str) -> re.Match[str] | None:
    """The tag that ends a stem; only the last characters are searched, for a stem may be a long text."""
    found = pattern.finditer(thin, max(0, len(thin) - _LONGEST_TAG))
    return next((one for one in found if one.end() == len(thin) and one.start()), None)


def cut_mark(text: str) -> tuple[str, str]:
    """A stem without the mark that it ends with, `首都是（ ）(3分)`, and that mark; none when it ends with none."""
    thin = narrow(text)
    found = _last(_MARK_TAG, thin) if thin.rstrip()[-1:] in {")", "]", "】"} else None
    return (text[: found.start()].rstrip(), found.group("mark")) if found else (text, "")


def begins_with_kind(text: str) -> bool:
    """Whether a line begins with the type of a question in hooks, and goes on: `【单选】北京…`."""
    thin = narrow(text)
    found = _TAG.match(thin)
    return (
        found is not None
        and found.group().lstrip(" *_")[:1] in {"【", "["}
        and bool(thin[found.end() :].strip())
        and _is_kind(found.group("kind"))
    )


def names_kind_and_mark(text: str) -> bool:
    """Whether a text begins with a type and a mark: `单选题（2分）：电流…`."""
    found = _KIND_COLON.match(narrow(text))
    return found is not None and found.group("mark") is not None and _is_kind(found.group("kind"))
