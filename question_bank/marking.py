"""What a response earns: a pure function of the question's version and the response, exact to the thousandth."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from question_bank.kinds import Correctness, kind


@dataclass(frozen=True)
class Mark:
    """A mark in thousandths, how right the response was, and its parts (see `Outcome.parts`)."""

    mark: int
    correctness: Correctness
    parts: list[dict[str, Any]] = field(default_factory=list)


def mark(
    kind_name: str,
    content: dict[str, Any],
    response: dict[str, Any] | None,
    full_marks_thousandths: int,
    multiple_marking: str = "all_or_nothing",
) -> Mark:
    """The mark of a response to a question that is worth `full_marks_thousandths`."""
    outcome = kind(kind_name).mark(content, response or {}, multiple_marking)
    return Mark(round_half_up(outcome.fraction * full_marks_thousandths), outcome.correctness, outcome.parts)


def round_half_up(value: Fraction) -> int:
    """The nearest whole number; halves go away from zero, so that a penalty rounds like a mark."""
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))
