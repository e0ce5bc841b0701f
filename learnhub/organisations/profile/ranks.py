"""Who stands how to a member, and so sees and changes which fields."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.words import _
from learnhub.organisations import roles
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile.models import ChangedBy, MemberField, SeenBy
from learnhub.organisations.scope import Scope


class Rank(IntEnum):
    """How somebody stands to a member: not at all, it is oneself, a secretary, an administrator above."""

    NONE = 0
    SELF = 1
    SECRETARY = 2
    ADMINISTRATOR = 3


SEES = {SeenBy.MEMBER: Rank.SELF, SeenBy.SECRETARY: Rank.SECRETARY, SeenBy.ADMINISTRATOR: Rank.ADMINISTRATOR}
CHANGES = {
    ChangedBy.MEMBER: Rank.SELF,
    ChangedBy.APPROVAL: Rank.SECRETARY,
    ChangedBy.SECRETARY: Rank.SECRETARY,
    ChangedBy.ADMINISTRATOR: Rank.ADMINISTRATOR,
}


def seeing(scope: Scope, member_id: int) -> Rank:
    """With which rank somebody looks at a member."""
    return _rank(scope, member_id, Permission.SEE_MEMBERS)


def changing(scope: Scope, member_id: int) -> Rank:
    """With which rank somebody changes a member's fields. Nobody is one's own secretary."""
    return _rank(scope, member_id, Permission.MANAGE_MEMBERS)


def _rank(scope: Scope, member_id: int, permission: Permission) -> Rank:
    if _reaches(scope, Permission.ADMINISTER, member_id):
        return Rank.ADMINISTRATOR
    if member_id == scope.member_id:
        return Rank.SELF
    return Rank.SECRETARY if _reaches(scope, permission, member_id) else Rank.NONE


def _reaches(scope: Scope, permission: Permission, member_id: int) -> bool:
    if not scope.roots(permission):
        return False
    found = select(Member.id).where(Member.id == member_id, Member.id.in_(scope.member_ids(permission)))
    return db.session.scalar(found) is not None


def may_see(field: MemberField, rank: Rank) -> bool:
    """Whether a rank sees a field."""
    return rank >= SEES[SeenBy(field.seen_by)]


def may_change(field: MemberField, rank: Rank) -> bool:
    """Whether a rank changes a field at once; what one can't see one can't change."""
    return may_see(field, rank) and rank >= CHANGES[ChangedBy(field.changed_by)]


def may_propose(field: MemberField, rank: Rank) -> bool:
    """Whether the member can propose a change that somebody else decides."""
    return rank is Rank.SELF and may_see(field, rank) and field.changed_by == ChangedBy.APPROVAL


def require_not_higher(scope: Scope, member: Member) -> None:
    """NotAllowed when the member holds a role that whoever acts could not give in their own right."""
    if member.id != scope.member_id and roles.holding_more(scope.member_id, [member.id], scope.now):
        raise NotAllowed(_("%(name)s holds a role; an administrator changes these details.", name=member.name))
