"""Who left: they belong to no unit today, and are found by the unit that they belonged to last."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from learnhub.identity.models import CLOSED_STATES, Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope

_LATER = aliased(Membership)


def is_last() -> ColumnElement[bool]:
    """The condition that no primary membership of the member began after this one."""
    later = select(_LATER.id).where(
        _LATER.member_id == Membership.member_id,
        _LATER.primary,
        or_(
            _LATER.starts_on > Membership.starts_on,
            and_(_LATER.starts_on == Membership.starts_on, _LATER.id > Membership.id),
        ),
    )
    return and_(Membership.primary, ~later.exists())


def of_units(unit_ids: Select[int]) -> Select[Member, Unit, Membership]:
    """(member, unit, membership) of everybody who left from one of these units."""
    return (
        select(Member, Unit, Membership)
        .select_from(Member)
        .join(Membership, Membership.member_id == Member.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Member.state.in_(CLOSED_STATES), Membership.unit_id.in_(unit_ids), is_last())
    )


def last_unit(member_id: int) -> Unit | None:
    """The unit that a member belongs to, or belonged to last."""
    return db.session.scalar(
        select(Unit).join(Membership, Membership.unit_id == Unit.id).where(Membership.member_id == member_id, is_last())
    )


def reachable(scope: Scope, permission: Permission, member_id: int) -> Member:
    """A member within reach, or one who left from a unit within reach; otherwise NotFound."""
    left = (
        select(Membership.id)
        .where(Membership.member_id == Member.id, Membership.unit_id.in_(scope.unit_ids(permission)), is_last())
        .correlate(Member)
    )
    within = or_(Member.id.in_(scope.member_ids(permission)), and_(Member.state.in_(CLOSED_STATES), left.exists()))
    member = db.session.scalar(select(Member).where(Member.id == member_id, within))
    if member is None:
        raise NotFound(_("There is no such member in your reach."))
    return member
