"""Granting and ending roles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import aliased

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.models import CustomRole, RoleGrant, Unit, UnitPath
from learnhub.organisations.permissions import Permission, Role, permissions_of

_source = aliased(RoleGrant)


def holds_at(now: datetime) -> ColumnElement[bool]:
    """The condition that a grant holds at a moment; a deputy's holds only while the one it was passed on from does."""
    source_holds = (
        select(_source.id)
        .where(
            _source.id == RoleGrant.delegated_from,
            _source.starts_at <= now,
            or_(_source.ends_at.is_(None), _source.ends_at > now),
        )
        .exists()
    )
    return and_(
        RoleGrant.starts_at <= now,
        or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now),
        or_(RoleGrant.delegated_from.is_(None), source_holds),
    )


def grant(
    actor: Actor,
    member: Member,
    role: str,
    unit: Unit,
    now: datetime,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Give a member a role on a unit and below. Nobody can raise their own role, or give what they do not hold."""
    if role == Role.MEMBER:
        raise Refused(_("Everybody with an account is a member; nothing needs to be granted."))
    if actor.id == member.id:
        raise NotAllowed(_("Nobody can raise their own role. Ask another administrator."))
    if member.state not in OPEN_STATES:
        raise Refused(_("%(name)s left. Let them come back first, then grant the role.", name=member.name))
    starts_at = max(starts_at or now, now)
    if ends_at is not None and ends_at <= now:
        raise Refused(_("The end of a role lies in the future."))
    if ends_at is not None and ends_at <= starts_at:
        raise Refused(_("A role ends after it begins."))
    units.require_open(unit.id)
    require_to_hold(actor, given_by(role), unit.id, now)
    if _holds_then(member, role, unit, starts_at, ends_at):
        raise Refused(_("%(name)s holds this role here at that time already.", name=member.name))
    granted = RoleGrant(
        member_id=member.id, role=str(role), unit_id=unit.id, starts_at=starts_at, ends_at=ends_at, granted_by=actor.id
    )
    db.session.add(granted)
    db.session.flush()
    record(
        actor,
        "role.granted",
        "member",
        member.id,
        now,
        unit_id=unit.id,
        role=str(role),
        unit=unit.code,
        name=member.name,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat() if ends_at else "",
    )
    return granted


def given_by(role: str) -> frozenset[Permission]:
    """What a role may do that can be given now; Refused when it is retired or was never there."""
    custom = db.session.scalar(select(CustomRole).where(CustomRole.key == role, CustomRole.retired_at.is_(None)))
    if custom is None and role not in set(Role):
        raise Refused(_("There is no such role any more. Choose another one."))
    return permissions_of(role, custom.permissions if custom else None)


def require_to_hold(actor: Actor, wanted: frozenset[Permission], unit_id: int, now: datetime) -> None:
    """NotAllowed unless the actor holds all of these on a unit in their own right; the system may give anything."""
    if actor.id is not None and not wanted <= held_on(actor.id, unit_id, now) | {Permission.LEARN}:
        raise NotAllowed(
            _(
                "You can only give and take what you hold here in your own right, not as somebody's deputy. "
                "Ask an administrator."
            )
        )


def held_on(member_id: int, unit_id: int, now: datetime) -> set[Permission]:
    """What a member may do on a unit in their own right, what they do as somebody's deputy left out."""
    return held_on_each(member_id, {unit_id}, now)[unit_id]


def held_on_each(member_id: int, unit_ids: Collection[int], now: datetime) -> dict[int, set[Permission]]:
    """What a member may do on each of these units in their own right, by one statement."""
    rows = db.session.execute(
        select(UnitPath.below_id, RoleGrant.role, CustomRole.permissions)
        .join(UnitPath, UnitPath.above_id == RoleGrant.unit_id)
        .outerjoin(CustomRole, and_(CustomRole.key == RoleGrant.role, CustomRole.retired_at.is_(None)))
        .where(
            RoleGrant.member_id == member_id,
            RoleGrant.delegated_from.is_(None),
            UnitPath.below_id.in_(unit_ids),
            holds_at(now),
        )
    )
    held: dict[int, set[Permission]] = {unit_id: set() for unit_id in unit_ids}
    for unit_id, role, custom in rows:
        held[unit_id] |= permissions_of(role, custom)
    return held


def nearest_holders(permission: Permission, unit_id: int, now: datetime) -> set[int]:
    """The members who may do something by a role on this unit, or on the nearest unit above where anybody may."""
    rows = db.session.execute(
        select(UnitPath.depth, RoleGrant.member_id, RoleGrant.role, CustomRole.permissions)
        .join(UnitPath, UnitPath.above_id == RoleGrant.unit_id)
        .outerjoin(CustomRole, and_(CustomRole.key == RoleGrant.role, CustomRole.retired_at.is_(None)))
        .where(UnitPath.below_id == unit_id, holds_at(now))
        .order_by(UnitPath.depth)
    )
    holders: dict[int, set[int]] = {}
    for depth, member_id, role, custom in rows:
        if permission in permissions_of(role, custom):
            holders.setdefault(depth, set()).add(member_id)
    return holders[min(holders)] if holders else set()


def holding_more(asker_id: int, member_ids: Collection[int], now: datetime) -> set[int]:
    """Those of these members who hold, now or later, a role that the asker could not give in their own right.

    Whoever opens such an account, changes its address or closes it would gain or take more than they hold.
    """
    held = db.session.execute(
        select(RoleGrant.member_id, RoleGrant.role, RoleGrant.unit_id, CustomRole.permissions)
        .outerjoin(CustomRole, CustomRole.key == RoleGrant.role)
        .where(RoleGrant.member_id.in_(member_ids), *_not_over(now))
    ).all()
    own = held_on_each(asker_id, {one.unit_id for one in held}, now)
    return {
        member_id
        for member_id, role, unit_id, custom in held
        if not permissions_of(role, custom) | {Permission.ADMINISTER} <= own[unit_id] | {Permission.LEARN}
    }


def _not_over(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a grant holds now or will; one that was called off before it began never does."""
    return (
        or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now),
        or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > RoleGrant.starts_at),
    )


def holders_among(member_ids: Collection[int], now: datetime) -> set[int]:
    """The same as `holding_any` for any number of members: few hold a role, so these are read and looked up."""
    return set(member_ids) & set(db.session.scalars(select(RoleGrant.member_id).where(*_not_over(now))))


def holding_any(member_ids: Collection[int], now: datetime) -> set[int]:
    """Those of these members who hold a role, now or later."""
    return set(
        db.session.scalars(select(RoleGrant.member_id).where(RoleGrant.member_id.in_(member_ids), *_not_over(now)))
    )


def end(actor: Actor, grant_id: int, now: datetime) -> RoleGrant:
    """Take a role away from this moment on, with what was passed on from it. The last administrator stays."""
    found = db.session.get(RoleGrant, grant_id)
    if found is None or (found.ends_at is not None and found.ends_at <= now):
        raise NotFound(_("There is no such role any more."))
    if _is_last_administrator(found, now):
        raise Refused(_("The last administrator can't be removed. Name another one first."))
    found.ends_at = now
    db.session.execute(
        update(RoleGrant)
        .where(RoleGrant.delegated_from == found.id, or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now))
        .values(ends_at=now)
    )
    db.session.flush()
    record(actor, "role.ended", "member", found.member_id, now, unit_id=found.unit_id, role=found.role)
    return found


def _is_last_administrator(found: RoleGrant, now: datetime) -> bool:
    """Whether nobody would administer the whole organisation without this grant. Deputies do not count."""
    if found.role != Role.ADMINISTRATOR or found.delegated_from is not None or found.starts_at > now:
        return False
    if db.session.get_one(Unit, found.unit_id).parent_id is not None:
        return False
    _wait_for_who_ends_another()
    return administrators(now, but=found.id) == 0


def _wait_for_who_ends_another() -> None:
    """Of two who take each other's role away at the same moment, the second sees what the first did."""
    all_of_them = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.delegated_from.is_(None))
    db.session.scalars(locked(all_of_them.order_by(RoleGrant.id))).all()


def administrators(now: datetime, *, but: int | None = None) -> int:
    """How many members are administrator of something that has nothing above it, by another grant than `but`."""
    query = (
        select(func.count(RoleGrant.member_id.distinct()))
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.delegated_from.is_(None),
            RoleGrant.id != (but or 0),
            holds_at(now),
            Unit.parent_id.is_(None),
            Member.state.in_(OPEN_STATES),
        )
    )
    return int(db.session.scalar(query) or 0)


def _holds_then(member: Member, role: str, unit: Unit, starts_at: datetime, ends_at: datetime | None) -> bool:
    """Whether a member holds a role on a unit of their own for all that time. Who grants it twice at once waits."""
    db.session.execute(locked(select(Member.id).where(Member.id == member.id)))
    lasting: ColumnElement[bool] = RoleGrant.ends_at.is_(None)
    if ends_at is not None:
        lasting = or_(lasting, RoleGrant.ends_at >= ends_at)
    held = select(RoleGrant.id).where(
        RoleGrant.member_id == member.id,
        RoleGrant.role == str(role),
        RoleGrant.unit_id == unit.id,
        RoleGrant.delegated_from.is_(None),
        RoleGrant.starts_at <= starts_at,
        lasting,
    )
    return db.session.scalar(held.limit(1)) is not None


def grants_of(member_id: int, now: datetime) -> list[RoleGrant]:
    """The grants of a member that hold now."""
    return list(
        db.session.scalars(
            select(RoleGrant).where(RoleGrant.member_id == member_id, holds_at(now)).order_by(RoleGrant.starts_at)
        )
    )


MOST_SHOWN = 200
"""Grants of one unit that a page names."""


@dataclass(frozen=True)
class Shown:
    """A grant with its holder, whom a deputy stands in for, and whether it holds at the moment."""

    grant: RoleGrant
    member: Member
    stands_in_for: str | None
    holds: bool


def on_unit(unit_id: int, now: datetime) -> Sequence[Shown]:
    """The grants on a unit, those that are not over first, each the last first; by one statement."""
    source, principal = aliased(RoleGrant), aliased(Member)
    over = case((RoleGrant.ends_at <= now, 1), else_=0)
    rows = db.session.execute(
        select(RoleGrant, Member, principal.name, holds_at(now))
        .join(Member, Member.id == RoleGrant.member_id)
        .outerjoin(source, source.id == RoleGrant.delegated_from)
        .outerjoin(principal, principal.id == source.member_id)
        .where(RoleGrant.unit_id == unit_id)
        .order_by(over, RoleGrant.starts_at.desc(), RoleGrant.id.desc())
        .limit(MOST_SHOWN)
    )
    return [Shown(grant, member, name, bool(holds)) for grant, member, name, holds in rows]
