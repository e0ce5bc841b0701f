"""What each role may do: one table, read by the guards and by the tests."""

from __future__ import annotations

from enum import StrEnum

from learnhub.kernel.words import Message, _


class Role(StrEnum):
    """The four roles. Every account is a member; the others are granted on a unit."""

    MEMBER = "member"
    INSTRUCTOR = "instructor"
    SECRETARY = "secretary"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: dict[Role, Message] = {
    Role.MEMBER: _("member"),
    Role.INSTRUCTOR: _("instructor"),
    Role.SECRETARY: _("secretary"),
    Role.ADMINISTRATOR: _("administrator"),
}


class Permission(StrEnum):
    """One kind of act, always on a unit and what is below it."""

    LEARN = "learn"
    """See and take the courses and quizzes that reach a unit; see its boards."""
    AUTHOR = "author"
    """Make courses, banks and quizzes that a unit owns; import them; see their results."""
    SEE_MEMBERS = "see_members"
    """See members of a unit with their hours, scores and points; export them."""
    MANAGE_MEMBERS = "manage_members"
    """Add members to a unit; grant extra time."""
    CORRECT_POINTS = "correct_points"
    """Reverse an entry of the ledger, with a reason."""
    ADMINISTER = "administer"
    """Change units, roles and rules; read the audit trail."""


GRANTED: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset({Permission.LEARN}),
    Role.INSTRUCTOR: frozenset({Permission.LEARN, Permission.AUTHOR}),
    Role.SECRETARY: frozenset({Permission.LEARN, Permission.SEE_MEMBERS, Permission.MANAGE_MEMBERS}),
    Role.ADMINISTRATOR: frozenset(Permission),
}


def roles_with(permission: Permission) -> list[Role]:
    """The roles that carry a permission."""
    return [role for role, permissions in GRANTED.items() if permission in permissions]
