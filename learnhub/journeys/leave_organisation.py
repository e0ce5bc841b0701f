"""A member retires, leaves, or comes back: state, memberships, roles and sessions change together."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import case, or_, select, update

from learnhub.audit.trail import Actor, record
from learnhub.identity import states
from learnhub.identity.models import Member, MemberState
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations import memberships, roles
from learnhub.organisations.former import last_unit
from learnhub.organisations.models import Membership, RoleGrant, Unit
from learnhub.organisations.scope import Scope


def retire(scope: Scope, actor: Actor, member: Member, on: date, reason: str, now: datetime) -> None:
    """From a day on the member owes no hours; everything else stays as it is."""
    _check(scope, actor, member, on, now)
    if member.state != MemberState.ACTIVE:
        raise Refused(_("%(name)s is not an active member.", name=member.name))
    _note(actor, member, MemberState.RETIRED, "member.retired", on, reason, now)


def leave(scope: Scope, actor: Actor, member: Member, on: date, reason: str, now: datetime) -> None:
    """The member's last day was the one before: memberships and roles end, and nobody signs in to the account.

    Refused for the last administrator. What was earned stays where it was earned; live boards show it no more.
    """
    _check(scope, actor, member, on, now)
    if member.state not in (MemberState.ACTIVE, MemberState.RETIRED):
        raise Refused(_("%(name)s left already.", name=member.name))
    _end_roles(actor, member, now)
    _note(actor, member, MemberState.LEFT, "member.left", on, reason, now)
    running = (Membership.member_id == member.id, or_(Membership.ends_on.is_(None), Membership.ends_on > on))
    end = case((Membership.starts_on > on, Membership.starts_on), else_=on)
    db.session.execute(update(Membership).where(*running).values(ends_on=end))
    db.session.expire_all()


def come_back(
    scope: Scope, actor: Actor, member: Member, on: date, reason: str, now: datetime, *, unit: Unit | None = None
) -> None:
    """Make a member active again from a day on. Who had left joins a unit, as a member from that day."""
    _check(scope, actor, member, on, now)
    if member.state == MemberState.LEFT:
        if unit is None:
            raise Refused(_("Choose the unit that %(name)s belongs to from now on.", name=member.name))
        memberships.join_unit(member, unit, on)
    elif member.state == MemberState.ACTIVE:
        raise Refused(_("%(name)s is an active member already.", name=member.name))
    elif member.state != MemberState.RETIRED:
        raise Refused(_("%(name)s can't come back to this account.", name=member.name))
    _note(actor, member, MemberState.ACTIVE, "member.returned", on, reason, now)


def _check(scope: Scope, actor: Actor, member: Member, on: date, now: datetime) -> None:
    memberships.hold_still(member.id)
    if actor.id == member.id:
        raise NotAllowed(_("Nobody does this to themselves. Ask another administrator or secretary."))
    if roles.holding_more(scope.member_id, [member.id], now):
        raise NotAllowed(_("%(name)s holds a role; ask an administrator to do this.", name=member.name))
    if on > local_date(now, house.zone):
        raise Refused(_("Choose today or an earlier day."))
    changes = states.history(member.id)
    if changes and on < changes[0].on_day:
        raise Refused(_("Choose a day not before %(day)s, the last change.", day=changes[0].on_day.isoformat()))


def _end_roles(actor: Actor, member: Member, now: datetime) -> None:
    """All roles end now; one that was to begin later never begins."""
    for held in roles.grants_of(member.id, now):
        roles.end(actor, held.id, now)
    to_come = db.session.scalars(
        select(RoleGrant).where(RoleGrant.member_id == member.id, RoleGrant.starts_at > now)
    ).all()
    for held in to_come:
        held.ends_at = held.starts_at
        record(actor, "role.ended", "member", member.id, now, unit_id=held.unit_id, role=held.role)
    db.session.flush()


def _note(actor: Actor, member: Member, state: MemberState, action: str, on: date, reason: str, now: datetime) -> None:
    unit = last_unit(member.id)
    states.change(member, state, on, reason, actor.id, now)
    record(actor, action, "member", member.id, now, unit_id=unit.id if unit else None, on=on.isoformat())
