"""Checking the ledger: every chain from its first entry to its end, the signed checkpoints and the balances."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from learnhub.identity.models import Member
from learnhub.kernel import signing
from learnhub.kernel.db import db, reading
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.points import chain
from learnhub.points.balances import Sums
from learnhub.points.ledger import BALANCE, HEAD, LEDGER, UNIT_BALANCE
from learnhub.points.models import Checkpoint, CheckpointHead

CHECKPOINT = Checkpoint.__table__
CHECKPOINT_HEAD = CheckpointHead.__table__
BATCH = 2000


def verify_ledger() -> dict[str, Any]:
    """Look at every committed entry in one consistent read; memory is bounded by one member's entries.

    `broken` names each entry that was edited, removed or slipped in (`entry`: its id, or the number of the member
    and the place in the chain when it is gone), each balance that is not the sum of its entries, and each
    checkpoint that does not fit.
    """
    with snapshot() as connection:
        report = _Report(connection)
        for member_id, rows in _by_member(connection):
            report.members += bool(rows["entries"])
            report.entries += len(rows["entries"])
            _check_chain(report, member_id, rows)
            _check_balances(report, member_id, rows)
        _check_signatures(report)
    return {"entries": report.entries, "members": report.members, "broken": report.broken}


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection of its own that sees one moment of what is committed."""
    options: dict[str, Any] = {} if db.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with reading(), db.engine.connect().execution_options(**options) as connection:
        yield connection


class _Report:
    """What was found so far."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.entries = 0
        self.members = 0
        self.broken: list[dict[str, Any]] = []

    def add(self, entry: Any, reason: Message) -> None:
        self.broken.append({"entry": str(entry), "reason": reason})

    def number(self, member_id: int) -> str:
        number = self.connection.scalar(select(Member.number).where(Member.id == member_id))
        return str(number or member_id)


def _by_member(connection: Connection) -> Iterator[tuple[int, dict[str, list[Row[Any]]]]]:
    """All rows of each member, by walking through the tables side by side in the order of members."""
    queries: dict[str, Select[Any]] = {
        "entries": select(LEDGER).order_by(LEDGER.c.member_id, LEDGER.c.sequence),
        "heads": select(HEAD).order_by(HEAD.c.member_id),
        "balances": select(BALANCE).order_by(BALANCE.c.member_id),
        "unit_balances": select(UNIT_BALANCE).order_by(UNIT_BALANCE.c.member_id),
        "checkpoints": select(CHECKPOINT_HEAD).order_by(CHECKPOINT_HEAD.c.member_id, CHECKPOINT_HEAD.c.sequence),
    }
    groups = {
        name: groupby(
            connection.execute(query.execution_options(yield_per=BATCH)), key=lambda row: int(row._mapping["member_id"])
        )
        for name, query in queries.items()
    }
    waiting = {name: next(group, None) for name, group in groups.items()}
    while any(waiting.values()):
        member_id = min(group[0] for group in waiting.values() if group)
        rows: dict[str, list[Row[Any]]] = {}
        for name, group in waiting.items():
            mine = group is not None and group[0] == member_id
            rows[name] = list(group[1]) if group is not None and mine else []
            if mine:
                waiting[name] = next(groups[name], None)
        yield member_id, rows


def _check_chain(report: _Report, member_id: int, rows: dict[str, list[Row[Any]]]) -> None:
    head = rows["heads"][0] if rows["heads"] else None
    length = head.sequence if head else 0
    before: Row[Any] | None = None
    for entry in rows["entries"]:
        expected = before.sequence + 1 if before else 1
        _check_gap(report, member_id, range(expected, entry.sequence))
        edited = chain.link(entry._asdict()) != entry.hash
        if edited:
            report.add(entry.id, _("The entry was changed: its hash does not fit."))
        if entry.sequence > length:
            report.add(entry.id, _("The entry was slipped in behind the end of the chain."))
        elif entry.sequence == expected and entry.previous_hash != (before.hash if before else ""):
            named = before if before and not edited else entry
            report.add(named.id, _("The entry was changed: the next one continues another."))
        before = entry
    last = before.sequence if before else 0
    _check_gap(report, member_id, range(last + 1, length + 1))
    if before and head and before.sequence == head.sequence and before.hash != head.hash:
        report.add(before.id, _("The entry was changed: the end of the chain is another."))
    _check_kept_heads(report, member_id, rows, length)


def _check_gap(report: _Report, member_id: int, missing: range) -> None:
    for sequence in missing:
        number = report.number(member_id)
        report.add(
            f"{number}/{sequence}",
            _("Entry %(sequence)s of member %(number)s was removed.", sequence=sequence, number=number),
        )


def _check_kept_heads(report: _Report, member_id: int, rows: dict[str, list[Row[Any]]], length: int) -> None:
    """Chains still hold what stood at their ends when a checkpoint was signed."""
    hashes = {entry.sequence: (entry.hash, entry.id) for entry in rows["entries"]}
    for kept in rows["checkpoints"]:
        found, entry_id = hashes.get(kept.sequence, (None, None))
        if found is None and kept.sequence > length:
            number = report.number(member_id)
            report.add(
                f"{number}/{kept.sequence}",
                _(
                    "Entry %(sequence)s of member %(number)s was removed after the checkpoint of %(day)s.",
                    sequence=kept.sequence,
                    number=number,
                    day=kept.day,
                ),
            )
        elif found is not None and found != kept.hash:
            report.add(entry_id, _("The entry was changed after the checkpoint of %(day)s.", day=kept.day))


def _check_balances(report: _Report, member_id: int, rows: dict[str, list[Row[Any]]]) -> None:
    sums = Sums()
    for entry in rows["entries"]:
        sums.add(entry.occurred_at, entry.unit_id, entry.points)
    held = {row.period: row.points for row in rows["balances"]}
    by_unit = {(row.period, row.unit_id): row.points for row in rows["unit_balances"]}
    for period in sorted(held.keys() | sums.by_period.keys()):
        if held.get(period) != sums.by_period.get(period):
            report.add(
                f"{report.number(member_id)}/{period}",
                _(
                    "The balance for %(period)s is %(held)s; the entries add up to %(sum)s.",
                    period=period,
                    held=held.get(period, 0),
                    sum=sums.by_period.get(period, 0),
                ),
            )
    for period, unit_id in sorted(by_unit.keys() | sums.by_unit.keys()):
        if by_unit.get((period, unit_id)) != sums.by_unit.get((period, unit_id)):
            report.add(
                f"{report.number(member_id)}/{period}/{unit_id}",
                _(
                    "The balance for %(period)s in a unit is %(held)s; the entries add up to %(sum)s.",
                    period=period,
                    held=by_unit.get((period, unit_id), 0),
                    sum=sums.by_unit.get((period, unit_id), 0),
                ),
            )


def _check_signatures(report: _Report) -> None:
    """Each checkpoint is signed by this house, covers the ends kept for its day, and continues the one before."""
    public = signing.public_key(house.signing_key)
    before: str | None = None
    for kept in report.connection.execute(select(CHECKPOINT).order_by(CHECKPOINT.c.day)):
        name = f"checkpoint:{kept.day}"
        try:
            said = json.loads(signing.verify(kept.signature, public))
        except signing.BadSignature:
            report.add(
                f"checkpoint:{kept.day}", _("The checkpoint of %(day)s is not signed by this house.", day=kept.day)
            )
            before = kept.signature
            continue
        heads = report.connection.execute(
            select(CHECKPOINT_HEAD.c.member_id, CHECKPOINT_HEAD.c.sequence, CHECKPOINT_HEAD.c.hash)
            .where(CHECKPOINT_HEAD.c.day == kept.day)
            .order_by(CHECKPOINT_HEAD.c.member_id)
            .execution_options(yield_per=BATCH)
        )
        fits = (
            said["day"] == kept.day.isoformat()
            and (said["members"], said["entries"]) == (kept.members, kept.entries)
            and said["digest"] == chain.digest_of((row[0], row[1], row[2]) for row in heads)
        )
        if not fits:
            report.add(name, _("The checkpoint of %(day)s was changed.", day=kept.day))
        if said["previous"] != chain.previous_digest(before):
            report.add(name, _("A checkpoint before %(day)s was removed or changed.", day=kept.day))
        before = kept.signature
    _check_totals(report)


def _check_totals(report: _Report) -> None:
    """The ledger never has fewer entries than the last checkpoint signed."""
    last = report.connection.execute(select(CHECKPOINT).order_by(CHECKPOINT.c.day.desc()).limit(1)).one_or_none()
    entries = report.connection.scalar(select(func.count()).select_from(LEDGER))
    if last is not None and (entries or 0) < last.entries:
        report.add(
            f"checkpoint:{last.day}",
            _(
                "The checkpoint of %(day)s covers %(signed)s entries; there are %(n)s.",
                day=last.day,
                signed=last.entries,
                n=entries or 0,
            ),
        )
