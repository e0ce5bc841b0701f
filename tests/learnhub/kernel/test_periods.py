"""Periods by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from learnhub.kernel.errors import Refused
from learnhub.kernel.periods import ALL_TIME, Grain, following, keys_at, neighbour, parse_period, period_on

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_an_instant_counts_in_six_periods_of_the_zone() -> None:
    late_evening = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # already New Year in Shanghai
    assert keys_at(late_evening, SHANGHAI) == ["2026-W53", "2027", "2027-01", "2027-01-01", "2027-Q1", "all"]


@pytest.mark.parametrize("key", ["2026-11-22", "2026-W47", "2026-11", "2026-Q4", "2026", "all"])
def test_a_name_reads_back_as_itself(key: str) -> None:
    assert parse_period(key).key == key


@pytest.mark.parametrize("key", ["", "2026-13", "2026-W54", "2026-02-30", "2026-Q5", "26", "2026-11-22T00", "ALL"])
def test_what_is_no_period_is_refused(key: str) -> None:
    with pytest.raises(Refused):
        parse_period(key)


@pytest.mark.parametrize("grain", [grain for grain in Grain if grain is not Grain.ALL])
def test_neighbours_meet_without_gap(grain: Grain) -> None:
    period = period_on(date(2024, 2, 29), grain)
    after, before = neighbour(period, 1), neighbour(period, -1)
    assert after is not None
    assert before is not None
    assert (after.first, before.after) == (period.after, period.first)
    assert period.contains(date(2024, 2, 29))


def test_what_lies_ahead_does_not_follow_yet() -> None:
    november = period_on(date(2026, 11, 24), Grain.MONTH)
    assert following(november, date(2026, 11, 30)) is None
    assert following(november, date(2026, 12, 1)) == period_on(date(2026, 12, 1), Grain.MONTH)
    assert following(ALL_TIME, date(2026, 12, 1)) is None
