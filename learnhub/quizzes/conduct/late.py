"""Answers that came too late: which there are in a quiz, and a marker's decision that one counts after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.words import _
from learnhub.quizzes import answers, hand_marks, late_answers
from learnhub.quizzes.conduct.models import LateAct, LateDecision
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, AttemptState, Quiz

MOST = 500
"""Late answers of a quiz that are listed, the newest attempts first."""
LONGEST_REASON = 500
"""Characters."""


@dataclass(frozen=True)
class Late:
    """A late answer: whose, what counts in its place, and what was decided about it last."""

    attempt: Attempt
    member_name: str
    version: AnswerVersion
    held: dict[str, Any]
    """The response that counts now; empty for none."""
    revision: int
    """Of what counts now; 0 for nothing."""
    decision: LateDecision | None

    @property
    def counts(self) -> bool:
        """Whether it is this answer that counts now."""
        made = self.decision
        return made is not None and made.act == LateAct.COUNTED and made.revision == self.revision


def of_quiz(quiz: Quiz, unit_ids: Select[int], marker_id: int) -> list[Late]:
    """The late answers in closed attempts of members of these units; nobody's own. Three statements."""
    rows = db.session.execute(
        select(Attempt, Member.name, AnswerVersion)
        .join(Member, Member.id == Attempt.member_id)
        .join(
            AnswerVersion,
            (AnswerVersion.member_id == Attempt.member_id) & (AnswerVersion.attempt_id == Attempt.id),
        )
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.unit_id.in_(unit_ids),
            Attempt.state == AttemptState.CLOSED,
            Attempt.preview.is_(False),
            Attempt.member_id != marker_id,
            AnswerVersion.late.is_(True),
        )
        .order_by(Attempt.submitted_at.desc(), Attempt.id, AnswerVersion.slot, AnswerVersion.id)
        .limit(MOST)
    ).all()
    keys = {(attempt.member_id, attempt.id) for attempt, _name, _version in rows}
    held = {
        (one.attempt_id, one.slot): one
        for one in db.session.scalars(select(Answer).where(tuple_(Answer.member_id, Answer.attempt_id).in_(keys)))
    }
    decided = {one.version_id: one for one in decisions(list(keys))}
    found = []
    for attempt, name, version in rows:
        now = held.get((attempt.id, version.slot))
        response, revision = (now.response, now.revision) if now is not None else ({}, 0)
        found.append(Late(attempt, name, version, response, revision, decided.get(version.id)))
    return found


@dataclass(frozen=True)
class Told:
    """What the member reads of a late answer of theirs: whether it counts, and why if that was decided."""

    slot: int
    counts: bool
    reason: str = ""


def of_attempt(attempt: Attempt) -> list[Told]:
    """The late answers of an attempt as its member reads of them: one line for each question, in order."""
    late = select(AnswerVersion.slot).where(
        AnswerVersion.member_id == attempt.member_id,
        AnswerVersion.attempt_id == attempt.id,
        AnswerVersion.late.is_(True),
    )
    slots = sorted(set(db.session.scalars(late)))
    made = {one.slot: one for one in decisions([(attempt.member_id, attempt.id)])} if slots else {}
    return [
        Told(slot, made[slot].act == LateAct.COUNTED, made[slot].reason) if slot in made else Told(slot, False)
        for slot in slots
    ]


def decisions(keys: Sequence[tuple[int, int]]) -> list[LateDecision]:
    """What was decided in these attempts (member id, attempt id), in order."""
    query = select(LateDecision).where(tuple_(LateDecision.member_id, LateDecision.attempt_id).in_(list(keys)))
    return list(db.session.scalars(query.order_by(LateDecision.id)))


def decide(
    attempt: Attempt, version_id: int, act: LateAct, reason: str, seen: int, by: int, now: datetime
) -> LateDecision:
    """Let a late answer count, or what was there before it again; the attempt's marks follow.

    `seen` is the revision of the answer that the marker saw counting (0 for none): Conflict when another one counts
    now. Refused without a reason, while the attempt is open, or when it counts already (or does not).
    """
    attempt = hand_marks.lock(attempt)
    reason = " ".join(reason.replace("\0", "").split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(_("Give a reason, of at most %(n)s characters.", n=LONGEST_REASON))
    if attempt.state != AttemptState.CLOSED:
        raise Refused(_("This attempt is still open. It can be marked when it is handed in."))
    version = _find(attempt, version_id)
    held = answers.of_attempt(attempt.member_id, attempt.id).get(version.slot)
    revision = held.revision if held is not None else 0
    if revision != seen:
        raise Conflict(_("Somebody decided about this answer in the meantime. Look at it again."))
    made = [one for one in decisions([(attempt.member_id, attempt.id)]) if one.version_id == version_id]
    counts = bool(made) and made[-1].act == LateAct.COUNTED and made[-1].revision == revision
    if counts == (act is LateAct.COUNTED):
        raise Refused(_("This answer counts already.") if counts else _("This answer does not count."))
    source = version if act is LateAct.COUNTED else _before(attempt, version.slot, revision)
    line = LateDecision(
        member_id=attempt.member_id,
        attempt_id=attempt.id,
        slot=version.slot,
        version_id=version_id,
        act=act.value,
        revision=late_answers.put_in_place(
            attempt.member_id,
            attempt.id,
            version.slot,
            source.response if source is not None else {},
            sequence=max(version.sequence, held.sequence if held is not None else 0),
            saved_at=source.saved_at if source is not None else now,
            recorded_at=source.recorded_at if source is not None else None,
        ),
        reason=reason,
        decided_by=by,
        at=now,
    )
    db.session.add(line)
    db.session.flush()
    hand_marks.judge(attempt)
    return line


def _find(attempt: Attempt, version_id: int) -> AnswerVersion:
    found = db.session.scalar(
        select(AnswerVersion).where(
            AnswerVersion.member_id == attempt.member_id,
            AnswerVersion.attempt_id == attempt.id,
            AnswerVersion.id == version_id,
            AnswerVersion.late.is_(True),
        )
    )
    if found is None:
        raise NotFound(_("There is no such late answer."))
    return found


def _before(attempt: Attempt, slot: int, revision: int) -> AnswerVersion | None:
    """The answer that counted before the one of this revision; None for a blank."""
    return db.session.scalar(
        select(AnswerVersion).where(
            AnswerVersion.member_id == attempt.member_id,
            AnswerVersion.attempt_id == attempt.id,
            AnswerVersion.slot == slot,
            AnswerVersion.revision == revision - 1,
            AnswerVersion.late.is_(False),
        )
    )
