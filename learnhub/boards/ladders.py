"""The order of members in a period: pages and neighbours with exact ranks, read from the balances by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from learnhub.identity.models import Member, MemberState
from learnhub.kernel.db import db
from learnhub.kernel.periods import Period
from learnhub.organisations.models import Unit, UnitPath
from learnhub.points.models import Balance, UnitBalance


class Step(NamedTuple):
    """A member's step on a ladder. Equal points share a rank and the next is skipped: 1, 1, 3."""

    rank: int
    member_id: int
    points: int
    number: str
    name: str


class Key(NamedTuple):
    """Where a member stands: ladders are ordered by points, the most first, then by member id."""

    points: int
    member_id: int


SHOWN = and_(Member.test.is_(False), Member.state == MemberState.ACTIVE)
"""Test members never stand on a board, and who left stands there no more."""


def ladder(period: Period, unit: Unit | None) -> Ladder | BranchLadder:
    """The ladder of a period: of everybody, of a unit, or of a unit with all below it."""
    if unit is None:
        return Ladder(Balance, Balance.period == period.key)
    roots, has_children = db.session.execute(
        select(
            select(func.count()).select_from(Unit).where(Unit.parent_id.is_(None)).scalar_subquery(),
            exists().where(aliased(Unit).parent_id == unit.id),
        )
    ).one()
    if unit.parent_id is None and roots == 1:
        return ladder(period, None)
    if has_children:
        return BranchLadder(period, unit)
    return Ladder(UnitBalance, UnitBalance.period == period.key, UnitBalance.unit_id == unit.id)


class Ladder:
    """A ladder that an index holds in order: costs grow with what is shown, but for the counts behind a rank.

    A rank counts the index entries above it. The design for a million members reads a histogram of point values
    instead, once a minute for each node.
    """

    def __init__(self, balance: type[Balance] | type[UnitBalance], *where: ColumnElement[bool]) -> None:
        self._balance = balance
        self._member_id: ColumnElement[int] = balance.member_id  # type: ignore[assignment]
        self._points: ColumnElement[int] = balance.points  # type: ignore[assignment]
        self._where = where

    def page(self, limit: int, after: Key | None = None) -> list[Step]:
        """The steps from the top, or those after a key."""
        return self._ranked(self._below(after, limit), from_the_top=after is None)

    def around(self, member_id: int, reach: int) -> list[Step]:
        """A member's own step with `reach` neighbours on each side; empty when they have none."""
        mine = db.session.execute(self._rows(self._member_id == member_id)).one_or_none()
        if mine is None:
            return []
        key = Key(mine.points, member_id)
        return self._ranked([*reversed(self._above(key, reach)), mine, *self._below(key, reach)])

    def all(self) -> Iterator[Step]:
        """Every step, streamed."""
        return _stream(_ranked_rows(self._rows(true()).subquery()))

    def _rows(self, *where: ColumnElement[bool]) -> Select[int, int, str, str]:
        columns = select(self._member_id.label("member_id"), self._points.label("points"), Member.number, Member.name)
        return columns.join(Member, Member.id == self._member_id).where(*self._where, SHOWN, *where)

    def _below(self, key: Key | None, limit: int) -> list[Any]:
        """Rows after a key, by two conditions that an index can follow one after the other."""
        down = (self._points.desc(), self._member_id)
        if key is None:
            return list(db.session.execute(self._rows().order_by(*down).limit(limit)))
        tied = self._rows(self._points == key.points, self._member_id > key.member_id).order_by(self._member_id)
        rows = list(db.session.execute(tied.limit(limit)))
        if len(rows) < limit:
            fewer = self._rows(self._points < key.points).order_by(*down)
            rows += db.session.execute(fewer.limit(limit - len(rows)))
        return rows

    def _above(self, key: Key, limit: int) -> list[Any]:
        """Rows before a key, the nearest first."""
        tied = self._rows(self._points == key.points, self._member_id < key.member_id)
        rows = list(db.session.execute(tied.order_by(self._member_id.desc()).limit(limit)))
        if len(rows) < limit:
            more = self._rows(self._points > key.points).order_by(self._points, self._member_id.desc())
            rows += db.session.execute(more.limit(limit - len(rows)))
        return rows

    def _ranked(self, rows: Sequence[Any], *, from_the_top: bool = False) -> list[Step]:
        """Consecutive rows with their ranks: the first is counted, the others follow from it."""
        if not rows:
            return []
        more, tied = (0, 0) if from_the_top else self._count_before(Key(rows[0].points, rows[0].member_id))
        steps: list[Step] = []
        for position, row in enumerate(rows, more + tied + 1):
            if not steps:
                rank = more + 1
            elif row.points != steps[-1].points:
                rank = position
            else:
                rank = steps[-1].rank
            steps.append(Step(rank, row.member_id, row.points, row.number, row.name))
        return steps

    def _count_before(self, key: Key) -> tuple[int, int]:
        """How many have more points, and how many the same but stand before."""

        def count(*where: ColumnElement[bool]) -> Any:
            counted = select(func.count()).select_from(self._balance).join(Member, Member.id == self._member_id)
            return counted.where(*self._where, SHOWN, *where).scalar_subquery()

        more, tied = db.session.execute(
            select(
                count(self._points > key.points),
                count(self._points == key.points, self._member_id < key.member_id),
            )
        ).one()
        return int(more), int(tied)


class BranchLadder:
    """A ladder of a unit with all below it, added up and ranked by one statement when it is read."""

    def __init__(self, period: Period, unit: Unit) -> None:
        sums = (
            select(UnitBalance.member_id, func.sum(UnitBalance.points).label("points"))
            .join(UnitPath, UnitPath.below_id == UnitBalance.unit_id)
            .where(UnitPath.above_id == unit.id, UnitBalance.period == period.key)
            .group_by(UnitBalance.member_id)
            .subquery()
        )
        rows = select(sums.c.member_id, sums.c.points, Member.number, Member.name)
        self._ranked = _ranked_rows(rows.join(Member, Member.id == sums.c.member_id).where(SHOWN).subquery())

    def page(self, limit: int, after: Key | None = None) -> list[Step]:
        """The steps from the top, or those after a key."""
        steps = self._ranked.cte("steps")
        query = select(steps).order_by(steps.c.position).limit(limit)
        if after is not None:
            tied = and_(steps.c.points == after.points, steps.c.member_id > after.member_id)
            query = query.where(or_(steps.c.points < after.points, tied))
        return [_step(row) for row in db.session.execute(query)]

    def around(self, member_id: int, reach: int) -> list[Step]:
        """A member's own step with `reach` neighbours on each side; empty when they have none."""
        steps = self._ranked.cte("steps")
        mine = select(steps.c.position).where(steps.c.member_id == member_id).scalar_subquery()
        query = select(steps).where(steps.c.position.between(mine - reach, mine + reach)).order_by(steps.c.position)
        return [_step(row) for row in db.session.execute(query)]

    def all(self) -> Iterator[Step]:
        """Every step, streamed."""
        return _stream(self._ranked)


def _ranked_rows(rows: Any) -> Select[Any]:
    """Rows with their rank and position by the windows of SQL."""
    return select(
        rows,
        func.rank().over(order_by=rows.c.points.desc()).label("rank"),
        func.row_number().over(order_by=(rows.c.points.desc(), rows.c.member_id)).label("position"),
    )


def _stream(ranked: Select[Any]) -> Iterator[Step]:
    steps = ranked.subquery()
    for row in db.session.execute(select(steps).order_by(steps.c.position).execution_options(yield_per=1000)):
        yield _step(row)


def _step(row: Any) -> Step:
    return Step(int(row.rank), row.member_id, int(row.points), row.number, row.name)
