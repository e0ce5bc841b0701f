"""Papers for Respondus and ExamSoft: `Type: MA` above the number, a rationale behind `~` or `@`, blanks as `_a_`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import number_of, options_of

_CODES = {
    "MC": "单选题",
    "TF": "判断题",
    "T/F": "判断题",
    "MR": "多选题",
    "MA": "多选题",
    "MS": "多选题",
    "E": "简答题",
    "ES": "简答题",
    "F": "短答题",
    "SA": "短答题",
    "FMB": "填空题",
    "FIB": "填空题",
    "MT": "匹配题",
    "MAT": "匹配题",
    "ORD": "排序题",
    "ORDERING": "排序题",
    "DD": "DD",
    "MATRIX": "MATRIX",
    "J": "J",
}
_HEAD = re.compile(r"\s*(?P<name>Title|Type|Category|Points)\s*:\s*(?P<said>\S.*?)\s*", re.IGNORECASE)
_NEXT_HEAD = re.compile(r"\s+(?=(?:Title|Type|Category|Points)\s*:)", re.IGNORECASE)
_NUMBER_BEHIND = re.compile(r"\s(?=\d{1,4}[.)]\s+\S)")
_RATIONALE = re.compile(r"\s*[~@]\s*(?=\S)")
_GAP = re.compile(r"(?<![A-Za-z0-9_])_([a-o])_(?![A-Za-z0-9_])")
_FIELDS = {"category": "分类", "points": "分值"}


@dataclass
class _Group:
    """A question with what stands above its number."""

    heads: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    rationale: list[Line] = field(default_factory=list)


def with_types_told(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which such a type stands below its question, by a name that everybody knows, and so the rationale."""
    if not any(_begins(line.text) or _RATIONALE.match(line.text) for line in lines):
        return lines
    parted = [piece for line in lines for piece in _parted(line)]
    if not _is_such_paper(parted):
        return lines
    return [line for group in _groups(parted) for line in _told(group)]


def _begins(text: str) -> bool:
    return _HEAD.fullmatch(text) is not None


def _parted(line: Line) -> Iterator[Line]:
    """`Title: … Type: E 1. …` as a line for each."""
    if not _begins(line.text):
        yield line
        return
    behind = _NUMBER_BEHIND.search(line.text)
    head = line.text[: behind.start()] if behind else line.text
    yield from (Line(line.where, piece) for piece in _NEXT_HEAD.split(head))
    if behind:
        start = behind.end()
        marked = tuple((a - start, b - start, mark) for a, b, mark in line.marked if a >= start)
        yield replace(line, text=line.text[start:], marked=marked)


def _is_such_paper(lines: Sequence[Line]) -> bool:
    """Whether a type by its code or a title stands right above a number, or a rationale between it and its options."""
    told = [line.text for line in lines if line.text.strip()]
    for at, text in enumerate(told[:-1]):
        found = _HEAD.fullmatch(text)
        if found and found["name"].casefold() == "type" and found["said"].upper() in _CODES:
            return True
        if found and found["name"].casefold() == "title" and _is_number(told[at + 1]):
            return True
        if _is_number(text) and _RATIONALE.match(told[at + 1]) and at + 2 < len(told) and options_of(told[at + 2], "A"):
            return True
    return False


def _is_number(text: str) -> bool:
    number = number_of(text)
    return number is not None and number.style in {"dot", "half"}


def _groups(lines: Sequence[Line]) -> Iterator[_Group]:
    group = _Group()
    for line in lines:
        found = _HEAD.fullmatch(line.text)
        begins = found or _is_number(line.text) or heading_of(line.text)
        if begins and group.lines:
            yield group
            group = _Group()
        if found:
            group.heads[found["name"].casefold()] = found["said"]
        elif group.lines and _RATIONALE.match(line.text) and _is_number(group.lines[0].text):
            group.rationale.append(line)
        elif group.lines or line.text.strip():
            group.lines.append(line)
    yield group


def _with_point(line: Line) -> Line:
    """A line whose number has a point behind it: `2.` and `3)` may stand side by side."""
    number = number_of(line.text)
    if number is None or number.style == "dot":
        return line
    before = f"{number.value}. "
    moved = len(before) - number.end
    return replace(
        line, text=before + line.text[number.end :], marked=tuple((a + moved, b + moved, m) for a, b, m in line.marked)
    )


def _told(group: _Group) -> Iterator[Line]:
    if not group.lines or not _is_number(group.lines[0].text):
        yield from group.lines
        return
    code = group.heads.get("type", "").upper()
    kind = _CODES.get(code, group.heads.get("type", ""))
    gaps = _GAP.search(group.lines[0].text) is not None
    kind = "填空题" if kind == "短答题" and gaps else kind
    body = [line for line in group.lines if line.text.strip()]
    for at, sent in enumerate(body):
        line = replace(sent, text=_GAP.sub("____", sent.text)) if gaps else sent
        found = options_of(line.text, "") if kind == "简答题" and at else []
        if found:
            yield Line(line.where, f"参考答案：{line.text[line.text.find(found[0].text) :]}")
        else:
            yield _with_point(line) if not at else line
    where = body[-1].where
    if kind:
        yield Line(where, f"题型：{kind}")
    for name, label in _FIELDS.items():
        if name in group.heads:
            yield Line(where, f"{label}：{group.heads[name]}")
    for line in group.rationale:
        yield Line(line.where, f"解析：{_RATIONALE.sub('', line.text, count=1)}")
    yield Line(where, "")
