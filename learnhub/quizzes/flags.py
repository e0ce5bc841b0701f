"""Flags on questions of an open attempt: what a member wants to look at again before handing in."""

from __future__ import annotations

from sqlalchemy import Table, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict
from learnhub.kernel.words import _
from learnhub.quizzes import attempts, papers
from learnhub.quizzes.models import Attempt, AttemptState

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]


def put(member_id: int, attempt_id: int, slot: int, flagged: bool) -> list[int]:
    """Flag a question or take its flag away; the numbers of all that are flagged, in order.

    NotFound for another's attempt or a question that is not on the paper, Conflict with `code="closed"` after the end.
    The first statement takes the row, so that two windows flag one after another.
    """
    mine = (ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)
    row = db.session.execute(
        update(ATTEMPT)
        .where(*mine, ATTEMPT.c.state == AttemptState.OPEN.value)
        .values(saves=ATTEMPT.c.saves)
        .returning(ATTEMPT.c.layout, ATTEMPT.c.flags)
    ).one_or_none()
    if row is None:
        attempts.find(member_id, attempt_id)
        raise Conflict(_("This attempt is over; answers are no longer taken."), code="closed")
    papers.slot_of(row.layout, slot)
    flags = sorted({*row.flags, slot} if flagged else {*row.flags} - {slot})
    db.session.execute(update(ATTEMPT).where(*mine).values(flags=flags))
    return flags
