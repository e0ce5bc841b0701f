"""Types on lines of their own above numbered questions, `题型：单选题`: each is of what stands below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import narrow, number_of
from question_bank.formats.sheets.columns import kind_named

_TYPE = re.compile(
    r"\s*[【\[]?\s*(?:题型|(?:题目|试题)?类型)\s*(?:[】\]]\s*:?|:)\s*(?P<kind>[\u4e00-\u9fff]{2,6}题)\s*"
)


def with_types_above(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which such types are headings, where the first one stands above all numbers, and each above a number."""
    kinds = {at: kind for at, line in enumerate(lines) if (kind := _kind_on(line))}
    if not kinds:
        return lines
    first = next((at for at, line in enumerate(lines) if _is_numbered(line)), len(lines))
    if min(kinds) > first or not all(_stands_above_number(lines, at) for at in kinds):
        return lines
    return [replace(line, text=kinds[at], marked=()) if at in kinds else line for at, line in enumerate(lines)]


def _kind_on(line: Line) -> str:
    found = _TYPE.fullmatch(narrow(line.text)) if "型" in line.text and not line.is_code else None
    return found["kind"] if found and kind_named(found["kind"]) and heading_of(found["kind"]) else ""


def _is_numbered(line: Line) -> bool:
    return number_of(line.text) is not None and heading_of(line.text) is None


def _stands_above_number(lines: Sequence[Line], at: int) -> bool:
    below = next((line for line in lines[at + 1 :] if line.text.strip()), None)
    return below is not None and _is_numbered(below)
