"""A new unit is split off beside another: chosen members go on there from a day on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.journeys import change_tree, endings
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations import headcounts, memberships, passing, units
from learnhub.organisations.models import Membership, Unit

MOST = 500
"""So many members stand on the page from which they are chosen."""


@dataclass(frozen=True)
class NewUnit:
    """What the new unit is called."""

    code: str
    name: str
    kind: str


def candidates(unit: Unit, day: date) -> Sequence[tuple[Member, Membership]]:
    """Who belongs to a unit itself on a day, by number; at most as many as a page holds."""
    rows = db.session.execute(
        select(Member, Membership)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.unit_id == unit.id, memberships.holds_on(day))
        .order_by(Member.number, Membership.id)
        .limit(MOST)
    )
    return [(member, membership) for member, membership in rows]


def split(actor: Actor, unit: Unit, new: NewUnit, member_ids: Collection[int], on: date, now: datetime) -> Unit:
    """Make a unit beside another, and let the chosen members go on there, with their posts.

    Roles, terms, works and transfers on the way stay with the unit that was there.
    """
    endings.wait_for_others(unit.id)
    units.require_open(unit.id)
    change_tree.check_day(unit, on, now)
    if unit.parent_id is None:
        raise Refused(_("Nothing can stand beside the unit at the top. Add a unit below it instead."))
    moving = [one for one in passing.lasting(unit, on) if one.member_id in member_ids]
    if not moving:
        raise Refused(_("Choose at least one member who goes along."))
    if len({one.member_id for one in moving}) < len(set(member_ids)):
        raise Refused(_("Somebody who was chosen belongs to this unit no longer. Load the page again."))
    made = units.new_unit(
        new.code, new.name, now, parent=db.session.get_one(Unit, unit.parent_id), kind=new.kind or None
    )
    passing.pass_on(moving, made, on)
    headcounts.forget()
    chosen = len({one.member_id for one in moving})
    for one in (unit, made):
        record(
            actor,
            "unit.split",
            "unit",
            one.id,
            now,
            unit_id=one.id,
            before=unit.code,
            after=made.code,
            on=on.isoformat(),
            members=chosen,
        )
    return made
