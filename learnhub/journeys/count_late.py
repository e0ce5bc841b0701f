"""A late answer counts after all, or not any more: the marks, the points that hang on them, and word to the member."""

from __future__ import annotations

from datetime import datetime

from learnhub.audit.trail import Actor, record
from learnhub.journeys import quiz_rewards
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.words import _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.quizzes.conduct import late
from learnhub.quizzes.conduct.models import LateAct, LateDecision
from learnhub.quizzes.models import Attempt, Quiz

ACTS = {LateAct.COUNTED: "answer.late_counted", LateAct.TAKEN_BACK: "answer.late_taken_back"}


def decide(
    actor: Actor, attempt: Attempt, version_id: int, act: LateAct, reason: str, seen: int, now: datetime
) -> LateDecision:
    """Decide about a late answer; errors as in `late.decide`. The caller has found the attempt in the marker's reach.

    A pass that comes by it is paid, one that goes by it is taken back (unless another attempt passed), also while the
    answer waits for a person's mark. A lesson that the pass completed stays so.
    """
    if actor.id is None or actor.id == attempt.member_id:
        raise NotAllowed(_("Nobody marks their own answers."))
    had_passed = bool(attempt.passed)
    made = late.decide(attempt, version_id, act, reason, seen, actor.id, now)
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    record(
        actor,
        ACTS[act],
        "attempt",
        attempt.id,
        now,
        unit_id=attempt.unit_id,
        slot=made.slot,
        quiz=quiz.title,
        reason=made.reason,
    )
    if attempt.passed:
        quiz_rewards.reward_passing(attempt, quiz, now, again=f":mark:{made.id}")
    elif had_passed:
        why = _("The marks of “%(quiz)s” were changed", quiz=quiz.title)
        quiz_rewards.take_back_passing(actor, attempt, quiz, why, now)
    _tell(attempt, quiz, made, now)
    return made


def _tell(attempt: Attempt, quiz: Quiz, made: LateDecision, now: datetime) -> None:
    """Word to the member; their page says as much of the marks as they may see."""
    slot, reason = made.slot, made.reason
    if made.act == LateAct.COUNTED:
        text = _("Your late answer to question %(slot)s counts. The reason: %(reason)s", slot=slot, reason=reason)
    else:
        text = _(
            "Your late answer to question %(slot)s does not count. The reason: %(reason)s", slot=slot, reason=reason
        )
    outbox.send(
        [attempt.member_id],
        source=f"late:{attempt.id}:{made.id}",
        kind=Kind.MESSAGE,
        title=_("Marks changed: %(quiz)s", quiz=quiz.title),
        text=text,
        now=now,
        path=f"/attempts/{attempt.id}/review",
        unit_id=attempt.unit_id,
    )
