"""What attempts come to: which one counts for a member, and the figures of a quiz for its author."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import attempts, review
from learnhub.quizzes.models import AnswerVersion, Attempt, AttemptState, Counts, Quiz
from question_bank.marking import round_half_up


@dataclass(frozen=True)
class Result:
    """What a quiz came to for a member: score and full marks in thousandths, and whether it was passed."""

    score: int
    full_marks: int
    passed: bool
    attempts: int

    @property
    def percent(self) -> Fraction:
        """Of a hundred; 100 for a paper that is worth nothing."""
        return Fraction(100 * self.score, self.full_marks) if self.full_marks else Fraction(100)


def result_for(member_id: int, quiz: Quiz) -> Result | None:
    """The result of a member by the quiz's rule of which attempt counts; None before the first is closed."""
    return counted(attempts.of_member(member_id, quiz.id), quiz)


def counted(made: Iterable[Attempt], quiz: Quiz) -> Result | None:
    """The result of these attempts: the best, last or first, or the mean of all (passed when the mean is enough).

    None as long as the attempt that decides waits for a person's marks; of the best, those count that are marked.
    """
    closed = [one for one in made if one.state == AttemptState.CLOSED and not one.preview]
    closed.sort(key=lambda one: one.number)
    deciding = {Counts.LAST: closed[-1:], Counts.FIRST: closed[:1], Counts.MEAN: closed}.get(Counts(quiz.counts), [])
    closed = [one for one in closed if one.score is not None]
    if not closed or any(one.waits for one in deciding):
        return None
    if quiz.counts == Counts.MEAN:
        return _mean(closed, quiz)
    chosen = {
        Counts.LAST: closed[-1],
        Counts.FIRST: closed[0],
    }.get(Counts(quiz.counts)) or max(closed, key=_share)
    return Result(chosen.score or 0, chosen.full_marks, bool(chosen.passed), len(closed))


def told(quiz: Quiz, made: Sequence[Attempt], now: datetime) -> Result | None:
    """What a member is told of their result: nothing before the marks of every closed attempt may be seen."""
    left = attempts.attempts_left(quiz, made)
    closed = [one for one in made if one.state == AttemptState.CLOSED]
    if any(review.Item.MARK not in review.of_attempt(quiz, one, left, now) for one in closed):
        return None
    return counted(closed, quiz)


def is_to_pass(quiz: Quiz, made: Sequence[Attempt], now: datetime) -> bool:
    """Whether a quiz waits to be passed by a member: not handed in yet, or told that it was not enough."""
    result = told(quiz, made, now)
    return not made or (result is not None and not result.passed)


def _share(attempt: Attempt) -> Fraction:
    return Fraction(attempt.score or 0, attempt.full_marks) if attempt.full_marks else Fraction(1)


def _mean(closed: Sequence[Attempt], quiz: Quiz) -> Result:
    share = sum((_share(one) for one in closed), Fraction(0)) / len(closed)
    full = closed[-1].full_marks
    return Result(round_half_up(share * full), full, share * 100 >= quiz.pass_percent, len(closed))


@dataclass(frozen=True)
class Figures:
    """How a quiz went: closed attempts, members behind them, how many attempts passed, the mean percentage of those
    that are marked, and how many wait for a person's marks."""

    attempts: int = 0
    open: int = 0
    members: int = 0
    passed: int = 0
    waiting: int = 0
    mean_percent: Fraction | None = None


def figures(quiz_ids: Iterable[int], unit_ids: Select[int]) -> dict[int, Figures]:
    """The figures of quizzes over the attempts of members of these units; test members and previews left out."""
    closed = Attempt.state == AttemptState.CLOSED
    rows = db.session.execute(
        select(
            Attempt.quiz_id,
            Attempt.full_marks,
            func.count(case((closed, 1))),
            func.count(case((Attempt.state == AttemptState.OPEN, 1))),
            func.count(case((Attempt.passed.is_(True), 1))),
            func.count(case((Attempt.waits > 0, 1))),
            func.coalesce(func.sum(Attempt.score), 0),
        )
        .join(Member, Member.id == Attempt.member_id)
        .where(Attempt.quiz_id.in_(list(quiz_ids)), *counting(unit_ids))
        .group_by(Attempt.quiz_id, Attempt.full_marks)
    ).all()
    heads = db.session.execute(
        select(Attempt.quiz_id, func.count(Attempt.member_id.distinct()))
        .join(Member, Member.id == Attempt.member_id)
        .where(Attempt.quiz_id.in_({row[0] for row in rows}), *counting(unit_ids))
        .group_by(Attempt.quiz_id)
    )
    members = {quiz_id: count for quiz_id, count in heads}
    found: dict[int, Figures] = {}
    totals: dict[int, Fraction] = {}
    for quiz_id, full, done, still_open, passed, waiting, score in rows:
        before = found.get(quiz_id, Figures())
        totals[quiz_id] = totals.get(quiz_id, Fraction(0)) + (Fraction(100 * int(score or 0), full) if full else 0)
        count, waits = before.attempts + done, before.waiting + waiting
        found[quiz_id] = Figures(
            attempts=count,
            open=before.open + still_open,
            members=members.get(quiz_id, 0),
            passed=before.passed + passed,
            waiting=waits,
            mean_percent=totals[quiz_id] / (count - waits) if count > waits else None,
        )
    return found


def counting(unit_ids: Select[int]) -> tuple[ColumnElement[bool], ...]:
    """Which attempts count: of members of these units; test members and previews left out."""
    return Attempt.unit_id.in_(unit_ids), Attempt.preview.is_(False), Member.test.is_(False)


@dataclass(frozen=True)
class Line:
    """An attempt in the table of results: whose, where they belonged, how it ended, how many answers came too late."""

    attempt: Attempt
    member: Member
    unit: Unit
    late: int


ORDERS: dict[str, ColumnElement[Any]] = {
    "made": Attempt.id.expression,
    "name": Member.name.expression,
    "number": Member.number.expression,
    "unit": Unit.code.expression,
    "attempt": Attempt.number.expression,
    "started": Attempt.started_at.expression,
    "submitted": Attempt.submitted_at.expression,
    "score": Attempt.score.expression,
    "passed": Attempt.passed.expression,
}
"""What the table of results can be ordered by; equals follow with the newest first."""


def count(quiz: Quiz, unit_ids: Select[int]) -> int:
    """How many lines the table of results has."""
    return db.session.scalar(_of_units(select(func.count()).select_from(Attempt), quiz, unit_ids)) or 0


def lines(
    quiz: Quiz, unit_ids: Select[int], *, order: str = "made", down: bool = True, before: int = 0, limit: int = 50
) -> list[Line]:
    """The attempts of members of these units by one of ORDERS, those without such a value last; newest first at first.

    `before` is how many lines stand on the pages before.
    """
    late = (
        select(func.count())
        .select_from(AnswerVersion)
        .where(
            AnswerVersion.member_id == Attempt.member_id,
            AnswerVersion.attempt_id == Attempt.id,
            AnswerVersion.late.is_(True),
        )
        .correlate(Attempt)
        .scalar_subquery()
    )
    query = (
        select(Attempt, Member, Unit, late)
        .join(Member, Member.id == Attempt.member_id)
        .join(Unit, Unit.id == Attempt.unit_id)
    )
    by = ORDERS[order]
    ordered = (by.is_(None), by.desc() if down else by.asc(), Attempt.id.desc())
    rows = db.session.execute(_of_units(query, quiz, unit_ids).order_by(*ordered).offset(before).limit(limit))
    return [Line(attempt, member, unit, int(count)) for attempt, member, unit, count in rows]


def _of_units(query: Select[Any], quiz: Quiz, unit_ids: Select[int]) -> Select[Any]:
    return query.where(Attempt.quiz_id == quiz.id, Attempt.unit_id.in_(unit_ids), Attempt.preview.is_(False))
