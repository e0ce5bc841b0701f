"""Passes whose marks their members may not see yet: what they earn waits with the marks, for points would tell.

The row is written in the transaction that closes the attempt, and goes in the one that pays: a clock that stops in
between loses nothing, and one that runs twice pays once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Table, delete, select, tuple_
from sqlalchemy.orm import Mapped, contains_eager, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.db import BigInt, Model, db
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import locked, upsert
from learnhub.quizzes import attempts, review
from learnhub.quizzes.models import Attempt, AttemptState, Quiz

BATCH = 100
"""Passes paid in one transaction."""

Key = tuple[int, int]
"""(member id, attempt id)."""


class HeldPass(Model):
    """An attempt that was passed and waits to be paid; gone when it is, or when it is not passed any more."""

    __tablename__ = "held_pass"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    id: Mapped[int] = mapped_column(BigInt, default=new_id)
    """Names the payment, should an earlier one have been taken back."""

    __table_args__ = (
        ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),
        Index("ix_held_pass_quiz_id", "quiz_id", "member_id", "attempt_id"),
    )


HELD: Table = HeldPass.__table__  # type: ignore[assignment]


def waits(quiz: Quiz, attempt: Any, submitted_at: datetime, now: datetime) -> bool:
    """Whether the mark of an attempt is shown later than now; `attempt` is anything with its `started_at`."""
    shown_at = review.marks_shown_at(quiz, attempt, submitted_at)
    return shown_at is not None and shown_at > now


def hold(passed: Iterable[Any]) -> None:
    """Let the passes of these attempts (anything with `member_id`, `id` and `quiz_id`) wait; one statement, or none."""
    rows = [{"member_id": one.member_id, "attempt_id": one.id, "quiz_id": one.quiz_id} for one in passed]
    if rows:
        values = [{**row, "id": new_id()} for row in rows]
        db.session.execute(upsert(HELD).values(values).on_conflict_do_nothing())


def drop(member_id: int, attempt_id: int) -> None:
    """An attempt is not passed any more: nothing waits."""
    db.session.execute(delete(HELD).where(HELD.c.member_id == member_id, HELD.c.attempt_id == attempt_id))


def quizzes(now: datetime) -> list[int]:
    """The quizzes of which a pass may have come due: not those that show no mark before a close yet to come."""
    found = db.session.scalars(select(Quiz).where(Quiz.id.in_(select(HELD.c.quiz_id).distinct())).order_by(Quiz.id))
    return [quiz.id for quiz in found if review.may_show_marks(quiz, now)]


def page(quiz_id: int, last: Key) -> list[Key]:
    """The next passes of a quiz that wait, after the last of the page before; (0, 0) for the first page."""
    key = tuple_(HELD.c.member_id, HELD.c.attempt_id)
    query = select(HELD.c.member_id, HELD.c.attempt_id).where(HELD.c.quiz_id == quiz_id, key > tuple_(*last))
    ordered = query.order_by(HELD.c.member_id, HELD.c.attempt_id).limit(BATCH)
    return [(row.member_id, row.attempt_id) for row in db.session.execute(ordered)]


def take(keys: Sequence[Key], now: datetime) -> list[tuple[HeldPass, Attempt]]:
    """Take those of these passes whose marks are shown now out of the waiting, each with its attempt and its quiz.

    They are locked before the attempts are read, so a mark that is changed meanwhile wins or loses whole.
    """
    mine = tuple_(HELD.c.member_id, HELD.c.attempt_id).in_(keys)
    held = {
        (one.member_id, one.attempt_id): one
        for one in db.session.scalars(locked(select(HeldPass).where(mine).order_by(HELD.c.member_id)))
    }
    made = db.session.scalars(
        select(Attempt)
        .join(Attempt.quiz)
        .options(*attempts.LIGHT, contains_eager(Attempt.quiz))
        .where(tuple_(Attempt.member_id, Attempt.id).in_(list(held)))
        .order_by(Attempt.member_id, Attempt.id)
        .execution_options(populate_existing=True)
    )
    due = [one for one in made if _is_over(one, now)]
    if due:
        gone = tuple_(HELD.c.member_id, HELD.c.attempt_id).in_([(one.member_id, one.id) for one in due])
        db.session.execute(delete(HELD).where(gone))
    return [(held[one.member_id, one.id], one) for one in due if one.passed and one.state == AttemptState.CLOSED]


def _is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether an attempt has nothing to wait for: its mark is shown, or it is not passed after all."""
    if not attempt.passed or attempt.submitted_at is None:
        return True
    return not waits(attempt.quiz, attempt, attempt.submitted_at, now)
