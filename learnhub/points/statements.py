"""The writing statements of a post, built once for each engine: posting is a hot path."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from sqlalchemy import TextClause, bindparam, text, update

from learnhub.kernel.periods import Grain
from learnhub.kernel.sql import is_sqlite, upsert
from learnhub.points.models import LedgerEntry, LedgerHead


class Statements(NamedTuple):
    """What a post executes after it knows its unit, in this order."""

    lock: Any
    """Takes `member_id`; gives sequence and hash of the chain's end, whose row it locks."""
    insert: Any
    """Takes the entry's columns; gives its id, or nothing when the key is taken."""
    move: Any
    """Takes `member`, `sequence` and `hash`: the new end of the chain."""
    balances: TextClause
    """Takes `member_id`, `points` and the names of the periods as `period_0` and so on."""
    unit_balances: TextClause
    """Takes `unit_id` besides."""


def statements() -> Statements:
    """The statements for the current engine."""
    return _built(is_sqlite())


@functools.cache
def _built(_sqlite: bool) -> Statements:
    head = LedgerHead.__table__
    made = upsert(head).values(sequence=0, hash="")
    held = made.on_conflict_do_update(index_elements=["member_id"], set_={"sequence": head.c.sequence})
    entry = LedgerEntry.__table__
    return Statements(
        lock=held.values(member_id=bindparam("member_id")).returning(head.c.sequence, head.c.hash),
        insert=upsert(entry).on_conflict_do_nothing().returning(entry.c.id),
        move=update(head)  # type: ignore[arg-type]
        .where(head.c.member_id == bindparam("member"))
        .values(sequence=bindparam("sequence"), hash=bindparam("hash")),
        balances=_add("balance", "member_id"),
        unit_balances=_add("unit_balance", "member_id", "unit_id"),
    )


def _add(table: str, *key: str) -> TextClause:
    """One upsert of a row for each grain. Both engines read it; as text it is not put together anew each time."""
    columns = ", ".join([*key, "period", "points"])
    values = ", ".join(
        f"({', '.join(f':{name}' for name in key)}, :period_{number}, :points)" for number in range(len(Grain))
    )
    return text(
        f"INSERT INTO {table} ({columns}) VALUES {values} "  # noqa: S608 - names of ours only
        f"ON CONFLICT ({', '.join(key)}, period) DO UPDATE SET points = {table}.points + excluded.points"
    )
