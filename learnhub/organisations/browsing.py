"""The tree as one person walks through it: where their reach begins, one level at a time, and what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from learnhub.kernel.db import db
from learnhub.organisations import unit_index
from learnhub.organisations.models import Unit, UnitPath
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope


@dataclass(frozen=True)
class Branch:
    """A unit of a list, and how many units stand directly below it."""

    unit: Unit
    below: int


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


def level(query: Select[int], first: int, limit: int) -> Level:
    """A page of the units of a sub-query in the order of the tree, by two statements."""
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    child = aliased(Unit)
    below = select(func.count()).where(child.parent_id == Unit.id).correlate(Unit).scalar_subquery()
    rows = db.session.execute(
        select(Unit, below)
        .where(Unit.id.in_(query))
        .order_by(Unit.closed_on.is_not(None), Unit.position, Unit.code)
        .offset(first)
        .limit(limit)
    )
    return Level([Branch(unit, count) for unit, count in rows], total)


def directly_below(unit_id: int) -> Select[int]:
    """A sub-query of the units directly below one."""
    return select(Unit.id).where(Unit.parent_id == unit_id)


def found(scope: Scope, permission: Permission, text: str) -> Select[int] | None:
    """A sub-query of the units of a reach whose code or name holds a text; None when nothing was asked."""
    matching = unit_index.matching(text)
    return None if matching is None else matching.where(scope.covers(permission, Unit.id))


def first_of(scope: Scope, permission: Permission, own_id: int | None) -> Unit | None:
    """The unit that a page begins with: one's own where it is in reach, else the topmost; None without any."""
    own = case((Unit.id == own_id, 0), (Unit.parent_id.is_(None), 1), else_=2)
    reach = select(Unit).where(Unit.id.in_(scope.unit_ids(permission)))
    return db.session.scalar(reach.order_by(own, Unit.position, Unit.code).limit(1))


def path_in(scope: Scope, permission: Permission, unit_id: int) -> list[Unit]:
    """The units from where a reach begins down to a unit, by one statement."""
    return list(
        db.session.scalars(
            select(Unit)
            .join(UnitPath, UnitPath.above_id == Unit.id)
            .where(UnitPath.below_id == unit_id, scope.covers(permission, Unit.id))
            .order_by(UnitPath.depth.desc())
        )
    )


def above_of(scope: Scope, permission: Permission, unit_ids: Sequence[int]) -> dict[int, str]:
    """For each unit the names of those above it in reach, from the top, to tell namesakes apart; by one statement."""
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
