"""Pairs of sitters whose answers are more alike than chance allows, with the rate of false alarms that this has.

How likely two people choose the same is taken from how good each of them is and how often each wrong option is chosen,
after G. O. Wesolowsky, "Detecting excessive similarity in answers on multiple choice exams", Journal of Applied
Statistics 27 (2000), 909-921; no model has to be fitted. How likely so many matches are is the exact tail of the
generalised binomial distribution (W. J. van der Linden, L. Sotaridona, "Detecting answer copying when the regular
response process follows a known response model", Journal of Educational and Behavioral Statistics 31 (2006), 283-304),
which a normal curve understates for few questions. All pairs are looked at, so a pair is named only when its chance is
below FAMILY divided by the number of pairs (Bonferroni): of honest sitters at most one report in a hundred names any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

FAMILY = 0.01
"""How likely a report of honest sitters names anybody at all."""
LEAST_SITTERS = 20
LEAST_QUESTIONS = 10
BLOCK = 512
"""Sitters that are compared with all others at once."""
_SCREEN = 0.7
"""Of the normal curve's bound: what lies above is computed exactly."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """Two rows: the questions both answered, how many alike, of them wrong, what chance would give, and how likely."""

    first: int
    second: int
    compared: int
    same: int
    same_wrong: int
    expected: float
    chance: float


@dataclass(frozen=True)
class Likeness:
    """The pairs that are named, of how many, and the bound below which the chance of each lies."""

    pairs: list[Pair]
    compared: int
    bound: float


def similar_pairs(chosen: NDArray[np.int64], key: NDArray[np.int64]) -> Likeness:
    """Look at all pairs. `chosen` holds options by number, a row for each sitter and a column for each question, -1 for
    no answer or another paper; `key` the right one of each question."""
    sitters, questions = chosen.shape
    total = sitters * (sitters - 1) // 2
    bound = FAMILY / max(total, 1)
    if sitters < LEAST_SITTERS or questions < LEAST_QUESTIONS:
        return Likeness([], total, bound)
    there = chosen >= 0
    right = there & (chosen == key)
    able = probabilities(right, there)
    model = _Model(able * there, (1 - able) * there, wrong_alike(chosen, right, there), _one_hot(chosen), there)
    least = _SCREEN * NormalDist().inv_cdf(1 - bound)
    found = []
    for first, second in model.candidates(least):
        both = there[first] & there[second]
        if both.sum() < LEAST_QUESTIONS:
            continue
        alike = both & (chosen[first] == chosen[second])
        odds = model.odds(first, second)[both]
        chance = tail(odds, int(alike.sum()))
        if chance <= bound:
            wrong = int((alike & ~right[first]).sum())
            found.append(
                Pair(first, second, int(both.sum()), int(alike.sum()), wrong, round(float(odds.sum()), 1), chance)
            )
    return Likeness(sorted(found, key=lambda pair: pair.chance), total, bound)


def probabilities(right: NDArray[np.bool_], there: NDArray[np.bool_]) -> Matrix:
    """How likely each sitter has each question right: Wesolowsky's curve through the share of the class, bent by one
    number for each sitter so that it adds up to what they had right."""
    answered = np.maximum(there.sum(axis=0), 1)
    easy = np.clip(right.sum(axis=0) / answered, 0.5 / answered, 1 - 0.5 / answered)
    count = np.maximum(there.sum(axis=1), 1)
    score = np.clip(right.sum(axis=1), 0.25, count - 0.25) / count
    low, high = np.full(len(score), np.log(0.02)), np.full(len(score), np.log(200.0))
    for _step in range(40):
        middle = (low + high) / 2
        mean = (_curve(easy, np.exp(middle)) * there).sum(axis=1) / count
        low, high = np.where(mean < score, middle, low), np.where(mean < score, high, middle)
    return _curve(easy, np.exp((low + high) / 2))


def _curve(easy: Matrix, bend: Matrix) -> Matrix:
    curved: Matrix = (1 - (1 - easy)[None, :] ** bend[:, None]) ** (1 / bend[:, None])
    return np.clip(curved, 1e-6, 1 - 1e-6)


def wrong_alike(chosen: NDArray[np.int64], right: NDArray[np.bool_], there: NDArray[np.bool_]) -> Matrix:
    """How likely two who are wrong on a question chose the same option, by how often each one is chosen."""
    alike = np.ones(chosen.shape[1])
    for question in range(chosen.shape[1]):
        wrong = chosen[there[:, question] & ~right[:, question], question]
        if len(wrong):
            shares = np.bincount(wrong) / len(wrong)
            alike[question] = float((shares**2).sum())
    return alike


def _one_hot(chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    width = int(chosen.max()) + 1
    sitters, questions = chosen.shape
    marks = np.zeros((sitters, questions * width), dtype=np.float32)
    rows, columns = np.nonzero(chosen >= 0)
    marks[rows, columns * width + chosen[rows, columns]] = 1
    return marks


@dataclass(frozen=True)
class _Model:
    """What all pairs need: how likely each is right and wrong (0 where there is no answer), and what was chosen."""

    able: Matrix
    unable: Matrix
    alike: Matrix
    marks: NDArray[np.float32]
    there: NDArray[np.bool_]

    def odds(self, first: int, second: int) -> Matrix:
        """How likely a pair chose the same, question by question."""
        both: Matrix = self.able[first] * self.able[second] + self.unable[first] * self.unable[second] * self.alike
        return both

    def candidates(self, least: float) -> Iterator[tuple[int, int]]:
        """The pairs with more matches than `least` standard deviations above what chance gives, block by block."""
        for start in range(0, len(self.able), BLOCK):
            end = start + BLOCK
            able, unable = self.able[start:end], self.unable[start:end]
            same = self.marks[start:end] @ self.marks[start:].T
            expected = able @ self.able[start:].T + (unable * self.alike) @ self.unable[start:].T
            squares = (able**2) @ (self.able[start:] ** 2).T
            squares += 2 * ((able * unable * self.alike) @ (self.able[start:] * self.unable[start:]).T)
            squares += ((unable * self.alike) ** 2) @ (self.unable[start:] ** 2).T
            spread = np.sqrt(np.maximum(expected - squares, 1e-9))
            above: Any = np.triu(same - 0.5 - expected > least * spread, k=1)
            for row, column in zip(*np.nonzero(above), strict=True):
                yield start + int(row), start + int(column)


def tail(odds: Matrix, least: int) -> float:
    """How likely at least so many of independent events happen, each with its own odds: exact."""
    ways = np.zeros(len(odds) + 1)
    ways[0] = 1.0
    for one in odds:
        ways[1:] = ways[1:] * (1 - one) + ways[:-1] * one
        ways[0] *= 1 - one
    return float(ways[max(least, 0) :].sum())
