"""Passages with numbered gaps whose options stand in rows below: `She __1__ up early.` above `1. A. get B. gets`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.keys import is_key_heading
from question_bank.formats.papers.shapes import answer_before_number, answer_of, narrow, number_of, options_of

_GAP = re.compile(
    r"_+\s*\(?(?P<a>\d{1,3})\)?\s*_+|\ue006\s*\(?(?P<b>\d{1,3})\)?\s*\ue007|[\[【]\s*(?P<c>\d{1,3})\s*[\]】](?:\s*_+)?"
    r"|_{2,}\s*\(\s*(?P<d>\d{1,3})\s*\)|\(\s*(?P<e>\d{1,3})\s*\)(?:\s*_+)?"
)
_BARE = re.compile(r"(?<![\w.,:/-])\d{1,3}(?![\w:/%-]|[.,]\d)")
"""A number by itself, as a gap is written where the line below it was lost: `Lily is a 1 girl.`"""
_LETTERED = re.compile(r"\s*[A-H]\s*[.、)]")
LONGEST = 60
"""Lines of a passage."""


def with_passages(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which those of such a passage are marked, and each of its rows asks for the gap of its number."""
    if not any(_BARE.search(line.text) or _GAP.search(narrow(line.text)) for line in lines):
        return lines
    numbers = {at: number for at, line in enumerate(lines) if (number := _number_of_row(line)) is not None}
    out = list(lines)
    asked: dict[int, int] = {}
    for rows in _runs(lines, numbers):
        start = _start(lines, rows[0])
        gaps = [gap for at in range(start, rows[0]) for gap in gaps_in(lines[at].text)]
        gaps = gaps or [int(mark) for at in range(start, rows[0]) for mark in _BARE.findall(lines[at].text)]
        if len(rows) < 2 or gaps != [numbers[at] for at in rows]:
            continue
        for at in range(start, rows[0]):
            out[at] = replace(lines[at], gaps=(gaps[0], gaps[-1])) if lines[at].text.strip() else lines[at]
        asked |= {at: numbers[at] for at in rows}
    return [one for at, line in enumerate(out) for one in (_asking(line, asked[at]) if at in asked else (line,))]


def gaps_in(text: str) -> list[int]:
    """The numbers of the gaps in a text."""
    return [int(next(filter(None, mark.groups()))) for mark in _GAP.finditer(narrow(text))]


def _number_of_row(line: Line) -> int | None:
    """The number of a row that is nothing but a number and options."""
    text = _without_bracket(line.text)
    number = None if line.is_code else number_of(text)
    if number is None or not options_of(text[number.end :], "A"):
        return None
    return number.value


def _without_bracket(text: str) -> str:
    """`(  )1. A. get` without the place for the answer before its number."""
    given = answer_before_number(text)
    return given[1] if given and not given[0] else text


def _asking(line: Line, number: int) -> tuple[Line, Line]:
    text = _without_bracket(line.text)
    found = number_of(text)
    end = (found.end if found else 0) + len(line.text) - len(text)
    moved = tuple((max(a - end, 0), b - end, mark) for a, b, mark in line.marked if b > end)
    return Line(line.where, f"{number}. ({number})"), Line(line.where, line.text[end:], moved)


def _runs(lines: Sequence[Line], numbers: dict[int, int]) -> Iterator[list[int]]:
    """Rows that count on by one, with nothing but their options between them."""
    run: list[int] = []
    for at, number in numbers.items():
        between = lines[run[-1] + 1 : at] if run else []
        if run and number == numbers[run[-1]] + 1 and all(map(_is_of_row, between)):
            run.append(at)
            continue
        if run:
            yield run
        run = [at]
    if run:
        yield run


def _is_of_row(line: Line) -> bool:
    return not line.text.strip() or _LETTERED.match(narrow(line.text)) is not None


def _start(lines: Sequence[Line], end: int) -> int:
    """Where the passage begins that ends above a row."""
    start = end
    while start > max(end - LONGEST, 0):
        text = lines[start - 1].text
        if not gaps_in(text) and (
            heading_of(text) or is_key_heading(text) or answer_of(text) or _LETTERED.match(narrow(text))
        ):
            break
        start -= 1
    while start < end and not lines[start].text.strip():
        start += 1
    return start
