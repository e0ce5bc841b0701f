"""Options without letters or bullets below a numbered question, of which the right ones look otherwise (Word)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.papers.blocks import MARKS, Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import answer_of, narrow, number_of, options_of
from question_bank.formats.papers.tails import tail_of

MOST_OPTIONS = 8
LONGEST_OPTION = 120
"""Characters of a line that can be such an option."""
FEWEST_QUESTIONS = 2
"""Questions of a paper that have such options: one alone could be a text with a line that stands out."""
_ASKS_ON = re.compile(
    r"(?:是|有|为|包括|属于|指|the|an?|is|are|of|by|to|in)\s*[（(]?\s*[)）]?\s*[。.]?$", re.IGNORECASE
)


def marked_lines(lines: Sequence[Line]) -> Iterator[list[int]]:
    """The lines of such options, question by question."""
    if not any(line.marked for line in lines):
        return
    runs = [run for run in _runs(lines) if _are_options(lines, run)]
    if len(runs) >= FEWEST_QUESTIONS:
        yield from runs


def _runs(lines: Sequence[Line]) -> Iterator[list[int]]:
    """The lines between a numbered one that asks and the next number, heading or answer; of plain texts only."""
    run: list[int] = []
    is_open = False
    for at, line in enumerate([*lines, Line("", "1. ")]):
        text = line.text.strip()
        ends = number_of(text) is not None or heading_of(text) or answer_of(text) or tail_of(text)
        if ends:
            if is_open and 1 < len(run) <= MOST_OPTIONS:
                yield run
            run, is_open = [], number_of(text) is not None and _asks(text)
        elif text and (line.is_code or line.title or len(text) > LONGEST_OPTION or options_of(text, "")):
            is_open = False
        elif text:
            run.append(at)


def _asks(text: str) -> bool:
    return narrow(text)[-1:] in {"?", ":"} or blanks_in(text) > 0 or _ASKS_ON.search(text) is not None


def _are_options(lines: Sequence[Line], run: list[int]) -> bool:
    """Whether one look marks some of the lines from end to end, and no part of the others."""
    for mark in MARKS:
        whole = [at for at in run if _is_whole(lines[at], mark)]
        touched = [at for at in run if any(name == mark for _a, _b, name in lines[at].marked)]
        if whole and len(whole) < len(run):
            return whole == touched
    return False


def _is_whole(line: Line, mark: str) -> bool:
    covered = {n for a, b, name in line.marked if name == mark for n in range(a, b)}
    return all(n in covered or sign.isspace() for n, sign in enumerate(line.text))
