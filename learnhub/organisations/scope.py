"""The one scope function: what a member may do on which units, from the grants and memberships that hold now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, exists, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import UTCDateTime, db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import CustomRole, Membership, RoleGrant, Unit, UnitPath
from learnhub.organisations.permissions import Permission, Role, permissions_of
from learnhub.organisations.roles import holds_at

DESKS = {
    Role.INSTRUCTOR: Permission.AUTHOR,
    Role.SECRETARY: Permission.SEE_MEMBERS,
    Role.ADMINISTRATOR: Permission.ADMINISTER,
}
"""The permission that makes a custom role work at the desk of one of the four."""


@dataclass(frozen=True)
class Held:
    """A role that holds now: where, what it may do, and whom it stands in for (empty: held in one's own right)."""

    role: str
    unit_id: int
    permissions: frozenset[Permission]
    stands_in_for: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Scope:
    """A member's reach at a moment: the units each role was granted on, and the units they belong to."""

    member_id: int
    now: datetime
    grants: tuple[Held, ...]
    own_unit_ids: tuple[int, ...]

    def roots(self, permission: Permission) -> list[int]:
        """The units on which a permission was granted: it reaches these and all below."""
        return sorted({held.unit_id for held in self.grants if permission in held.permissions})

    def has(self, permission: Permission) -> bool:
        """Whether the member holds a permission on any unit."""
        return permission is Permission.LEARN or bool(self.roots(permission))

    def unit_ids(self, permission: Permission) -> Select[int]:
        """A sub-query of all units that a permission reaches.

        LEARN reaches the member's own units, everything above them (what a committee offers reaches its branches)
        and the units where a role was granted, with all below.
        """
        if permission is not Permission.LEARN:
            return _below(self.roots(permission))
        return _around(self.roots(permission), [*self.own_unit_ids, *self.roots(permission)])

    @property
    def where_learning(self) -> dict[str, list[int]]:
        """The parameters of `LEARNING`."""
        roots = self.roots(Permission.LEARN)
        return {"scope_roots": roots, "scope_own": [*self.own_unit_ids, *roots]}

    def covers(
        self,
        permission: Permission,
        unit_id: ColumnElement[int] | InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    ) -> ColumnElement[bool]:
        """The condition that a permission reaches a unit: the same as `unit_ids`, looked up from a few units' side."""
        down, up = aliased(UnitPath), aliased(UnitPath)
        roots = self.roots(permission)
        downward = exists().where(down.below_id == unit_id, down.above_id.in_(roots))
        if permission is not Permission.LEARN:
            return downward
        own = [*self.own_unit_ids, *roots]
        return or_(downward, exists().where(up.above_id == unit_id, up.below_id.in_(own)))

    def reaches(self, permission: Permission, unit_id: int) -> bool:
        """Whether a permission reaches a unit."""
        return (
            db.session.scalar(select(Unit.id).where(Unit.id == unit_id, self.covers(permission, Unit.id))) is not None
        )

    def unit(self, permission: Permission, code: str) -> Unit:
        """The unit of that code if a permission reaches it; otherwise NotFound, as if there were none."""
        unit = db.session.scalar(select(Unit).where(Unit.code == code, self.covers(permission, Unit.id)))
        if unit is None:
            raise NotFound(_("There is no unit with the code “%(code)s” in your reach.", code=code))
        return unit

    def units(self, permission: Permission) -> list[Unit]:
        """All units that a permission reaches."""
        return list(
            db.session.scalars(
                select(Unit).where(Unit.id.in_(self.unit_ids(permission))).order_by(Unit.position, Unit.code)
            )
        )

    def member_ids(self, permission: Permission) -> Select[int]:
        """A sub-query of the members that a permission reaches: those who belong to its units today."""
        return select(Membership.member_id).where(
            Membership.unit_id.in_(self.unit_ids(permission)), holds_on(local_date(self.now, house.zone))
        )

    def among(self, permission: Permission, member_ids: Sequence[int]) -> set[int]:
        """Those of some members who belong today to a unit that a permission reaches; by one statement."""
        held = select(Membership.member_id).where(
            Membership.member_id.in_(member_ids),
            holds_on(local_date(self.now, house.zone)),
            self.covers(permission, Membership.unit_id),
        )
        return set(db.session.scalars(held))

    def member(self, permission: Permission, member_id: int) -> Member:
        """The member of that id if a permission reaches them (or it is oneself); otherwise NotFound."""
        allowed = or_(Member.id == self.member_id, Member.id.in_(self.member_ids(permission)))
        member = db.session.scalar(select(Member).where(Member.id == member_id, allowed))
        if member is None:
            raise NotFound(_("There is no such member in your reach."))
        return member

    @property
    def roles(self) -> Sequence[Role]:
        """The roles held now, each once, the member first; a custom role counts as those whose desk it works at."""
        own = {held.role for held in self.grants}
        custom = [held for held in self.grants if held.role not in set(Role)]
        desks = {role for role, key in DESKS.items() if any(key in held.permissions for held in custom)}
        return [role for role in Role if role is Role.MEMBER or role in own or role in desks]

    @property
    def deputations(self) -> Sequence[Held]:
        """The roles that the member holds as somebody's deputy."""
        return [held for held in self.grants if held.stands_in_for]

    def stands_in_for(self, permission: Permission, unit_id: int | None) -> str:
        """Whose deputy the member is when acting on a unit with a permission; empty when it is in their own right.

        Where an act names no unit, any unit counts.
        """
        deputies = [held for held in self.deputations if permission in held.permissions]
        if not deputies:
            return ""
        carrying = [held for held in self.grants if permission in held.permissions]
        above = {held.unit_id for held in carrying}
        if unit_id is not None:
            query = select(UnitPath.above_id).where(UnitPath.below_id == unit_id, UnitPath.above_id.in_(above))
            above = set(db.session.scalars(query))
        if any(held.unit_id in above and not held.stands_in_for for held in carrying):
            return ""
        return ", ".join(sorted({held.stands_in_for for held in deputies if held.unit_id in above}))


def _below(roots: Any) -> Select[int]:
    return select(UnitPath.below_id.label("unit_id")).where(UnitPath.above_id.in_(roots))


def _around(roots: Any, own: Any) -> Select[int]:
    upward = select(UnitPath.above_id.label("unit_id")).where(UnitPath.below_id.in_(own))
    both = union(_below(roots), upward).subquery()
    return select(both.c.unit_id)


LEARNING = _around(bindparam("scope_roots", expanding=True), bindparam("scope_own", expanding=True))
"""`unit_ids(LEARN)` of any scope, for statements that are put together once; `where_learning` gives its parameters."""

_source, _principal = aliased(RoleGrant), aliased(Member)
_NOW: Any = bindparam("now", type_=UTCDateTime())
_DAY: Any = bindparam("day", type_=Date())
_GRANTS = (
    select(RoleGrant.role, RoleGrant.unit_id, CustomRole.permissions, _principal.name, RoleGrant.ends_at)
    .outerjoin(CustomRole, and_(CustomRole.key == RoleGrant.role, CustomRole.retired_at.is_(None)))
    .outerjoin(_source, _source.id == RoleGrant.delegated_from)
    .outerjoin(_principal, _principal.id == _source.member_id)
    .where(RoleGrant.member_id == bindparam("member_id"), holds_at(_NOW))
)
_OWN_UNITS = select(Membership.unit_id).where(Membership.member_id == bindparam("member_id"), holds_on(_DAY))
"""Every request reads its member's reach: the statements are put together once."""


def scope_of(member_id: int, now: datetime) -> Scope:
    """The reach of a member at a moment, by two statements."""
    rows = db.session.execute(_GRANTS, {"member_id": member_id, "now": now}).all()
    day = local_date(now, house.zone)
    own = db.session.scalars(_OWN_UNITS, {"member_id": member_id, "day": day}).all()
    held = (
        Held(role, unit_id, permissions_of(role, custom), stands_in_for or "", ends_at)
        for role, unit_id, custom, stands_in_for, ends_at in rows
    )
    return Scope(member_id, now, tuple(held), tuple(own))
