"""The first visit of a day: signing in, or coming back with a session from yesterday, earns once a day."""

from __future__ import annotations

from datetime import datetime

from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.points import events


def first_visit(member_id: int, now: datetime) -> None:
    """Pay the day's first visit; the event's name is the day, so the second visit pays nothing."""
    day = local_date(now, house.zone).isoformat()
    events.happened(
        member_id,
        "first_sign_in",
        f"day:{day}",
        occurred_at=now,
        now=now,
        reason=_("First sign-in of the day"),
    )
