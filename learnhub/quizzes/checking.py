"""Checking an answer during an attempt, by the server: the answer that it holds, not one that comes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.words import _
from learnhub.quizzes import attempts, pace, papers, tries
from learnhub.quizzes.deadlines import takes_saves
from learnhub.quizzes.models import Answer, Attempt, AttemptState
from learnhub.quizzes.tries import TRY, Behaviour
from question_bank.kinds import Correctness

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
ANSWER: Table = Answer.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Checked:
    """What a check found: the try's number, its mark in thousandths, and how right the answer is.

    `fixed`: the answer stands from now on. `ends`: with it the whole attempt is over.
    """

    slot: int
    number: int
    mark: int
    correctness: str
    fixed: bool
    ends: bool = False


def check(member_id: int, attempt_id: int, slot: int, now: datetime) -> Checked:
    """Mark the answer that the server holds in a slot, and note the try.

    The same answer again is the same try, and what stands gives its last check again: a double click costs nothing.
    Refused for a blank, for what a person marks, and where the quiz marks at the end; Conflict with `code="closed"`
    after the end. The first statement takes the row, so that no save comes between.
    """
    mine = (ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)
    row = db.session.execute(
        update(ATTEMPT)
        .where(*mine, ATTEMPT.c.state == AttemptState.OPEN.value)
        .values(saves=ATTEMPT.c.saves)
        .returning(ATTEMPT.c.deadline, *pace.HERE)
    ).one_or_none()
    if row is None or not takes_saves(now, row.deadline, papers.grace_of(row.layout)):
        attempts.find(member_id, attempt_id)
        raise Conflict(_("This attempt is over; answers are no longer taken."), code="closed")
    asked = papers.slot_of(row.layout, slot)
    if tries.behaviour(row.layout) == Behaviour.AT_END:
        raise Refused(_("This quiz is marked after it is handed in."))
    made = tries.of_attempt(member_id, attempt_id).get(slot, [])
    if slot in row.fixed and made:
        return _again(row, made[-1])
    pace.require_here(row, slot, now, papers.grace_of(row.layout))
    key = {"member_id": member_id, "attempt_id": attempt_id, "slot": slot}
    answer = db.session.execute(select(ANSWER).filter_by(**key)).one_or_none()
    if answer is None or not answer.response:
        raise Refused(_("Answer question %(n)s first.", n=slot))
    if made and made[-1].revision == answer.revision:
        return _again(row, made[-1])
    return _note(row, key, asked, answer, len(made) + 1, now)


def _note(row: Any, key: dict[str, int], slot: papers.Slot, answer: Any, number: int, now: datetime) -> Checked:
    question = papers.asked(slot.version_id)
    outcome = question.kind.mark(question.content, answer.response, row.layout.get("marking", "all_or_nothing"))
    if outcome.correctness == Correctness.BY_HAND:
        raise Refused(_("A person marks this question after you hand in."))
    mark = tries.worth(row.layout, outcome.fraction, slot.mark, number)
    correctness = outcome.correctness.value
    more = {"number": number, "revision": answer.revision, "mark": mark, "correctness": correctness, "at": now}
    db.session.execute(insert(TRY), {**key, **more})
    fixed = correctness == Correctness.RIGHT or number >= tries.allowed(row.layout)
    if fixed:
        mine = (ATTEMPT.c.member_id == key["member_id"], ATTEMPT.c.id == key["attempt_id"])
        db.session.execute(update(ATTEMPT).where(*mine).values(fixed=sorted({*row.fixed, slot.number})))
    return Checked(slot.number, number, mark, correctness, fixed, _ends(row, slot.number, correctness))


def _ends(row: Any, slot: int, correctness: str) -> bool:
    """A challenge is over with the first answer that is not right, and with the last question."""
    if tries.behaviour(row.layout) != Behaviour.CHALLENGE:
        return False
    return correctness != Correctness.RIGHT or slot == len(row.layout["slots"])


def _again(row: Any, last: Any) -> Checked:
    return Checked(last.slot, last.number, last.mark, last.correctness, last.slot in row.fixed)
