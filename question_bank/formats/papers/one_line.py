"""Papers that lost their line breaks: several questions on one line, each with its number and its answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from question_bank.formats.papers.shapes import narrow

SHORTEST = 40
"""Characters of a line that can hold two questions with their answers."""
_ANSWER = re.compile(
    r"(?:正确|参考|标准)?答案\s*[】\]]?\s*[::]|【\s*(?:正确|参考|标准)?答案\s*】|\banswer\s*:", re.IGNORECASE
)
_START = re.compile(r"(?:^|(?<=[\s。.;)\]】A-H√×对错误确]))(\d{1,3})\s*[.、]\s*(?=[^\s\d])")


def questions_in(line: str) -> list[str]:
    """The questions of a line, each a piece of it; the line alone where it holds no more than one."""
    if len(line) < SHORTEST:
        return [line]
    thin = narrow(line)
    answers = [found.start() for found in _ANSWER.finditer(thin)]
    if len(answers) < 2:
        return [line]
    starts = list(_starts(thin, answers))
    if len(starts) < 2 or thin[: starts[0]].strip():
        return [line]
    ends = [*starts[1:], len(line)]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _starts(thin: str, answers: list[int]) -> Iterator[int]:
    """Where numbers stand that count on by one, with just one answer from each to the next; none else."""
    found: list[tuple[int, int]] = []
    for mark in _START.finditer(thin):
        value = int(mark.group(1))
        if not found or (value == found[-1][1] + 1 and any(found[-1][0] < at < mark.start() for at in answers)):
            found.append((mark.start(1), value))
    places = [at for at, _value in found]
    between = [sum(1 for at in answers if a < at < b) for a, b in pairwise([*places, len(thin)])]
    if all(count == 1 for count in between):
        yield from places
