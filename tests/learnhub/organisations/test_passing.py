"""Members pass from unit to unit: nobody is lost, nobody has two primary units, the past stays."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learnhub.organisations.passing import Interval, uncovered

START = date(2026, 1, 1)

days = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
intervals = st.tuples(days, st.one_of(st.none(), days)).filter(lambda one: one[1] is None or one[1] >= one[0])


def holds(one: Interval, day: date) -> bool:
    return one[0] <= day and (one[1] is None or day < one[1])


@given(intervals, st.lists(intervals, max_size=5))
def test_every_day_is_covered_once_or_taken(wanted: Interval, taken: list[Interval]) -> None:
    parts = uncovered(wanted, taken)
    for n in range(45):
        day = START + timedelta(days=n)
        free = holds(wanted, day) and not any(holds(one, day) for one in taken)
        assert sum(holds(part, day) for part in parts) == int(free), day
    assert parts == sorted(parts)
