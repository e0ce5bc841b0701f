"""The day as at which members are asked for: who belonged where, and what was known of them then.

Names, phones, addresses and the organisation's own fields are of that day as far as their history is kept: what a field
held is what stood there before its first change since. A state is the last one that was written down for a day until
then. Numbers never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from learnhub.identity.models import Member, MemberState, StateChange
from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.dated_tree import TODAY, Tree, tree_on
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.profile.models import MemberChange, MemberField

FIRST = date(1900, 1, 1)
"""No day before is asked for."""
DATED = ("name", "phone", "email")
"""The columns of a member that are fields, and so have a history."""


@dataclass(frozen=True)
class AtDay:
    """A day, the moment of it that counts for what has hours, and the tree as it stood."""

    day: date
    moment: datetime
    """Now, or the last moment of a day that is over."""
    tree: Tree = TODAY
    past: bool = False

    def holds(self) -> ColumnElement[bool]:
        """The condition that a membership holds."""
        return holds_on(self.day)

    def text(self, key: str, member: Any = Member) -> ColumnElement[Any]:
        """What stood in a column of the member."""
        now: ColumnElement[Any] = getattr(member, key)
        if not self.past or key not in DATED:
            return now
        field_id = select(MemberField.id).where(MemberField.key == key, MemberField.built_in).scalar_subquery()
        return func.coalesce(self.before(field_id, member), now)

    def before(self, field_id: Any, member: Any = Member) -> ColumnElement[Any]:
        """What a field held according to its first change since; NULL without one, which means what it holds now."""
        change = MemberChange
        return (
            select(func.coalesce(change.before, ""))
            .where(change.member_id == member.id, change.field_id == field_id, change.made_at > self.moment)
            .order_by(change.made_at, change.id)
            .limit(1)
            .correlate(member)
            .scalar_subquery()
        )

    def state(self) -> ColumnElement[str]:
        """The member's state."""
        if not self.past:
            return Member.state  # type: ignore[return-value]
        last = (
            select(StateChange.state)
            .where(StateChange.member_id == Member.id, StateChange.on_day <= self.day)
            .order_by(StateChange.on_day.desc(), StateChange.id.desc())
            .limit(1)
            .correlate(Member)
            .scalar_subquery()
        )
        return func.coalesce(last, MemberState.ACTIVE.value)

    def held_once(self, text: str, keys: tuple[str, ...]) -> Select[int]:
        """The ids of those of whom one of these columns held a text and was changed since."""
        fields = select(MemberField.id).where(MemberField.key.in_(keys), MemberField.built_in)
        return select(MemberChange.member_id).where(
            MemberChange.field_id.in_(fields),
            MemberChange.made_at > self.moment,
            MemberChange.before.icontains(text, autoescape=True),
        )


def today(now: datetime) -> AtDay:
    """As at now."""
    return AtDay(local_date(now, house.zone), now)


def as_at(day: date | None, now: datetime) -> AtDay:
    """As at the end of a day, by one statement; now without a day or for today. Refused for a day to come."""
    if day is None or day == local_date(now, house.zone):
        return today(now)
    if day > local_date(now, house.zone) or day < FIRST:
        raise Refused(_("Nothing is known as at %(day)s.", day=day))
    end = start_of_day(day + timedelta(days=1), house.zone) - timedelta(milliseconds=1)
    return AtDay(day, end, tree_on(day), past=True)
