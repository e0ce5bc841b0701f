"""An answer is marked by a person: the attempt's result, the points that hang on it, and word to the member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from learnhub.audit.trail import Actor, record
from learnhub.journeys import quiz_rewards
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.words import _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.quizzes import hand_marks
from learnhub.quizzes.hand_marks import Given
from learnhub.quizzes.models import Attempt, HandMark, Quiz


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
        quiz_rewards.reward_passing(attempt, quiz, now, again=f":mark:{made.id}")
    elif had_passed:
        why = _("The marks of “%(quiz)s” were changed", quiz=quiz.title)
        quiz_rewards.take_back_passing(actor, attempt, quiz, why, now)
    _tell(attempt, quiz, made, was_waiting, now)
    return made


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
