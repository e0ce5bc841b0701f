"""The members of one unit pass into another on a day: what they were before stays, what they are goes on there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select

from learnhub.kernel.db import db
from learnhub.organisations.models import Membership, Unit

Interval = tuple[date, date | None]
"""A first day, and the day after the last (none: without end)."""


def uncovered(wanted: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """The parts of an interval that none of the others holds, the earliest first; empty ones hold nothing."""
    left = [wanted]
    for first, end in taken:
        if end is not None and end <= first:
            continue
        left = [part for one in left for part in _without(one, (first, end))]
    return sorted(one for one in left if one[1] is None or one[0] < one[1])


def _without(one: Interval, other: Interval) -> list[Interval]:
    (first, end), (begins, ends) = one, other
    if (end is not None and end <= begins) or (ends is not None and ends <= first):
        return [one]
    before = [(first, begins)] if first < begins else []
    after: list[Interval] = [(ends, end)] if ends is not None and (end is None or ends < end) else []
    return [*before, *after]


def lasting(unit: Unit, on: date) -> Sequence[Membership]:
    """The memberships of a unit that last beyond a day or begin later."""
    later = or_(Membership.ends_on.is_(None), Membership.ends_on > on)
    rows = db.session.scalars(select(Membership).where(Membership.unit_id == unit.id, later).order_by(Membership.id))
    return [one for one in rows if one.ends_on is None or one.ends_on > one.starts_on]


def pass_on(moving: Sequence[Membership], target: Unit, on: date) -> None:
    """These memberships end on a day and go on in another unit, with their posts and ends.

    Who belongs to the target already keeps the post there, and belongs to it once: primarily, if one of the two was.
    """
    there: dict[int, list[Membership]] = defaultdict(list)
    members = {one.member_id for one in moving}
    for one in lasting(target, on):
        if one.member_id in members:
            there[one.member_id].append(one)
    for one in sorted(moving, key=lambda each: not each.primary):
        span = max(on, one.starts_on), one.ends_on
        one.ends_on = span[0]
        if one.primary:
            post = _give_way(there[one.member_id], span) or one.post
            there[one.member_id].append(_begun(one, target, span, post))
        else:
            taken = [(each.starts_on, each.ends_on) for each in there[one.member_id]]
            there[one.member_id] += [_begun(one, target, part, one.post) for part in uncovered(span, taken)]
    db.session.flush()


def _give_way(there: list[Membership], span: Interval) -> str:
    """Additional memberships make room for the primary one; gives the post that was held there."""
    post = ""
    for one in list(there):
        parts = uncovered((one.starts_on, one.ends_on), [span])
        if one.primary or parts == [(one.starts_on, one.ends_on)]:
            continue
        post = post or one.post
        unit = db.session.get_one(Unit, one.unit_id)
        kept = [part for part in parts if part[0] == one.starts_on]
        there += [_begun(one, unit, part, one.post) for part in parts if part[0] != one.starts_on]
        one.ends_on = kept[0][1] if kept else one.starts_on
    return post


def _begun(one: Membership, unit: Unit, span: Interval, post: str) -> Membership:
    made = Membership(
        member_id=one.member_id, unit_id=unit.id, primary=one.primary, post=post, starts_on=span[0], ends_on=span[1]
    )
    db.session.add(made)
    return made
