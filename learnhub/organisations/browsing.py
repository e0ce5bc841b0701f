"""The tree as one person walks through it: where their reach begins, one level at a time, and what a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from learnhub.kernel.db import db
from learnhub.organisations import unit_index
from learnhub.organisations.at_day import AtDay
from learnhub.organisations.dated_tree import TODAY, Tree
from learnhub.organisations.models import Unit, UnitPath
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope


@dataclass(frozen=True)
class Branch:
    """A unit of a list, and how many units stand directly below it."""

    unit: Unit
    below: int
    is_closed: bool = False


@dataclass(frozen=True)
class Level:
    """A page of units that stand side by side, and how many there are in all."""

    branches: Sequence[Branch]
    total: int


def tops(scope: Scope, permission: Permission) -> Select[int]:
    """A sub-query of the units where a reach begins: those granted that stand below no other granted one."""
    roots = scope.roots(permission)
    inside = select(UnitPath.below_id).where(UnitPath.above_id.in_(roots), UnitPath.depth > 0)
    return select(Unit.id).where(Unit.id.in_(roots), Unit.id.not_in(inside))


def level(query: Select[int], first: int, limit: int, at: AtDay | None = None) -> Level:
    """A page of the units of a sub-query in the order of the tree, by two statements; as at a day, if one is given."""
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    is_closed: Any = Unit.closed_on.is_not(None)
    if at is not None and at.past:
        is_closed = and_(is_closed, Unit.closed_on <= at.day)
    rows = db.session.execute(
        select(Unit, (at.tree if at else TODAY).count_below(), is_closed)
        .where(Unit.id.in_(query))
        .order_by(is_closed, Unit.position, Unit.code)
        .offset(first)
        .limit(limit)
    )
    return Level([Branch(unit, count, closed) for unit, count, closed in rows], total)


def directly_below(unit_id: int, tree: Tree = TODAY) -> Select[int]:
    """A sub-query of the units directly below one."""
    return tree.directly_below(unit_id)


def among(scope: Scope, permission: Permission, unit_ids: Sequence[int]) -> set[int]:
    """Which of these units are in reach."""
    return set(db.session.scalars(select(Unit.id).where(Unit.id.in_(unit_ids), scope.covers(permission, Unit.id))))


def found(scope: Scope, permission: Permission, text: str) -> Select[int] | None:
    """A sub-query of the units of a reach whose code or name holds a text; None when nothing was asked."""
    matching = unit_index.matching(text)
    return None if matching is None else matching.where(scope.covers(permission, Unit.id))


def first_of(scope: Scope, permission: Permission, own_id: int | None) -> Unit | None:
    """The unit that a page begins with: one's own where it is in reach, else the topmost; None without any."""
    own = case((Unit.id == own_id, 0), (Unit.parent_id.is_(None), 1), else_=2)
    reach = select(Unit).where(Unit.id.in_(scope.unit_ids(permission)))
    return db.session.scalar(reach.order_by(own, Unit.position, Unit.code).limit(1))


def path_in(scope: Scope, permission: Permission, unit_id: int, tree: Tree = TODAY) -> list[Unit]:
    """The units from where a reach begins down to a unit, by one statement; by two in the tree of a past day."""
    if tree.day is not None:
        above = tree.above([unit_id])[unit_id]
        named = _in_reach(scope, permission, above)
        return [named[one] for one in reversed(above) if one in named]
    return list(
        db.session.scalars(
            select(Unit)
            .join(UnitPath, UnitPath.above_id == Unit.id)
            .where(UnitPath.below_id == unit_id, scope.covers(permission, Unit.id))
            .order_by(UnitPath.depth.desc())
        )
    )


def _in_reach(scope: Scope, permission: Permission, unit_ids: Iterable[int]) -> dict[int, Unit]:
    query = select(Unit).where(Unit.id.in_(unit_ids), scope.covers(permission, Unit.id))
    return {unit.id: unit for unit in db.session.scalars(query)}


def above_of(scope: Scope, permission: Permission, unit_ids: Sequence[int], tree: Tree = TODAY) -> dict[int, str]:
    """For each unit the names of those above it in reach, from the top, to tell namesakes apart; by one statement, and
    by two in the tree of a past day."""
    if tree.day is not None:
        above = tree.above(unit_ids)
        units = _in_reach(scope, permission, {one for ids in above.values() for one in ids})
        paths = {one: [units[up].name for up in reversed(ids[1:]) if up in units] for one, ids in above.items()}
        return {one: " › ".join(names) for one, names in paths.items() if names}
    named: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(UnitPath.below_id, Unit.name)
        .join(Unit, Unit.id == UnitPath.above_id)
        .where(UnitPath.below_id.in_(unit_ids), UnitPath.depth > 0, scope.covers(permission, Unit.id))
        .order_by(UnitPath.depth.desc())
    )
    for unit_id, name in rows:
        named.setdefault(unit_id, []).append(name)
    return {unit_id: " › ".join(names) for unit_id, names in named.items()}
