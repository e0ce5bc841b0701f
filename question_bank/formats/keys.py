"""Answer keys: `1-5 ABCDE`, `1.A 2.BC 3.对`, tables of numbers and answers, lists with explanations."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from question_bank.formats.columns import kind_named
from question_bank.formats.shapes import SIGNS, answer_of, cut_tails, narrow, number_of, tail_of

_SIGN = rf"(?:[A-Ha-h](?:[\s,、;]?[A-Ha-h])*(?![A-Za-z])|[{SIGNS}]|正确|错误|对|错|[TF](?![A-Za-z])|true|false)"
_RANGE = re.compile(
    r"[\s,;、|。]*(?:第?\s*)(?P<first>\d{1,4})\s*[-~—–―至到]+\s*(?P<last>\d{1,4})\s*题?\s*[:.、)]?\s*"
    rf"(?P<answers>(?:(?:[A-Ha-h]+|[{SIGNS}TF]+|正确|错误|对|错)[\s,、;|/]*)+)"
)
_ENTRY = re.compile(
    rf"[\s,;、|。]*(?:第\s*)?[(]?(?P<n>\d{{1,4}})\s*(?:[)]|题)?\s*[.、:)\s\-]*\s*(?P<answer>{_SIGN})(?=[\s,;、|。.]|$|\(?\d)"
)
_TOKEN = re.compile(rf"正确|错误|对|错|[A-Ha-h]+|[{SIGNS}TF]")
_HEADING = re.compile(
    r"\s*[【\[(《]?\s*(?:[一二三四五六七八九十]{1,3}\s*[、.]\s*)?"
    r"(?:[\u4e00-\u9fffA-Za-z0-9 ]{0,20}?)(?:参考|标准|正确|试题|习题|本章)*\s*答案"
    r"\s*(?:部分|页|汇总|一览表?|卡|如下|参考|区|(?:与|及|和)(?:解析|评分标准|评分细则|详解))?\s*[】\])》]?\s*:?\s*",
)
_HEADING_EN = re.compile(r"\s*(?:answer\s+key|answers?|solutions|key)\s*:?\s*", re.IGNORECASE)


@dataclass
class Entry:
    """One answer of a key: the question's number, the lines of its answer, its explanation, where it stands."""

    number: int
    answer: list[str]
    where: str
    fields: dict[str, list[str]] = field(default_factory=dict)


def is_key_heading(text: str) -> bool:
    """Whether a line is the heading of a key and nothing else: 参考答案, Answer key."""
    bare = narrow(text).strip().strip("#*=-— ")
    return len(bare) < 40 and bool(_HEADING.fullmatch(bare) or _HEADING_EN.fullmatch(bare))


def is_numbered_heading(text: str) -> bool:
    """Whether a key's heading is numbered as the parts of a paper are: `七、参考答案`."""
    return re.match(r"[\s#*]*(?:第?[一二三四五六七八九十]{1,3}(?:部分)?\s*[、.:])", narrow(text)) is not None


def kind_of_heading(text: str) -> str | None:
    """The kind that the heading of a key names: `选择题答案`, `二、判断题参考答案`."""
    bare = re.sub(r"(?:参考|标准|正确)?答案.*", "", narrow(text)).strip(" #*【[(（:")
    bare = re.sub(r"^(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[、.]\s*", "", bare)
    return kind_named(bare) if bare.endswith("题") else None


_PART = re.compile(r"\s*[一二三四五六七八九十]{1,3}\s*[、.:]\s*(?=[(第]?\s*\d{1,4}\s*[.、)\-~—–题])")


def without_part(text: str) -> str:
    """A line of a key without the number of the part of the paper before it: `一、1.B 2.C`."""
    found = _PART.match(narrow(text))
    return text[found.end() :] if found else text


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


def entry_of(text: str, where: str) -> Entry | None:
    """A line that begins an entry of its own: `3.【答案】B【解析】…`, `3. 北京；上海`; None when it has no number."""
    text = without_part(text)
    number = number_of(text)
    if number is None or number.style in {"cn", "cnparen"}:
        return None
    entry = Entry(number.value, [], where)
    add_line(entry, text[number.end :])
    return entry


def next_of(entries: list[Entry], text: str, where: str) -> Entry | None:
    """`2.1921` below the first entry is the second one, and no number with a fraction."""
    found = re.match(r"\s*(\d{1,3})[.](?=\d)", narrow(text)) if entries else None
    if not found or int(found.group(1)) != entries[-1].number + 1:
        return None
    entry = Entry(int(found.group(1)), [], where)
    add_line(entry, text[found.end() :])
    return entry


def several(text: str, where: str) -> list[Entry]:
    """`1. 北京  2. 上海` in one line: entries with growing numbers, far apart; empty when there is just one."""
    text = without_part(text)
    marks = list(re.finditer(r"(?:^|\s{2,}|\t|;\s*)(?:\(?(\d{1,3})[.、)])\s*(?!\d)", narrow(text)))
    numbers = [int(mark.group(1)) for mark in marks]
    if len(numbers) < 2 or any(b != a + 1 for a, b in itertools.pairwise(numbers)):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        Entry(number, [text[mark.end() : end].strip(" ;；\t")], where)
        for number, mark, end in zip(numbers, marks, ends, strict=True)
    ]


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
