"""What a unit still has to sit: quizzes that close soon, and how many of its members have handed one in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit, UnitPath
from learnhub.quizzes.models import Attempt, AttemptState, Quiz

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Due:
    """A quiz that closes soon: how many members of the unit it reaches, and how many of them have handed it in."""

    quiz: Quiz
    reached: int
    handed_in: int


def soon(unit: Unit, now: datetime, within: timedelta = SOON) -> list[Due]:
    """The open quizzes that reach members of a unit (or of units below it) and close soon, the next one first.

    Two statements and one for each quiz's reach: a quiz of a unit above reaches everybody, one from below its branch.
    """
    above = select(UnitPath.above_id).where(UnitPath.below_id == unit.id)
    below = select(UnitPath.below_id).where(UnitPath.above_id == unit.id)
    quizzes = list(
        db.session.scalars(
            select(Quiz)
            .where(
                Quiz.published,
                Quiz.closes_at > now,
                Quiz.closes_at <= now + within,
                or_(Quiz.opens_at.is_(None), Quiz.opens_at <= now),
                or_(Quiz.unit_id.in_(above), Quiz.unit_id.in_(below)),
            )
            .order_by(Quiz.closes_at, Quiz.id)
            .limit(5)
        )
    )
    return [Due(quiz, *_counts(unit, quiz, now)) for quiz in quizzes]


def _counts(unit: Unit, quiz: Quiz, now: datetime) -> tuple[int, int]:
    """Members of the unit whom the quiz reaches today, and those of them with a closed attempt; one statement."""
    reached = (
        select(Membership.member_id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            Membership.unit_id.in_(select(UnitPath.below_id).where(UnitPath.above_id == unit.id)),
            Membership.unit_id.in_(select(UnitPath.below_id).where(UnitPath.above_id == quiz.unit_id)),
            holds_on(local_date(now, house.zone)),
            Member.test.is_(False),
        )
        .distinct()
        .cte("reached")
    )
    handed_in = (
        select(func.count(Attempt.member_id.distinct()))
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.state == AttemptState.CLOSED,
            Attempt.preview.is_(False),
            Attempt.member_id.in_(select(reached.c.member_id)),
        )
        .scalar_subquery()
    )
    row = db.session.execute(select(select(func.count()).select_from(reached).scalar_subquery(), handed_in)).one()
    return int(row[0]), int(row[1])
