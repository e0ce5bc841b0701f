"""Who sits a quiz right now: the open attempts of members of some units, as instructors and secretaries watch them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.quizzes.models import Answer, Attempt, AttemptState, Quiz


@dataclass(frozen=True)
class Sitter:
    """A member who sits a quiz: their attempt, where they belong, and how many answers the server holds of how many."""

    attempt: Attempt
    member: Member
    unit: Unit
    quiz: Quiz
    answered: int

    @property
    def questions(self) -> int:
        """The places on the paper."""
        return len(self.attempt.layout["slots"])


ANSWERED = (
    select(func.count())
    .select_from(Answer)
    .where(Answer.member_id == Attempt.member_id, Answer.attempt_id == Attempt.id)
    .correlate(Attempt)
    .scalar_subquery()
)

ORDERS: dict[str, ColumnElement[Any]] = {
    "name": Member.name.expression,
    "number": Member.number.expression,
    "unit": Unit.code.expression,
    "quiz": Quiz.title.expression,
    "started": Attempt.started_at.expression,
    "deadline": Attempt.deadline.expression,
    "answered": ANSWERED,
    "saved": Attempt.last_saved_at.expression,
}
"""What the table can be ordered by; equals follow by name."""


def _open(query: Select[Any], unit_ids: Select[int], quiz: Quiz | None) -> Select[Any]:
    query = query.where(Attempt.state == AttemptState.OPEN, Attempt.preview.is_(False), Attempt.unit_id.in_(unit_ids))
    return query.where(Attempt.quiz_id == quiz.id) if quiz is not None else query


def count(unit_ids: Select[int], quiz: Quiz | None = None) -> int:
    """How many sit now."""
    return db.session.scalar(_open(select(func.count()).select_from(Attempt), unit_ids, quiz)) or 0


def sitters(
    unit_ids: Select[int],
    quiz: Quiz | None = None,
    *,
    order: str = "deadline",
    down: bool = False,
    before: int = 0,
    limit: int = 50,
) -> list[Sitter]:
    """Those who sit now, by one of ORDERS; one statement. `before` is how many stand on the pages before."""
    by = ORDERS[order]
    query = (
        select(Attempt, Member, Unit, Quiz, ANSWERED)
        .join(Member, Member.id == Attempt.member_id)
        .join(Unit, Unit.id == Attempt.unit_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .order_by(by.is_(None), by.desc() if down else by.asc(), Member.name, Attempt.id)
    )
    rows = db.session.execute(_open(query, unit_ids, quiz).offset(before).limit(limit))
    return [Sitter(attempt, member, unit, of, int(answered)) for attempt, member, unit, of, answered in rows]


def one(unit_ids: Select[int], quiz: Quiz | None, attempt_id: int) -> Attempt:
    """An open attempt of these units by its id; NotFound otherwise."""
    attempt: Attempt | None = db.session.scalar(_open(select(Attempt), unit_ids, quiz).where(Attempt.id == attempt_id))
    if attempt is None:
        raise NotFound(_("This attempt is not open any more, or not in your reach."))
    return attempt


def quizzes_sat(unit_ids: Select[int]) -> list[Quiz]:
    """The quizzes that somebody of these units sits now."""
    sat = _open(select(Attempt.quiz_id), unit_ids, None)
    return list(db.session.scalars(select(Quiz).where(Quiz.id.in_(sat)).order_by(Quiz.title, Quiz.id)))
