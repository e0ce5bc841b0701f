"""How many members have how many points: read once a minute for each board, so that a deep rank costs a look-up."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

FRESH = timedelta(seconds=60)
"""A rank read from a histogram is exact as of a moment at most this old."""


@dataclass(frozen=True)
class Histogram:
    """Point values, the highest first, with the number of members above each."""

    made_at: datetime
    lowered: list[int]
    """The values with their signs turned, so that they rise."""
    above: list[int]
    """For each value how many members have more; one more at the end: all."""

    def rank(self, points: int) -> int:
        """The rank of a number of points: one more than the members who have more."""
        return self.above[bisect_left(self.lowered, -points)] + 1

    def counts(self) -> list[tuple[int, int]]:
        """How many members have each number of points, the most points first."""
        each = zip(self.lowered, self.above, self.above[1:], strict=False)
        return [(-lowered, with_them - above) for lowered, above, with_them in each]


def histogram(made_at: datetime, counts: Iterable[tuple[int, int]]) -> Histogram:
    """The histogram of (points, members) pairs, each value once, in any order."""
    falling = sorted(counts, reverse=True)
    return Histogram(made_at, [-points for points, _n in falling], [0, *accumulate(n for _points, n in falling)])


@dataclass
class _Kept:
    """The last histogram of a board, and the lock that lets one builder in."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    last: Histogram | None = None


_kept: dict[Hashable, _Kept] = {}
_MOST = 10_000
"""Boards remembered in one process."""


def fresh(key: Hashable, now: datetime, count: Callable[[], Iterable[tuple[int, int]]]) -> Histogram:
    """The histogram of a board, at most a minute old; `count` reads it, once for all who ask at the same time."""
    if len(_kept) > _MOST:
        forget()
    kept = _kept.setdefault(key, _Kept())
    with kept.lock:
        if kept.last is None or not timedelta(0) <= now - kept.last.made_at < FRESH:
            kept.last = histogram(now, count())
        return kept.last


def forget() -> None:
    """Read every histogram anew when it is asked for next."""
    _kept.clear()
