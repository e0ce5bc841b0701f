"""Answers that were given in time and came too late: kept beside those that count, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, func, insert, select, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, Refused
from learnhub.kernel.ids import new_id
from learnhub.quizzes import handed_in, pace, papers
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt

if TYPE_CHECKING:
    from learnhub.quizzes.answers import Entry

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
ANSWER: Table = Answer.__table__  # type: ignore[assignment]
VERSION: Table = AnswerVersion.__table__  # type: ignore[assignment]
KEEP = insert(VERSION)

MOST = 200
"""Late answers kept of one attempt."""


def keep(member_id: int, attempt_id: int, attempt: Any, entries: Sequence[Entry], now: datetime) -> int:
    """Keep the answers that were given in time but came too late: flagged for the marker, not counted.

    In time is what the device recorded before the end, or what arrived before it and waited in a queue. Gives the
    number kept.
    """
    end = attempt.submitted_at or attempt.deadline
    known = {
        (late.slot, late.sequence)
        for late in db.session.execute(select(VERSION.c.slot, VERSION.c.sequence).where(*_late(member_id, attempt_id)))
    }
    kept = 0
    for entry in entries:
        in_time = (entry.recorded_at or now) <= end or now <= end + papers.grace_of(attempt.layout)
        if not in_time or (entry.slot, entry.sequence) in known or len(known) >= MOST:
            continue
        try:
            response = papers.cleaned(attempt.layout, entry.slot, entry.response)
            handed_in.check(member_id, attempt_id, entry.slot, response)
        except DomainError:
            continue
        if response == _counted(member_id, attempt_id, entry.slot):
            continue
        known.add((entry.slot, entry.sequence))
        kept += 1
        db.session.execute(
            KEEP,
            {
                "member_id": member_id,
                "attempt_id": attempt_id,
                "slot": entry.slot,
                "id": new_id(),
                "revision": 0,
                "sequence": entry.sequence,
                "base": entry.base,
                "response": response,
                "saved_at": now,
                "recorded_at": entry.recorded_at,
                "late": True,
            },
        )
    return kept


def count_what_is_in_time(member_id: int, attempt_id: int) -> int:
    """An attempt that ran out takes answers again: what came too late before is in time now. Gives how many count.

    Of each slot the newest one, unless the answer that stands was made after it or without knowing of it, or no answer
    to it is taken any more: it was checked, or its page was left.
    """
    rows = db.session.execute(select(ANSWER).filter_by(member_id=member_id, attempt_id=attempt_id))
    held, counted = {row.slot: row for row in rows}, 0
    attempt = db.session.execute(
        select(*pace.HERE).where(ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)
    ).one()
    rows = db.session.execute(select(VERSION).where(*_late(member_id, attempt_id)).order_by(VERSION.c.sequence))
    for slot, late in {row.slot: row for row in rows}.items():
        current = held.get(slot)
        revision, sequence = (current.revision, current.sequence) if current is not None else (0, 0)
        if late.base != revision or late.sequence <= sequence or not _takes(attempt, slot, late.saved_at):
            continue
        put_in_place(
            member_id,
            attempt_id,
            slot,
            late.response,
            sequence=late.sequence,
            saved_at=late.saved_at,
            recorded_at=late.recorded_at,
        )
        counted += 1
    return counted


def put_in_place(
    member_id: int,
    attempt_id: int,
    slot: int,
    response: dict[str, Any],
    *,
    sequence: int,
    saved_at: datetime,
    recorded_at: datetime | None,
) -> int:
    """Let a response stand in a slot, whatever stood there, with its version; gives its revision.

    For decisions about what came too late: the caller holds the attempt's row, so that no save comes between.
    """
    key = {"member_id": member_id, "attempt_id": attempt_id, "slot": slot}
    base = db.session.scalar(select(ANSWER.c.revision).filter_by(**key)) or 0
    taken = {"response": response, "sequence": sequence, "revision": base + 1, "saved_at": saved_at}
    if base:
        db.session.execute(update(ANSWER).filter_by(**key).values(**taken))
    else:
        db.session.execute(insert(ANSWER), {**key, **taken})
    more = {"id": new_id(), "base": base, "recorded_at": recorded_at, "late": False}
    db.session.execute(KEEP, {**key, **taken, **more})
    return base + 1


def _takes(attempt: Any, slot: int, saved_at: datetime) -> bool:
    """Whether an answer to a question would have been taken when it came, but for the end of the whole attempt."""
    try:
        pace.require_here(attempt, slot, saved_at, papers.grace_of(attempt.layout))
    except Refused:
        return False
    return slot not in attempt.fixed


def _late(member_id: int, attempt_id: int) -> tuple[Any, ...]:
    return VERSION.c.member_id == member_id, VERSION.c.attempt_id == attempt_id, VERSION.c.late.is_(True)


def _counted(member_id: int, attempt_id: int, slot: int) -> dict[str, Any]:
    query = select(ANSWER.c.response).filter_by(member_id=member_id, attempt_id=attempt_id, slot=slot)
    found: dict[str, Any] = db.session.scalar(query) or {}
    return found


def count(member_id: int, attempt_id: int) -> int:
    """How many answers of an attempt came too late and wait for the marker."""
    return db.session.scalar(select(func.count()).select_from(VERSION).where(*_late(member_id, attempt_id))) or 0
