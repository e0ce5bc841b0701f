"""Finding quizzes: those that reach a member, and those that an author may change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Mapped

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import LEARNING, Scope
from learnhub.quizzes import windows
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.windows import Window


@dataclass(frozen=True)
class Offered:
    """A quiz that reaches a member, when it is open for them, and the attempts made so far (previews left out)."""

    quiz: Quiz
    attempts: Sequence[Attempt]
    window: Window

    @property
    def open_attempt(self) -> Attempt | None:
        """The attempt that waits to be gone on with."""
        return next((one for one in self.attempts if one.state == AttemptState.OPEN), None)


def offered(scope: Scope) -> list[Offered]:
    """The published quizzes that reach a member, those that close first in front; three statements."""
    quizzes = list(
        db.session.scalars(
            select(Quiz)
            .where(Quiz.published, Quiz.unit_id.in_(scope.unit_ids(Permission.LEARN)))
            .order_by(Quiz.closes_at.is_(None), Quiz.closes_at, Quiz.created_at, Quiz.id)
        )
    )
    made: dict[int, list[Attempt]] = {}
    for attempt in db.session.scalars(
        select(Attempt)
        .where(
            Attempt.member_id == scope.member_id,
            Attempt.quiz_id.in_([quiz.id for quiz in quizzes]),
            Attempt.preview.is_(False),
        )
        .order_by(Attempt.number)
    ):
        made.setdefault(attempt.quiz_id, []).append(attempt)
    times = windows.for_member(quizzes, scope.member_id, scope.now)
    return [Offered(quiz, made.get(quiz.id, []), times[quiz.id]) for quiz in quizzes]


_BY_SLUG = select(Quiz).where(Quiz.slug == bindparam("slug"), Quiz.published, Quiz.unit_id.in_(LEARNING))
"""Each start asks for it: put together once."""


def find(scope: Scope, slug: str) -> Quiz:
    """The published quiz of that slug if it reaches the member; NotFound otherwise, as if there were none."""
    return _found(db.session.scalar(_BY_SLUG, {"slug": slug, **scope.where_learning}))


def find_by_id(scope: Scope, quiz_id: int) -> Quiz:
    """The published quiz of that id if it reaches the member; NotFound otherwise."""
    return _one(Quiz.id == quiz_id, Quiz.published, Quiz.unit_id.in_(scope.unit_ids(Permission.LEARN)))


def of_attempt(attempt: Attempt) -> Quiz:
    """The quiz of an attempt that was found through its member: it stays readable after a transfer."""
    return db.session.get_one(Quiz, attempt.quiz_id)


def authored(scope: Scope) -> list[Quiz]:
    """The quizzes that an author may change, newest first."""
    query = select(Quiz).where(Quiz.unit_id.in_(scope.unit_ids(Permission.AUTHOR)))
    return list(db.session.scalars(query.order_by(Quiz.created_at.desc(), Quiz.id.desc())))


def find_authored(scope: Scope, quiz_id: int) -> Quiz:
    """A quiz that the author may change; NotFound otherwise."""
    return _one(Quiz.id == quiz_id, Quiz.unit_id.in_(scope.unit_ids(Permission.AUTHOR)))


def _one(*conditions: ColumnElement[bool] | Mapped[bool]) -> Quiz:
    return _found(db.session.scalar(select(Quiz).where(*conditions)))


def _found(quiz: Quiz | None) -> Quiz:
    if quiz is None:
        raise NotFound(_("There is no such quiz in your reach."))
    return quiz


def of_lesson(lesson_id: int) -> list[Quiz]:
    """The published quizzes that a lesson shows."""
    query = select(Quiz).where(Quiz.lesson_id == lesson_id, Quiz.published)
    return list(db.session.scalars(query.order_by(Quiz.created_at, Quiz.id)))


def used_in(question_ids: Iterable[int]) -> dict[int, list[Quiz]]:
    """The quizzes with a fixed paper that ask these questions, by question. Drawn papers name no question."""
    wanted = set(question_ids)
    found: dict[int, list[Quiz]] = {}
    for quiz in db.session.scalars(select(Quiz).order_by(Quiz.title, Quiz.id)):
        for question_id in {int(one["id"]) for one in quiz.paper.get("questions", [])} & wanted:
            found.setdefault(question_id, []).append(quiz)
    return found
