"""What an attempt earns, and what is taken back when its result changes: entries and reversals, never an edit.

What passing earns waits until the review rules show the member the mark: points on a page or a board would tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from learnhub.audit.trail import Actor
from learnhub.journeys import study_lesson
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db, reading, unit_of_work
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.points import events, gathered, ledger
from learnhub.points.models import LedgerEntry
from learnhub.quizzes import attempts, held_passes, series
from learnhub.quizzes.held_passes import HeldPass
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
    ids = {one.row.quiz_id for one in counted}
    quizzes = {quiz.id: quiz for quiz in db.session.scalars(select(Quiz).where(Quiz.id.in_(ids)))}
    plain = [one for one in counted if not one.row.reopened]
    told = {one.key for one in plain if one.marked.passed and not _waits(one, quizzes[one.row.quiz_id], now)}
    events_of = [event for one in plain for event in _events(one, quizzes[one.row.quiz_id], one.key in told)]
    before = gathered.happened(events_of, now)
    held_passes.hold(one.row for one in plain if one.marked.passed and one.key not in told)
    taken_back = _with_reversals({member_id for member_id, event, _source in before if event == "quiz_passed"})
    for one in plain:
        lesson_id = quizzes[one.row.quiz_id].lesson_id
        if one.key in told and lesson_id is not None:
            study_lesson.complete_by_quiz(one.row.member_id, lesson_id, now)
    for one in counted:
        if one.row.reopened or one.row.member_id in taken_back:
            reward(attempts.find(*one.key), now)


def _waits(one: Ended, quiz: Quiz, now: datetime) -> bool:
    return held_passes.waits(quiz, one.row, one.submitted_at, now)


def _events(one: Ended, quiz: Quiz, told: bool) -> Iterator[gathered.Event]:
    member_id, at = one.row.member_id, one.submitted_at
    handed_in = _("Quiz handed in: %(quiz)s", quiz=quiz.title)
    yield gathered.Event(member_id, "quiz_handed_in", _handing_in(one.row), at, handed_in)
    if told:
        yield _passed(one.row, quiz, at)


def _passed(attempt: Any, quiz: Quiz, at: datetime) -> gathered.Event:
    reason = _("Quiz passed: %(quiz)s", quiz=quiz.title)
    return gathered.Event(attempt.member_id, "quiz_passed", _passing(attempt, quiz), at, reason)


def reward_passing(attempt: Attempt, quiz: Quiz, now: datetime, *, again: str) -> None:
    """What passing earns, once for each quiz (of a daily or weekly set: for each day or week), or that it waits.

    `again` names the pass that is paid if what was paid before was taken back.
    """
    assert attempt.submitted_at is not None
    if held_passes.waits(quiz, attempt, attempt.submitted_at, now):
        held_passes.hold([attempt])
        return
    source = _passing(attempt, quiz)
    if _pay_passing(attempt, quiz, source, now).repeated and not _paid(attempt, "quiz_passed", source):
        _pay_passing(attempt, quiz, source + again, now)
    if quiz.lesson_id is not None:
        study_lesson.complete_by_quiz(attempt.member_id, quiz.lesson_id, now)


def pay_held(now: datetime, between: Callable[[], object] = lambda: None) -> int:
    """Pay the passes whose marks their members may see now, in batches with a transaction each; how many there were.

    `between` is called after each batch: where there is one writer at a time, the clock lets others write then.
    """
    count = 0
    for quiz_id in _looked(held_passes.quizzes, now):
        last = (0, 0)
        while keys := _looked(held_passes.page, quiz_id, last):
            last = keys[-1]
            with unit_of_work():
                taken = held_passes.take(keys, now)
                _pay_taken(taken, now)
            count += len(taken)
            between()
    return count


def _looked(look: Callable[..., list[Any]], *args: Any) -> list[Any]:
    """What a look finds, in a reading that is over before anything is written."""
    db.session.rollback()
    with reading():
        found = look(*args)
        db.session.rollback()
    return found


def _pay_taken(taken: Sequence[tuple[HeldPass, Attempt]], now: datetime) -> None:
    passed = [_passed(attempt, attempt.quiz, attempt.submitted_at) for _held, attempt in taken if attempt.submitted_at]
    before = gathered.happened(passed, now)
    for held, attempt in taken:
        if (attempt.member_id, "quiz_passed", _passing(attempt, attempt.quiz)) in before:
            reward_passing(attempt, attempt.quiz, now, again=f":again:{held.id}")
        elif attempt.quiz.lesson_id is not None:
            study_lesson.complete_by_quiz(attempt.member_id, attempt.quiz.lesson_id, now)


def _pay_passing(attempt: Attempt, quiz: Quiz, source: str, now: datetime) -> events.Outcome:
    assert attempt.submitted_at is not None
    reason = _("Quiz passed: %(quiz)s", quiz=quiz.title)
    return events.happened(
        attempt.member_id, "quiz_passed", source, occurred_at=attempt.submitted_at, now=now, reason=reason
    )


def take_back_passing(actor: Actor, attempt: Attempt, quiz: Quiz, why: Message, now: datetime) -> None:
    """Take back what passing paid, unless another attempt passed. A lesson that the pass completed stays so."""
    held_passes.drop(attempt.member_id, attempt.id)
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
