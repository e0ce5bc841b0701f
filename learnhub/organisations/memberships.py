"""Who belongs to which unit, from which day to which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, or_, select

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import is_sqlite
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.models import Membership, Unit


def holds_on(day: date) -> ColumnElement[bool]:
    """The condition that a membership holds on a day."""
    return and_(Membership.starts_on <= day, or_(Membership.ends_on.is_(None), Membership.ends_on > day))


def hold_still(member_id: int) -> Member:
    """The member as of now, held until the end of the transaction: whoever moves a member, lets one leave, come back
    or be erased waits here for the others, and then sees what they did.

    A roster that is being written holds the top unit, and is waited for too; on SQLite whoever writes is alone already.
    """
    wanted = select(Member).where(Member.id == member_id)
    if not is_sqlite():
        top = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
        db.session.execute(top.with_for_update(read=True))
        wanted = wanted.with_for_update(key_share=True)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def join_unit(
    member: Member, unit: Unit, starts_on: date, *, primary: bool = True, post: str = "", ends_on: date | None = None
) -> Membership:
    """A member joins a unit from a day on. Refused when it is closed, or two primary memberships would overlap."""
    units.require_open(unit.id)
    if primary:
        overlap = select(Membership.id).where(
            Membership.member_id == member.id,
            Membership.primary,
            or_(Membership.ends_on.is_(None), Membership.ends_on > starts_on),
        )
        if ends_on is not None:
            overlap = overlap.where(Membership.starts_on < ends_on)
        if db.session.scalar(overlap.limit(1)):
            raise Refused(_("%(name)s already belongs to a unit at that time. Transfer instead.", name=member.name))
    membership = Membership(
        member_id=member.id, unit_id=unit.id, primary=primary, post=post, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def transfer(member: Member, unit: Unit, on: date) -> Membership:
    """End the primary membership the day before and start one in another unit: the past stays as it was."""
    current = db.session.scalar(
        select(Membership).where(Membership.member_id == member.id, Membership.primary, Membership.ends_on.is_(None))
    )
    return move(member, current, unit, on) if current else join_unit(member, unit, on)


def move(member: Member, current: Membership, unit: Unit, on: date) -> Membership:
    """End this membership the day before and start one of the same kind in another unit."""
    there = select(Membership.id).where(
        Membership.member_id == member.id, Membership.unit_id == unit.id, Membership.ends_on.is_(None)
    )
    if current.unit_id == unit.id or (not current.primary and db.session.scalar(there.limit(1))):
        raise Refused(_("%(name)s already belongs to this unit.", name=member.name))
    if on < current.starts_on:
        raise Refused(_("A transfer can't come before the day of joining."))
    current.ends_on = on
    db.session.flush()
    return join_unit(member, unit, on, primary=current.primary)


def open_memberships(member_id: int) -> list[tuple[Membership, Unit]]:
    """Where a member belongs without an end, the primary membership first."""
    rows = db.session.execute(
        select(Membership, Unit)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.member_id == member_id, Membership.ends_on.is_(None))
        .order_by(Membership.primary.desc(), Unit.code)
    )
    return [(membership, unit) for membership, unit in rows]


_PRIMARY = select(Membership.member_id, Membership.unit_id).where(
    Membership.member_id.in_(bindparam("member_ids", expanding=True)),
    Membership.primary,
    holds_on(bindparam("day", type_=Date())),  # type: ignore[arg-type]
)


_PRIMARY_OF_ONE = select(Membership.unit_id).where(
    Membership.member_id == bindparam("member_id"),
    Membership.primary,
    holds_on(bindparam("day", type_=Date())),  # type: ignore[arg-type]
)


def primary_unit_ids(member_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """The primary unit of each member on the day of `now`; members without one are missing."""
    day = local_date(now, house.zone)
    rows = db.session.execute(_PRIMARY, {"member_ids": list(member_ids), "day": day})
    return {member_id: unit_id for member_id, unit_id in rows}


def primary_unit_id(member_id: int, now: datetime) -> int | None:
    """The unit that earns for a member at a moment."""
    return db.session.scalar(_PRIMARY_OF_ONE, {"member_id": member_id, "day": local_date(now, house.zone)})


def members_of(unit_ids: Select[int] | Sequence[int], day: date) -> Select[int]:
    """A sub-query of the ids of members who belong to any of these units on a day."""
    return select(Membership.member_id).where(Membership.unit_id.in_(unit_ids), holds_on(day))
