"""Verdicts that stand before the numbers of sentences: without brackets, `√ 1、…`, or as circles, `( ○ ) 1. …`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import RIGHT_SIGNS, SIGNS, narrow

_SIGN = re.compile(rf"\s*(?P<sign>[{SIGNS}])\s*(?=(?P<n>\d{{1,3}})\s*[.、)](?!\d)\s*\S)")


def with_signs_shut(lines: Sequence[Line]) -> Sequence[Line]:
    """Such lines with their verdict in brackets, where both verdicts come and the numbers only grow.

    The points of a list that are ticked off begin anew in each question.
    """
    found = {at: mark for at, line in enumerate(lines) if not line.is_code and (mark := _SIGN.match(narrow(line.text)))}
    numbers = [int(mark["n"]) for mark in found.values()]
    if len({mark["sign"] in RIGHT_SIGNS for mark in found.values()}) < 2 or any(a >= b for a, b in pairwise(numbers)):
        return lines
    out = list(lines)
    for at, mark in found.items():
        shut = f"（{mark['sign']}）"
        moved = len(shut) - mark.end()
        marked = tuple((max(a + moved, 0), max(b + moved, 0), name) for a, b, name in lines[at].marked)
        out[at] = replace(lines[at], text=shut + lines[at].text[mark.end() :], marked=marked)
    return out


_CIRCLE = re.compile(
    r"(?P<open>\s*[(]\s*)(?P<sign>[○〇◯OX╳])(?=\s*[)]\s*\d{1,3}\s*[.、])"
    r"|(?P<before>\s*\d{1,3}\s*[.、].*[(]\s*)(?P<last>[○〇◯OX╳])(?=\s*[)]\s*[。.]?\s*$)"
)


def with_circles_ticked(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which a circle in the brackets of a sentence to judge is a tick, and an X a cross."""
    out = list(lines)
    kind: str | None = None
    for at, line in enumerate(lines):
        heading = heading_of(line.text) if not line.is_code else None
        kind = heading.kind if heading is not None else kind
        found = _CIRCLE.match(narrow(line.text)) if kind == "true_false" and heading is None else None
        if found:
            place = found.start("sign") if found["sign"] else found.start("last")
            sign = "×" if found[found.lastgroup or "sign"] in "X╳" else "√"
            out[at] = replace(line, text=f"{line.text[:place]}{sign}{line.text[place + 1 :]}")
    return out
