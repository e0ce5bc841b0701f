"""Attempts that ran out, closed many at a time: what tens of thousands that end at the same moment need.

The work is split so that nobody waits for it. Answers are read and marked without a lock; the transaction that closes
only takes the rows that nobody else holds and that are still as they were marked (nothing saved since, no time
granted), so a save, a hand-in, a grant and another sweeper each win or lose whole. What is left is found by the next
look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select, tuple_, update

from learnhub.kernel.db import db
from learnhub.kernel.sql import left_alone
from learnhub.quizzes import closing, papers, tries
from learnhub.quizzes.answers import ANSWER
from learnhub.quizzes.closing import ATTEMPT, ClosedBy, Marked
from learnhub.quizzes.deadlines import QUEUE_BOUND
from learnhub.quizzes.models import AttemptState
from learnhub.quizzes.tries import Behaviour
from question_bank.models import QuestionVersion

BATCH = 100
"""Attempts closed in one transaction."""
AT_A_LOOK = 10_000
"""Keys of overdue attempts read at once."""
MOST_VERSIONS = 5_000
"""Versions of questions kept while a run lasts."""

Key = tuple[int, int]


@dataclass(frozen=True)
class Ended:
    """An attempt that ran out, marked by what was held when it was read."""

    row: Row[Any]
    marked: Marked
    values: dict[str, Any]

    @property
    def key(self) -> Key:
        """(member id, attempt id)."""
        return self.row.member_id, self.row.id

    @property
    def submitted_at(self) -> datetime:
        """The deadline: what was there then counts."""
        at: datetime = self.values["submitted_at"]
        return at


class Versions(closing.Known):
    """What versions of questions ask, kept for a run: papers of one quiz ask the same. They never change."""

    def __init__(self) -> None:
        super().__init__({})

    def read(self, layouts: Iterable[dict[str, Any]]) -> None:
        """Know the versions that these papers ask; a statement only for those not seen before."""
        wanted = {slot.version_id for layout in layouts for slot in papers.slots_of(layout)}
        missing = wanted - self.versions.keys()
        if len(self.versions) > MOST_VERSIONS:
            self.versions.clear()
            missing = wanted
        if missing:
            query = select(QuestionVersion.id, QuestionVersion.kind, QuestionVersion.content)
            self.versions |= {row.id: row for row in db.session.execute(query.where(QuestionVersion.id.in_(missing)))}


def find(now: datetime, limit: int = AT_A_LOOK) -> list[Key]:
    """Open attempts whose deadline, grace and bound for queues have passed: (member id, id), oldest first."""
    grace = func.coalesce(ATTEMPT.c.layout["grace"].as_integer(), 5).label("grace")
    rows = db.session.execute(
        select(ATTEMPT.c.member_id, ATTEMPT.c.id, ATTEMPT.c.deadline, grace)
        .where(ATTEMPT.c.state == AttemptState.OPEN.value, ATTEMPT.c.deadline < now - QUEUE_BOUND)
        .order_by(ATTEMPT.c.deadline)
        .limit(limit)
    )
    return [(row.member_id, row.id) for row in rows if now > row.deadline + timedelta(seconds=row.grace) + QUEUE_BOUND]


def mark(keys: Sequence[Key], now: datetime, versions: Versions) -> list[Ended]:
    """Read and mark these attempts, those that are open; three statements, and no lock.

    Those whose answers are checked on the way are left for `closing.close`, which marks them by their tries.
    """
    mine = tuple_(ATTEMPT.c.member_id, ATTEMPT.c.id).in_(keys)
    found = db.session.execute(select(*_READ).where(mine, ATTEMPT.c.state == AttemptState.OPEN.value)).all()
    rows = [row for row in found if tries.behaviour(row.layout) == Behaviour.AT_END]
    given: dict[Key, dict[int, Any]] = {(row.member_id, row.id): {} for row in rows}
    held = select(ANSWER.c.member_id, ANSWER.c.attempt_id, ANSWER.c.slot, ANSWER.c.response)
    for member_id, attempt_id, slot, response in db.session.execute(
        held.where(tuple_(ANSWER.c.member_id, ANSWER.c.attempt_id).in_(keys))
    ):
        given.get((member_id, attempt_id), {})[slot] = response
    versions.read(row.layout for row in rows)
    ended = []
    for row in rows:
        answers = given[row.member_id, row.id]
        marked = closing.mark_paper(row.layout, answers, versions)
        values = closing.ending(marked, row.layout, answers, row.deadline, now, ClosedBy.SWEEPER)
        ended.append(Ended(row, marked, values))
    return ended


_READ = [
    ATTEMPT.c[name]
    for name in (
        "member_id",
        "id",
        "quiz_id",
        "number",
        "preview",
        "layout",
        "started_at",
        "deadline",
        "saves",
        "reopened",
    )
]

_WRITTEN = "state closed_at closed_by submitted_at digest score full_marks passed waits marks".split()
_CLOSE = (
    update(ATTEMPT)
    .where(ATTEMPT.c.member_id == bindparam("of_member"), ATTEMPT.c.id == bindparam("of_attempt"))
    .values({name: bindparam(name) for name in _WRITTEN})
)


def close(ended: Sequence[Ended], now: datetime) -> list[Ended]:
    """Close those that are still as they were marked and that nobody holds; the ones closed, by member.

    Two statements. The rows are locked first and looked at then, so that of any number of calls one closes an attempt.
    """
    by_key = {one.key: one for one in ended}
    held = db.session.execute(
        left_alone(
            select(ATTEMPT.c.member_id, ATTEMPT.c.id, ATTEMPT.c.saves, ATTEMPT.c.deadline, ATTEMPT.c.reopened)
            .where(tuple_(ATTEMPT.c.member_id, ATTEMPT.c.id).in_(list(by_key)))
            .where(ATTEMPT.c.state == AttemptState.OPEN.value, ATTEMPT.c.deadline < now)
            .order_by(ATTEMPT.c.member_id, ATTEMPT.c.id)
        )
    )
    taken = []
    for row in held:
        one = by_key[row.member_id, row.id]
        if (row.saves, row.deadline, row.reopened) == (one.row.saves, one.row.deadline, one.row.reopened):
            taken.append(one)
    if taken:
        closed = {"state": AttemptState.CLOSED.value, "closed_at": now}
        db.session.execute(
            _CLOSE,
            [{"of_member": one.row.member_id, "of_attempt": one.row.id, **closed, **one.values} for one in taken],
        )
    return taken
