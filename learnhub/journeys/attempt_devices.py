"""One device at a time: another one is refused and the member told; an invigilator lets the next one in."""

from __future__ import annotations

from datetime import datetime

from learnhub.audit.trail import Actor, record
from learnhub.kernel.db import db
from learnhub.kernel.words import _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.quizzes.conduct import doors
from learnhub.quizzes.conduct.doors import Door
from learnhub.quizzes.models import Attempt, Quiz


def refuse(actor: Actor, door: Door, says: str, now: datetime) -> None:
    """Refuse a device that does not hold the attempt: kept in the trail, and told to the member, once a minute."""
    if not doors.refuse(door, says, now):
        return
    attempt = db.session.get_one(Attempt, (door.member_id, door.attempt_id))
    quiz = db.session.get_one(Quiz, door.quiz_id)
    record(
        actor, "attempt.device_refused", "attempt", attempt.id, now, unit_id=attempt.unit_id, quiz=quiz.title, name=says
    )
    outbox.send(
        [door.member_id],
        source=f"device:{attempt.id}:{now.isoformat()}",
        kind=Kind.MESSAGE,
        title=_("Another device was refused: %(quiz)s", quiz=quiz.title),
        text=_("It tried to open your attempt. If that was not you, tell your invigilator."),
        now=now,
        path=f"/attempts/{attempt.id}",
        unit_id=attempt.unit_id,
    )


def release(actor: Actor, attempt: Attempt, now: datetime) -> bool:
    """Let the next device in. The caller has found the attempt in the invigilator's reach. False if none held it."""
    if not doors.release(attempt):
        return False
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    record(
        actor,
        "attempt.device_released",
        "attempt",
        attempt.id,
        now,
        unit_id=attempt.unit_id,
        quiz=quiz.title,
        member=str(attempt.member_id),
    )
    return True
