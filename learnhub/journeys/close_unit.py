"""A unit closes from a day on: nobody belongs to it any more, its roles and terms end, and its past stays."""

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
from learnhub.organisations import headcounts, units
from learnhub.organisations.models import Membership, RoleGrant, Unit


@dataclass(frozen=True)
class Closing:
    """What ends when a unit closes, and what stays with it."""

    on: date
    roles: Sequence[tuple[RoleGrant, Member]]
    terms: int
    transfers: int
    owned: endings.Owned


def look(unit: Unit, on: date, now: datetime) -> Closing:
    """What would end. Refused while somebody belongs to it after that day, or an open unit hangs below."""
    check(unit, on)
    change_tree.check_day(unit, on, now)
    return Closing(
        on, endings.held(unit, now), endings.terms(unit, on), len(endings.transfers(unit)), endings.owned(unit)
    )


def check(unit: Unit, on: date) -> None:
    """Refused when a unit can't close on a day, today's records given."""
    units.require_open(unit.id)
    if unit.parent_id is None:
        raise Refused(_("The unit at the top can't be closed."))
    below = db.session.scalar(
        select(func.count()).select_from(Unit).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    )
    if below:
        raise Refused(_("Units hang below it. Move them, or close them first."))
    later = or_(Membership.ends_on.is_(None), Membership.ends_on > on)
    left = db.session.scalar(
        select(func.count(Membership.member_id.distinct())).where(
            Membership.unit_id == unit.id,
            later,
            or_(Membership.ends_on.is_(None), Membership.ends_on > Membership.starts_on),
        )
    )
    if left:
        raise Refused(
            _("%(n)s members belong to it on that day or later. Transfer them first, or merge the units.", n=left)
        )


def close(actor: Actor, unit: Unit, on: date, now: datetime) -> Closing:
    """Close a unit from a day on. What it owned stays with it and is kept by those above."""
    endings.wait_for_others(unit.id)
    done = look(unit, on, now)
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
