"""Matching questions whose sides stand side by side: `1. 甲    A. 乙` in every line, answered by `1-B 2-A`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import narrow

_ROW = re.compile(
    r"\s*[(]?(?P<n>\d{1,2})[.、)]\s*(?P<left>\S(?:.*?\S)?)(?:\s{2,}|\s*\t\s*)[(]?(?P<letter>[A-Ja-j])[.、)]\s*(?P<right>\S.*?)\s*"
)
_SPARE = re.compile(r"\s*[(]?(?P<letter>[B-Jb-j])[.、)]\s*(?P<right>\S.*?)\s*")
FURTHEST = 8
"""How far below its sides the answer of such a question stands."""
_PAIRED = re.compile(r"(?<![A-Za-z\d])\d{1,2}\s*[-—–→~:=]*\s*[A-Ja-j](?![A-Za-z])")


def with_sides_apart(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the left sides, numbered in brackets, stand above the right ones, a line each."""
    out: list[Line] = []
    at = 0
    while at < len(lines):
        run = _run(lines, at)
        if len(run) > 1 and _is_answered(lines[at + len(run) : at + len(run) + FURTHEST], len(run)):
            out += _apart(lines[at : at + len(run)])
            at += len(run)
        else:
            out.append(lines[at])
            at += 1
    return out


def _row(line: Line) -> re.Match[str] | None:
    return _ROW.fullmatch(narrow(line.text)) if not line.is_code else None


def _run(lines: Sequence[Line], start: int) -> list[Line]:
    """The lines from there on that count from 1 on the left and from A on the right."""
    run: list[Line] = []
    for line in lines[start:]:
        found = _row(line)
        if not found or int(found["n"]) != len(run) + 1 or ord(found["letter"].upper()) - 64 != len(run) + 1:
            break
        run.append(line)
    for line in lines[start + len(run) :] if len(run) > 1 else ():
        spare = _SPARE.fullmatch(narrow(line.text))
        if not spare or ord(spare["letter"].upper()) - 64 != len(run) + 1:
            break
        run.append(line)
    return run


def _is_answered(below: Sequence[Line], count: int) -> bool:
    return any(len(_PAIRED.findall(narrow(line.text))) > 1 for line in below if line.text.strip())


def _apart(run: Sequence[Line]) -> Iterator[Line]:
    rows = [(line, _row(line)) for line in run]
    for line, found in rows:
        if found:
            yield Line(line.where, f"（{found['n']}）{line.text[found.start('left') : found.end('left')]}")
    for line, found in rows:
        spare = found or _SPARE.fullmatch(narrow(line.text))
        if spare:
            yield Line(line.where, f"{spare['letter'].upper()}. {line.text[spare.start('right') : spare.end('right')]}")
