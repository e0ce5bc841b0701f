"""Saving an answer: the leanest path of the application, three Core statements in one short transaction.

The attempt's row is updated first, which takes its lock: whichever comes first, a save or the close, wins whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NoReturn

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from learnhub.kernel.clock import iso
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.errors import Conflict, DomainError, NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import Message, _
from learnhub.quizzes import handed_in, pace, papers
from learnhub.quizzes.deadlines import takes_saves
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, AttemptState
from learnhub.quizzes.pace import Passed

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
ANSWER: Table = Answer.__table__  # type: ignore[assignment]
VERSION: Table = AnswerVersion.__table__  # type: ignore[assignment]

LARGEST_SEQUENCE = 2**53 - 1
MOST_AT_ONCE = 500
MOST_LATE = 200
"""Late answers kept of one attempt."""


@dataclass(frozen=True)
class Entry:
    """An answer as it comes in: the client's counter of the slot, and the revision it was made on (0 for none).

    `recorded_at` is what the device's clock said; it decides nothing that counts.
    """

    slot: int
    response: Any
    sequence: int
    base: int = 0
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """The server holds this answer. `superseded`: it was taken before, and a newer one stands now.

    `deadline` is the attempt's as it stands: whoever saves hears of more time.
    """

    slot: int
    revision: int
    sequence: int
    saved_at: datetime
    superseded: bool = False
    deadline: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """One of several answers that was not taken: `stale` with the current answer, or `refused`."""

    slot: int
    code: str
    message: Message | str
    current: dict[str, Any] | None = None


def save(
    member_id: int,
    attempt_id: int,
    slot: int,
    response: Any,
    sequence: int,
    base: int | None,
    recorded_at: datetime | None,
    now: datetime,
    admit: Callable[[int], None] | None = None,
) -> Receipt:
    """Save an answer and give its receipt; the same call again gives the same receipt.

    NotFound for another's attempt, Refused when the response is none of this question, Conflict with
    `code="stale"` and the current answer when `base` is not the current revision, Conflict with `code="closed"` after
    the end, `Passed` for a page that was left. What the device recorded in time and comes too late is kept, flagged,
    not counted. `admit` is asked about the attempt (its id) if it has a door, and raises what refuses.
    """
    entry = Entry(slot, response, sequence, base or 0, recorded_at)
    held = _touch(member_id, attempt_id, [entry], now, admit)
    try:
        return replace(_put(member_id, attempt_id, held, entry, now), deadline=held.deadline)
    except Passed as passed:
        db.session.rollback()
        with unit_of_work():
            keep_late(member_id, attempt_id, Ended(held.layout, passed.end), [entry], now)
        raise


def save_many(
    member_id: int,
    attempt_id: int,
    entries: Sequence[Entry],
    now: datetime,
    admit: Callable[[int], None] | None = None,
) -> list[Receipt | Refusal]:
    """Save what waited offline: each answer is judged by itself; errors of the attempt as in `save`."""
    if not 1 <= len(entries) <= MOST_AT_ONCE:
        raise Refused(_("Between 1 and %(n)s answers can be saved at once.", n=MOST_AT_ONCE))
    held = _touch(member_id, attempt_id, entries, now, admit)
    outcomes: list[Receipt | Refusal] = []
    for entry in entries:
        try:
            outcomes.append(replace(_put(member_id, attempt_id, held, entry, now), deadline=held.deadline))
        except Conflict as conflict:
            outcomes.append(Refusal(entry.slot, "stale", conflict.message, conflict.details["current"]))
        except DomainError as refusal:
            if isinstance(refusal, Passed):
                keep_late(member_id, attempt_id, Ended(held.layout, refusal.end), [entry], now)
            outcomes.append(Refusal(entry.slot, "refused", refusal.message))
    return outcomes


_TOUCH = (
    update(ATTEMPT)
    .where(
        ATTEMPT.c.member_id == bindparam("of_member"),
        ATTEMPT.c.id == bindparam("of_attempt"),
        ATTEMPT.c.state == AttemptState.OPEN.value,
    )
    .values(last_saved_at=bindparam("now"), saves=ATTEMPT.c.saves + bindparam("count"))
    .returning(ATTEMPT.c.layout, ATTEMPT.c.deadline, ATTEMPT.c.page, ATTEMPT.c.page_since, ATTEMPT.c.fixed)
)


@dataclass(frozen=True)
class Ended:
    """Up to when answers counted, as `keep_late` needs it of an attempt: they do no more since `deadline`."""

    layout: dict[str, Any]
    deadline: datetime
    submitted_at: None = None


def _touch(
    member_id: int,
    attempt_id: int,
    entries: Sequence[Entry],
    now: datetime,
    admit: Callable[[int], None] | None,
) -> Any:
    """Lock the open attempt by updating it; its layout, deadline and page. Conflict when it takes no answers more."""
    row = (
        db.session.connection()
        .execute(_TOUCH, {"of_member": member_id, "of_attempt": attempt_id, "now": now, "count": len(entries)})
        .one_or_none()
    )
    if row is None or not takes_saves(now, row.deadline, papers.grace_of(row.layout)):
        _refuse(member_id, attempt_id, entries, now)
    if admit is not None and row.layout.get("door"):
        admit(attempt_id)
    return row


@cache
def _upsert(on_sqlite: bool) -> Any:
    """Insert the first answer of a slot, or replace an older one that this one was made on."""
    new = (sqlite.insert(ANSWER) if on_sqlite else postgresql.insert(ANSWER)).values(revision=1)
    return new.on_conflict_do_update(
        index_elements=[ANSWER.c.member_id, ANSWER.c.attempt_id, ANSWER.c.slot],
        set_={
            "response": new.excluded.response,
            "sequence": new.excluded.sequence,
            "revision": ANSWER.c.revision + 1,
            "saved_at": new.excluded.saved_at,
        },
        where=(ANSWER.c.sequence < new.excluded.sequence) & (ANSWER.c.revision == bindparam("base")),
    ).returning(ANSWER.c.revision)


_KEEP = insert(VERSION)


def _put(member_id: int, attempt_id: int, held: Any, entry: Entry, now: datetime) -> Receipt:
    """Store one answer of a locked attempt with its version, or find out why not."""
    pace.require_here(held, entry.slot, now, papers.grace_of(held.layout))
    if not 1 <= entry.sequence <= LARGEST_SEQUENCE or not 0 <= entry.base <= LARGEST_SEQUENCE:
        raise Refused(_("The answer's sequence or base is not a count."))
    key = {"member_id": member_id, "attempt_id": attempt_id, "slot": entry.slot}
    response = _cleaned(held.layout, entry)
    handed_in.check(member_id, attempt_id, entry.slot, response)
    if entry.slot in held.fixed:
        return _stands(key, entry, response)
    stored = {**key, "response": response, "sequence": entry.sequence, "saved_at": now}
    connection = db.session.connection()
    revision = connection.execute(_upsert(connection.dialect.name == "sqlite"), {**stored, "base": entry.base}).scalar()
    if revision is None:
        return _settle(key, entry, response)
    more = {"id": new_id(), "base": entry.base, "recorded_at": entry.recorded_at, "late": False}
    connection.execute(_KEEP, {**stored, **more, "revision": revision})
    return Receipt(entry.slot, revision, entry.sequence, now)


def _cleaned(layout: dict[str, Any], entry: Entry) -> dict[str, Any]:
    asked = papers.asked(papers.slot_of(layout, entry.slot).version_id)
    return asked.kind.clean_response(asked.content, entry.response)


def _stands(key: dict[str, int], entry: Entry, response: dict[str, Any]) -> Receipt:
    """The slot holds an answer that was checked: it is this one, or it stays."""
    current = db.session.execute(select(ANSWER).filter_by(**key)).one_or_none()
    if current is None or current.response != response:
        raise Refused(_("This answer was checked and stands as it is."), code="fixed")
    return Receipt(entry.slot, current.revision, current.sequence, current.saved_at, entry.sequence < current.sequence)


def _settle(key: dict[str, int], entry: Entry, response: dict[str, Any]) -> Receipt:
    """The slot holds another answer: it is the same, this is a repetition, or this one is stale."""
    current = db.session.execute(select(ANSWER).filter_by(**key)).one()
    if current.response == response:
        superseded = entry.sequence < current.sequence
        return Receipt(entry.slot, current.revision, current.sequence, current.saved_at, superseded)
    if entry.sequence <= current.sequence and _was_taken(key, entry, response):
        return Receipt(entry.slot, current.revision, current.sequence, current.saved_at, superseded=True)
    raise Conflict(
        _("This answer was changed elsewhere in the meantime. Choose which one stands."),
        code="stale",
        current=as_current(current),
    )


def as_current(answer: Any) -> dict[str, Any]:
    """The current answer in the form in which a conflict shows it."""
    return {
        "slot": answer.slot,
        "response": answer.response,
        "revision": answer.revision,
        "sequence": answer.sequence,
        "saved_at": iso(answer.saved_at),
    }


def _was_taken(key: dict[str, int], entry: Entry, response: dict[str, Any]) -> bool:
    taken = select(VERSION.c.response).filter_by(**key, sequence=entry.sequence, late=False)
    return response in db.session.scalars(taken).all()


def _refuse(member_id: int, attempt_id: int, entries: Sequence[Entry], now: datetime) -> NoReturn:
    """Say that the attempt is over, after keeping in a transaction of its own what was recorded in time."""
    db.session.rollback()
    attempt = db.session.execute(
        select(ATTEMPT.c.layout, ATTEMPT.c.deadline, ATTEMPT.c.submitted_at).where(
            ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id
        )
    ).one_or_none()
    if attempt is None:
        raise NotFound(_("There is no such attempt."))
    with unit_of_work():
        keep_late(member_id, attempt_id, attempt, entries, now)
    raise Conflict(_("This attempt is over; answers are no longer taken."), code="closed")


def keep_late(member_id: int, attempt_id: int, attempt: Any, entries: Sequence[Entry], now: datetime) -> int:
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
        if not in_time or (entry.slot, entry.sequence) in known or len(known) >= MOST_LATE:
            continue
        try:
            response = _cleaned(attempt.layout, entry)
            handed_in.check(member_id, attempt_id, entry.slot, response)
        except DomainError:
            continue
        if response == _counted(member_id, attempt_id, entry.slot):
            continue
        known.add((entry.slot, entry.sequence))
        kept += 1
        db.session.execute(
            _KEEP,
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
    held, counted = of_attempt(member_id, attempt_id), 0
    attempt = db.session.execute(
        select(ATTEMPT.c.layout, ATTEMPT.c.page, ATTEMPT.c.page_since, ATTEMPT.c.fixed).where(
            ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id
        )
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
    db.session.execute(_KEEP, {**key, **taken, **more})
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


def of_attempt(member_id: int, attempt_id: int) -> dict[int, Any]:
    """The current answers of an attempt by slot: rows of `answer`."""
    rows = db.session.execute(select(ANSWER).filter_by(member_id=member_id, attempt_id=attempt_id))
    return {row.slot: row for row in rows}


def versions(member_id: int, attempt_id: int, slot: int, limit: int = 200) -> list[AnswerVersion]:
    """The versions of an answer as they were saved, the last one first; those that came too late among them."""
    query = select(AnswerVersion).filter_by(member_id=member_id, attempt_id=attempt_id, slot=slot)
    newest_first = (AnswerVersion.saved_at.desc(), AnswerVersion.id.desc())
    return list(db.session.scalars(query.order_by(*newest_first).limit(limit)))


def late_count(member_id: int, attempt_id: int) -> int:
    """How many answers of an attempt came too late and wait for the marker."""
    return db.session.scalar(select(func.count()).select_from(VERSION).where(*_late(member_id, attempt_id))) or 0
