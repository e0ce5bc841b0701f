"""The order of members in a period: pages and neighbours with exact ranks, read from the balances by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select, true

from learnhub.boards import histograms
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Period
from learnhub.organisations.dated_tree import TODAY, Tree, tree_on
from learnhub.organisations.models import Unit
from learnhub.points.ledger import BALANCE, UNIT_BALANCE


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


MEMBER: Table = Member.__table__  # type: ignore[assignment]
UNIT: Table = Unit.__table__  # type: ignore[assignment]

SHOWN = and_(MEMBER.c.test.is_(False), MEMBER.c.state.in_(OPEN_STATES))
"""Test members never stand on a board, and who left stands there no more."""


def last_day(period: Period, now: datetime) -> date:
    """The day whose tree and memberships a board shows: the last of a period that is over, else today."""
    today = local_date(now, house.zone)
    return today if period.after is None else min(period.after - timedelta(days=1), today)


def tree_of(period: Period, now: datetime) -> Tree:
    """The tree that a board of a period follows. While the period runs it is today's, without asking for it."""
    day = last_day(period, now)
    return TODAY if day >= local_date(now, house.zone) else tree_on(day)


def ladder(period: Period, unit: Unit | None, now: datetime) -> Ladder | BranchLadder:
    """The ladder of a period: of everybody, of a unit, or of a unit with all below it as the tree was at its end."""
    if unit is None:
        return Ladder(BALANCE, now, (period.key, None), BALANCE.c.period == period.key)
    tree = tree_of(period, now)
    if tree is not TODAY:
        return ladder(period, None, now) if tree.holds_all(unit.id) else BranchLadder(period, unit, now, tree)
    roots, has_children = db.session.execute(
        select(
            select(func.count()).select_from(UNIT).where(UNIT.c.parent_id.is_(None)).scalar_subquery(),
            select(UNIT.c.id).where(UNIT.c.parent_id == unit.id).exists(),
        )
    ).one()
    if unit.parent_id is None and roots == 1:
        return ladder(period, None, now)
    if has_children:
        return BranchLadder(period, unit, now, tree)
    here = (UNIT_BALANCE.c.period == period.key, UNIT_BALANCE.c.unit_id == unit.id)
    return Ladder(UNIT_BALANCE, now, (period.key, unit.id), *here)


LIVE = 500
"""A rank is counted live as long as no more than so many stand before it; a deeper one is read from a histogram."""


class Ladder:
    """A ladder that an index holds in order: costs grow with what is shown, not with those who stand on it.

    `as_of` is the moment as of which the ranks are exact; the points are live.
    """

    def __init__(
        self,
        balances: Table,
        now: datetime,
        name: tuple[str, int | None],
        *where: ColumnElement[bool],
    ) -> None:
        self.as_of = now
        self._now = now
        self._name = name
        self._member_id: ColumnElement[int] = balances.c.member_id
        self._points: ColumnElement[int] = balances.c.points
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
        columns = select(self._member_id, self._points, MEMBER.c.number, MEMBER.c.name)
        return columns.join(MEMBER, MEMBER.c.id == self._member_id).where(*self._where, SHOWN, *where)

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
        before = (0, 0) if from_the_top else self._count_before(Key(rows[0].points, rows[0].member_id))
        if before is None:
            return self._ranked_by_histogram(rows)
        more, tied = before
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

    def _count_before(self, key: Key) -> tuple[int, int] | None:
        """How many have more points, and how many the same but stand before; None when either is past `LIVE`."""

        def count(*where: ColumnElement[bool]) -> Any:
            found = select(self._member_id).join(MEMBER, MEMBER.c.id == self._member_id)
            some = found.where(*self._where, SHOWN, *where).limit(LIVE + 1).subquery()
            return select(func.count()).select_from(some).scalar_subquery()

        more, tied = db.session.execute(
            select(
                count(self._points > key.points),
                count(self._points == key.points, self._member_id < key.member_id),
            )
        ).one()
        return (int(more), int(tied)) if more <= LIVE and tied <= LIVE else None

    def distribution(self) -> list[tuple[int, int]]:
        """How many stand at each number of points, the most points first, as of at most a minute ago."""
        return self._histogram().counts()

    def _histogram(self) -> histograms.Histogram:
        def count() -> list[tuple[int, int]]:
            query = select(self._points, func.count()).join(MEMBER, MEMBER.c.id == self._member_id)
            rows = db.session.execute(query.where(*self._where, SHOWN).group_by(self._points))
            return [(points, members) for points, members in rows]

        return histograms.fresh((db.engine.url, self._name), self._now, count)

    def _ranked_by_histogram(self, rows: Sequence[Any]) -> list[Step]:
        read = self._histogram()
        self.as_of = min(self.as_of, read.made_at)
        return [Step(read.rank(row.points), row.member_id, row.points, row.number, row.name) for row in rows]


class BranchLadder:
    """A ladder of a unit with all below it, added up and ranked by one statement when it is read."""

    def __init__(self, period: Period, unit: Unit, now: datetime, tree: Tree) -> None:
        self.as_of = now
        paths = tree.paths([unit.id])
        sums = (
            select(UNIT_BALANCE.c.member_id, func.sum(UNIT_BALANCE.c.points).label("points"))
            .join(paths, paths.c.below_id == UNIT_BALANCE.c.unit_id)
            .where(paths.c.above_id == unit.id, UNIT_BALANCE.c.period == period.key)
            .group_by(UNIT_BALANCE.c.member_id)
            .subquery()
        )
        rows = select(sums.c.member_id, sums.c.points, MEMBER.c.number, MEMBER.c.name)
        self._ranked = _ranked_rows(rows.join(MEMBER, MEMBER.c.id == sums.c.member_id).where(SHOWN).subquery())

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

    def distribution(self) -> list[tuple[int, int]]:
        """How many stand at each number of points, the most points first."""
        steps = self._ranked.cte("steps")
        query = select(steps.c.points, func.count()).group_by(steps.c.points).order_by(steps.c.points.desc())
        return [(int(points), members) for points, members in db.session.execute(query)]

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
