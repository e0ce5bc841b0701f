"""Matching questions whose sides stand side by side: `1. 甲    A. 乙` in every line, answered by `1-B 2-A`.

The left sides may have no numbers, `甲    A. 乙`, where the answer names them: `甲—B`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import narrow

_ROW = re.compile(
    r"\s*[(]?(?P<n>\d{1,2})[.、)]\s*(?P<left>\S(?:.*?\S)?)(?:\s{2,}|\s*\t\s*)[(]?(?P<letter>[A-Ja-j])[.、)]\s*(?P<right>\S.*?)\s*"
)
_SPARE = re.compile(r"\s*[(]?(?P<letter>[B-Jb-j])[.、)]\s*(?P<right>\S.*?)\s*")
_TO_MATCH = re.compile(r"\bmatch(?:ing)?\b|连线|连起来|连一连|配对|搭配|匹配", re.IGNORECASE)
_COUNT_AND_MARKS = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}\s*[、.．]|[IVX]{1,4}\s*[.、]|#+)\s*|\s*[(（][^()（）]*[)）]\s*$"
)
FURTHEST = 8
"""How far below its sides the answer of such a question stands."""
_PAIRED = re.compile(r"(?<![A-Za-z\d])\d{1,2}\s*[-—–→~:=]*\s*[A-Ja-j](?![A-Za-z])")


_PAIRS_ALONE = re.compile(r"\s*(?:[(]?\d{1,2}[)]?\s*[-—–→~:=]+>?\s*[(]?[A-Ja-j][)]?\s*[,;、。.]?\s*){2,}")
_LISTED = re.compile(r"^\s*[(]1[)].*\n\s*[(]2[)]", re.MULTILINE)


def is_paired(stem: str, answer: str) -> bool:
    """Whether an answer pairs what is numbered in the stem with letters: `1-B 2-A` below `（1）…` and `（2）…`."""
    return _PAIRS_ALONE.fullmatch(narrow(answer)) is not None and _LISTED.search(narrow(stem)) is not None


def with_sides_apart(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which the left sides, numbered in brackets, stand above the right ones, a line each."""
    out: list[Line] = []
    at = 0
    while at < len(lines):
        run = _run(lines, at)
        if len(run) > 1 and (
            _asks_for_pairs(lines[:at]) or _is_answered(lines[at + len(run) : at + len(run) + FURTHEST], len(run))
        ):
            out += _question_above(lines[:at])
            out += _apart(lines[at : at + len(run)])
            at += len(run)
        else:
            out.append(lines[at])
            at += 1
    return out


def _asks_for_pairs(above: Sequence[Line]) -> bool:
    """Whether the line right above the sides says that they are to be matched; the answer may stand anywhere then."""
    last = next((line.text for line in reversed(above[-FURTHEST:]) if line.text.strip()), "")
    return _TO_MATCH.search(last) is not None


def _question_above(above: Sequence[Line]) -> Iterator[Line]:
    """A heading right above the sides, `二、连线`, as the question whose sides they are."""
    last = next((line for line in reversed(above[-FURTHEST:]) if line.text.strip()), None)
    heading = heading_of(last.text) if last is not None else None
    if last is not None and heading is not None and heading.kind == "matching":
        asked = _COUNT_AND_MARKS.sub("", last.text.strip())
        yield Line(f"{last.where}, question", f"1. {asked}")


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


_NAMED_ROW = re.compile(
    r"\s*(?P<left>[^\s\dA-Za-z(](?:.*?\S)?)(?:\s{2,}|\s*\t\s*)[(]?(?P<letter>[A-Ja-j])[.、)]\s*(?P<right>\S.*?)\s*"
)


def with_left_sides_numbered(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which left sides that the answer names, and the answer, have numbers."""
    out = list(lines)
    at = 0
    while at < len(lines):
        lefts = _lefts(lines, at)
        end = at + len(lefts)
        answer = next((n for n in range(end, min(end + FURTHEST, len(lines))) if _names_all(lines[n], lefts)), None)
        if len(lefts) > 1 and answer is not None:
            for number, left in enumerate(lefts, 1):
                row = at + number - 1
                out[row] = replace(lines[row], text=f"{number}. {lines[row].text.strip()}", marked=())
                out[answer] = replace(out[answer], text=_by_number(left, number, out[answer].text), marked=())
        at = max(end, at + 1)
    return out


def _lefts(lines: Sequence[Line], start: int) -> list[str]:
    """The left sides of the lines from there on that count from A on the right."""
    lefts: list[str] = []
    for line in lines[start:]:
        found = _NAMED_ROW.fullmatch(narrow(line.text)) if not line.is_code else None
        if not found or ord(found["letter"].upper()) - 65 != len(lefts):
            break
        lefts.append(found["left"])
    return lefts


def _pair(left: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w]){re.escape(left)}\s*[-—–→:=]+>?\s*(?=[A-Ja-j](?![A-Za-z]))")


def _names_all(line: Line, lefts: Sequence[str]) -> bool:
    thin = narrow(line.text)
    return bool(lefts) and all(len(_pair(left).findall(thin)) == 1 for left in lefts)


def _by_number(left: str, number: int, text: str) -> str:
    found = _pair(left).search(narrow(text))
    return f"{text[: found.start()]}{number}-{text[found.end() :]}" if found else text
