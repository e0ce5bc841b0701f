"""What was played of a video or sound: the union of ranges, in whole seconds of the media. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

MOST_RANGES = 400
"""Kept for one lesson; a player that reports more tiny ranges than this loses the shortest."""
FASTEST = 2
"""Ranges played faster than this do not count."""

Range = list[int]


def union(ranges: Iterable[Sequence[int]]) -> list[Range]:
    """Disjoint, sorted ranges that cover the same seconds."""
    merged: list[Range] = []
    for start, end in sorted((int(one[0]), int(one[1])) for one in ranges):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif end > start:
            merged.append([start, end])
    if len(merged) > MOST_RANGES:
        longest = sorted(merged, key=lambda one: one[0] - one[1])[:MOST_RANGES]
        merged = sorted(longest)
    return merged


def length(ranges: Iterable[Sequence[int]]) -> int:
    """Seconds that the ranges cover; they are disjoint."""
    return sum(end - start for start, end in ranges)


def percent(ranges: Iterable[Sequence[int]], seconds: int) -> int:
    """Whole percent of a media of that length; the last second may be missing, as players round."""
    covered = length(ranges)
    if seconds <= 0 or not covered:
        return 0
    return min(100, (covered + 1) * 100 // seconds)


def believable(reported: Any, seconds: int | None, elapsed: float) -> list[Range]:
    """The reported ranges that can have been played in the time that the server saw pass.

    A range is `[from, to, rate]`. It lies inside the media, was played at most at double speed, and all of them
    together took no more server time than passed since the last report (with two seconds of grace).
    """
    budget = max(elapsed, 0.0) + 2
    kept: list[Range] = []
    for one in reported if isinstance(reported, list) else []:
        if not (isinstance(one, list | tuple) and len(one) == 3 and all(_is_number(part) for part in one)):
            continue
        start, end, rate = float(one[0]), float(one[1]), float(one[2])
        if not 0 < rate <= FASTEST or start < 0 or end <= start:
            continue
        end = min(end, start + budget * rate, float(seconds or 10**7))
        if end - start < 0.5:
            continue
        budget -= (end - start) / rate
        kept.append([round(start), round(end)])
    return kept


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**7
