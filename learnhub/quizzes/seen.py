"""Which questions members have had before them lately: what drawn and assembled papers leave out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from learnhub.kernel.db import db
from learnhub.quizzes.models import Attempt, Quiz


def questions(member_ids: Iterable[int], since: datetime) -> dict[int, frozenset[int]]:
    """Ids of the questions that stood on the papers each of these members started since then; one statement.

    A paper that was drawn and that nobody began was seen by nobody.
    """
    found: dict[int, set[int]] = {member_id: set() for member_id in member_ids}
    rows = db.session.execute(
        select(Attempt.member_id, Attempt.layout).where(
            Attempt.member_id.in_(list(found)), Attempt.started_at >= since, Attempt.preview.is_(False)
        )
    )
    for member_id, layout in rows:
        found[member_id].update(int(slot["question"]) for slot in layout["slots"])
    return {member_id: frozenset(ids) for member_id, ids in found.items()}


def of_bank(bank_id: int, since: datetime) -> frozenset[int]:
    """Ids of the questions that stood on the papers that anybody started since then at quizzes of the bank."""
    quizzes = [
        quiz_id
        for quiz_id, paper in db.session.execute(select(Quiz.id, Quiz.paper))
        if str(bank_id) in paper.get("banks", [])
    ]
    layouts = db.session.scalars(
        select(Attempt.layout)
        .where(Attempt.quiz_id.in_(quizzes), Attempt.started_at >= since, Attempt.preview.is_(False))
        .execution_options(yield_per=500)
    )
    return frozenset(int(slot["question"]) for layout in layouts for slot in layout["slots"])
