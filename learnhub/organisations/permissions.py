"""What each role may do: one table, read by the guards and by the tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Words:
    """What a permission is called, and what it opens, in a sentence."""

    name: Message
    text: Message


PERMISSION_WORDS: dict[Permission, Words] = {
    Permission.LEARN: Words(_("Learn"), _("See and take the courses and quizzes of a unit; see its boards.")),
    Permission.AUTHOR: Words(_("Teach"), _("Make and import courses, banks and quizzes of a unit; see their results.")),
    Permission.SEE_MEMBERS: Words(
        _("See members"), _("See the members of a unit with their hours, scores and points; export them.")
    ),
    Permission.MANAGE_MEMBERS: Words(
        _("Manage members"), _("Add members to a unit, bring in rosters, print sign-in codes.")
    ),
    Permission.CORRECT_POINTS: Words(_("Correct points"), _("Take points back, with a reason.")),
    Permission.ADMINISTER: Words(_("Administer"), _("Change units, roles and rules; read the audit trail.")),
}


GRANTED: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset({Permission.LEARN}),
    Role.INSTRUCTOR: frozenset({Permission.LEARN, Permission.AUTHOR}),
    Role.SECRETARY: frozenset({Permission.LEARN, Permission.SEE_MEMBERS, Permission.MANAGE_MEMBERS}),
    Role.ADMINISTRATOR: frozenset(Permission),
}


FIXED = frozenset(str(role) for role in Role)
"""The keys that no custom role may have."""


def permissions_of(role: str, custom: Iterable[str] | None) -> frozenset[Permission]:
    """What a role may do: the code's table for the four, the stored list for a custom one (None: it is retired)."""
    if role in FIXED:
        return GRANTED[Role(role)]
    known = {str(one): one for one in Permission}
    return frozenset({known[one] for one in custom or () if one in known})
