"""An answer is marked by a person: the attempt's result, the points that hang on it, and word to the member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from learnhub.audit.trail import Actor, record
from learnhub.journeys import submit_quiz
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.points import ledger
from learnhub.points.models import LedgerEntry
from learnhub.quizzes import hand_marks
from learnhub.quizzes.hand_marks import Given
from learnhub.quizzes.models import Attempt, AttemptState, HandMark, Quiz


def mark(
    actor: Actor, attempt: Attempt, slot: int, given: Sequence[Given], comment: str, seen: int, now: datetime
) -> HandMark:
    """Mark an answer; errors as in `hand_marks.put`. The caller has found the attempt in the marker's reach.

    When nothing waits any more the attempt has its result: passing is paid as at any close. A changed mark that takes
    the pass away takes its points back, unless another attempt passed; a lesson that the pass completed stays so.
    """
    if actor.id is None or actor.id == attempt.member_id:
        raise NotAllowed(_("Nobody marks their own answers."))
    had_passed = bool(attempt.passed)
    was_waiting = attempt.waits > 0
    made = hand_marks.put(attempt, slot, given, comment, actor.id, seen, now)
    if seen:
        record(actor, "answer.marked_again", "attempt", attempt.id, now, unit_id=attempt.unit_id, slot=slot)
    if attempt.waits:
        return made
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    if attempt.passed:
        submit_quiz.reward_passing(attempt, quiz, now, again=_name_if_taken_back(attempt, quiz, made))
    elif had_passed and not _passed_otherwise(attempt):
        _take_back(actor, attempt, quiz, now)
    _tell(attempt, quiz, made, was_waiting, now)
    return made


def _paid(attempt: Attempt, quiz: Quiz) -> tuple[list[int], bool]:
    """The entries that pay for passing the quiz and stand, and whether there ever was one."""
    base = submit_quiz.passing_source(quiz)
    reversal = aliased(LedgerEntry)
    rows = db.session.execute(
        select(LedgerEntry.id, reversal.id)
        .outerjoin(reversal, (reversal.reverses == LedgerEntry.id) & (reversal.member_id == LedgerEntry.member_id))
        .where(
            LedgerEntry.member_id == attempt.member_id,
            LedgerEntry.kind == "quiz_passed",
            or_(LedgerEntry.source_id == base, LedgerEntry.source_id.startswith(f"{base}:mark:", autoescape=True)),
        )
    ).all()
    return [entry for entry, taken_back in rows if taken_back is None], bool(rows)


def _name_if_taken_back(attempt: Attempt, quiz: Quiz, made: HandMark) -> str:
    """The end of the source's name of a pass that is paid again because the first payment was taken back."""
    standing, was_paid = _paid(attempt, quiz)
    return f":mark:{made.id}" if was_paid and not standing else ""


def _passed_otherwise(attempt: Attempt) -> bool:
    others = select(Attempt.id).where(
        Attempt.member_id == attempt.member_id,
        Attempt.quiz_id == attempt.quiz_id,
        Attempt.id != attempt.id,
        Attempt.state == AttemptState.CLOSED,
        Attempt.preview.is_(False),
        Attempt.passed.is_(True),
    )
    return db.session.scalar(others.limit(1)) is not None


def _take_back(actor: Actor, attempt: Attempt, quiz: Quiz, now: datetime) -> None:
    why = reader(house.default_locale)(_("The marks of “%(quiz)s” were changed", quiz=quiz.title))
    for entry_id in _paid(attempt, quiz)[0]:
        ledger.reverse(actor, entry_id, why, now)


def _tell(attempt: Attempt, quiz: Quiz, made: HandMark, is_first: bool, now: datetime) -> None:
    """Word to the member that the marking is done, or that it was changed; the page says as much as they may see."""
    outbox.send(
        [attempt.member_id],
        source=f"marking:{attempt.id}:{made.id}",
        kind=Kind.MESSAGE,
        title=_("Marked: %(quiz)s", quiz=quiz.title) if is_first else _("Marks changed: %(quiz)s", quiz=quiz.title),
        text=_("Your instructor has marked your answers."),
        now=now,
        path=f"/attempts/{attempt.id}/review",
        unit_id=attempt.unit_id,
    )
