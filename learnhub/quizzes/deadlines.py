"""When an attempt ends: pure arithmetic on instants, by the server's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

QUEUE_BOUND = timedelta(seconds=30)
"""How long a save that arrived in time may wait in queues; automatic closing waits as long after the grace."""


def deadline_for(
    start: datetime,
    limit_seconds: int | None,
    extra_seconds: int,
    closes_at: datetime | None,
    *,
    past_close_seconds: int = 0,
) -> datetime | None:
    """`min(start + limit + extra, close)`; None when nothing ends the attempt.

    `past_close_seconds` is the part of the extra time that also moves the close for this attempt.
    """
    extra = timedelta(seconds=extra_seconds)
    close = closes_at + timedelta(seconds=past_close_seconds) if closes_at is not None else None
    if limit_seconds is None:
        return close
    own = start + timedelta(seconds=limit_seconds) + extra
    return own if close is None else min(own, close)


def takes_saves(now: datetime, deadline: datetime | None, grace: timedelta) -> bool:
    """Whether a save that arrived at `now` counts."""
    return deadline is None or now <= deadline + grace


def ended_at(now: datetime, deadline: datetime | None) -> datetime:
    """The moment of submission of an attempt that is closed at `now`: never after its deadline."""
    return now if deadline is None else min(now, deadline)


def seconds_left(now: datetime, deadline: datetime | None) -> int | None:
    """Whole seconds until the deadline, rounded up; 0 when it passed, None without one."""
    if deadline is None:
        return None
    return max(0, -int((now - deadline) // timedelta(seconds=1)))
