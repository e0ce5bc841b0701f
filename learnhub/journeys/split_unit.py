"""A new unit is split off beside another: chosen members go on there from a day on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.journeys import change_tree, endings
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations import at_day, headcounts, memberships, passing, units
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.search.criteria import Condition, combined

PAGE = 100
"""So many members stand on a page from which they are chosen."""
MOST = 20_000
"""So many members go along at most."""


@dataclass(frozen=True)
class NewUnit:
    """What the new unit is called."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Candidates:
    """Who belongs to a unit itself on a day and meets the conditions; nobody else can go along."""

    unit: Unit
    day: date
    conditions: Sequence[Condition] = ()
    any_of: bool = False

    def count(self, now: datetime) -> int:
        """How many there are."""
        return db.session.scalar(self._found(now).with_only_columns(func.count(Member.id.distinct()))) or 0

    def page(self, start: int, now: datetime) -> Sequence[tuple[Member, Membership]]:
        """A page of them by number, with their membership."""
        query = self._found(now).order_by(Member.number, Membership.id).offset(start).limit(PAGE)
        return [(member, membership) for member, membership in db.session.execute(query)]

    def ids(self, now: datetime) -> set[int]:
        """All of them. Refused when they are too many."""
        found = set(db.session.scalars(self._found(now).with_only_columns(Member.id).limit(MOST + 1)))
        require_few(len(found))
        return found

    def _found(self, now: datetime) -> Any:
        return (
            select(Member, Membership)
            .join(Membership, Membership.member_id == Member.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(
                Membership.unit_id == self.unit.id,
                memberships.holds_on(self.day),
                *combined(self.conditions, self.any_of, at_day.today(now)),
            )
        )


def require_few(members: int) -> None:
    """Refused when more members are chosen than go along at once."""
    if members > MOST:
        raise Refused(_("At most %(n)s members go along at once. Choose fewer.", n=MOST))


def split(actor: Actor, unit: Unit, new: NewUnit, member_ids: Collection[int], on: date, now: datetime) -> Unit:
    """Make a unit beside another, and let the chosen members go on there, with their posts.

    Roles, terms, works and transfers on the way stay with the unit that was there.
    """
    endings.wait_for_others(unit.id)
    require_few(len(member_ids))
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
