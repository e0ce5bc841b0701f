"""What an attempt earns, and what is taken back when its result changes: entries and reversals, never an edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from learnhub.audit.trail import Actor
from learnhub.journeys import study_lesson
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.points import events, gathered, ledger
from learnhub.points.models import LedgerEntry
from learnhub.quizzes import attempts, series
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.overdue import Ended


def reward(attempt: Attempt, now: datetime) -> None:
    """What a closed attempt earns. Events are named after quiz and number, so that nothing is paid twice; an attempt
    that was opened again and is closed again is paid anew, since the first payment was taken back."""
    if attempt.preview or attempt.submitted_at is None or attempt.state != AttemptState.CLOSED:
        return
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    events.happened(
        attempt.member_id,
        "quiz_handed_in",
        _handing_in(attempt) + (f":again:{attempt.reopened}" if attempt.reopened else ""),
        occurred_at=attempt.submitted_at,
        now=now,
        reason=_("Quiz handed in: %(quiz)s", quiz=quiz.title),
    )
    if attempt.passed:
        reward_passing(attempt, quiz, now, again=_again(attempt))


def reward_many(closed: Sequence[Ended], now: datetime) -> None:
    """The same for attempts that were closed together. What was opened again, and lessons, are seen to one by one."""
    counted = [one for one in closed if not one.row.preview]
    quizzes = {
        quiz.id: quiz
        for quiz in db.session.execute(
            select(Quiz.id, Quiz.title, Quiz.lesson_id, Quiz.series).where(
                Quiz.id.in_({one.row.quiz_id for one in counted})
            )
        )
    }
    plain = [one for one in counted if not one.row.reopened]
    before = gathered.happened([event for one in plain for event in _events(one, quizzes[one.row.quiz_id])], now)
    taken_back = _with_reversals({member_id for member_id, event, _source in before if event == "quiz_passed"})
    for one in plain:
        lesson_id = quizzes[one.row.quiz_id].lesson_id
        if one.marked.passed and lesson_id is not None:
            study_lesson.complete_by_quiz(one.row.member_id, lesson_id, now)
    for one in counted:
        if one.row.reopened or one.row.member_id in taken_back:
            reward(attempts.find(*one.key), now)


def _events(one: Ended, quiz: Any) -> Iterator[gathered.Event]:
    member_id, at = one.row.member_id, one.submitted_at
    handed_in = _("Quiz handed in: %(quiz)s", quiz=quiz.title)
    yield gathered.Event(member_id, "quiz_handed_in", _handing_in(one.row), at, handed_in)
    if one.marked.passed:
        yield gathered.Event(
            member_id, "quiz_passed", _passing(one.row, quiz), at, _("Quiz passed: %(quiz)s", quiz=quiz.title)
        )


def reward_passing(attempt: Attempt, quiz: Quiz, now: datetime, *, again: str) -> None:
    """What passing earns, once for each quiz (of a daily or weekly set: for each day or week).

    `again` names the pass that is paid if what was paid before was taken back.
    """
    source = _passing(attempt, quiz)
    if _pay_passing(attempt, quiz, source, now).repeated and not _paid(attempt, "quiz_passed", source):
        _pay_passing(attempt, quiz, source + again, now)
    if quiz.lesson_id is not None:
        study_lesson.complete_by_quiz(attempt.member_id, quiz.lesson_id, now)


def _pay_passing(attempt: Attempt, quiz: Quiz, source: str, now: datetime) -> events.Outcome:
    assert attempt.submitted_at is not None
    reason = _("Quiz passed: %(quiz)s", quiz=quiz.title)
    return events.happened(
        attempt.member_id, "quiz_passed", source, occurred_at=attempt.submitted_at, now=now, reason=reason
    )


def take_back_passing(actor: Actor, attempt: Attempt, quiz: Quiz, why: Message, now: datetime) -> None:
    """Take back what passing paid, unless another attempt passed. A lesson that the pass completed stays so."""
    if not _passed_otherwise(attempt, quiz):
        _reverse(actor, _paid(attempt, "quiz_passed", _passing(attempt, quiz)), why, now)


def take_back(actor: Actor, attempt: Attempt, passed: bool, now: datetime) -> None:
    """Take back what a closed attempt earned, since it is open again; `passed` is what it had been."""
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    why = _("“%(quiz)s” was opened again: there is more time", quiz=quiz.title)
    _reverse(actor, _paid(attempt, "quiz_handed_in", _handing_in(attempt)), why, now)
    if passed:
        take_back_passing(actor, attempt, quiz, why, now)


def _handing_in(attempt: Any) -> str:
    return f"quiz:{attempt.quiz_id}:attempt:{attempt.number}"


def _passing(attempt: Any, quiz: Any) -> str:
    """Names the pass that is paid: one for each quiz, of a daily or weekly set one for each day or week."""
    period = series.period_of(quiz, attempt.started_at)
    return f"quiz:{quiz.id}:{period.key}" if period is not None else f"quiz:{quiz.id}"


def _again(attempt: Attempt) -> str:
    """Names what an attempt is paid if the first payment was taken back."""
    return f":again:{attempt.id}:{attempt.reopened}"


def _with_reversals(member_ids: set[int]) -> set[int]:
    """Those of these members from whom something was taken back; no statement for nobody."""
    if not member_ids:
        return set()
    reversals = LedgerEntry.reverses.is_not(None) & LedgerEntry.member_id.in_(member_ids)
    return set(db.session.scalars(select(LedgerEntry.member_id).where(reversals)))


def _paid(attempt: Attempt, event: str, source: str) -> list[int]:
    """The entries that pay for an event and stand: the first payment or one that followed a reversal."""
    reversal = aliased(LedgerEntry)
    rows = db.session.execute(
        select(LedgerEntry.id, reversal.id)
        .outerjoin(reversal, (reversal.reverses == LedgerEntry.id) & (reversal.member_id == LedgerEntry.member_id))
        .where(
            LedgerEntry.member_id == attempt.member_id,
            LedgerEntry.kind == event,
            or_(
                LedgerEntry.source_id == source,
                LedgerEntry.source_id.startswith(f"{source}:mark:", autoescape=True),
                LedgerEntry.source_id.startswith(f"{source}:again:", autoescape=True),
            ),
        )
    ).all()
    return [entry for entry, taken_back in rows if taken_back is None]


def _passed_otherwise(attempt: Attempt, quiz: Quiz) -> bool:
    others = select(Attempt).where(
        Attempt.member_id == attempt.member_id,
        Attempt.quiz_id == attempt.quiz_id,
        Attempt.id != attempt.id,
        Attempt.state == AttemptState.CLOSED,
        Attempt.preview.is_(False),
        Attempt.passed.is_(True),
    )
    return bool(series.current(quiz, db.session.scalars(others).all(), attempt.started_at))


def _reverse(actor: Actor, entries: list[int], why: Message, now: datetime) -> None:
    for entry_id in entries:
        ledger.reverse(actor, entry_id, reader(house.default_locale)(why), now)
