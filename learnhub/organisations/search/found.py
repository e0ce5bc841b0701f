"""Who is found: the members of a unit and all below on a day who meet the conditions, and nobody out of reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from learnhub.identity.models import Member, SignInSession
from learnhub.kernel.db import BigInt, db
from learnhub.organisations.at_day import DATED, AtDay
from learnhub.organisations.belonging import MOST, counted, order_of, walked, walked_orders
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
__all__ = ["count", "members", "ordered", "stream", "walked_orders"]


def members(
    scope: Scope, unit: Unit, conditions: Sequence[Condition], any_of: bool, at: AtDay, *, long: bool = False
) -> Any:
    """(member, unit, membership, last seen, name, phone, email, state), a row for each unit of who is found.

    The scope is asked here, whatever the caller checked: a condition can narrow what is in reach, never widen it. As at
    a day of the past who stood below the unit then is found if the unit itself is in reach now, as in its sheets; and
    what is told of them is what was known then.
    Where `long` is said, a page of very many is read in the order of an index.
    """
    own: ColumnElement[bool] = Membership.member_id == Member.id
    within: list[ColumnElement[bool]] = [Membership.unit_id.in_(at.tree.below(unit.id))]
    if long:
        own, is_below = walked(unit, at)
        within = [is_below]
    if at.past:
        within.append(scope.covers(Permission.SEE_MEMBERS, literal(unit.id, BigInt)))
    elif long:
        within.append(scope.covers(Permission.SEE_MEMBERS, Membership.unit_id))
    else:
        within.append(Membership.unit_id.in_(scope.unit_ids(Permission.SEE_MEMBERS)))
    said = [at.text(key).label(key) for key in DATED]
    return (
        select(Member, Unit, Membership, SEEN.label("seen"), *said, at.state().label("state"))
        .select_from(Member)
        .join(Membership, own)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(*within, at.holds(), *combined(conditions, any_of, at))
    )


def count(query: Select[Any], most: int = MOST) -> int:
    """How many rows a search finds; where there are more than `most`, one more than that."""
    return counted(query, most)


def ordered(query: Select[Any], key: str, down: bool, at: AtDay) -> Select[Any]:
    """The found in an order; equal ones by number."""
    order = at.text(key) if key in ("phone", "email") else order_of(key, at)
    return query.order_by(order.desc() if down else order, Member.number, Membership.id)


def stream(query: Select[Any]) -> Iterator[Any]:
    """The found one by one; memory does not grow with them."""
    yield from db.session.execute(query.execution_options(yield_per=500))
