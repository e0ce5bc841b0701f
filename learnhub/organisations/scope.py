"""The one scope function: what a member may do on which units, from the grants and memberships that hold now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, RoleGrant, Unit, UnitPath
from learnhub.organisations.permissions import GRANTED, Permission, Role
from learnhub.organisations.roles import holds_at


@dataclass(frozen=True)
class Scope:
    """A member's reach at a moment: the units each role was granted on, and the units they belong to."""

    member_id: int
    now: datetime
    grants: tuple[tuple[Role, int], ...]
    own_unit_ids: tuple[int, ...]

    def roots(self, permission: Permission) -> list[int]:
        """The units on which a permission was granted: it reaches these and all below."""
        return sorted({unit_id for role, unit_id in self.grants if permission in GRANTED[role]})

    def has(self, permission: Permission) -> bool:
        """Whether the member holds a permission on any unit."""
        return permission is Permission.LEARN or bool(self.roots(permission))

    def unit_ids(self, permission: Permission) -> Select[int]:
        """A sub-query of all units that a permission reaches.

        LEARN reaches the member's own units, everything above them (what a committee offers reaches its branches)
        and the units where a role was granted, with all below.
        """
        downward = select(UnitPath.below_id.label("unit_id")).where(UnitPath.above_id.in_(self.roots(permission)))
        if permission is not Permission.LEARN:
            return downward
        upward = select(UnitPath.above_id.label("unit_id")).where(
            UnitPath.below_id.in_([*self.own_unit_ids, *self.roots(permission)])
        )
        both = union(downward, upward).subquery()
        return select(both.c.unit_id)

    def covers(
        self, permission: Permission, unit_id: ColumnElement[int] | InstrumentedAttribute[int]
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

    def member(self, permission: Permission, member_id: int) -> Member:
        """The member of that id if a permission reaches them (or it is oneself); otherwise NotFound."""
        allowed = or_(Member.id == self.member_id, Member.id.in_(self.member_ids(permission)))
        member = db.session.scalar(select(Member).where(Member.id == member_id, allowed))
        if member is None:
            raise NotFound(_("There is no such member in your reach."))
        return member

    @property
    def roles(self) -> Sequence[Role]:
        """The roles held now, each once, the member first."""
        held = {role for role, _unit in self.grants}
        return [role for role in Role if role is Role.MEMBER or role in held]


def scope_of(member_id: int, now: datetime) -> Scope:
    """The reach of a member at a moment, by two statements."""
    grants = db.session.execute(
        select(RoleGrant.role, RoleGrant.unit_id).where(RoleGrant.member_id == member_id, holds_at(now))
    ).all()
    own = db.session.scalars(
        select(Membership.unit_id).where(Membership.member_id == member_id, holds_on(local_date(now, house.zone)))
    ).all()
    return Scope(member_id, now, tuple((Role(role), unit_id) for role, unit_id in grants), tuple(own))
