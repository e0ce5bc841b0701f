"""A unit moves to another place in the tree from a day on: what would move is shown, then it is done and traced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import Actor, record
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations import headcounts, units
from learnhub.organisations.models import RoleGrant, Unit, UnitPath, UnitPlacement
from learnhub.organisations.roles import holds_at

FURTHEST_BACK = timedelta(days=366)
"""A move may be entered so long after it took place."""


@dataclass(frozen=True)
class Move:
    """What a move would take along."""

    before: Unit | None
    after: Unit
    on: date
    units: int
    members: int
    roles: int
    """Roles granted on units above the old place and not above the new one: they reach the unit no longer."""
    new_roles: int
    """Roles granted above the new place only: they will reach it."""


def look_at_move(unit: Unit, parent: Unit, on: date, now: datetime) -> Move:
    """What would move. Refused into itself, to where its kind does not stand, on a day that can't be."""
    units.check_move(unit, parent)
    if unit.parent_id == parent.id:
        raise Refused(_("The unit already stands there."))
    check_day(unit, on, now)
    old = _above(unit.parent_id)
    new = _above(parent.id)
    return Move(
        before=db.session.get(Unit, unit.parent_id) if unit.parent_id else None,
        after=parent,
        on=on,
        units=(db.session.scalar(select(func.count()).select_from(units.below(unit.id).subquery())) or 1) - 1,
        members=headcounts.headcounts(now).of(unit.id),
        roles=_roles(old - new, now),
        new_roles=_roles(new - old, now),
    )


def check_day(unit: Unit, on: date, now: datetime) -> None:
    """Refused when nothing about a unit's place can be changed from a day on: it lies ahead, or too far back."""
    today = local_date(now, house.zone)
    if on > today:
        raise Refused(_("A change can be entered on its day or later, not before."))
    if on < today - FURTHEST_BACK:
        raise Refused(_("A change can be entered for a year back at most."))
    last = db.session.scalar(select(func.max(UnitPlacement.ends_on)).where(UnitPlacement.unit_id == unit.id))
    if last is not None and last > on:
        raise Refused(_("The unit was moved on %(day)s already. Choose that day or a later one.", day=last.isoformat()))


def move(actor: Actor, unit: Unit, parent: Unit, on: date, now: datetime) -> Move:
    """Hang a unit with all below it under another from a day on.

    Who may see it follows the tree of today at once; sheets of earlier days keep it where it stood.
    """
    done = look_at_move(unit, parent, on, now)
    same_day = (UnitPlacement.unit_id == unit.id, UnitPlacement.ends_on == on)
    if db.session.scalar(select(UnitPlacement.id).where(*same_day)) is None:
        db.session.add(UnitPlacement(unit_id=unit.id, parent_id=unit.parent_id, ends_on=on))
    units.move(unit, parent)
    headcounts.forget()
    record(
        actor,
        "unit.moved",
        "unit",
        unit.id,
        now,
        unit_id=unit.id,
        before=done.before.code if done.before else "",
        after=parent.code,
        on=on.isoformat(),
    )
    return done


def history(unit: Unit) -> list[tuple[Unit | None, date]]:
    """Below which units it once stood, each until the day before a day, the latest first."""
    rows = db.session.execute(
        select(Unit, UnitPlacement.ends_on)
        .select_from(UnitPlacement)
        .outerjoin(Unit, Unit.id == UnitPlacement.parent_id)
        .where(UnitPlacement.unit_id == unit.id)
        .order_by(UnitPlacement.ends_on.desc())
    )
    return [(above, ends_on) for above, ends_on in rows]


def names(unit: Unit) -> list[tuple[str, date]]:
    """What a unit was called before, each until the day on which it was renamed, the latest first."""
    rows = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.action == "unit.changed", AuditEntry.object_kind == "unit", AuditEntry.object_id == str(unit.id)
        )
        .order_by(AuditEntry.at.desc())
        .limit(50)
    )
    told = [(entry.details, local_date(entry.at, house.zone)) for entry in rows]
    return [(str(one["before"]), day) for one, day in told if one.get("before") not in (None, one.get("name"))]


def _above(unit_id: int | None) -> set[int]:
    return set(db.session.scalars(select(UnitPath.above_id).where(UnitPath.below_id == unit_id)))


def _roles(unit_ids: set[int], now: datetime) -> int:
    held = select(func.count()).where(RoleGrant.unit_id.in_(unit_ids), holds_at(now))
    return db.session.scalar(held) or 0
