"""Matching questions with their sides below each other: `Column A` above 1., 2. … and `Column B` above a., b. …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import narrow, number_of, options_of

_COLUMN = re.compile(
    r"\s*(?:(?:column|list|group|set)\s+(?P<a>[AB12]|I{1,2})|(?P<b>[AB甲乙左右])\s*[列栏组]|(?:第)?(?P<c>[一二])\s*[列栏组])\s*:?\s*",
    re.IGNORECASE,
)
_FIRST = frozenset("A1I甲左一")


def with_columns_as_sides(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the left sides are numbered in brackets, and the names of the columns are gone."""
    out = list(lines)
    for at in range(len(lines)):
        second = _second(lines, at)
        if second is None or not _begins_options(lines, second):
            continue
        rows = [n for n in range(at + 1, second) if lines[n].text.strip()]
        numbers = [number_of(lines[n].text) for n in rows]
        if len(rows) < 2 or [one.value if one else 0 for one in numbers] != list(range(1, len(rows) + 1)):
            continue
        for n, number in zip(rows, numbers, strict=True):
            if number is not None:
                text = f"（{number.value}）{lines[n].text[number.end :].strip()}"
                out[n] = replace(lines[n], text=text, marked=())
        out[at], out[second] = replace(lines[at], text=""), replace(lines[second], text="")
    return out


def _name(line: Line) -> str:
    found = _COLUMN.fullmatch(narrow(line.text)) if not line.is_code and len(line.text) < 20 else None
    return next((one for one in found.groups() if one), "").upper() if found else ""


def _second(lines: Sequence[Line], at: int) -> int | None:
    """Where the second column begins, below the first one."""
    if _name(lines[at]) not in _FIRST:
        return None
    return next(
        (n for n in range(at + 1, min(at + MOST_ROWS, len(lines))) if _name(lines[n]) not in {"", *_FIRST}), None
    )


MOST_ROWS = 30
"""Lines of a column, at most."""


def _begins_options(lines: Sequence[Line], at: int) -> bool:
    below = next((line.text for line in lines[at + 1 :] if line.text.strip()), "")
    return bool(options_of(below, "A"))
