"""Round numbers for axes and bins, where a value stands between them, and how much room their texts take."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, log10

Number = int | float | Fraction
Printed = Callable[[Number], str]

GAP = 0.6
"""Em between two labels."""
HEADROOM = 14.0
"""Hundredths of the plot above the highest tick (and under a negative one), in which a value is written."""
MOST_BINS = 12


@dataclass(frozen=True)
class Tick:
    """A line across the plot with its number."""

    y: float
    text: str
    zero: bool


@dataclass(frozen=True)
class Scale:
    """Where values stand between the lowest and the highest tick: y in hundredths of the plot, from its top."""

    low: Fraction
    high: Fraction
    ticks: list[Tick] = field(default_factory=list)
    gutter: int = 0
    """Em to the left of the plot for the numbers of the ticks."""
    top: float = HEADROOM
    foot: float = 100.0

    def y(self, value: Number) -> float:
        """Where a value stands."""
        share = (Fraction(value) - self.low) / (self.high - self.low)
        return round(self.foot - float(share) * (self.foot - self.top), 2)


def scale_of(rows: Sequence[Sequence[Number | None]], printed: Printed, finest: Number = 1) -> Scale:
    """The scale that holds all these values and zero."""
    known = [value for row in rows for value in row if value is not None]
    found = ticks(min(known, default=0), max(known, default=0), finest=finest)
    bare = Scale(found[0], found[-1], foot=100.0 - HEADROOM if found[0] < 0 else 100.0)
    texts = [printed(value) for value in found]
    shown = [Tick(bare.y(value), text, not value) for value, text in zip(found, texts, strict=True)]
    return Scale(found[0], found[-1], shown, ceil(max(map(breadth, texts)) + GAP), foot=bare.foot)


def ticks(lowest: Number, highest: Number, *, most: int = 4, finest: Number = 1) -> list[Fraction]:
    """Round numbers around the values and zero: steps of 1, 2 or 5 times a power of ten, at most `most` of them.

    No step is finer than `finest`, the last place that is printed.
    """
    low, high = min(Fraction(lowest), Fraction(0)), max(Fraction(highest), Fraction(0))
    if low == high:
        high = Fraction(finest)
    smallest = max((high - low) / most, Fraction(finest))
    power = Fraction(10) ** floor(log10(smallest))
    step = next(
        one
        for one in (factor * power * scale for scale in (Fraction(1, 10), 1, 10) for factor in (1, 2, 5))
        if one >= smallest and ceil(high / one) - floor(low / one) <= most + 1
    )
    return [step * n for n in range(floor(low / step), ceil(high / step) + 1)]


def breadth(text: str) -> float:
    """How wide a text is, in em, near enough: 1 for a Chinese character, a bit over half for a Latin one."""
    return sum(
        0.0 if unicodedata.combining(one) else 1.0 if unicodedata.east_asian_width(one) in "WF" else 0.55
        for one in text
    )


def every(texts: Sequence[str], width: float) -> int:
    """Every how-manieth label has room where so many em are for all: 1 when all have."""
    if not texts:
        return 1
    widest = max(map(breadth, texts)) + GAP
    return max(1, ceil(len(texts) * widest / width))


def edges_for(lowest: Number, highest: Number) -> list[Fraction]:
    """Round edges of at most a dozen bins, for whole numbers from the lowest to the highest."""
    low, high = Fraction(lowest), Fraction(highest)
    raw = max((high - low) / (MOST_BINS - 2), Fraction(1))
    power = Fraction(10) ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    return [step * n for n in range(floor(low / step), max(ceil(high / step), floor(low / step) + 1) + 1)]


def bin_of(edges: Sequence[Number], value: Number) -> int:
    """Which bin a value lies in."""
    inner = edges[1:-1]
    return sum(1 for edge in inner if value >= edge)


def counted(edges: Sequence[Number], values: Sequence[tuple[Number, int]]) -> list[int]:
    """How many lie in each bin, of (value, how many)."""
    counts = [0] * (len(edges) - 1)
    for value, many in values:
        counts[bin_of(edges, value)] += many
    return counts
