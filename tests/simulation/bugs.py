"""Planted bugs: a core with one mistake each, as other platforms have made them. The simulation must find every one."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any
from unittest.mock import patch

from sqlalchemy import bindparam, select, update

from learnhub.journeys import quiz_rewards, submit_quiz
from learnhub.kernel import lean
from learnhub.kernel.db import db
from learnhub.kernel.words import _
from learnhub.points import events
from learnhub.quizzes import answers, closing, papers
from learnhub.quizzes.deadlines import takes_saves
from learnhub.quizzes.models import Attempt, AttemptState
from tests.simulation.world import Core

ATTEMPT = answers.ATTEMPT


_LOOK = lean.Statement(
    select(*(ATTEMPT.c[name] for name in (*answers.Held._fields, "closed_at"))).where(
        ATTEMPT.c.member_id == bindparam("of_member"), ATTEMPT.c.id == bindparam("of_attempt")
    )
)


def _check_then_write(member_id: int, attempt_id: int, *rest: Any) -> Any:
    """Whether the attempt is open is asked when the packet arrives, by its stamp; then it is written."""

    def looked_at_before(lines: Any, member_id: int, attempt_id: int, _count: int, now: datetime) -> Any:
        *row, closed_at = lines.one(_LOOK, of_member=member_id, of_attempt=attempt_id)
        held = answers.Held(*row)
        was_open = closed_at is None or closed_at > now
        if not was_open or not takes_saves(now, held.deadline, papers.grace_of(held.layout)):
            raise answers._Over
        return held

    with patch.object(answers, "_touch", looked_at_before):
        return answers.save(member_id, attempt_id, *rest)


def _no_sequence(*saved: Any) -> Any:
    """Whatever comes last is written."""
    blind = lean.Statement(lambda dialect: answers._upsert(dialect, lambda _new: bindparam("base") > -1))
    with patch.object(answers, "_PUT", blind):
        return answers.save(*saved)


_numbers = itertools.count()


def _no_key(member_id: int, attempt_id: int, now: datetime) -> Any:
    """Each time that handing in is called it is paid, under a name of its own."""
    receipt = submit_quiz.hand_in(member_id, attempt_id, now)
    attempt = db.session.get_one(Attempt, (member_id, attempt_id))
    source = f"{quiz_rewards._handing_in(attempt)}:call:{next(_numbers)}"
    reason = _("Quiz handed in: %(quiz)s", quiz="")
    events.happened(member_id, "quiz_handed_in", source, occurred_at=now, now=now, reason=reason)
    return receipt


def _no_compare_and_set(member_id: int, attempt_id: int, now: datetime) -> Any:
    """Closing does not ask whether the attempt is open: it closes and marks once more."""
    attempt = db.session.get_one(Attempt, (member_id, attempt_id), populate_existing=True)
    if attempt.state == AttemptState.CLOSED:
        db.session.execute(
            update(ATTEMPT)
            .where(ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)
            .values(state=AttemptState.OPEN.value)
        )
    return submit_quiz.hand_in(member_id, attempt_id, now)


def _sweepers_clock(now: datetime) -> Any:
    """What the sweeper closes is submitted when the sweeper came."""
    with patch.object(closing, "ended_at", lambda at, deadline: at):
        return submit_quiz.close_overdue(now)


PLANTED = {
    "check then write": Core(save=_check_then_write),
    "no sequence": Core(save=_no_sequence),
    "no idempotency key": Core(hand_in=_no_key),
    "no compare and set at the close": Core(hand_in=_no_compare_and_set),
    "the sweeper's clock": Core(sweep=_sweepers_clock),
}
