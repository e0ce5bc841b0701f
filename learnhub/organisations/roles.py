"""Granting and ending roles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.words import _
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import Role


def holds_at(now: datetime) -> ColumnElement[bool]:
    """The condition that a grant holds at a moment."""
    return and_(RoleGrant.starts_at <= now, or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now))


def grant(
    actor: Actor, member: Member, role: Role, unit: Unit, now: datetime, *, ends_at: datetime | None = None
) -> RoleGrant:
    """Give a member a role on a unit and below. Nobody can raise their own role."""
    if role is Role.MEMBER:
        raise Refused(_("Everybody with an account is a member; nothing needs to be granted."))
    if actor.id == member.id:
        raise NotAllowed(_("Nobody can raise their own role. Ask another administrator."))
    if ends_at is not None and ends_at <= now:
        raise Refused(_("The end of a role lies in the future."))
    granted = RoleGrant(
        member_id=member.id, role=role, unit_id=unit.id, starts_at=now, ends_at=ends_at, granted_by=actor.id
    )
    db.session.add(granted)
    db.session.flush()
    record(actor, "role.granted", "member", member.id, now, unit_id=unit.id, role=str(role), unit=unit.code)
    return granted


def end(actor: Actor, grant_id: int, now: datetime) -> RoleGrant:
    """Take a role away from this moment on. The last administrator can't be removed."""
    found = db.session.get(RoleGrant, grant_id)
    if found is None or (found.ends_at is not None and found.ends_at <= now):
        raise NotFound(_("There is no such role any more."))
    if found.role == Role.ADMINISTRATOR and administrators(now) <= 1:
        raise Refused(_("The last administrator can't be removed. Name another one first."))
    found.ends_at = now
    db.session.flush()
    record(actor, "role.ended", "member", found.member_id, now, unit_id=found.unit_id, role=found.role)
    return found


def administrators(now: datetime) -> int:
    """How many members are administrator of something that has nothing above it."""
    query = (
        select(func.count(RoleGrant.member_id.distinct()))
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR, holds_at(now), Unit.parent_id.is_(None), Member.state.in_(OPEN_STATES)
        )
    )
    return int(db.session.scalar(query) or 0)


def grants_of(member_id: int, now: datetime) -> list[RoleGrant]:
    """The grants of a member that hold now."""
    return list(
        db.session.scalars(
            select(RoleGrant).where(RoleGrant.member_id == member_id, holds_at(now)).order_by(RoleGrant.starts_at)
        )
    )
