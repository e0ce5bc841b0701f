"""Options counted by small Roman numerals, `(i) … (ii) …`, of a question that such a numeral answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.shapes import answer_of, narrow

_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_LABEL = re.compile(r"\s*\(?\s*(?P<numeral>[ivx]{1,4})\s*[.)]\s*(?=\S)")
_SAID = re.compile(r"\s*\(?\s*(?P<numeral>[ivx]{1,4})\s*\)?\s*[.。]?\s*")


def with_romans_lettered(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines in which such options and their answers have letters; statements above options of letters stay."""
    if not any(_value(line.text) == 1 for line in lines):
        return lines
    out = list(lines)
    at = 0
    while at < len(lines):
        run = _run(lines, at)
        below = run[-1] + 1 if run else at
        answer = next((n for n in range(below, min(below + 3, len(lines))) if lines[n].text.strip()), None)
        named = _answer(lines[answer].text) if len(run) > 1 and answer is not None else 0
        if answer is not None and 0 < named <= len(run):
            for n, place in enumerate(run):
                out[place] = _lettered(lines[place], chr(65 + n))
            out[answer] = replace(lines[answer], text=f"Answer: {chr(64 + named)}", marked=())
        at = max(below, at + 1)
    return out


def _value(text: str) -> int:
    found = _LABEL.match(narrow(text))
    return _NUMERALS.index(found["numeral"]) + 1 if found and found["numeral"] in _NUMERALS else 0


def _answer(text: str) -> int:
    said = answer_of(text)
    found = _SAID.fullmatch(narrow(said.text)) if said else None
    return _NUMERALS.index(found["numeral"]) + 1 if found and found["numeral"] in _NUMERALS else 0


def _run(lines: Sequence[Line], start: int) -> list[int]:
    run: list[int] = []
    for at in range(start, len(lines)):
        if not lines[at].text.strip() and run:
            continue
        if _value(lines[at].text) != len(run) + 1:
            break
        run.append(at)
    return run


def _lettered(line: Line, letter: str) -> Line:
    found = _LABEL.match(narrow(line.text))
    end, before = found.end() if found else 0, f"{letter}. "
    moved = len(before) - end
    return replace(
        line,
        text=before + line.text[end:],
        marked=tuple((max(a + moved, 0), b + moved, mark) for a, b, mark in line.marked),
    )
