"""Posting to the ledger: one entry for each event, chained, with its balances, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Row, Table, select

from learnhub.audit.trail import Actor, record
from learnhub.kernel import periods
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import Message, _
from learnhub.organisations import units
from learnhub.organisations.memberships import primary_unit_id
from learnhub.points import chain
from learnhub.points.models import Balance, LedgerEntry, LedgerHead, UnitBalance
from learnhub.points.statements import statements

log = structlog.get_logger()

LEDGER: Table = LedgerEntry.__table__  # type: ignore[assignment]
HEAD: Table = LedgerHead.__table__  # type: ignore[assignment]
BALANCE: Table = Balance.__table__  # type: ignore[assignment]
UNIT_BALANCE: Table = UnitBalance.__table__  # type: ignore[assignment]

REVERSAL = "reversal"
LONGEST_REASON = 500


@dataclass(frozen=True)
class Entry:
    """An entry of the ledger as it stands; `repeated` when this call found it instead of posting it."""

    id: int
    member_id: int
    sequence: int
    kind: str
    source_id: str
    entry_no: int
    event_month: str
    day: date
    unit_id: int
    points: int
    rule_version_id: int | None
    reason: dict[str, Any]
    actor_id: int | None
    occurred_at: datetime
    posted_at: datetime
    reverses: int | None
    previous_hash: str
    hash: str
    repeated: bool = False


class Head(NamedTuple):
    """The locked end of a member's chain."""

    member_id: int
    sequence: int
    hash: str


def post(
    member_id: int,
    *,
    kind: str,
    source_id: str,
    points: int,
    reason: Message,
    occurred_at: datetime,
    now: datetime,
    rule_version: int | None = None,
    entry_no: int = 1,
    actor_id: int | None = None,
    reverses: int | None = None,
    unit_id: int | None = None,
) -> Entry:
    """Post points to a member for one event; an event posted before gives its entry back.

    The event's name is (member, kind, source, entry_no, month of `occurred_at`). The same name with other points is
    a Conflict. `rule_version` is the id of the version that paid. Without `unit_id` the points count for the unit
    that the member belonged to at `occurred_at`, or for the top of the tree.
    """
    unit_id = unit_id or earning_unit(member_id, occurred_at)
    return append(
        lock(member_id),
        kind=kind,
        source_id=source_id,
        points=points,
        reason=reason,
        occurred_at=occurred_at,
        now=now,
        unit_id=unit_id,
        rule_version=rule_version,
        entry_no=entry_no,
        actor_id=actor_id,
        reverses=reverses,
    )


def reverse(actor: Actor, entry_id: int, reason: str, now: datetime) -> Entry:
    """Take an entry back by a new one that names it, in the period and unit where it counted.

    Refused without a reason, for a reversal, and the second time.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say why these points are taken back."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("A reason has at most %(n)s characters.", n=LONGEST_REASON))
    original = find(entry_id)
    if original.reverses is not None:
        raise Refused(_("This entry takes another one back; it can't be taken back itself."))
    head = lock(original.member_id)
    if reversal_of(entry_id) is not None:
        raise Refused(_("These points were already taken back."))
    entry = append(
        head,
        kind=REVERSAL,
        source_id=f"entry:{entry_id}",
        points=-original.points,
        reason=_("Taken back: %(reason)s", reason=reason),
        occurred_at=original.occurred_at,
        now=now,
        unit_id=original.unit_id,
        rule_version=original.rule_version_id,
        actor_id=actor.id,
        reverses=entry_id,
    )
    record(
        actor,
        "points.reversed",
        "entry",
        entry_id,
        now,
        unit_id=original.unit_id,
        member=str(original.member_id),
        points=original.points,
        reason=reason,
    )
    return entry


def find(entry_id: int) -> Entry:
    """The entry of that id; NotFound otherwise. No scope is checked here: pages go through `points.entries`."""
    row = db.session.execute(select(LEDGER).where(LEDGER.c.id == entry_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such entry."))
    return entry_of(row)


def find_by_event(member_id: int, kind: str, source_id: str, entry_no: int = 1) -> Entry | None:
    """The entry that was posted for an event, whatever its month."""
    row = db.session.execute(
        select(LEDGER)
        .where(
            LEDGER.c.member_id == member_id,
            LEDGER.c.kind == kind,
            LEDGER.c.source_id == source_id,
            LEDGER.c.entry_no == entry_no,
        )
        .order_by(LEDGER.c.sequence)
        .limit(1)
    ).one_or_none()
    return entry_of(row, repeated=True) if row is not None else None


def reversal_of(entry_id: int) -> Entry | None:
    """The entry that takes this one back, if there is one."""
    row = db.session.execute(select(LEDGER).where(LEDGER.c.reverses == entry_id)).one_or_none()
    return entry_of(row) if row is not None else None


def entry_of(row: Row[Any], *, repeated: bool = False) -> Entry:
    """A row of the ledger as an Entry."""
    return Entry(**{name: row._mapping[name] for name in _COLUMNS}, repeated=repeated)


_COLUMNS = [field.name for field in fields(Entry) if field.name != "repeated"]


def earning_unit(member_id: int, occurred_at: datetime) -> int:
    """The unit for which a member earned at a moment: the primary one, else the top of the tree."""
    return primary_unit_id(member_id, occurred_at) or units.root().id


def lock(member_id: int) -> Head:
    """Wait for whoever posts to this member, and hold the end of the chain until the transaction ends."""
    return Head(member_id, *db.session.execute(statements().lock, {"member_id": member_id}).one())


def append(
    head: Head,
    *,
    kind: str,
    source_id: str,
    points: int,
    reason: Message,
    occurred_at: datetime,
    now: datetime,
    unit_id: int,
    rule_version: int | None = None,
    entry_no: int = 1,
    actor_id: int | None = None,
    reverses: int | None = None,
) -> Entry:
    """Write an entry at the locked end of a chain, move the end, and bring the balances along: four statements."""
    values = values_of(
        head,
        kind=kind,
        source_id=source_id,
        points=points,
        reason=reason,
        occurred_at=occurred_at,
        now=now,
        unit_id=unit_id,
        rule_version=rule_version,
        entry_no=entry_no,
        actor_id=actor_id,
        reverses=reverses,
    )
    if db.session.execute(statements().insert, values).first() is None:
        return _posted_before(values)
    moved = {"member": head.member_id, "sequence": values["sequence"], "hash": values["hash"]}
    db.session.execute(statements().move, moved)
    _add_to_balances(head.member_id, unit_id, points, periods.keys_at(occurred_at, house.zone))
    return Entry(**values)


def values_of(
    head: Head,
    *,
    kind: str,
    source_id: str,
    points: int,
    reason: Message,
    occurred_at: datetime,
    now: datetime,
    unit_id: int,
    rule_version: int | None = None,
    entry_no: int = 1,
    actor_id: int | None = None,
    reverses: int | None = None,
) -> dict[str, Any]:
    """The columns of the entry that follows the end of a chain, with its hash."""
    _check_key(kind, source_id, entry_no)
    day = local_date(occurred_at, house.zone)
    values: dict[str, Any] = {
        "id": new_id(),
        "member_id": head.member_id,
        "sequence": head.sequence + 1,
        "kind": kind,
        "source_id": source_id,
        "entry_no": entry_no,
        "event_month": f"{day.year:04d}-{day.month:02d}",
        "day": day,
        "unit_id": unit_id,
        "points": points,
        "rule_version_id": rule_version,
        "reason": reason.to_json(),
        "actor_id": actor_id,
        "occurred_at": occurred_at.astimezone(UTC),
        "posted_at": now.astimezone(UTC),
        "reverses": reverses,
        "previous_hash": head.hash,
    }
    values["hash"] = chain.link(values)
    return values


def _check_key(kind: str, source_id: str, entry_no: int) -> None:
    """An event has a whole name: nothing empty, nothing cut off."""
    if not kind or not source_id or entry_no < 1:
        raise ValueError("an event needs a kind, a source and a number from 1")
    if len(kind) > 32 or len(source_id) > 80:
        raise ValueError("the name of an event is too long to be kept whole")


def _posted_before(values: dict[str, Any]) -> Entry:
    """The entry whose name stood in the way, if it says the same."""
    entry = find_by_event(values["member_id"], values["kind"], values["source_id"], values["entry_no"])
    if entry is None or entry.points != values["points"] or entry.reverses != values["reverses"]:
        log.warning(
            "ledger refused an entry",
            member=values["member_id"],
            kind=values["kind"],
            source=values["source_id"],
            asked=values["points"],
            posted=entry.points if entry else None,
        )
        raise Conflict(_("This event was already posted with other points."), entry=str(entry.id) if entry else None)
    return entry


def _add_to_balances(member_id: int, unit_id: int, points: int, keys: list[str]) -> None:
    """Both tables of balances for all periods of the moment, one statement each, in the order of the keys."""
    added: dict[str, Any] = {"member_id": member_id, "points": points}
    added |= {f"period_{number}": key for number, key in enumerate(keys)}
    db.session.execute(statements().balances, added)
    db.session.execute(statements().unit_balances, {**added, "unit_id": unit_id})
