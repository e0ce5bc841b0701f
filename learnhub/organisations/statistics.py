"""A unit and all below it by kind: how many units, how many members, and how many posts are held or vacant."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from learnhub.kernel.db import db
from learnhub.organisations import kinds, terms
from learnhub.organisations.at_day import AtDay
from learnhub.organisations.headcounts import own_counts
from learnhub.organisations.kinds import Kind
from learnhub.organisations.models import Term, Unit


@dataclass(frozen=True)
class OfKind:
    """The units of one kind; members are those who primarily belong to such a unit itself."""

    kind: Kind
    units: int
    members: int
    largest: int
    without_members: int
    held: int
    vacant: int


def by_kind(unit_id: int, at: AtDay) -> list[OfKind]:
    """A unit and all that stood below it on a day by kind, in the order of the kinds, with the members and posts."""
    own = own_counts(at.day)
    members = func.coalesce(own.c.members, 0)
    rows = db.session.execute(
        select(Unit.kind, func.count(), func.sum(members), func.max(members), func.count(own.c.members))
        .outerjoin(own, own.c.unit_id == Unit.id)
        .where(Unit.id.in_(at.tree.below(unit_id)), or_(Unit.closed_on.is_(None), Unit.closed_on > at.day))
        .group_by(Unit.kind)
    )
    known, held = kinds.known(), _held(unit_id, at)
    order = {key: at for at, key in enumerate(known)}
    found = []
    for key, count, total, largest, with_members in rows:
        kind = known.get(key, Kind(key))
        filled = sum(held.get((key, post), 0) for post in kind.posts)
        vacant = count * len(kind.posts) - filled
        found.append(OfKind(kind, count, int(total), int(largest), count - with_members, filled, vacant))
    return sorted(found, key=lambda one: order.get(one.kind.key, len(order)))


def _held(unit_id: int, at: AtDay) -> dict[tuple[str, str], int]:
    """In how many units of each kind each post is held on a day."""
    rows = db.session.execute(
        select(Unit.kind, Term.post, func.count(Term.unit_id.distinct()))
        .join(Unit, Unit.id == Term.unit_id)
        .where(Term.unit_id.in_(at.tree.below(unit_id)), terms.holds_on(at.day))
        .group_by(Unit.kind, Term.post)
    )
    return {(kind, post): count for kind, post, count in rows}
