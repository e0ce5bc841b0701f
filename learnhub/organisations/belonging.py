"""Who belongs to a unit and all below it on a day: a page, at a cost that does not grow with the organisation.

Rows are counted, sorted by any column and leafed through up to `MOST`. A list that is longer is read in the order of an
index, by number or by name, and only its beginning: who looks for somebody in it searches.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all

from learnhub.identity import finding
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.at_day import AtDay
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


def order_of(key: str, at: AtDay) -> Any:
    """What a column is sorted by: for names and states of the past, what they were."""
    if at.past and key in ("name", "state"):
        return at.text("name") if key == "name" else at.state()
    return ORDERS[key]


def walked_orders(at: AtDay) -> tuple[str, ...]:
    """The orders of a long list: an index knows today's names only."""
    return WALKED[:1] if at.past else WALKED


def walked(unit: Unit, at: AtDay) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """How a long list joins its memberships to members, and asks of each whether it is of a unit or below.

    So the rows come in the order of an index over members, and the reading ends with the page: the sums keep SQLite
    from beginning with the memberships, and the question from beginning with the units.
    """
    own = Membership.member_id == Member.id + 0
    if at.tree.day is not None:
        return own, (Membership.unit_id + 0).in_(at.tree.below(unit.id))
    path = UnitPath.above_id == unit.id, UnitPath.below_id == Membership.unit_id
    return own, select(literal(1)).select_from(UnitPath).where(*path).correlate(Membership).exists()


class Belonging:
    """The memberships of a unit and all below it on a day, of whom a text says something."""

    def __init__(self, unit: Unit, search: str, at: AtDay, *, by_phone: bool) -> None:
        """`by_phone` says whether the phone is searched too."""
        self._unit, self._search, self._at = unit, search, at
        self._keys = ("name", "number", "phone") if by_phone else ("name", "number")
        self._said = partial(_said, search, self._keys, at)
        self.total = counted(self._chosen(), MOST)
        """How many rows there are; where there are more than `MOST`, one more than that."""

    @property
    def long(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.total > MOST

    def rows(self, key: str, first: int, limit: int, *, down: bool = False) -> list[Any]:
        """Rows of (member, unit, membership, name, state) in an order, equal ones by number."""
        if self.total == 0:
            return []
        said = self._at.text("name").label("name"), self._at.state().label("state")
        query = select(Member, Unit, Membership, *said).select_from(Member)
        if self.long:
            own, is_below = walked(self._unit, self._at)
            query = query.join(Membership, own).where(is_below, self._at.holds())
            query = query.where(self._said(Member)) if self._search else query
        else:
            chosen = self._chosen().cte("chosen").prefix_with("MATERIALIZED")
            query = query.join(Membership, Membership.member_id == Member.id)
            query = query.where(Membership.id.in_(select(chosen.c.id)))
        query = query.join(Unit, Unit.id == Membership.unit_id)
        order = order_of(key, self._at)
        ordered = query.order_by(order.desc() if down else order, Member.number, Membership.id)
        return list(db.session.execute(ordered.offset(first).limit(limit)))

    def _chosen(self) -> Select[Any]:
        """The ids of the memberships, looked up from the side of the unit, or of those who may hold the text."""
        within = Membership.unit_id.in_(self._at.tree.below(self._unit.id))
        query = select(Membership.id).where(within, self._at.holds())
        if not self._search:
            return query
        holding = holds(self._search, self._keys, self._said, self._at)
        return query.join(Member, Member.id == Membership.member_id).where(holding)


def holds(
    text: str, keys: tuple[str, ...], said: Callable[[Any], ColumnElement[bool]], at: AtDay
) -> ColumnElement[bool]:
    """The condition `said`, which means that a text stands in one of these columns of a member, by the index.

    The index knows what stands there now; of the past the changes since say who else held the text.
    """
    if not at.past:
        return finding.holds(text, said)
    held = at.held_once(text, keys)
    now = finding.who_may_hold(text)
    return said(Member) if now is None else and_(Member.id.in_(union_all(now, held)), said(Member))


def _said(search: str, keys: tuple[str, ...], at: AtDay, member: Any) -> ColumnElement[bool]:
    return or_(*(at.text(key, member).icontains(search, autoescape=True) for key in keys))
