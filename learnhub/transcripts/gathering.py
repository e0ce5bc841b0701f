"""What the records say of some members in a span, as at its moment: one grouped statement for each kind of record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from learnhub.identity.models import OPEN_STATES, Member, MemberState, StateChange
from learnhub.kernel.db import db
from learnhub.kernel.periods import ALL_TIME
from learnhub.learning.models import Enrolment
from learnhub.organisations.dated_tree import Tree
from learnhub.organisations.models import Membership, RoleGrant, Unit
from learnhub.organisations.permissions import Role
from learnhub.points.models import LedgerEntry, PointRule, RuleVersion, UnitBalance
from learnhub.quizzes.models import Attempt, AttemptState, Mode, Quiz
from learnhub.study_time.models import YearlyTarget
from learnhub.transcripts.spans import Span


@dataclass
class Marks:
    """Attempts of a member: how many, how many were marked and passed, and their percentages, exact."""

    attempts: int = 0
    marked: int = 0
    passed: int = 0
    best: Fraction | None = None
    total: Fraction | None = None

    @property
    def mean(self) -> Fraction | None:
        """The mean percentage of the marked attempts."""
        return self.total / self.marked if self.total is not None else None

    @property
    def pass_rate(self) -> Fraction | None:
        """Passed attempts of a hundred marked ones."""
        return Fraction(100 * self.passed, self.marked) if self.marked else None


def counted(span: Span) -> ColumnElement[bool]:
    """The condition that an attempt counts: closed in the span, of a test or exam, not a preview of the author."""
    start, end = span.bounds
    return and_(
        Attempt.state == AttemptState.CLOSED,
        Attempt.preview.is_(False),
        Attempt.closed_at >= start,
        Attempt.closed_at < end,
        Attempt.closed_at <= span.as_at,
        Quiz.mode != Mode.PRACTICE,
    )


def marks(member_ids: Sequence[int], span: Span, held_back: Collection[int] = ()) -> dict[int, Marks]:
    """Attempts of tests and exams (practice does not count); percentages are of each attempt's full marks.

    Those `held_back`, by id, are attempts without a mark.
    """
    marked = and_(Attempt.score.is_not(None), Attempt.full_marks > 0)
    if held_back:
        marked = and_(marked, Attempt.id.not_in(held_back))
    found: dict[int, Marks] = defaultdict(Marks)
    rows = db.session.execute(
        select(
            Attempt.member_id,
            Attempt.full_marks,
            func.count(),
            func.sum(case((marked, 1), else_=0)),
            func.sum(case((and_(marked, Attempt.passed.is_(True)), 1), else_=0)),
            func.max(case((marked, Attempt.score))),
            func.sum(case((marked, Attempt.score))),
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.member_id.in_(member_ids), counted(span))
        .group_by(Attempt.member_id, Attempt.full_marks)
    )
    for member_id, full, attempts, with_mark, passed, best, total in rows:
        one = found[member_id]
        one.attempts += attempts
        if not with_mark:
            continue
        one.marked += int(with_mark)
        one.passed += int(passed)
        percent, sum_ = Fraction(100 * int(best), full), Fraction(100 * int(total), full)
        one.best = percent if one.best is None else max(one.best, percent)
        one.total = sum_ if one.total is None else one.total + sum_
    return found


def courses_completed(member_ids: Sequence[int], span: Span) -> dict[int, int]:
    """How many courses each member completed."""
    rows = db.session.execute(
        select(Enrolment.member_id, func.count())
        .where(Enrolment.member_id.in_(member_ids), completed(span))
        .group_by(Enrolment.member_id)
    )
    return {member_id: count for member_id, count in rows}


def completed(span: Span) -> ColumnElement[bool]:
    """The condition that a course was completed in the span."""
    start, end = span.bounds
    return and_(Enrolment.completed_at >= start, Enrolment.completed_at < end, Enrolment.completed_at <= span.as_at)


def posted(span: Span) -> ColumnElement[bool]:
    """The condition that an entry counts in the span and was there at its moment."""
    return and_(LedgerEntry.day >= span.first, LedgerEntry.day < span.after, LedgerEntry.posted_at <= span.as_at)


def points(member_ids: Sequence[int], span: Span) -> dict[int, int]:
    """All points of each member, whatever unit they counted for."""
    rows = db.session.execute(
        select(LedgerEntry.member_id, func.sum(LedgerEntry.points))
        .where(LedgerEntry.member_id.in_(member_ids), posted(span))
        .group_by(LedgerEntry.member_id)
    )
    return {member_id: int(total) for member_id, total in rows}


def ranks(member_ids: Sequence[int], unit_ids: Sequence[int], span: Span, tree: Tree) -> dict[tuple[int, int], int]:
    """The rank of each member on the board of a unit, by the points earned for it and what is below: (unit, member).

    As on the boards: equal points share a rank and the next is skipped; test members and who left stand on none.
    Who ever earned for a unit is read from the balances, since the ledger's own key leads with the member; and the
    days stand in the sum, so that no planner walks the whole organisation's ledger by its days instead.
    """
    paths = tree.paths(unit_ids)
    earned = (
        select(
            paths.c.above_id.label("unit_id"),
            LedgerEntry.member_id,
            func.sum(case((posted(span), LedgerEntry.points))).label("points"),
        )
        .join(UnitBalance, and_(UnitBalance.unit_id == paths.c.below_id, UnitBalance.period == ALL_TIME.key))
        .join(
            LedgerEntry,
            and_(LedgerEntry.member_id == UnitBalance.member_id, LedgerEntry.unit_id == UnitBalance.unit_id),
        )
        .join(Member, Member.id == LedgerEntry.member_id)
        .where(paths.c.above_id.in_(unit_ids), Member.test.is_(False), Member.state.in_(OPEN_STATES))
        .group_by(paths.c.above_id, LedgerEntry.member_id)
        .having(func.count(case((posted(span), 1))) > 0)
        .subquery()
    )
    ranked = select(
        earned.c.unit_id,
        earned.c.member_id,
        func.rank().over(partition_by=earned.c.unit_id, order_by=earned.c.points.desc()).label("rank"),
    ).subquery()
    rows = db.session.execute(select(ranked).where(ranked.c.member_id.in_(member_ids)))
    return {(unit_id, member_id): int(rank) for unit_id, member_id, rank in rows}


def roles(member_ids: Sequence[int], span: Span) -> dict[int, list[Role]]:
    """Which of the four roles each member held at the moment of the span (or at its end), the highest first.

    A deputy of some days is no secretary on a sheet.
    """
    at = min(span.as_at, span.bounds[1])
    rows = db.session.execute(
        select(RoleGrant.member_id, RoleGrant.role).where(
            RoleGrant.member_id.in_(member_ids),
            RoleGrant.role.in_(list(Role)),
            RoleGrant.delegated_from.is_(None),
            RoleGrant.starts_at <= at,
            or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > at),
        )
    )
    held: dict[int, set[Role]] = defaultdict(set)
    for member_id, role in rows:
        held[member_id].add(Role(role))
    order = list(Role)
    return {member_id: sorted(those, key=order.index, reverse=True) for member_id, those in held.items()}


def retired(member_ids: Sequence[int], day: date) -> set[int]:
    """Who of these members had retired by a day, and not come back: they owe nothing any more."""
    if not member_ids:
        return set()
    rows = db.session.execute(
        select(StateChange.member_id, StateChange.state)
        .where(StateChange.member_id.in_(member_ids), StateChange.on_day <= day)
        .order_by(StateChange.on_day, StateChange.id)
    )
    return {member_id for member_id, state in dict(rows.all()).items() if state == MemberState.RETIRED}


Targets = dict[tuple[int, str, int], int]
"""Hours owed, in thousandths, by year, role and unit (0: everybody)."""


def targets(span: Span) -> Targets:
    """The targets of the years that the span touches."""
    rows = db.session.execute(
        select(YearlyTarget.year, YearlyTarget.role, YearlyTarget.unit_id, YearlyTarget.hours).where(
            YearlyTarget.year.between(span.first.year, span.last.year)
        )
    )
    return {(year, role, unit_id): hours for year, role, unit_id, hours in rows}


def owed(known: Targets, held: Sequence[Role], above: Sequence[int], span: Span) -> Fraction | None:
    """The hours that a member owes: of each year the part that lies in the span, by days.

    The target of the nearest unit counts; of several roles the one that owes most. None where nothing is set.
    """
    total: Fraction | None = None
    for year in range(span.first.year, span.last.year + 1):
        of_roles = [hours for role in {Role.MEMBER, *held} if (hours := _nearest(known, year, role, above)) is not None]
        if of_roles:
            start, end = date(year, 1, 1), date(year + 1, 1, 1)
            inside = (min(end, span.after) - max(start, span.first)).days
            total = (total or Fraction(0)) + Fraction(max(of_roles) * inside, 1000 * (end - start).days)
    return total


def _nearest(known: Targets, year: int, role: Role, above: Sequence[int]) -> int | None:
    return next((known[year, role, unit_id] for unit_id in [*above, 0] if (year, role, unit_id) in known), None)


def came_from(member_ids: Sequence[int], span: Span) -> dict[int, tuple[str, date]]:
    """Who came from another unit within the span: that unit's name, and the first day in the new one."""
    rows = db.session.execute(
        select(Membership.member_id, Unit.name, Membership.ends_on)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Membership.member_id.in_(member_ids),
            Membership.primary,
            Membership.ends_on > span.first,
            Membership.ends_on <= span.reference_day,
        )
        .order_by(Membership.ends_on)
    )
    return {member_id: (name, day) for member_id, name, day in rows if day is not None}


def rules_in_force(span: Span) -> list[dict[str, Any]]:
    """The versions of the points rules that paid in the span, as known at its moment."""
    rows = db.session.execute(
        select(PointRule.code, RuleVersion.number, RuleVersion.valid_from, RuleVersion.valid_until)
        .join(RuleVersion, RuleVersion.rule_id == PointRule.id)
        .where(RuleVersion.valid_from < span.after, RuleVersion.created_at <= span.as_at)
        .order_by(PointRule.code, RuleVersion.number)
    ).all()
    kept = []
    for row in rows:
        over = min(
            (later.valid_from for later in rows if later.code == row.code and later.number > row.number),
            default=row.valid_until,
        )
        if (over is None or over > span.first) and (row.valid_until is None or row.valid_until > span.first):
            kept.append({"code": row.code, "version": row.number, "valid_from": row.valid_from.isoformat()})
    return kept
