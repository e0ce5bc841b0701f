"""A role passed on to a deputy for a while: never longer than it is held, never passed on further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member, MemberState
from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.organisations.memberships import members_of
from learnhub.organisations.models import RoleGrant, Unit, UnitPath
from learnhub.organisations.permissions import Permission
from learnhub.organisations.roles import given_by, held_on, holds_at, require_to_hold

MOST_DAYS = 90
"""So many days ahead at most does a deputation end."""

source = aliased(RoleGrant)
principal = aliased(Member)


@dataclass(frozen=True)
class Deputation:
    """A deputy's grant, the one it was passed on from, and both people."""

    grant: RoleGrant
    source: RoleGrant
    deputy: Member
    principal: Member
    unit: Unit

    @property
    def last(self) -> datetime:
        """The last moment at which the deputy stands in."""
        return (self.grant.ends_at or self.grant.starts_at) - timedelta(seconds=1)


def pass_on(
    actor: Actor, held: RoleGrant, deputy: Member, first: date, last: date, now: datetime, *, reason: str = ""
) -> RoleGrant:
    """Let a deputy do what a role may do, from a day to a day, both included."""
    _check_who(actor, held, deputy, now)
    starts_at, ends_at = _check_when(held, first, last, now)
    db.session.execute(locked(select(RoleGrant.id).where(RoleGrant.id == held.id)))
    if _stands_in_then(held, deputy, starts_at, ends_at):
        raise Refused(_("%(name)s stands in at that time already.", name=deputy.name))
    granted = RoleGrant(
        member_id=deputy.id,
        role=held.role,
        unit_id=held.unit_id,
        starts_at=starts_at,
        ends_at=ends_at,
        granted_by=actor.id,
        delegated_from=held.id,
        reason=" ".join(reason.split())[:200],
    )
    db.session.add(granted)
    db.session.flush()
    record(
        actor,
        "role.passed_on",
        "member",
        deputy.id,
        now,
        unit_id=held.unit_id,
        role=held.role,
        deputy=deputy.name,
        instead_of=db.session.get_one(Member, held.member_id).name,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
        reason=granted.reason,
    )
    return granted


def _check_who(actor: Actor, held: RoleGrant, deputy: Member, now: datetime) -> None:
    if held.delegated_from is not None:
        raise Refused(_("A role that was passed on to you can't be passed on further."))
    if deputy.id in {held.member_id, actor.id}:
        raise NotAllowed(_("Nobody can raise their own role. Choose somebody else as the deputy."))
    wanted = given_by(held.role)
    if actor.id != held.member_id:
        require_to_hold(actor, wanted | {Permission.ADMINISTER}, held.unit_id, now)
    if deputy.state != MemberState.ACTIVE or not _in_the_tree_of(deputy, held.unit_id, now):
        raise NotFound(_("There is no such member in your reach."))


def _in_the_tree_of(member: Member, unit_id: int, now: datetime) -> bool:
    """Whether a member belongs today to some unit of the tree in which a unit stands."""
    tree, above = aliased(UnitPath), aliased(UnitPath)
    units = select(tree.below_id).join(above, above.above_id == tree.above_id).where(above.below_id == unit_id)
    there = members_of(units, local_date(now, house.zone))
    return db.session.scalar(select(Member.id).where(Member.id == member.id, Member.id.in_(there))) is not None


def _check_when(held: RoleGrant, first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    today = local_date(now, house.zone)
    if first < today or last < first:
        raise Refused(_("Choose a first day from today on, and a last day that is not before it."))
    if (last - today).days > MOST_DAYS:
        raise Refused(_("A deputy stands in for %(n)s days from today at the most.", n=MOST_DAYS))
    starts_at = max(now, start_of_day(first, house.zone))
    ends_at = start_of_day(last + timedelta(days=1), house.zone)
    if held.starts_at > starts_at or (held.ends_at is not None and held.ends_at < ends_at):
        raise Refused(_("The role itself does not last so long. Choose days on which it is held."))
    return starts_at, ends_at


def _stands_in_then(held: RoleGrant, deputy: Member, starts_at: datetime, ends_at: datetime) -> bool:
    overlap = select(RoleGrant.id).where(
        RoleGrant.delegated_from == held.id,
        RoleGrant.member_id == deputy.id,
        RoleGrant.starts_at < ends_at,
        RoleGrant.ends_at > starts_at,
    )
    return db.session.scalar(overlap.limit(1)) is not None


def find(grant_id: int, member_id: int, now: datetime) -> RoleGrant:
    """A deputy's grant that is not over, of which the member is the deputy or the holder; otherwise NotFound."""
    found = db.session.scalar(
        select(RoleGrant)
        .join(source, source.id == RoleGrant.delegated_from)
        .where(
            RoleGrant.id == grant_id,
            RoleGrant.ends_at > now,
            or_(RoleGrant.member_id == member_id, source.member_id == member_id),
        )
    )
    if found is None:
        raise NotFound(_("There is no such deputy any more."))
    return found


def own_roles(member_id: int, now: datetime) -> Sequence[tuple[RoleGrant, Unit]]:
    """The roles that a member holds in their own right and can pass on, with their units."""
    rows = db.session.execute(
        select(RoleGrant, Unit)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.member_id == member_id, RoleGrant.delegated_from.is_(None), holds_at(now))
        .order_by(RoleGrant.starts_at, RoleGrant.id)
    )
    return [(grant, unit) for grant, unit in rows]


def around(member_id: int, now: datetime) -> Sequence[Deputation]:
    """The deputations, running and coming, in which a member is the deputy or the holder; by one statement."""
    return _deputations(RoleGrant.ends_at > now, or_(RoleGrant.member_id == member_id, source.member_id == member_id))


def one(grant_id: int) -> Deputation:
    """A deputation with all that it names."""
    return _deputations(RoleGrant.id == grant_id)[0]


def begun_or_over(since: datetime, now: datetime) -> Sequence[Deputation]:
    """The deputations that began or ended between two moments."""
    return _deputations(
        or_(
            RoleGrant.starts_at.between(since, now) & (RoleGrant.ends_at > now),
            RoleGrant.ends_at.between(since, now),
        )
    )


def _deputations(*conditions: object) -> Sequence[Deputation]:
    deputy = aliased(Member)
    rows = db.session.execute(
        select(RoleGrant, source, deputy, principal, Unit)
        .join(source, source.id == RoleGrant.delegated_from)
        .join(deputy, deputy.id == RoleGrant.member_id)
        .join(principal, principal.id == source.member_id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(RoleGrant.starts_at, RoleGrant.id)
    )
    return [Deputation(*row) for row in rows]


def may_give_for_others(member_id: int, held: RoleGrant, now: datetime) -> bool:
    """Whether a member may name a deputy for somebody else's role."""
    return held.delegated_from is None and Permission.ADMINISTER in held_on(member_id, held.unit_id, now)
