"""Who belongs to a unit and all below it today: a page of the list, at a cost that does not grow with the organisation.

Rows are counted, sorted by any column and leafed through up to `MOST`. A list that is longer is read in the order of an
index, by number or by name, and only its beginning: who looks for somebody in it searches.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from learnhub.identity import finding
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import units
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit, UnitPath

MOST = 10_000
"""Rows that are counted, sorted by any column, and leafed through."""
ORDERS: dict[str, Any] = {
    "name": Member.name,
    "number": Member.number,
    "unit": Unit.code,
    "post": Membership.post,
    "since": Membership.starts_on,
    "state": Member.state,
}
WALKED = ("number", "name")
"""The orders that an index has, for long lists."""


def counted(query: Select[Any], most: int) -> int:
    """How many rows a query gives; where there are more than `most`, one more than that."""
    some = query.with_only_columns(literal(1)).order_by(None).limit(most + 1).subquery()
    return int(db.session.scalar(select(func.count()).select_from(some)) or 0)


def walked(unit: Unit) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """How a long list joins its memberships to members, and asks of each whether it is of a unit or below.

    So the rows come in the order of an index over members, and the reading ends with the page: the sum keeps SQLite
    from beginning with the memberships, and the question from beginning with the units.
    """
    path = UnitPath.above_id == unit.id, UnitPath.below_id == Membership.unit_id
    is_below = select(literal(1)).select_from(UnitPath).where(*path).correlate(Membership).exists()
    return Membership.member_id == Member.id + 0, is_below


class Belonging:
    """The memberships of a unit and all below it today, of whom a text says something."""

    def __init__(self, unit: Unit, search: str, now: datetime, *, by_phone: bool) -> None:
        """`by_phone` says whether the phone is searched too."""
        self._unit, self._search = unit, search
        self._today = holds_on(local_date(now, house.zone))
        self._said = partial(_said, search, by_phone)
        self.total = counted(self._chosen(), MOST)
        """How many rows there are; where there are more than `MOST`, one more than that."""

    @property
    def long(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.total > MOST

    def rows(self, key: str, first: int, limit: int, *, down: bool = False) -> list[Any]:
        """Rows of (member, unit, membership) in an order, equal ones by number."""
        if self.total == 0:
            return []
        query = select(Member, Unit, Membership).select_from(Member)
        if self.long:
            own, is_below = walked(self._unit)
            query = query.join(Membership, own).where(is_below, self._today)
            query = query.where(self._said(Member)) if self._search else query
        else:
            chosen = self._chosen().cte("chosen").prefix_with("MATERIALIZED")
            query = query.join(Membership, Membership.member_id == Member.id)
            query = query.where(Membership.id.in_(select(chosen.c.id)))
        query = query.join(Unit, Unit.id == Membership.unit_id)
        order = ORDERS[key]
        ordered = query.order_by(order.desc() if down else order, Member.number, Membership.id)
        return list(db.session.execute(ordered.offset(first).limit(limit)))

    def _chosen(self) -> Select[Any]:
        """The ids of the memberships, looked up from the side of the unit, or of those who may hold the text."""
        query = select(Membership.id).where(Membership.unit_id.in_(units.below(self._unit.id)), self._today)
        if not self._search:
            return query
        return query.join(Member, Member.id == Membership.member_id).where(finding.holds(self._search, self._said))


def _said(search: str, by_phone: bool, member: type[Member]) -> ColumnElement[bool]:
    texts = (member.name, member.number, *((member.phone,) if by_phone else ()))
    return or_(*(text.icontains(search, autoescape=True) for text in texts))
