"""Who stands where in a period: the members of a node of the tree, or its units side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import case, func, select

from learnhub.boards.ladders import Key, Step, ladder, last_day, tree_of
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Period
from learnhub.organisations.dated_tree import Tree
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit
from learnhub.points.models import LedgerEntry, UnitBalance

NEIGHBOURS = 5
PAGE = 50

Measure = Literal["per-head", "total"]


@dataclass(frozen=True)
class MemberRow:
    """A member on a board, with the unit they belong to today, or did on the last day of a period that is over."""

    rank: int
    points: int
    member_id: int
    number: str
    name: str
    unit_code: str
    unit_name: str

    @property
    def key(self) -> Key:
        """Where a next page goes on after this row."""
        return Key(self.points, self.member_id)


@dataclass(frozen=True)
class MemberBoard:
    """A page of a board of members; `around` is one member's own row with the neighbours on each side."""

    period: Period
    unit: Unit | None
    as_of: datetime
    rows: list[MemberRow]
    around: list[MemberRow]
    mine: MemberRow | None
    after: Key | None
    """Where the next page goes on; None on the last one."""


@dataclass(frozen=True)
class UnitRow:
    """A unit on a board. Without members in the period (or with too few) it has neither rank nor mean."""

    rank: int | None
    unit: Unit
    points: int
    headcount: Fraction
    """Members on an average day: member-days divided by days."""
    per_head: Fraction | None


@dataclass(frozen=True)
class UnitBoard:
    """The units directly below a node, side by side."""

    period: Period
    unit: Unit
    measure: Measure
    as_of: datetime
    rows: list[UnitRow]


def member_board(
    period: Period,
    unit: Unit | None,
    *,
    now: datetime,
    around: int | None = None,
    top: int = PAGE,
    after: Key | None = None,
) -> MemberBoard:
    """The first `top` members of a node (None: everybody) or those after a key, and the row of member `around`.

    Points are live; ranks are exact as of `as_of`, at most a minute ago. Equal points share a rank and the next is
    skipped (1, 1, 3); within a tie the order is fixed.
    """
    steps = ladder(period, unit, now)
    page = steps.page(top + 1, after)
    near = steps.around(around, NEIGHBOURS) if around is not None else []
    rows = _with_units([*page, *near], last_day(period, now))
    shown, beside = rows[: len(page)][:top], rows[len(page) :]
    return MemberBoard(
        period=period,
        unit=unit,
        as_of=steps.as_of,
        rows=shown,
        around=beside,
        mine=next((row for row in beside if row.member_id == around), None),
        after=shown[-1].key if len(page) > top else None,
    )


def distribution(period: Period, unit: Unit | None, *, now: datetime) -> list[tuple[int, int]]:
    """How many members of a node have each number of points in a period, the most points first."""
    return ladder(period, unit, now).distribution()


def unit_board(
    period: Period, unit: Unit, *, now: datetime, measure: Measure = "per-head", minimum: int = 0
) -> UnitBoard:
    """The units below a node by points per head or in total; the whole branch below each counts.

    Of a period that is over the tree at its end counts. A unit that was closed and has neither points nor members in
    the period is left out.

    The headcount is the members on an average day of the period so far. Comparison is exact. Units with fewer than
    `minimum` members, or none, are listed last and without a rank on the board per head.
    """
    tree = tree_of(period, now)
    below = tree.children(unit.id)
    ids = [child.id for child in below]
    points = _points_of_branches(tree, ids, period)
    member_days, days = _member_days(tree, ids, period, local_date(now, house.zone))
    rows = []
    for child in below:
        headcount = Fraction(member_days.get(child.id, 0), days) if days else Fraction(0)
        total = points.get(child.id, 0)
        if child.closed_on is not None and child.id not in points and not headcount:
            continue
        rows.append((child, total, headcount, Fraction(total) / headcount if headcount else None))
    return UnitBoard(period, unit, measure, now, rank_units(rows, measure, minimum))


def rank_units(
    rows: list[tuple[Unit, int, Fraction, Fraction | None]], measure: Measure, minimum: int
) -> list[UnitRow]:
    """Units in the order of a board: 1, 1, 3; what can't be compared comes last, in the order given."""

    def figure(row: tuple[Unit, int, Fraction, Fraction | None]) -> Fraction | None:
        if measure == "total":
            return Fraction(row[1])
        return row[3] if row[2] >= minimum else None

    ranked = sorted((row for row in rows if figure(row) is not None), key=lambda row: -(figure(row) or 0))
    made: list[UnitRow] = []
    for position, row in enumerate(ranked, 1):
        tied = made and figure(ranked[position - 2]) == figure(row)
        made.append(UnitRow(made[-1].rank if tied else position, *row))
    return made + [UnitRow(None, *row) for row in rows if figure(row) is None]


def _with_units(steps: list[Step], day: date) -> list[MemberRow]:
    ids = {step.member_id for step in steps}
    units_of = {
        member_id: (code, name)
        for member_id, code, name in db.session.execute(
            select(Membership.member_id, Unit.code, Unit.name)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.member_id.in_(ids), Membership.primary, holds_on(day))
        )
    }
    return [
        MemberRow(
            step.rank, step.points, step.member_id, step.number, step.name, *units_of.get(step.member_id, ("", ""))
        )
        for step in steps
    ]


def _points_of_branches(tree: Tree, unit_ids: list[int], period: Period) -> dict[int, int]:
    """Points of each branch in a period. What members earned who left since stays with the unit."""
    paths = tree.paths(unit_ids)
    rows = db.session.execute(
        select(paths.c.above_id, func.sum(UnitBalance.points))
        .join(UnitBalance, UnitBalance.unit_id == paths.c.below_id)
        .join(Member, Member.id == UnitBalance.member_id)
        .where(paths.c.above_id.in_(unit_ids), UnitBalance.period == period.key, Member.test.is_(False))
        .group_by(paths.c.above_id)
    )
    return {unit_id: int(points) for unit_id, points in rows}


def _member_days(tree: Tree, unit_ids: list[int], period: Period, today: date) -> tuple[dict[int, int], int]:
    """Days of primary membership in each branch within the period so far, and the number of its days."""
    first = period.first or db.session.scalar(select(func.min(LedgerEntry.day))) or today
    after = min(period.after or date.max, today + timedelta(days=1))
    if after <= first:
        return {}, 0
    starts: Any = case((Membership.starts_on < first, first), else_=Membership.starts_on)
    ends: Any = case((Membership.ends_on < after, Membership.ends_on), else_=after)
    paths = tree.paths(unit_ids)
    clipped = (
        select(paths.c.above_id, starts.label("starts"), ends.label("ends"))
        .join(Membership, Membership.unit_id == paths.c.below_id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            paths.c.above_id.in_(unit_ids),
            Membership.primary,
            Membership.starts_on < after,
            (Membership.ends_on.is_(None)) | (Membership.ends_on > first),
            Member.test.is_(False),
        )
        .subquery()
    )
    days: dict[int, int] = {}
    for unit_id, start, end, members in db.session.execute(
        select(clipped, func.count()).group_by(clipped.c.above_id, clipped.c.starts, clipped.c.ends)
    ):
        days[unit_id] = days.get(unit_id, 0) + (end - start).days * members
    return days, (after - first).days
