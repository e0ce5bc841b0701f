"""Papers in which the answer of each question stands above its number: it is read below the question, as anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from question_bank.formats.papers.blocks import Line
from question_bank.formats.papers.keys import is_key_heading
from question_bank.formats.papers.shapes import answer_of, number_of


def with_answers_below(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines with each answer below its question, where the first one stands above the first number.

    Only where every answer stands right above a number, and every number has one: else nothing is moved.
    """
    told = [at for at, line in enumerate(lines) if line.text.strip()]
    answers = [at for at in told if (said := answer_of(lines[at].text)) is not None and said.text]
    numbers = [at for at in told if number_of(lines[at].text) is not None]
    if not answers or len(answers) != len(numbers) or is_key_heading(lines[answers[0]].text):
        return lines
    below = dict(pairwise(told))
    if any(below.get(answer) != number for answer, number in zip(answers, numbers, strict=True)):
        return lines
    out: list[Line] = list(lines[: answers[0]])
    for answer, end in zip(answers, [*answers[1:], len(lines)], strict=True):
        out += [*lines[answer + 1 : end], lines[answer]]
    return out
