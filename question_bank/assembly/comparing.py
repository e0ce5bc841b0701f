"""Variants beside each other: what they share, and how like each other they are in what the rules can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from question_bank.assembly.variants import Variant


@dataclass(frozen=True)
class Figures:
    """A variant in figures; `marks` in thousandths, `difficulty` the mean weighted by marks, 1 easy to 5 hard."""

    number: int
    questions: int
    marks: int
    difficulty: Fraction
    by_category: dict[str, int]
    by_kind: dict[str, int]


@dataclass(frozen=True)
class Comparison:
    """All variants in figures, and `shared[a][b]`: how many questions variants a and b (from 0) have in common."""

    figures: list[Figures]
    shared: list[list[int]]


def compare(variants: Sequence[Variant]) -> Comparison:
    """The variants beside each other."""
    return Comparison(
        [_figures(variant) for variant in variants],
        [[len(one.ids & other.ids) for other in variants] for one in variants],
    )


def _figures(variant: Variant) -> Figures:
    weights = sum(mark for _one, mark in variant.questions)
    weighted = sum(one.difficulty * mark for one, mark in variant.questions)
    plain = sum(one.difficulty for one, _mark in variant.questions)
    mean = Fraction(weighted, weights) if weights else Fraction(plain, len(variant.questions) or 1)
    return Figures(
        variant.number,
        len(variant.questions),
        variant.marks,
        mean,
        dict(sorted(Counter(one.category for one, _mark in variant.questions).items())),
        dict(sorted(Counter(one.kind for one, _mark in variant.questions).items())),
    )
