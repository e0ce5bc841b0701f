"""Similar answers: among honest sitters no more false alarms than stated, and copiers are found; all seeded."""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from learnhub.quizzes.conduct import similarity, timings
from learnhub.quizzes.conduct.similarity import FAMILY, similar_pairs
from learnhub.quizzes.conduct.timings import Change

REPORTS = 300


def honest(seed: int, sitters: int, questions: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sitters who answer by themselves: right by a logistic curve with its own slope, and wrong by options that tempt
    the weak and the strong differently, which the statistic does not know."""
    random = np.random.default_rng(seed)
    able = random.normal(size=sitters)
    hard, slope = random.normal(size=questions), random.uniform(0.6, 1.8, size=questions)
    right = random.random((sitters, questions)) < 1 / (1 + np.exp(-slope * (able[:, None] - hard)))
    pull = random.normal(scale=0.8, size=(questions, 3))
    lean = random.normal(scale=0.3, size=(questions, 3))
    weight = np.exp(pull[None] + lean[None] * able[:, None, None])
    cut = np.cumsum(weight / weight.sum(axis=2, keepdims=True), axis=2)
    wrong = 1 + (random.random((sitters, questions, 1)) > cut).sum(axis=2).clip(max=2)
    return np.where(right, 0, wrong).astype(np.int64), np.zeros(questions, dtype=np.int64)


def test_honest_sitters_are_named_no_more_often_than_stated(capsys: pytest.CaptureFixture[str]) -> None:
    named = [len(similar_pairs(*honest(seed, 60, 40)).pairs) for seed in range(REPORTS)]
    alarms = sum(1 for count in named if count)
    with capsys.disabled():
        print(f"\n{alarms} of {REPORTS} honest reports named a pair; stated: at most {FAMILY:.0%}")
    assert alarms <= FAMILY * REPORTS


@pytest.mark.parametrize("copied", [0.5, 0.7, 0.9])
def test_copiers_are_found(copied: float, capsys: pytest.CaptureFixture[str]) -> None:
    found, others = 0, 0
    for seed in range(40):
        chosen, key = honest(1000 + seed, 60, 40)
        random = np.random.default_rng(seed)
        able = np.argsort((chosen == 0).sum(axis=1))
        source, copier = int(able[30]), int(able[10])
        taken = random.random(40) < copied
        chosen[copier, taken] = chosen[source, taken]
        pairs = {(one.first, one.second) for one in similar_pairs(chosen, key).pairs}
        found += (min(source, copier), max(source, copier)) in pairs
        others += len(pairs - {(min(source, copier), max(source, copier))})
    with capsys.disabled():
        print(f"\ncopied {copied:.0%} of 40 answers, among 60 sitters: found {found} of 40, others named {others}")
    assert others == 0
    assert found >= {0.5: 3, 0.7: 25, 0.9: 38}[copied]


def test_the_exact_tail_is_the_binomial_one_for_equal_odds() -> None:
    assert similarity.tail(np.full(4, 0.5), 3) == pytest.approx(5 / 16)
    assert similarity.tail(np.array([0.1, 0.9]), 0) == pytest.approx(1)
    assert similarity.tail(np.array([0.1, 0.9]), 2) == pytest.approx(0.09)
    assert timings.poisson_tail(0.01, 3) == pytest.approx(1.654e-7, rel=1e-3)


def test_different_papers_are_compared_where_they_meet_and_small_ones_never() -> None:
    chosen, key = honest(5, 40, 40)
    chosen[7] = chosen[9]
    chosen[7, :31] = -1
    assert similar_pairs(chosen, key).pairs == [], "nine questions are too few"
    assert similar_pairs(*honest(5, 19, 40)).pairs == []
    assert similar_pairs(*honest(5, 40, 9)).pairs == []


def test_five_thousand_sitters_are_compared_in_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    chosen, key = honest(3, 5000, 50)
    middle = np.argsort((chosen == 0).sum(axis=1))
    first, second = sorted((int(middle[2000]), int(middle[2600])))
    chosen[second] = chosen[first]
    began = time.perf_counter()
    found = similar_pairs(chosen, key)
    with capsys.disabled():
        print(f"\n{found.compared} pairs of 50 answers in {time.perf_counter() - began:.1f} s")
    assert found.compared == 12_497_500
    assert [(one.first, one.second) for one in found.pairs] == [(first, second)]


def times(seed: int, sitters: int = 60, questions: int = 30) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Honest times: reading at one's own pace, then thinking."""
    random = np.random.default_rng(seed)
    reading = random.uniform(1, 6, size=questions)
    pace = np.exp(random.normal(0.7, 0.4, size=(sitters, 1)))
    return reading * np.maximum(pace, 0.8) + np.exp(random.normal(2, 0.8, size=(sitters, questions))), reading


def test_honest_times_are_named_no_more_often_than_stated() -> None:
    assert sum(1 for seed in range(REPORTS) if timings.quick_sitters(*times(seed))) <= FAMILY * REPORTS


def test_who_answers_faster_than_anybody_reads_is_named() -> None:
    seconds, reading = times(1)
    seconds[5, :20] = 0.4
    seconds[6, 20:] = np.nan
    (found,) = timings.quick_sitters(seconds, reading)
    assert (found.row, found.timed) == (5, 30)
    assert 18 <= found.quick <= 20


def changes(seed: int, sitters: int = 60) -> list[Change]:
    """Honest changes of mind: some questions, at any moment of an hour."""
    random = np.random.default_rng(seed)
    made = []
    for row in range(sitters):
        for question in random.choice(40, size=int(random.integers(0, 8)), replace=False):
            second = float(np.clip(random.normal(question * 80, 200), 0, 3600))
            made.append(Change(row, int(question), int(random.integers(0, 4)), second))
    return made


def test_honest_changes_are_in_step_no_more_often_than_stated() -> None:
    assert sum(1 for seed in range(REPORTS) if timings.in_step(changes(seed), 60)) <= FAMILY * REPORTS


def test_two_who_change_in_step_are_named() -> None:
    made = changes(2)
    for question in (3, 11, 17, 29):
        made += [Change(10, question, 2, question * 80.0), Change(20, question, 2, question * 80.0 + 4)]
    (found,) = timings.in_step(made, 60)
    assert (found.first, found.second) == (10, 20)
    assert found.steps >= 4


def test_reading_takes_its_time_in_both_scripts() -> None:
    assert timings.reading_seconds("a" * 96) == pytest.approx(2)
    assert timings.reading_seconds("学" * 26) == pytest.approx(2)
