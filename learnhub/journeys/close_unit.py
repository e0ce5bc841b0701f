"""A unit closes from a day on: its members go on elsewhere, its roles and terms end, and its past stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.journeys import change_tree, endings
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations import headcounts, passing, units
from learnhub.organisations.models import Membership, RoleGrant, Unit


@dataclass(frozen=True)
class Closing:
    """What ends when a unit closes, what stays with it, and where its members go."""

    on: date
    target: Unit | None
    members: int
    """Who belongs to it on that day or later; without a target they have to go first."""
    below: int
    """Open units that hang below it, and have to go first."""
    roles: Sequence[tuple[RoleGrant, Member]]
    terms: int
    transfers: int
    owned: endings.Owned

    @property
    def fits(self) -> bool:
        """Whether it could be closed as things are."""
        return not self.below and (self.target is not None or not self.members)


def look(unit: Unit, on: date, now: datetime, *, target: Unit | None = None, ahead: bool = False) -> Closing:
    """What would end, and who would go on in the target.

    Refused while somebody belongs to it after that day and goes nowhere, or an open unit hangs below; when it is only
    planned (`ahead`) that is counted instead, and must be settled by its day.
    """
    if ahead:
        check_target(unit, target)
    else:
        check(unit, on, target)
    change_tree.check_day(unit, on, now)
    return Closing(
        on,
        target,
        _members(unit, on),
        _below(unit),
        endings.held(unit, now),
        endings.terms(unit, on),
        len(endings.transfers(unit)),
        endings.owned(unit),
    )


def check_target(unit: Unit, target: Unit | None) -> None:
    """Refused when a unit can't close on any day, or its members can't go to the target."""
    units.require_open(unit.id)
    if unit.parent_id is None:
        raise Refused(_("The unit at the top can't be closed."))
    if target is not None:
        units.require_open(target.id)
        if units.is_below(target.id, unit.id):
            raise Refused(_("Members go on in another unit, not in this one or one below it."))


def check(unit: Unit, on: date, target: Unit | None = None) -> None:
    """Refused when a unit can't close on a day, today's records given."""
    check_target(unit, target)
    if _below(unit):
        raise Refused(_("Units hang below it. Move them, or close them first."))
    left = 0 if target is not None else _members(unit, on)
    if left:
        raise Refused(_("%(n)s members belong to it on that day or later. Choose where they go.", n=left))


def _below(unit: Unit) -> int:
    below = select(func.count()).select_from(Unit).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    return db.session.scalar(below) or 0


def _members(unit: Unit, on: date) -> int:
    lasting = or_(Membership.ends_on.is_(None), (Membership.ends_on > on) & (Membership.ends_on > Membership.starts_on))
    members = select(func.count(Membership.member_id.distinct())).where(Membership.unit_id == unit.id, lasting)
    return db.session.scalar(members) or 0


def close(actor: Actor, unit: Unit, on: date, now: datetime, *, target: Unit | None = None) -> Closing:
    """Close a unit from a day on; its members go on in the target, with their posts. Works stay with the closed unit
    and are kept by those above."""
    endings.wait_for_others(*(one.id for one in (unit, target) if one is not None))
    done = look(unit, on, now, target=target)
    if target is not None:
        passing.pass_on(passing.lasting(unit, on), target, on)
    endings.end_roles(actor, unit, now)
    endings.end_terms(unit, on)
    endings.let_lapse(endings.transfers(unit), now)
    unit.closed_on = on
    db.session.flush()
    headcounts.forget()
    record(
        actor,
        "unit.closed",
        "unit",
        unit.id,
        now,
        unit_id=unit.id,
        on=on.isoformat(),
        roles=len(done.roles),
        terms=done.terms,
        **({"after": target.code, "members": done.members} if target is not None else {}),
    )
    text = _("%(unit)s is closed as of %(day)s. Your roles there have ended.", unit=unit.name, day=on.isoformat())
    endings.tell((member.id for _grant, member in done.roles), unit, text, actor, on, now)
    return done


def reopen(actor: Actor, unit: Unit, now: datetime) -> None:
    """Open a closed unit again, for one that was closed by mistake. Nobody comes back by that, and no role."""
    if unit.closed_on is None:
        raise Refused(_("The unit is not closed."))
    if unit.parent_id is not None:
        units.require_open(unit.parent_id)
    before = unit.closed_on.isoformat()
    unit.closed_on = None
    db.session.flush()
    record(actor, "unit.reopened", "unit", unit.id, now, unit_id=unit.id, before=before)
