"""How many members each unit has with all below it: read for the whole tree at once, and kept for a while.

A member counts once, where he or she primarily belongs. A small organisation is counted whenever it is asked; the
larger it is, the longer a count is kept, at most ten minutes, and the page says as at which moment it is exact.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations.at_day import AtDay
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, UnitPath

LONGEST = timedelta(minutes=10)
"""No count is older."""
MEMBERS_PER_SECOND = 1000
"""For every so many members a count is kept a second longer; below that it is always live."""


@dataclass(frozen=True)
class Headcounts:
    """Members of each unit with all below it, exact as at a moment."""

    made_at: datetime
    day: date
    by_unit: Mapping[int, int]
    members: int

    def of(self, unit_id: int) -> int:
        """Members of a unit and all below it."""
        return self.by_unit.get(unit_id, 0)

    def good(self, now: datetime, day: date) -> bool:
        """Whether it may still be shown: of the same day, and no older than its size allows."""
        keeps = min(timedelta(seconds=self.members // MEMBERS_PER_SECOND), LONGEST)
        return self.day == day and timedelta(0) <= now - self.made_at < keeps


_kept: dict[str, Headcounts] = {}
_lock = threading.Lock()


def headcounts(now: datetime) -> Headcounts:
    """The headcounts of today; `made_at` says how new they are."""
    day = local_date(now, house.zone)
    key = str(db.engine.url)
    with _lock:
        kept = _kept.get(key)
        if kept is None or not kept.good(now, day):
            kept = _kept[key] = _counted(now, day)
        return kept


def as_at(at: AtDay, unit_ids: Collection[int]) -> Headcounts:
    """The headcounts of these units on a day of the past, in the tree of that day; by one statement."""
    own, paths = own_counts(at.day), at.tree.paths(unit_ids)
    rows = db.session.execute(
        select(paths.c.above_id, func.sum(own.c.members))
        .join(own, own.c.unit_id == paths.c.below_id)
        .where(paths.c.above_id.in_(unit_ids))
        .group_by(paths.c.above_id)
    )
    found = {unit_id: int(count) for unit_id, count in rows}
    return Headcounts(at.moment, at.day, found, max(found.values(), default=0))


def forget() -> None:
    """Count anew when it is asked for next: after many members came or went at once."""
    with _lock:
        _kept.clear()


def own_counts(day: date) -> Any:
    """A sub-query of units with the members who primarily belong to each itself on a day; test members are left out."""
    return (
        select(Membership.unit_id, func.count().label("members"))
        .where(Membership.primary, holds_on(day), Membership.member_id.not_in(select(Member.id).where(Member.test)))
        .group_by(Membership.unit_id)
        .subquery()
    )


def _counted(now: datetime, day: date) -> Headcounts:
    own = own_counts(day)
    rows = db.session.execute(
        select(UnitPath.above_id, UnitPath.depth, own.c.members).join(own, own.c.unit_id == UnitPath.below_id)
    )
    found: dict[int, int] = {}
    members = 0
    for unit_id, depth, count in rows:
        found[unit_id] = found.get(unit_id, 0) + count
        members += count if depth == 0 else 0
    return Headcounts(now, day, found, members)
