"""Units with times of their own, and reviews that wait for the last of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.organisations.models import Unit
from learnhub.quizzes import attempts, review, windows
from learnhub.quizzes.models import Mode, Quiz
from learnhub.quizzes.review import Item
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import NOW, new_member, new_unit, small_tree

HOUR = timedelta(hours=1)


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def quiz(tree: dict[str, Unit]) -> Quiz:
    return new_quiz(tree["HQ"], opens_at=NOW, closes_at=NOW + 2 * HOUR, time_limit_seconds=3600)


def put(quiz: Quiz, unit: Unit, opens: int | None = None, closes: int | None = None, extra: int = 0) -> None:
    """A window of a unit, in hours from now."""
    times = [None if hours is None else NOW + hours * HOUR for hours in (opens, closes)]
    windows.put(quiz, unit, opens_at=times[0], closes_at=times[1], extra_seconds=extra, by=None, now=NOW)


def test_the_nearest_unit_decides_and_what_it_leaves_open_is_the_quizs(tree: dict[str, Unit], quiz: Quiz) -> None:
    put(quiz, tree["B1"], opens=4, closes=8)
    put(quiz, tree["B1a"], closes=9, extra=600)
    hq, b1, b1a = (windows.for_unit(quiz, tree[code].id) for code in ("HQ", "B1", "B1a"))
    assert (hq.opens_at, hq.closes_at) == (quiz.opens_at, quiz.closes_at)
    assert (b1.opens_at, b1.closes_at, b1.extra_seconds) == (NOW + 4 * HOUR, NOW + 8 * HOUR, 0)
    assert (b1a.opens_at, b1a.closes_at, b1a.extra_seconds) == (quiz.opens_at, NOW + 9 * HOUR, 600)


def test_a_member_starts_within_the_units_times_and_has_its_extra_time(tree: dict[str, Unit], quiz: Quiz) -> None:
    put(quiz, tree["B1"], opens=4, closes=8, extra=600)
    member, other = new_member(tree["B1a"]), new_member(tree["B2"])
    with pytest.raises(Refused, match="not opened"):
        attempts.start(quiz, member, NOW + HOUR)
    started = attempts.start(quiz, member, NOW + 5 * HOUR)
    assert (started.deadline, started.extra_seconds) == (NOW + 6 * HOUR + timedelta(minutes=10), 600)
    with pytest.raises(Refused, match="closed"):
        attempts.start(quiz, other, NOW + 5 * HOUR)


def test_e28_keys_stay_hidden_until_the_last_unit_is_done(tree: dict[str, Unit], quiz: Quiz) -> None:
    quiz.mode = Mode.TEST
    put(quiz, tree["B2"], opens=24, closes=26)
    attempt = attempts.start(quiz, new_member(tree["B1"]), NOW)
    attempt.state, attempt.submitted_at = "closed", NOW + HOUR
    assert quiz.closed_for_all_at == NOW + 26 * HOUR
    for hours, seen in ((3, False), (25, False), (26, True)):
        assert (Item.RIGHT_ANSWER in review.of_attempt(quiz, attempt, None, NOW + hours * HOUR)) is seen


def test_a_window_that_says_nothing_or_nonsense_is_refused(tree: dict[str, Unit], quiz: Quiz) -> None:
    for times in ({}, {"opens": 3}, {"opens": 5, "closes": 4}, {"extra": 90_000}):
        with pytest.raises(Refused):
            put(quiz, tree["B1"], **times)
    with pytest.raises(Refused, match="reach"):
        put(quiz, new_unit("ELSEWHERE"), closes=5)
    assert windows.of_units(quiz) == []


def test_a_unit_can_have_the_quizs_times_again(tree: dict[str, Unit], quiz: Quiz) -> None:
    put(quiz, tree["B1"], closes=8)
    put(quiz, tree["B1"], closes=9)
    assert [(row.closes_at, unit.code) for row, unit in windows.of_units(quiz)] == [(NOW + 9 * HOUR, "B1")]
    windows.remove(quiz, tree["B1"])
    assert windows.for_unit(quiz, tree["B1"].id).closes_at == quiz.closes_at
    with pytest.raises(NotFound):
        windows.remove(quiz, tree["B1"])
    db.session.flush()
