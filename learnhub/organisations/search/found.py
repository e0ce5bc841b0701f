"""Who is found: the members of a unit and all below today who meet the conditions, and nobody out of reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from learnhub.identity.models import Member, SignInSession
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import belonging, units
from learnhub.organisations.belonging import MOST, WALKED, counted, walked
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from learnhub.organisations.search.criteria import Condition, combined

SEEN = (
    select(func.max(SignInSession.last_seen_at))
    .where(SignInSession.member_id == Member.id)
    .correlate(Member)
    .scalar_subquery()
)
__all__ = ["ORDERS", "WALKED", "count", "members", "ordered", "stream"]

ORDERS: dict[str, Any] = {**belonging.ORDERS, "phone": Member.phone, "email": Member.email}
"""What the found can be ordered by."""


def members(
    scope: Scope, unit: Unit, conditions: Sequence[Condition], any_of: bool, now: datetime, *, long: bool = False
) -> Any:
    """(member, unit, membership, last seen), a row for each unit that a found member belongs to.

    The scope is asked here, whatever the caller checked: a condition can narrow what is in reach, never widen it.
    Where `long` is said, a page of very many is read in the order of an index.
    """
    own: ColumnElement[bool] = Membership.member_id == Member.id
    within: list[ColumnElement[bool]] = [
        Membership.unit_id.in_(units.below(unit.id)),
        Membership.unit_id.in_(scope.unit_ids(Permission.SEE_MEMBERS)),
    ]
    if long:
        own, is_below = walked(unit)
        within = [is_below, scope.covers(Permission.SEE_MEMBERS, Membership.unit_id)]
    return (
        select(Member, Unit, Membership, SEEN.label("seen"))
        .select_from(Member)
        .join(Membership, own)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(*within, holds_on(local_date(now, house.zone)), *combined(conditions, any_of, now))
    )


def count(query: Select[Any], most: int = MOST) -> int:
    """How many rows a search finds; where there are more than `most`, one more than that."""
    return counted(query, most)


def ordered(query: Select[Any], key: str, down: bool) -> Select[Any]:
    """The found in an order; equal ones by number."""
    order = ORDERS[key]
    return query.order_by(order.desc() if down else order, Member.number, Membership.id)


def stream(query: Select[Any]) -> Iterator[Any]:
    """The found one by one; memory does not grow with them."""
    yield from db.session.execute(query.execution_options(yield_per=500))
