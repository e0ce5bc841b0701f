"""Answers that came faster than anybody reads, and two sitters who change their minds in step.

Quick is an answer that took less than half the time in which its text is read (238 words a minute: M. Brysbaert, "How
many words do we read per minute?", Journal of Memory and Language 109 (2019), 104047) *and* less than a fifth of the
question's own median. A sitter is named when so many quick answers have a chance below the bound, by how often each
question is answered quickly at all. Two sitters are in step when they replace answers of the same questions by the same
ones within seconds, more often than changes of others around those moments explain (Poisson).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from learnhub.quizzes.conduct.similarity import FAMILY, LEAST_SITTERS, tail

LETTERS_A_SECOND = 48
HAN = range(0x3400, 0xA000)
HAN_A_SECOND = 13
"""Twice the pace of good readers."""
OF_MEDIAN = 0.2
LEAST_QUICK = 3
STEP = 10.0
"""Seconds between two changes that are in step."""
AROUND = 120.0
"""Seconds around a change in which the changes of others say how usual it is."""
LEAST_STEPS = 3


@dataclass(frozen=True)
class Quick:
    """A row with its quick answers: of how many that could be timed, how many chance would give, and how likely."""

    row: int
    timed: int
    quick: int
    expected: float
    chance: float


@dataclass(frozen=True)
class Change:
    """A sitter (a row) replaced an answer by this one, at that second."""

    row: int
    question: int
    chosen: int
    second: float


@dataclass(frozen=True)
class Steps:
    """Two rows that changed in step: how often, how often chance would, and how likely."""

    first: int
    second: int
    steps: int
    expected: float
    chance: float


def reading_seconds(text: str) -> float:
    """The least time in which somebody reads this."""
    han = sum(1 for letter in text if ord(letter) in HAN)
    return han / HAN_A_SECOND + (len(text) - han) / LETTERS_A_SECOND


def quick_sitters(seconds: NDArray[np.float64], reading: NDArray[np.float64]) -> list[Quick]:
    """Who answered quickly too often. `seconds` by sitter and question, nan where an answer can't be timed; `reading`
    is what each question takes to read."""
    sitters = len(seconds)
    if sitters < LEAST_SITTERS:
        return []
    timed = ~np.isnan(seconds)
    usual = np.array([np.median(one[~np.isnan(one)]) if (~np.isnan(one)).any() else 0.0 for one in seconds.T])
    quick = timed & (np.nan_to_num(seconds, nan=np.inf) < np.minimum(reading, OF_MEDIAN * usual))
    found = []
    for row in np.nonzero(quick.sum(axis=1) >= LEAST_QUICK)[0]:
        others = np.delete(quick, row, axis=0).sum(axis=0)
        odds = ((others + 1) / (timed.sum(axis=0) + 1))[timed[row]]
        count = int(quick[row].sum())
        chance = tail(odds, count)
        if chance <= FAMILY / sitters:
            found.append(Quick(int(row), int(timed[row].sum()), count, round(float(odds.sum()), 1), chance))
    return sorted(found, key=lambda one: one.chance)


def in_step(changes: Sequence[Change], sitters: int) -> list[Steps]:
    """Pairs who changed in step. Only what was changed is looked at: everybody goes from one question to the next."""
    if sitters < LEAST_SITTERS:
        return []
    alike: dict[tuple[int, int], list[Change]] = defaultdict(list)
    for change in changes:
        alike[change.question, change.chosen].append(change)
    together: dict[tuple[int, int], list[float]] = defaultdict(list)
    for same in alike.values():
        same.sort(key=lambda one: one.second)
        _meet(same, sitters, together)
    pairs = sitters * (sitters - 1) // 2
    own: dict[int, float] = defaultdict(float)
    for change in changes:
        own[change.row] += 1
    found = []
    for (first, second), odds in together.items():
        if len(odds) < LEAST_STEPS:
            continue
        mean = min(own[first], own[second]) * max(odds)
        chance = poisson_tail(mean, len(odds))
        if chance <= FAMILY / pairs:
            found.append(Steps(first, second, len(odds), round(mean, 2), chance))
    return sorted(found, key=lambda one: one.chance)


def _meet(same: list[Change], sitters: int, together: dict[tuple[int, int], list[float]]) -> None:
    """Note each pair within a step, with how likely one of them meets a change of somebody around that moment."""
    met: set[tuple[int, int]] = set()
    for place, one in enumerate(same):
        for other in same[place + 1 :]:
            if other.second - one.second > STEP:
                break
            pair = (min(one.row, other.row), max(one.row, other.row))
            if one.row == other.row or pair in met:
                continue
            met.add(pair)
            around = {each.row for each in same if abs(each.second - one.second) <= AROUND} - set(pair)
            together[pair].append((len(around) + 1) / sitters * STEP / AROUND)


def poisson_tail(mean: float, least: int) -> float:
    """How likely a Poisson count is at least this: exact from below, or by its terms where that would round to 0."""
    term = math.exp(-mean + least * math.log(mean) - math.lgamma(least + 1)) if mean > 0 else 0.0
    total, count = 0.0, least
    while term > total * 1e-12 and count < least + 1000:
        total += term
        count += 1
        term *= mean / count
    return total
