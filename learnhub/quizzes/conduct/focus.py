"""The log of focus: when the page of an attempt was left, and how much was pasted. The member reads the same log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import _
from learnhub.quizzes.conduct.models import FocusEvent, FocusKind
from learnhub.quizzes.models import Attempt, Quiz

MOST = 500
"""Lines of one attempt; what comes after them is not kept."""
MOST_AT_ONCE = 50
LONGEST = 24 * 3600
"""Seconds: a longer absence is this one."""
LARGEST = 1_000_000
"""Characters: a longer paste is this one."""


@dataclass(frozen=True)
class Count:
    """How often an attempt's page was left, and how often something was pasted."""

    left: int = 0
    pasted: int = 0


def keep(member_id: int, attempt_id: int, told: Sequence[Mapping[str, Any]], slots: int, now: datetime) -> int:
    """Keep what the page tells, as far as it is told rightly; gives the number of lines kept. Two statements."""
    mine = (FocusEvent.member_id == member_id, FocusEvent.attempt_id == attempt_id)
    before = db.session.scalar(select(func.count()).select_from(FocusEvent).where(*mine)) or 0
    rows = [row for one in told[:MOST_AT_ONCE] if (row := _row(one, slots)) is not None][: max(0, MOST - before)]
    if rows:
        key = {"member_id": member_id, "attempt_id": attempt_id, "at": now}
        db.session.execute(insert(FocusEvent), [{**key, **row, "id": new_id()} for row in rows])
    return len(rows)


def _row(told: Mapping[str, Any], slots: int) -> dict[str, Any] | None:
    kind = told.get("kind")
    if kind not in set(FocusKind):
        return None
    slot = _count(told.get("slot"), slots)
    seconds = _count(told.get("seconds"), LONGEST) if kind == FocusKind.BACK else None
    length = _count(told.get("length"), LARGEST) if kind == FocusKind.PASTED else None
    return {"kind": str(kind), "seconds": seconds, "length": length, "slot": slot or None}


def _count(value: Any, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        return None
    return min(int(value), most)


def of_attempt(member_id: int, attempt_id: int) -> list[FocusEvent]:
    """The log of an attempt, in order."""
    query = select(FocusEvent).filter_by(member_id=member_id, attempt_id=attempt_id)
    return list(db.session.scalars(query.order_by(FocusEvent.at, FocusEvent.id)))


def counts(attempt_ids: Iterable[int]) -> dict[int, Count]:
    """How often the pages of these attempts were left, and things pasted; one statement."""
    rows = db.session.execute(
        select(FocusEvent.attempt_id, FocusEvent.kind, func.count())
        .where(FocusEvent.attempt_id.in_(list(attempt_ids)))
        .group_by(FocusEvent.attempt_id, FocusEvent.kind)
    )
    by_kind: dict[int, dict[str, int]] = {}
    for attempt_id, kind, count in rows:
        by_kind.setdefault(attempt_id, {})[kind] = count
    return {
        key: Count(one.get(FocusKind.HIDDEN, 0) + one.get(FocusKind.BLURRED, 0), one.get(FocusKind.PASTED, 0))
        for key, one in by_kind.items()
    }


def find_attempt(quiz: Quiz, unit_ids: Select[int], attempt_id: int) -> tuple[Attempt, Member]:
    """An attempt at a quiz by a member of these units, open or not; NotFound otherwise."""
    row = db.session.execute(
        select(Attempt, Member)
        .join(Member, Member.id == Attempt.member_id)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.unit_id.in_(unit_ids),
            Attempt.preview.is_(False),
            Attempt.id == attempt_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such attempt."))
    return row[0], row[1]
