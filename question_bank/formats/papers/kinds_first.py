"""Questions whose type stands before their number: `【单选】 1. …`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.keys import compact
from question_bank.formats.papers.shapes import narrow
from question_bank.formats.sheets.columns import kind_named

_FIRST = re.compile(
    r"\s*(?P<kind>[\[【(]\s*(?P<name>[\u4e00-\u9fff]{2,6})\s*[\]】)])\s*(?P<number>\d{1,4}\s*[.、])\s*(?=\S)"
)


def with_numbers_first(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the number stands before the type; `【单选题】1．A 2．B` is a line of a key."""
    return [_turned(line) for line in lines]


def _turned(line: Line) -> Line:
    found = _FIRST.match(narrow(line.text)) if not line.is_code else None
    if found is None or kind_named(found["name"]) is None or compact(line.text[found.start("number") :], ""):
        return line
    kind, number = (line.text[slice(*found.span(name))] for name in ("kind", "number"))
    before = f"{number} {kind}"
    moved = len(before) - found.end()
    marked = tuple((max(a + moved, 0), b + moved, mark) for a, b, mark in line.marked if b > found.end())
    return replace(line, text=before + line.text[found.end() :], marked=marked)
