"""Events of many members at the same moment, paid as `events.happened` pays each, in a few statements for all.

A thousand attempts that end at eight o'clock are a thousand events. One by one each takes a dozen statements; gathered,
a hundred take ten. The chains' ends are locked in the order of the members, so two gatherings never wait for each other
in a ring, and the entry's key stays the proof that nothing is paid twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, bindparam, case, func, select, tuple_

from learnhub.identity.models import Member
from learnhub.kernel import periods
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import is_sqlite, upsert
from learnhub.kernel.words import Message, _
from learnhub.organisations import units
from learnhub.organisations.memberships import primary_unit_ids
from learnhub.points import ledger, rules
from learnhub.points.events import earned
from learnhub.points.ledger import BALANCE, HEAD, LEDGER, UNIT_BALANCE, Head
from learnhub.points.models import RefusedEvent, RuleVersion
from learnhub.points.rules import Version
from learnhub.points.statements import statements


@dataclass(frozen=True)
class Event:
    """What happened to a member; `source_id` names it, `reason` says it to the member."""

    member_id: int
    event: str
    source_id: str
    occurred_at: datetime
    reason: Message

    @property
    def key(self) -> tuple[int, str, str]:
        """The event's name."""
        return self.member_id, self.event, self.source_id

    @property
    def day(self) -> date:
        """Where it counts."""
        return local_date(self.occurred_at, house.zone)


def happened(events: Sequence[Event], now: datetime) -> set[tuple[int, str, str]]:
    """Pay each event by the rule of its day, up to the caps, or keep why not; what was decided before stays.

    Gives the names of those that were decided before.
    All or nothing: Conflict when an entry came in between under the same name, and the caller's transaction is void.
    """
    events = sorted(events, key=lambda one: one.member_id)
    members = sorted({one.member_id for one in events})
    if not members:
        return set()
    tests = set(db.session.scalars(select(Member.id).where(Member.id.in_(members), Member.test.is_(True))))
    versions = {(one.event, one.day): None for one in events}
    paying = {key: rules.version_on(*key) for key in versions}
    earning = _units(events)
    heads = _lock(members)
    before, paid = _known(events), _Paid(events, paying)
    known = set(before)
    entries, refusals = [], []
    for one in events:
        if one.key in known:
            continue
        known.add(one.key)
        version = paying[one.event, one.day]
        if one.member_id in tests:
            amount, refusal = 0, _("Test accounts earn no points.")
        elif version is None or version.amount == 0:
            amount, refusal = 0, _("No rule pays for this.")
        else:
            amount, refusal = earned(version, *paid.so_far(one, version))
        if not amount or version is None:
            refusals.append(_refusal(one, version, refusal))
            continue
        paid.add(one, version, amount)
        entry = ledger.values_of(
            heads[one.member_id],
            kind=one.event,
            source_id=one.source_id,
            points=amount,
            reason=one.reason,
            occurred_at=one.occurred_at,
            now=now,
            unit_id=earning[one.member_id, one.day],
            rule_version=version.id,
        )
        heads[one.member_id] = Head(one.member_id, entry["sequence"], entry["hash"])
        entries.append(entry)
    _write(entries, heads)
    if refusals:
        db.session.execute(upsert(RefusedEvent.__table__).on_conflict_do_nothing(), refusals)
    return before


def _units(events: Sequence[Event]) -> dict[tuple[int, date], int]:
    """For which unit each member earned on a day; a statement for each day."""
    found: dict[tuple[int, date], int] = {}
    days = {one.day: one.occurred_at for one in events}
    for day, moment in days.items():
        members = {one.member_id for one in events if one.day == day}
        found |= {(member_id, day): unit_id for member_id, unit_id in primary_unit_ids(members, moment).items()}
    homeless = {(one.member_id, one.day) for one in events} - found.keys()
    return found | dict.fromkeys(homeless, units.root().id) if homeless else found


def _lock(members: list[int]) -> dict[int, Head]:
    """The ends of all these chains, held until the transaction ends, taken in the order of the members."""
    held = statements().lock.returning(HEAD.c.member_id)
    rows = db.session.execute(held, [{"member_id": one} for one in members])
    return {row.member_id: Head(row.member_id, row.sequence, row.hash) for row in rows}


def _known(events: Sequence[Event]) -> set[tuple[int, str, str]]:
    """The events that were paid or refused before."""
    keys = [one.key for one in events]
    known: set[tuple[int, str, str]] = set()
    for table in (LEDGER, RefusedEvent.__table__):
        key = (table.c.member_id, table.c.kind, table.c.source_id)
        known |= {tuple(row) for row in db.session.execute(select(*key).where(tuple_(*key).in_(keys)))}
    return known


class _Paid:
    """What the rules paid these members so far, on the day of the event and in all; what is added here counts."""

    def __init__(self, events: Iterable[Event], paying: dict[tuple[str, date], Version | None]) -> None:
        self._that_day: dict[tuple[int, int, date], int] = defaultdict(int)
        self._in_all: dict[tuple[int, int], int] = defaultdict(int)
        for (event, day), version in paying.items():
            if version is not None and (version.daily_cap is not None or version.total_cap is not None):
                members = {one.member_id for one in events if one.event == event and one.day == day}
                self._read(version, day, members)

    def _read(self, version: Version, day: date, members: set[int]) -> None:
        query = (
            select(
                LEDGER.c.member_id,
                func.coalesce(func.sum(case((LEDGER.c.day == day, LEDGER.c.points), else_=0)), 0),
                func.coalesce(func.sum(LEDGER.c.points), 0),
            )
            .where(
                LEDGER.c.member_id.in_(members),
                LEDGER.c.rule_version_id.in_(select(RuleVersion.id).where(RuleVersion.rule_id == version.rule_id)),
            )
            .group_by(LEDGER.c.member_id)
        )
        if version.total_cap is None:
            query = query.where(LEDGER.c.day == day)
        for member_id, that_day, in_all in db.session.execute(query):
            self._that_day[member_id, version.rule_id, day] = int(that_day)
            self._in_all[member_id, version.rule_id] = int(in_all)

    def so_far(self, one: Event, version: Version) -> tuple[int, int]:
        return self._that_day[one.member_id, version.rule_id, one.day], self._in_all[one.member_id, version.rule_id]

    def add(self, one: Event, version: Version, points: int) -> None:
        self._that_day[one.member_id, version.rule_id, one.day] += points
        self._in_all[one.member_id, version.rule_id] += points


def _refusal(one: Event, version: Version | None, reason: Message) -> dict[str, Any]:
    return {
        "id": new_id(),
        "member_id": one.member_id,
        "kind": one.event,
        "source_id": one.source_id,
        "rule_version_id": version.id if version else None,
        "occurred_at": one.occurred_at,
        "reason": reason.to_json(),
    }


def _write(entries: list[dict[str, Any]], heads: dict[int, Head]) -> None:
    """The entries, the chains' new ends and both tables of balances: four statements."""
    if not entries:
        return
    if len(db.session.execute(statements().insert, entries).all()) < len(entries):
        raise Conflict(_("This event was already posted with other points."))
    moved = sorted({entry["member_id"] for entry in entries})
    new = upsert(HEAD)
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=["member_id"], set_={"sequence": new.excluded.sequence, "hash": new.excluded.hash}
        ).returning(HEAD.c.member_id),
        [heads[member_id]._asdict() for member_id in moved],
    )
    mine: dict[tuple[int, str], int] = defaultdict(int)
    ours: dict[tuple[int, str, int], int] = defaultdict(int)
    for entry in entries:
        for period in periods.keys_at(entry["occurred_at"], house.zone):
            mine[entry["member_id"], period] += entry["points"]
            ours[entry["member_id"], period, entry["unit_id"]] += entry["points"]
    _add(BALANCE, ("member_id", "period"), mine)
    _add(UNIT_BALANCE, ("member_id", "period", "unit_id"), ours)


def _add(table: Any, key: tuple[str, ...], added: dict[Any, int]) -> None:
    columns: dict[str, list[Any]] = {name: [named[n] for named in added] for n, name in enumerate(key)}
    columns["points"] = list(added.values())
    new = upsert(table)
    adding = {"points": table.c.points + new.excluded.points}
    if is_sqlite():
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        one_by_one = new.on_conflict_do_update(index_elements=list(key), set_=adding)
        db.session.execute(one_by_one.returning(table.c.member_id), rows)
        return
    arrays = [func.unnest(bindparam(name, held, ARRAY(table.c[name].type))) for name, held in columns.items()]
    at_once = new.from_select(list(columns), select(*arrays))
    db.session.execute(at_once.on_conflict_do_update(index_elements=list(key), set_=adding))
