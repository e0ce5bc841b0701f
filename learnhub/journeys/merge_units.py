"""A unit passes into another on a day: members, units below, works and open transfers go there, the unit closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select, update

from learnhub.audit.trail import Actor, record
from learnhub.authorship.models import Ownership
from learnhub.identity.models import Member
from learnhub.journeys import change_tree, close_unit, endings
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations import custom_roles, headcounts, passing, roles, units
from learnhub.organisations.models import Membership, RoleGrant, Transfer, Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.search.models import SavedSearch
from learnhub.quizzes.models import Quiz


@dataclass(frozen=True)
class Merger:
    """What passes from one unit into another, and what ends."""

    unit: Unit
    target: Unit
    on: date
    members: int
    already_there: int
    """Of the members: how many belong to the target already."""
    below: Sequence[Unit]
    roles: Sequence[tuple[RoleGrant, Member]]
    terms: int
    owned: endings.Owned
    passing: int
    """Open transfers that go on with the target in place of the unit."""
    lapsing: int
    """Open transfers between the two: nothing is left to do."""


def look(unit: Unit, target: Unit, on: date, now: datetime) -> Merger:
    """What would pass and end. Refused where it can't be, on a day that can't be, or when a unit below can't move."""
    check(unit, target)
    change_tree.check_day(unit, on, now)
    below = [one for one in units.children(unit.id) if one.closed_on is None]
    for one in below:
        change_tree.look_at_move(one, target, on, now)
    members = {one.member_id for one in passing.lasting(unit, on)}
    there = {one.member_id for one in passing.lasting(target, on)}
    open_transfers = endings.transfers(unit)
    lapsing = sum(1 for row in open_transfers if _between(row, unit, target))
    return Merger(
        unit,
        target,
        on,
        len(members),
        len(members & there),
        below,
        endings.held(unit, now),
        endings.terms(unit, on),
        endings.owned(unit),
        len(open_transfers) - lapsing,
        lapsing,
    )


def check(unit: Unit, target: Unit) -> None:
    """Refused when one can't pass into the other, whatever the day."""
    units.require_open(unit.id)
    units.require_open(target.id)
    if unit.parent_id is None:
        raise Refused(_("The unit at the top can't pass into another."))
    if units.is_below(target.id, unit.id):
        raise Refused(_("A unit can't pass into itself or into one below it. Move that one out first."))


def merge(actor: Actor, unit: Unit, target: Unit, on: date, now: datetime, *, keep_roles: bool = False) -> Merger:
    """Let a unit pass into another from a day on. With `keep_roles` its roles are given on the target, until their end.

    Points, hours and marks of before stay with the unit: its sheets and boards of the past keep their sums.
    """
    endings.wait_for_others(unit.id, target.id)
    done = look(unit, target, on, now)
    for one in done.below:
        change_tree.move(actor, one, target, on, now)
    passing.pass_on(passing.lasting(unit, on), target, on)
    given = _give_roles(actor, done, now) if keep_roles else set()
    endings.end_roles(actor, unit, now)
    endings.end_terms(unit, on)
    _pass_works(unit, target)
    _pass_transfers(unit, target, now)
    close_unit.check(unit, on)
    unit.closed_on = on
    db.session.flush()
    headcounts.forget()
    _trace(actor, done, len(given), now)
    _tell(actor, done, given, now)
    return done


def _give_roles(actor: Actor, done: Merger, now: datetime) -> set[int]:
    """Give on the target what is held on the unit in one's own right; the members to whom that was done.

    Who acts gets nothing by it, and a retired role is not given again.
    """
    known = {str(role) for role in Role} | {one.key for one in custom_roles.current()}
    given = set()
    for grant, member in done.roles:
        if grant.delegated_from is not None or member.id == actor.id or grant.role not in known:
            continue
        if not _holds_there(grant, done.target, now):
            roles.grant(actor, member, grant.role, done.target, now, starts_at=grant.starts_at, ends_at=grant.ends_at)
        given.add(member.id)
    return given


def _holds_there(grant: RoleGrant, target: Unit, now: datetime) -> bool:
    """Whether the member holds the same role on the target for as long already."""
    as_long = or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at >= grant.ends_at) if grant.ends_at else None
    wanted = select(RoleGrant.id).where(
        RoleGrant.member_id == grant.member_id,
        RoleGrant.role == grant.role,
        RoleGrant.unit_id == target.id,
        RoleGrant.delegated_from.is_(None),
        RoleGrant.starts_at <= max(grant.starts_at, now),
        RoleGrant.ends_at.is_(None) if as_long is None else as_long,
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _pass_works(unit: Unit, target: Unit) -> None:
    """What the unit owned belongs to the target: courses, banks, quizzes, and searches kept for the unit."""
    for model in (Ownership, Quiz, SavedSearch):
        db.session.execute(update(model).where(model.unit_id == unit.id).values(unit_id=target.id))
    db.session.expire_all()


def _between(row: Transfer, unit: Unit, target: Unit) -> bool:
    return {row.from_unit_id, row.to_unit_id} == {unit.id, target.id}


def _pass_transfers(unit: Unit, target: Unit, now: datetime) -> None:
    """Transfers from or to the unit go on with the target, the consents given kept; those between the two lapse.

    So does one of a membership that the target does not have, since the member belonged to it already.
    """
    for row in endings.transfers(unit):
        if _between(row, unit, target):
            endings.let_lapse([row], now)
        elif row.from_unit_id == unit.id:
            row.from_unit_id = target.id
            if row.member_id is not None and not _belongs(row):
                endings.let_lapse([row], now)
        else:
            row.to_unit_id = target.id
    db.session.flush()


def _belongs(row: Transfer) -> bool:
    wanted = select(Membership.id).where(
        Membership.member_id == row.member_id,
        Membership.unit_id == row.from_unit_id,
        Membership.primary == row.primary,
        Membership.ends_on.is_(None),
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _trace(actor: Actor, done: Merger, given: int, now: datetime) -> None:
    """A line in the trail of each of the two units."""
    details = {
        "before": done.unit.code,
        "after": done.target.code,
        "on": done.on.isoformat(),
        "members": done.members,
        "units": len(done.below),
        "roles": len(done.roles),
        "given": given,
    }
    for unit in (done.unit, done.target):
        record(actor, "unit.merged", "unit", unit.id, now, unit_id=unit.id, **details)


def _tell(actor: Actor, done: Merger, given: set[int], now: datetime) -> None:
    words = {"unit": done.unit.name, "target": done.target.name, "day": done.on.isoformat()}
    ended = {member.id for _grant, member in done.roles} - given
    endings.tell(
        ended,
        done.unit,
        _("%(unit)s has passed into %(target)s as of %(day)s. Your roles in %(unit)s have ended.", **words),
        actor,
        done.on,
        now,
    )
    endings.tell(
        given,
        done.unit,
        _("%(unit)s has passed into %(target)s as of %(day)s. You hold your roles in %(target)s now.", **words),
        actor,
        done.on,
        now,
        what="passed",
    )
