"""When an attempt ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from learnhub.quizzes.deadlines import deadline_for, ended_at, seconds_left, takes_saves
from tests.makers import NOW


def at(minutes: float | None) -> datetime | None:
    return None if minutes is None else NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("limit", "extra", "close", "may_pass", "ends"),
    [
        (None, 0, None, False, None),
        (None, 10, None, False, None),
        (None, 10, None, True, None),
        (None, 0, 60, False, 60),
        (None, 10, 60, False, 60),
        (None, 10, 60, True, 70),
        (30, 0, None, False, 30),
        (30, 10, None, False, 40),
        (30, 10, None, True, 40),
        (30, 0, 60, False, 30),
        (30, 0, 60, True, 30),
        (30, 0, 30, False, 30),
        (30, 0, 20, False, 20),
        (30, 0, 20, True, 20),
        (30, 10, 60, False, 40),
        (30, 10, 40, False, 40),
        (30, 10, 35, False, 35),
        (30, 10, 35, True, 40),
        (30, 10, 20, False, 20),
        (30, 10, 20, True, 30),
        (30, 0.5, 30.25, False, 30.25),
        (30, 0.5, 30.25, True, 30.5),
        (0.5, 0, 60, False, 0.5),
        (90, 30, 60, True, 90),
        (90, 0, 0.25, False, 0.25),
    ],
)
def test_e02_the_deadline_is_the_start_and_limit_and_extra_or_the_close(
    limit: float | None, extra: float, close: float | None, may_pass: bool, ends: float | None
) -> None:
    seconds = None if limit is None else int(limit * 60)
    past_close = int(extra * 60) if may_pass else 0
    assert deadline_for(NOW, seconds, int(extra * 60), at(close), past_close_seconds=past_close) == at(ends)


def test_a_save_counts_until_the_grace_is_over() -> None:
    grace = timedelta(seconds=5)
    assert takes_saves(NOW + grace, NOW, grace)
    assert not takes_saves(NOW + grace + timedelta(microseconds=1), NOW, grace)
    assert takes_saves(NOW, None, grace)


def test_an_attempt_is_never_submitted_after_its_deadline() -> None:
    assert ended_at(NOW, NOW + timedelta(seconds=1)) == NOW
    assert ended_at(NOW, NOW - timedelta(seconds=1)) == NOW - timedelta(seconds=1)
    assert ended_at(NOW, None) == NOW


def test_the_time_left_is_shown_in_whole_seconds_and_never_below_zero() -> None:
    assert seconds_left(NOW, NOW + timedelta(milliseconds=1500)) == 2
    assert seconds_left(NOW, NOW + timedelta(seconds=2)) == 2
    assert seconds_left(NOW, NOW - timedelta(seconds=2)) == 0
    assert seconds_left(NOW, None) is None
