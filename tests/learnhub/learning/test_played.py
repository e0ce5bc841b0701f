"""What was played: the union of believable ranges."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.learning import played

ranges = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=30)


@given(ranges)
def test_a_union_covers_the_same_seconds_once(made: list[tuple[int, int]]) -> None:
    wanted = {second for start, end in made for second in range(start, end)}
    found = played.union(made)
    assert {second for start, end in found for second in range(start, end)} == wanted
    assert played.length(found) == len(wanted)
    assert played.union(found) == found


def test_seeking_to_the_end_plays_nothing() -> None:
    assert played.believable([[0, 10, 1], [590, 600, 1]], 600, 20) == [[0, 10], [590, 600]]
    assert played.percent([[590, 600]], 600) == 1


@pytest.mark.parametrize(
    ("reported", "elapsed", "seconds"),
    [
        ([[0, 600, 1]], 20, 22),
        ([[0, 600, 2]], 20, 44),
        ([[0, 10, 1], [100, 400, 1], [400, 500, 1]], 20, 22),
        ([[0, 600, 16]], 600, 0),
        ([[0, 5, 0.5]], 20, 5),
        ([[-5, 5, 1], [5, 1, 1], "x", [1, 2], [0, "9", 1], None, [True, 5, 1], [0, float("nan"), 1]], 20, 0),
        ("nonsense", 20, 0),
        (None, 20, 0),
    ],
)
def test_s07_no_more_is_believed_than_the_time_that_passed(reported: Any, elapsed: float, seconds: int) -> None:
    assert played.length(played.union(played.believable(reported, 600, elapsed))) == seconds
