"""The demo's points: the same rules, caps, chains and balances as the ledger's, written in bulk for three months."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Table, insert

from learnhub.kernel import periods
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import Message
from learnhub.points import chain, events, rules
from learnhub.points.models import Balance, LedgerEntry, LedgerHead, RefusedEvent, UnitBalance

CHUNK = 2_000


class Books:
    """Entries of many members, kept in memory until `close` writes them. Events of a member come in order of time."""

    def __init__(self) -> None:
        self.heads: dict[int, tuple[int, str]] = {}
        self.entries: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.balances: Counter[tuple[int, str]] = Counter()
        self.unit_balances: Counter[tuple[int, str, int]] = Counter()
        self.paid: Counter[tuple[int, int, date]] = Counter()
        self.versions: dict[tuple[str, date], rules.Version | None] = {}
        self.keys: dict[date, list[str]] = {}

    def happened(
        self, member_id: int, unit_id: int, event: str, source_id: str, occurred_at: datetime, reason: Message
    ) -> None:
        """One event, paid by the rule of its day up to the caps, or refused with its reason."""
        day = local_date(occurred_at, house.zone)
        version = self._version(event, day)
        if version is None:
            return
        amount, refusal = events.earned(version, self.paid[member_id, version.rule_id, day], 0)
        if not amount:
            self._refuse(member_id, event, source_id, version.id, occurred_at, refusal)
            return
        self.paid[member_id, version.rule_id, day] += amount
        sequence, previous = self.heads.get(member_id, (0, ""))
        entry: dict[str, Any] = {
            "id": new_id(),
            "member_id": member_id,
            "sequence": sequence + 1,
            "kind": event,
            "source_id": source_id,
            "entry_no": 1,
            "event_month": f"{day.year:04d}-{day.month:02d}",
            "day": day,
            "unit_id": unit_id,
            "points": amount,
            "rule_version_id": version.id,
            "reason": reason.to_json(),
            "actor_id": None,
            "occurred_at": occurred_at.astimezone(UTC),
            "posted_at": occurred_at.astimezone(UTC),
            "reverses": None,
            "previous_hash": previous,
        }
        entry["hash"] = chain.link(entry)
        self.entries.append(entry)
        self.heads[member_id] = (sequence + 1, entry["hash"])
        for key in self._keys(day, occurred_at):
            self.balances[member_id, key] += amount
            self.unit_balances[member_id, key, unit_id] += amount

    def close(self) -> None:
        """Write everything."""
        write(LedgerEntry, self.entries)
        write(RefusedEvent, self.refused)
        write(LedgerHead, [{"member_id": m, "sequence": n, "hash": h} for m, (n, h) in self.heads.items()])
        write(Balance, [{"member_id": m, "period": p, "points": n} for (m, p), n in self.balances.items()])
        write(
            UnitBalance,
            [{"member_id": m, "period": p, "unit_id": u, "points": n} for (m, p, u), n in self.unit_balances.items()],
        )

    def _version(self, event: str, day: date) -> rules.Version | None:
        if (event, day) not in self.versions:
            self.versions[event, day] = rules.version_on(event, day)
        return self.versions[event, day]

    def _keys(self, day: date, occurred_at: datetime) -> list[str]:
        if day not in self.keys:
            self.keys[day] = periods.keys_at(occurred_at, house.zone)
        return self.keys[day]

    def _refuse(
        self, member_id: int, event: str, source_id: str, version_id: int, occurred_at: datetime, reason: Message
    ) -> None:
        self.refused.append(
            {
                "id": new_id(),
                "member_id": member_id,
                "kind": event,
                "source_id": source_id,
                "rule_version_id": version_id,
                "occurred_at": occurred_at,
                "reason": reason.to_json(),
            }
        )


def write(model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows of one table, a few thousand at a time."""
    table: Table = model.__table__
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(table), rows[start : start + CHUNK])
