"""The tree as it was on a day: what stood below a unit then, side by side or above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, ScalarSelect, Select, func, literal, select
from sqlalchemy.orm import aliased

from learnhub.kernel.db import BigInt, db
from learnhub.organisations import units
from learnhub.organisations.models import Unit, UnitPath, UnitPlacement


@dataclass(frozen=True)
class Tree:
    """The tree of a day. Without a day it is today's, and read from the closure."""

    day: date | None = None

    def below(self, unit_id: int | ScalarSelect[int]) -> Select[int]:
        """A sub-query of the ids of a unit, which may be looked up itself, and all below it."""
        if self.day is None:
            return units.below(unit_id)
        first = literal(unit_id, BigInt) if isinstance(unit_id, int) else unit_id
        stood = select(first.label("id")).cte(recursive=True)
        hung = _hung(self.day)
        walked = stood.union(select(hung.c.id).join(stood, stood.c.id == hung.c.parent_id))
        return select(walked.c.id)

    def children(self, unit_id: int) -> list[Unit]:
        """The units directly below."""
        if self.day is None:
            return units.children(unit_id)
        hung = _hung(self.day)
        here = select(Unit).join(hung, hung.c.id == Unit.id).where(hung.c.parent_id == unit_id)
        return list(db.session.scalars(here.order_by(Unit.position, Unit.code)))

    def directly_below(self, unit_id: int) -> Select[int]:
        """A sub-query of the ids of the units directly below one."""
        if self.day is None:
            return select(Unit.id).where(Unit.parent_id == unit_id)
        hung = _hung(self.day)
        return select(hung.c.id).where(hung.c.parent_id == unit_id)

    def count_below(self) -> ScalarSelect[int]:
        """How many units stand directly below each `Unit` of the query around."""
        if self.day is None:
            child = aliased(Unit)
            return select(func.count()).where(child.parent_id == Unit.id).correlate(Unit).scalar_subquery()
        hung = _hung(self.day)
        return select(func.count()).where(hung.c.parent_id == Unit.id).correlate(Unit).scalar_subquery()

    def paths(self, unit_ids: Collection[int]) -> Any:
        """A table with `above_id`, one of these units, and `below_id`, itself or a unit below it.

        Whoever uses it names the units in a condition too: today's table holds all of them.
        """
        if self.day is None:
            return UnitPath.__table__
        hung = _hung(self.day)
        first = select(Unit.id.label("above_id"), Unit.id.label("below_id")).where(Unit.id.in_(unit_ids))
        stood = first.cte(recursive=True)
        return stood.union(select(stood.c.above_id, hung.c.id).join(hung, hung.c.parent_id == stood.c.below_id))

    def above(self, unit_ids: Collection[int]) -> dict[int, list[int]]:
        """For each unit itself and the units above it, the nearest first; by one statement."""
        if self.day is None:
            paths: Any = UnitPath.__table__
        else:
            hung = _hung(self.day)
            first = select(hung.c.id.label("below_id"), hung.c.id.label("above_id"), literal(0).label("depth"))
            stood = first.where(hung.c.id.in_(unit_ids)).cte(recursive=True)
            step = select(stood.c.below_id, hung.c.parent_id, stood.c.depth + 1)
            step = step.join(hung, hung.c.id == stood.c.above_id).where(hung.c.parent_id.is_not(None))
            paths = stood.union_all(step)
        found: dict[int, list[int]] = defaultdict(list)
        query = select(paths.c.below_id, paths.c.above_id).where(paths.c.below_id.in_(unit_ids))
        for below_id, above_id in db.session.execute(query.order_by(paths.c.below_id, paths.c.depth)):
            found[below_id].append(above_id)
        return found

    def parents(self) -> dict[int, int | None]:
        """Of every unit the one above it; by one statement."""
        query = select(Unit.id, Unit.parent_id)
        if self.day is not None:
            hung = _hung(self.day)
            query = select(hung.c.id, hung.c.parent_id)
        return {unit_id: parent_id for unit_id, parent_id in db.session.execute(query)}

    def holds_all(self, unit_id: int) -> bool:
        """Whether every unit is this one or stands below it; by one statement."""
        if self.day is None:
            tops = select(Unit.id).where(Unit.parent_id.is_(None))
        else:
            hung = _hung(self.day)
            tops = select(hung.c.id).where(hung.c.parent_id.is_(None))
        return list(db.session.scalars(tops.limit(2))) == [unit_id]


TODAY = Tree()


def tree_on(day: date) -> Tree:
    """The tree of a day: where nothing was moved since, today's. By one statement."""
    later = select(UnitPlacement.id).where(UnitPlacement.ends_on > day).limit(1)
    return TODAY if db.session.scalar(later) is None else Tree(day)


def _hung(day: date) -> CTE:
    """Below which unit each one hung on a day: `id`, `parent_id`."""
    later = UnitPlacement.ends_on > day
    first = aliased(UnitPlacement)
    soonest = select(func.min(first.ends_on)).where(first.unit_id == UnitPlacement.unit_id, first.ends_on > day)
    moved = (
        select(UnitPlacement.unit_id, UnitPlacement.parent_id)
        .where(later, UnitPlacement.ends_on == soonest.scalar_subquery())
        .cte()
    )
    stayed = select(Unit.id, Unit.parent_id).where(Unit.id.not_in(select(moved.c.unit_id)))
    return stayed.union_all(select(moved.c.unit_id, moved.c.parent_id)).cte()
