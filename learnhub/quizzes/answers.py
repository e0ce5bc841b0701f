"""Saving an answer: the leanest path of the application, three statements in one short transaction.

The attempt's row is updated first, which takes its lock: whichever comes first, a save or the close, wins whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable

from learnhub.kernel import lean
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.errors import Conflict, DomainError, NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.lean import Lean
from learnhub.kernel.words import Message, _
from learnhub.quizzes import handed_in, late_answers, pace, papers
from learnhub.quizzes.deadlines import takes_saves
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, AttemptState
from learnhub.quizzes.pace import Passed

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
ANSWER: Table = Answer.__table__  # type: ignore[assignment]
VERSION: Table = AnswerVersion.__table__  # type: ignore[assignment]

LARGEST_SEQUENCE = 2**53 - 1
MOST_AT_ONCE = 500


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
    try:
        with lean.transaction() as lines:
            held = _touch(lines, member_id, attempt_id, 1, now)
            if admit is not None and held.layout.get("door"):
                raise _AtTheDoor(admit)
            return replace(_put(lines, member_id, attempt_id, held, entry, now), deadline=held.deadline)
    except _AtTheDoor as door:
        door.ask(attempt_id)
        return save(member_id, attempt_id, slot, response, sequence, base, recorded_at, now)
    except _Over:
        _refuse(member_id, attempt_id, [entry], now)
    except Passed as passed:
        with unit_of_work():
            late_answers.keep(member_id, attempt_id, Ended(held.layout, passed.end), [entry], now)
        raise


class _AtTheDoor(Exception):
    """The attempt has a door, which is looked at (`ask`) without holding its row."""

    def __init__(self, ask: Callable[[int], None]) -> None:
        self.ask = ask


class _Over(Exception):
    """The attempt takes no answers more."""


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
    lines = lean.of_session()
    try:
        held = _touch(lines, member_id, attempt_id, len(entries), now)
    except _Over:
        _refuse(member_id, attempt_id, entries, now)
    if admit is not None and held.layout.get("door"):
        admit(attempt_id)
    outcomes: list[Receipt | Refusal] = []
    for entry in entries:
        try:
            outcomes.append(replace(_put(lines, member_id, attempt_id, held, entry, now), deadline=held.deadline))
        except Conflict as conflict:
            outcomes.append(Refusal(entry.slot, "stale", conflict.message, conflict.details["current"]))
        except DomainError as refusal:
            if isinstance(refusal, Passed):
                late_answers.keep(member_id, attempt_id, Ended(held.layout, refusal.end), [entry], now)
            outcomes.append(Refusal(entry.slot, "refused", refusal.message))
    return outcomes


_TOUCH = lean.Statement(
    update(ATTEMPT)
    .where(
        ATTEMPT.c.member_id == bindparam("of_member"),
        ATTEMPT.c.id == bindparam("of_attempt"),
        ATTEMPT.c.state == AttemptState.OPEN.value,
    )
    .values(last_saved_at=bindparam("now"), saves=ATTEMPT.c.saves + bindparam("count"))
    .returning(ATTEMPT.c.deadline, *pace.HERE)
)


class Held(NamedTuple):
    """What a save needs of the attempt whose row it holds."""

    deadline: datetime
    layout: dict[str, Any]
    page: int
    page_since: datetime | None
    page_extra_seconds: int
    fixed: list[int]


@dataclass(frozen=True)
class Ended:
    """Up to when answers counted, as `late_answers.keep` needs it of an attempt: they do no more since `deadline`."""

    layout: dict[str, Any]
    deadline: datetime
    submitted_at: None = None


def _touch(lines: Lean, member_id: int, attempt_id: int, count: int, now: datetime) -> Held:
    """Lock the open attempt by updating it; its layout, deadline and page. `_Over` when it takes no answers more."""
    row = lines.one(_TOUCH, of_member=member_id, of_attempt=attempt_id, now=now, count=count)
    if row is None:
        raise _Over
    held = Held(*row)
    if not takes_saves(now, held.deadline, papers.grace_of(held.layout)):
        raise _Over
    return held


def _is_next(new: Any) -> Any:
    """A stored answer gives way to a newer one that was made on it."""
    return (ANSWER.c.sequence < new.excluded.sequence) & (ANSWER.c.revision == bindparam("base"))


def _upsert(dialect: str, gives_way: Callable[[Any], Any] = _is_next) -> Executable:
    """Insert the first answer of a slot, or replace the one that gives way to it."""
    new = (sqlite.insert(ANSWER) if dialect == "sqlite" else postgresql.insert(ANSWER)).values(
        {**_given(ANSWER, "member_id", "attempt_id", "slot", "response", "sequence", "saved_at"), "revision": 1}
    )
    return new.on_conflict_do_update(
        index_elements=[ANSWER.c.member_id, ANSWER.c.attempt_id, ANSWER.c.slot],
        set_={
            "response": new.excluded.response,
            "sequence": new.excluded.sequence,
            "revision": ANSWER.c.revision + 1,
            "saved_at": new.excluded.saved_at,
        },
        where=gives_way(new),
    ).returning(ANSWER.c.revision)


def _given(table: Table, *columns: str) -> dict[str, Any]:
    return {name: bindparam(name, type_=table.c[name].type) for name in columns}


_PUT = lean.Statement(_upsert)
_KEPT = [name for name in VERSION.c.keys() if name != "redacted_by"]  # noqa: SIM118
_KEEP = lean.Statement(insert(VERSION).values(_given(VERSION, *_KEPT)))


def _put(lines: Lean, member_id: int, attempt_id: int, held: Held, entry: Entry, now: datetime) -> Receipt:
    """Store one answer of a locked attempt with its version, or find out why not."""
    pace.require_here(held, entry.slot, now, papers.grace_of(held.layout))
    if not 1 <= entry.sequence <= LARGEST_SEQUENCE or not 0 <= entry.base <= LARGEST_SEQUENCE:
        raise Refused(_("The answer's sequence or base is not a count."))
    key = {"member_id": member_id, "attempt_id": attempt_id, "slot": entry.slot}
    response = papers.cleaned(held.layout, entry.slot, entry.response)
    handed_in.check(member_id, attempt_id, entry.slot, response)
    if entry.slot in held.fixed:
        return _stands(key, entry, response)
    stored = {**key, "response": response, "sequence": entry.sequence, "saved_at": now}
    row = lines.one(_PUT, **stored, base=entry.base)
    if row is None:
        return _settle(key, entry, response)
    more = {"id": new_id(), "base": entry.base, "recorded_at": entry.recorded_at, "late": False}
    lines.run(_KEEP, **stored, **more, revision=row[0])
    return Receipt(entry.slot, row[0], entry.sequence, now)


_OF_SLOT: dict[str, Any] = {name: bindparam(f"of_{name}") for name in ("member_id", "attempt_id", "slot")}


class _Current(NamedTuple):
    """The answer that a slot holds."""

    slot: int
    response: dict[str, Any]
    revision: int
    sequence: int
    saved_at: datetime


_CURRENT = lean.Statement(select(*(ANSWER.c[name] for name in _Current._fields)).filter_by(**_OF_SLOT))
_TAKEN = lean.Statement(
    select(VERSION.c.response).filter_by(**_OF_SLOT, late=False).where(VERSION.c.sequence == bindparam("under"))
)


def _of(key: dict[str, int]) -> dict[str, int]:
    return {f"of_{name}": value for name, value in key.items()}


def _current(key: dict[str, int]) -> _Current | None:
    row = lean.here().one(_CURRENT, **_of(key))
    return _Current(*row) if row is not None else None


def _stands(key: dict[str, int], entry: Entry, response: dict[str, Any]) -> Receipt:
    """The slot holds an answer that was checked: it is this one, or it stays."""
    current = _current(key)
    if current is None or current.response != response:
        raise Refused(_("This answer was checked and stands as it is."), code="fixed")
    return Receipt(entry.slot, current.revision, current.sequence, current.saved_at, entry.sequence < current.sequence)


def _settle(key: dict[str, int], entry: Entry, response: dict[str, Any]) -> Receipt:
    """The slot holds another answer: it is the same, this is a repetition, or this one is stale."""
    current = _current(key)
    assert current is not None
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
    return (response,) in lean.here().all(_TAKEN, **_of(key), under=entry.sequence)


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
        late_answers.keep(member_id, attempt_id, attempt, entries, now)
    raise Conflict(_("This attempt is over; answers are no longer taken."), code="closed")


_HELD = select(ANSWER).where(
    ANSWER.c.member_id == bindparam("member_id"), ANSWER.c.attempt_id == bindparam("attempt_id")
)


def of_attempt(member_id: int, attempt_id: int) -> dict[int, Any]:
    """The current answers of an attempt by slot: rows of `answer`."""
    rows = db.session.execute(_HELD, {"member_id": member_id, "attempt_id": attempt_id})
    return {row.slot: row for row in rows}


def versions(member_id: int, attempt_id: int, slot: int, limit: int = 200) -> list[AnswerVersion]:
    """The versions of an answer as they were saved, the last one first; those that came too late among them."""
    query = select(AnswerVersion).filter_by(member_id=member_id, attempt_id=attempt_id, slot=slot)
    newest_first = (AnswerVersion.saved_at.desc(), AnswerVersion.id.desc())
    return list(db.session.scalars(query.order_by(*newest_first).limit(limit)))
