"""Answer keys: `1-5 ABCDE`, `1.A 2.BC 3.对`, tables of numbers and answers, lists with explanations."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.formats.papers.shapes import CN, SIGNS, Number, answer_of, counted, labelled, narrow, number_of
from question_bank.formats.papers.tails import cut_tails, tail_of
from question_bank.formats.sheets.columns import kind_named

_SIGN = (
    rf"(?:[A-Ha-h](?:[\s,、;]?[A-Ha-h])*(?![A-Za-z])|[{SIGNS}]|正确|错误|对|错|[TF](?![A-Za-z])|[Tt]rue|[Ff]alse|TRUE|FALSE"
    r"|[①-⑩](?:[\s,、;]?[①-⑩])*)"
)
_RANGE = re.compile(
    r"[\s,;、|。]*(?:第?\s*)(?P<first>\d{1,4})\s*[-~—–―至到]+\s*(?P<last>\d{1,4})\s*题?\s*[:.、)]?\s*"
    rf"(?P<answers>(?:(?:[A-Ha-h]+|[{SIGNS}TF]+|正确|错误|对|错)[\s,、;|/]*)+)"
)
_ENTRY = re.compile(
    rf"[\s,;、|。]*(?:第\s*)?[(]?(?P<n>\d{{1,4}})\s*(?:[)]|题)?\s*[.、:)\s\-]*\s*(?P<shut>\()?(?P<answer>{_SIGN})(?(shut)\s*\))(?=[\s,;、|。.]|$|\(?\d)"
)
_TOKEN = re.compile(rf"正确|错误|对|错|[A-Ha-h]+|[{SIGNS}TF]")
_PAPER = (
    r"[^。?!,;:]{0,40}(?:》|试卷|试题|考试|考核|测试|测验|题库|练习|(?<=[A-Z0-9甲乙])卷)\s*(?:\([^()]{1,8}\))?"
    r"\s*(?:[的及与和]|-+|—+)?\s*"
)
"""The name of a whole paper, which its key repeats: `《网络基础》期末试卷（A卷）`, `2023-2024学年第一学期期末考试`."""
_HEADING = re.compile(
    r"\s*[【\[(《]?\s*(?:附(?:录|件)?\s*[一二三四五六七八九十\d]?\s*:\s*)?(?:(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[、.]\s*)?"
    rf"(?:[\u4e00-\u9fffA-Za-z0-9 ]{{0,20}}?|{_PAPER})(?:参考|标准|正确|试题|习题|本章)*\s*答案"
    r"\s*(?:部分|页|汇总|一览表?|速查表?|速览|对照表?|清单|表|卡|如下|参考|区|(?:与|及|和)(?:试题|题目)?(?:解析|分析|评分标准|评分细则|详解))?\s*[】\])》]?\s*(?:\([^()]*\))?\s*:?\s*",
)
_HEADING_EN = re.compile(
    r"\s*(?:answer\s+keys?|answers?|solutions|keys?)(?:\s+(?:to|for)\s+[a-z0-9 ]{1,30})?\s*"
    r"(?:&\s*explanations?|\([^()]*\))?\s*:?\s*",
    re.IGNORECASE,
)


LONGEST_HEADING = 70


@dataclass
class Entry:
    """One answer of a key: the question's number, the lines of its answer, its explanation, where it stands."""

    number: int
    answer: list[str]
    where: str
    fields: dict[str, list[str]] = field(default_factory=dict)


def is_key_heading(text: str) -> bool:
    """Whether a line is the heading of a key and nothing else: 参考答案, Answer key."""
    bare = labelled(text).strip().strip("#*=-— ")
    return len(bare) < LONGEST_HEADING and bool(_HEADING.fullmatch(bare) or _HEADING_EN.fullmatch(bare))


def is_numbered_heading(text: str) -> bool:
    """Whether a key's heading is numbered as the parts of a paper are: `七、参考答案`."""
    return re.match(r"[\s#*]*(?:第?[一二三四五六七八九十]{1,3}(?:部分)?\s*[、.:])", narrow(text)) is not None


def kind_of_heading(text: str) -> str | None:
    """The kind that the heading of a key names: `选择题答案`, `二、判断题参考答案`."""
    bare = re.sub(r"(?:参考|标准|正确)?答案.*", "", labelled(text)).strip(" #*【[(（:")
    bare = re.sub(r"^(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[、.]\s*", "", bare)
    return kind_named(bare) if bare.endswith("题") else None


_PART = re.compile(
    r"\s*(?:(?:第?[一二三四五六七八九十]{1,3}|[IVX]{1,4}(?=\s*[.、:]))\s*(?:大题|部分|题)?\s*[、.:]\s*"
    r"|(?:Part|Section|PART|SECTION)\s+(?:[IVX]{1,4}|\d{1,2}|[A-H])(?:\s*[.:]\s*|\s+))"
    r"(?=[(第]?\s*\d{1,4}\s*(?:[.、)\-~—–题]|[A-H√×]))"
)


_PART_ALONE = re.compile(r"\s*(?:第?[一二三四五六七八九十]{1,3}|[IVX]{1,4}(?=\s*[.、:]))\s*(?:大题|部分)?\s*[、.:]\s*")


def is_part_alone(text: str) -> bool:
    """Whether a line of a key is nothing but the number of a part of the paper: `二、`."""
    return _PART_ALONE.fullmatch(narrow(text)) is not None


def without_part(text: str) -> str:
    """A line of a key without the number of the part of the paper before it: `一、1.B 2.C`."""
    found = _PART.match(narrow(text))
    return text[found.end() :] if found else text


_KIND_OF_PART = re.compile(
    r"\s*[【\[(]?\s*(?:(?:第?[一二三四五六七八九十]{1,3}\s*(?:大题|部分)?|\([一二三四五六七八九十]{1,3}\))\s*[、.:]?\s*)?"
    r"(?P<kind>[\u4e00-\u9fff]{2,6}?题?)\s*(?:[】\])]\s*(?:答案)?\s*:?\s*|\s*(?:答案)?\s*(?::\s*|\s+))(?=[(第]?\s*\d{1,4}\s*(?:[.、)\-~—–题:]|(?:[A-H]+(?![A-Za-z])|[√×✓✗对错])))"
)


def begins_part(text: str, numbers: Sequence[int]) -> bool:
    """Whether a line of a key begins with a part's number and the first of its questions: `一、1、甲  2、乙`."""
    rest = without_part(text)
    number = number_of(rest) if rest != text else None
    return number is not None and number.value in numbers


def cut_kind(text: str) -> tuple[str, str] | None:
    """A line of a key that begins with a kind, `一、单选：1、B；2、D`: the kind and the rest; None for any other."""
    found = _KIND_OF_PART.match(narrow(text))
    named = kind_named(found.group("kind")) if found else None
    return (named, text[found.end() :]) if found and named else None


def compact(text: str, where: str) -> list[Entry]:
    """The entries of a line that is all key: ranges, numbers with letters and signs; empty when it is anything else."""
    thin = narrow(without_part(text)).strip()
    found: list[Entry] = []
    at = 0
    while at < len(thin):
        part = _RANGE.match(thin, at)
        if part:
            numbers = range(int(part.group("first")), int(part.group("last")) + 1)
            tokens = _shared_out(part.group("answers"), len(numbers))
            if not tokens:
                return []
            found += [Entry(n, [token], where) for n, token in zip(numbers, tokens, strict=True)]
            at = part.end()
            continue
        entry = _ENTRY.match(thin, at)
        if not entry:
            break
        found.append(Entry(int(entry.group("n")), [entry.group("answer")], where))
        at = entry.end()
    return found if not thin[at:].strip(" ,;、|。.") else []


def _shared_out(answers: str, count: int) -> list[str]:
    """The answers of a range, one for each of its numbers; empty when they are more or fewer."""
    words = [word for word in re.split(r"[\s,、;|/]+", answers) if word]
    if len(words) == count:
        return words
    signs = [sign for word in words for sign in (list(word) if word.isascii() else _TOKEN.findall(word))]
    return signs if len(signs) == count else []


def in_order(text: str) -> list[str]:
    """The answers of a line without numbers, one after the other: `ABCDE`, `A B C`, `√×√`."""
    thin = narrow(text).strip()
    if not re.fullmatch(rf"(?:(?:[A-H]+|[{SIGNS}]+|[对错]+|正确|错误)[\s,、;]*)+", thin):
        return []
    words = [word for word in re.split(r"[\s,、;]+", thin) if word]
    if len(words) > 1:
        return words
    return _TOKEN.findall(words[0]) if not words[0].isascii() else list(words[0])


_CELL = re.compile(r"\s*[|\t]\s*|\s{2,}|\s+")


def of_table(numbers: str, answers: str, where: str) -> list[Entry]:
    """The entries of two rows, 题号 above 答案; empty when they are not such rows."""
    above, below = _cells(numbers, r"题\s*号|题目|no\.?|number"), _cells(answers, r"答\s*案|answers?")
    if not above or len(above) != len(below) or not all(cell.isdigit() for cell in above):
        return []
    return [Entry(int(number), [answer], where) for number, answer in zip(above, below, strict=True)]


def _cells(text: str, name: str) -> list[str]:
    thin = narrow(text).strip().strip("|").strip()
    head = re.match(rf"(?:{name})\s*[:|]?\s*", thin, re.IGNORECASE)
    return [cell for cell in _CELL.split(thin[head.end() :]) if cell] if head else []


def begins_table(text: str) -> bool:
    """Whether a line is the row of numbers of such a table."""
    return bool(_cells(text, r"题\s*号|题目|no\.?|number"))


_BEFORE_COLON = re.compile(r"\s*(\d{1,3})\s*:\s*(?=\D)")


def entry_of(text: str, where: str) -> Entry | None:
    """A line that begins an entry of its own: `3.【答案】B【解析】…`, `3. 北京；上海`; None when it has no number."""
    text = without_part(text)
    number = number_of(text)
    if number is None and (found := _BEFORE_COLON.match(narrow(text))):
        number = Number("dot", int(found.group(1)), found.end())
    if number is None or number.style in {"cn", "cnparen"}:
        return None
    entry = Entry(number.value, [], where)
    add_line(entry, text[number.end :])
    return entry


_ROW = re.compile(r"\s*\|?\s*(\d{1,3})\s*\|\s*([^|]*[^|\s])\s*(?:\|\s*([^|]*?)\s*)?\|?\s*")


def of_row(text: str, where: str) -> Entry | None:
    """A row of a table of the key: `| 4 | **C** | because … |`."""
    found = _ROW.fullmatch(narrow(text)) if "|" in text else None
    if not found:
        return None
    told = {"explanation": [text[found.start(3) : found.end(3)]]} if found.group(3) else {}
    return Entry(int(found.group(1)), [text[found.start(2) : found.end(2)].strip("*_ ")], where, told)


_NEXT = re.compile(r"\s*(\d{1,3})(?:[.](?=\d)|\s+(?=[A-Za-z]))")
_WITHOUT_POINT = re.compile(r"\s*(\d{1,3})\s+(?=[A-Za-z])")


def without_points(lines: Sequence[str]) -> list[int]:
    """The numbers of lines such as `1 apple` and `2 older`, as long as they count on by one from the first."""
    found = [int(mark.group(1)) for line in lines if (mark := _WITHOUT_POINT.match(narrow(line)))]
    counts_on = len(found) == len(lines) and all(b == a + 1 for a, b in itertools.pairwise(found))
    return found if counts_on else []


def next_of(entries: list[Entry], text: str, where: str) -> Entry | None:
    """`2.1921` or `2 apple` below the first entry is the second one, and no number with a fraction."""
    found = _NEXT.match(narrow(text)) if entries else _WITHOUT_POINT.match(narrow(text))
    if not found or int(found.group(1)) != (entries[-1].number + 1 if entries else 1):
        return None
    entry = Entry(int(found.group(1)), [], where)
    add_line(entry, text[found.end() :])
    return entry


_APART = (
    re.compile(r"(?:^|\s{2,}|\t|;\s*)\(?(\d{1,3})(?:[、)]|[.](?!\d))\s*"),
    re.compile(r"(?:^|[\s;,])\(?(\d{1,3})[.、)]\s*(?=[A-H]\s*[.、:)]?\s*[^\s\dA-Za-z.、:)])"),
)
"""Entries far apart, or each with a letter and a text: `1.B 北京 2.A 上海`."""


def _count_on(marks: list[re.Match[str]]) -> bool:
    numbers = [int(mark.group(1)) for mark in marks]
    return len(numbers) > 1 and all(b == a + 1 for a, b in itertools.pairwise(numbers))


def several(text: str, where: str) -> list[Entry]:
    """`1. 北京  2. 上海` in one line: entries with growing numbers, far apart; empty when there is just one."""
    text = _with_points_apart(without_part(text))
    marks = next((found for one in _APART if _count_on(found := list(one.finditer(narrow(text))))), [])
    numbers = [int(mark.group(1)) for mark in marks]
    if not marks:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        Entry(number, [text[mark.end() : end].strip(" ;；\t")], where)
        for number, mark, end in zip(numbers, marks, ends, strict=True)
    ]


_MARK = re.compile(r"(?:^|(?<=[\s;,。]))\(?(\d{1,3})(?:[、)]|[.](?!\s*\d))\s*")


def names_several(text: str) -> bool:
    """Whether a text has several numbers that could be those of questions."""
    return len(_MARK.findall(narrow(text))) > 1


def counted_on(text: str, where: str) -> list[Entry]:
    """`1.液体 2.固体` in one line, where every number in it counts on from the first; empty for any other."""
    text = _with_points_apart(without_part(text))
    marks = list(_MARK.finditer(narrow(text)))
    numbers = [int(mark.group(1)) for mark in marks]
    is_whole = bool(marks) and marks[0].start() == 0 and _count_on(marks)
    return for_numbers(text, numbers, where) if is_whole else []


_WIDE_POINT = re.compile(r"(?:(?<=^\d)|(?<=[\s;；]\d)|(?<=^\d\d)|(?<=[\s;；]\d\d))．(?=\d)")


def _with_points_apart(text: str) -> str:
    """`1．100　2．5`: the points of these numbers are wide, as no decimal's is; a wide space stands far apart."""
    return _WIDE_POINT.sub("、", text.strip()).replace("\u3000", "  ")


_SHUT_MARK = re.compile(r"(?:^|(?<=[\s;,。]))\((\d{1,3})\)\s*")


def for_numbers(text: str, numbers: Sequence[int], where: str, *, is_shut: bool = False) -> list[Entry]:
    """`1.BC 2.(1)甲 (2)乙 3.略` for questions 1, 2 and 3: an entry for each, in their order, or none.

    Where the questions are numbered in brackets (`is_shut`), so are the answers: `（1）BC （2）甲`.
    """
    text = _WIDE_POINT.sub("、", text)
    marks: list[re.Match[str]] = []
    for mark in (_SHUT_MARK if is_shut else _MARK).finditer(narrow(text)):
        is_of_style = is_shut or mark.group()[:1] != "("
        if is_of_style and len(marks) < len(numbers) and int(mark.group(1)) == numbers[len(marks)]:
            marks.append(mark)
    if not is_shut and len(marks) < len(numbers):
        marks = _before_figures(narrow(text), numbers)
    if len(numbers) < 2 or len(marks) < len(numbers) or text[: marks[0].start()].strip():
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces = [text[mark.end() : end].strip(" ;；\t") for mark, end in zip(marks, ends, strict=True)]
    return [Entry(n, [piece], where) for n, piece in zip(numbers, pieces, strict=True)] if all(pieces) else []


def _before_figures(text: str, numbers: Sequence[int]) -> list[re.Match[str]]:
    """The places of `2.A 3.2.5`, where each number stands before just one point of the line; none where it does not."""
    found = [list(re.finditer(rf"(?:^|(?<=[\s;,。])){number}[.、]\s*", text)) for number in numbers]
    marks = [places[0] for places in found if len(places) == 1]
    is_each = len(marks) == len(numbers) and all(a.end() < b.start() for a, b in itertools.pairwise(marks))
    return marks if is_each else []


_OF_PART = re.compile(
    rf"\s*(?:第?(?P<part>{CN})\s*(?:大题|部分|题)?\s*[、.:]\s*)?(?:(?P<kind>[\u4e00-\u9fff]{{2,6}}?题?)\s*(?:答案)?\s*:\s*)?"
    rf"(?P<said>[A-H{SIGNS}对错正].*)"
)


def of_part(text: str) -> tuple[int | None, str | None, list[str]] | None:
    """`一、ACBBA`, `判断题：√×√`: which part of the paper, by its place or its kind, and its answers in order."""
    found = _OF_PART.fullmatch(narrow(text))
    if found is None:
        return None
    kind = kind_named(found["kind"]) if found["kind"] else None
    said = in_order(found["said"])
    if not said or not (found["part"] or kind) or (found["kind"] and kind is None):
        return None
    return counted(found["part"]) if found["part"] else None, kind, said


_PAIRS = re.compile(
    rf"\s*(?:第?(?P<part>{CN})\s*(?:大题|部分|题)?\s*[、.:]\s*)?(?P<said>(?:\(?\d{{1,2}}\)?\s*[-—–→~:=]+\s*[A-J]\s*[,;、。]?\s*){{2,}})"
)


def pairs_of_part(text: str) -> tuple[int | None, str] | None:
    """`二、1-C 2-A 3-B`: which part of the paper, by its place, and the pairs of its only question."""
    found = _PAIRS.fullmatch(narrow(text))
    return (counted(found["part"]) if found["part"] else None, found["said"].strip()) if found else None


def add_line(entry: Entry, text: str) -> None:
    """Another line of an entry: more of the answer, or one of its fields."""
    said, tail = answer_of(text), tail_of(text)
    if tail:
        entry.fields.setdefault(tail[0], []).append(tail[1])
        return
    if said is None and entry.fields:
        list(entry.fields.values())[-1].append(text.strip())
        return
    answer, tails = cut_tails(said.text if said else text)
    if answer:
        entry.answer.append(answer)
    for name, value in tails:
        entry.fields.setdefault(name, []).append(value)
