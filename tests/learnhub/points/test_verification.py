"""Whoever changes the ledger behind its back is found, and the entry is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from learnhub.kernel import signing
from learnhub.kernel.append_only import lift
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.points import chain, ledger
from learnhub.points.ledger import LEDGER, Entry
from learnhub.points.models import Checkpoint
from learnhub.points.verification import verify_ledger
from tests.makers import new_member, new_unit

GUARDED = ("ledger", "checkpoint", "checkpoint_head")


@pytest.fixture
def entries(app: Flask, now: datetime) -> list[Entry]:
    """Two members with five entries each, the first three of each under a signed checkpoint; all committed."""
    unit = new_unit()
    members = [new_member(unit, number=number) for number in ("A1", "A2")]

    def post(member_id: int, n: int) -> Entry:
        return ledger.post(
            member_id,
            kind="gift",
            source_id=f"gift:{n}",
            points=n,
            reason=_("A gift from %(name)s", name="王"),
            occurred_at=now - timedelta(days=n, microseconds=7),
            now=now,
        )

    posted = [post(member.id, n) for n in (1, 2, 3) for member in members]
    chain.checkpoint(now)
    posted += [post(member.id, n) for n in (4, 5) for member in members]
    mine = [entry for entry in posted if entry.member_id == members[0].id]
    db.session.commit()
    return mine


def tampered(app: Flask, *statements: str, **values: Any) -> list[dict[str, Any]]:
    """Do something to the tables that only the owner of the database can do; what verification says then."""
    with db.engine.begin() as connection:
        for table in GUARDED:
            for statement in lift(table, connection.dialect.name):
                connection.execute(text(statement))
        for statement in statements:
            connection.execute(text(statement), values)
    return broken()


def broken() -> list[dict[str, Any]]:
    return [{"entry": one["entry"], "reason": str(one["reason"])} for one in verify_ledger()["broken"]]


def names(found: list[dict[str, Any]]) -> set[str]:
    return {one["entry"] for one in found}


def test_an_untouched_ledger_is_whole(app: Flask, entries: list[Entry]) -> None:
    assert verify_ledger() == {"entries": 10, "members": 2, "broken": []}
    assert ledger.find(entries[1].id).previous_hash == entries[0].hash


@pytest.mark.parametrize(
    "change",
    [
        "points = 100",
        "unit_id = unit_id, kind = 'other'",
        "occurred_at = '2026-11-01 00:00:00'",
        'reason = \'{"text": "other"}\'',
        "source_id = 'gift:99'",
        "actor_id = member_id",
    ],
)
def test_an_edited_entry_is_named(app: Flask, entries: list[Entry], change: str) -> None:
    found = tampered(app, f"UPDATE ledger SET {change} WHERE id = :id", id=entries[2].id)
    assert str(entries[2].id) in names(found)
    assert not names(found) & {str(entry.id) for entry in entries if entry != entries[2]}


@pytest.mark.parametrize("place", [0, 3, 4])
def test_a_removed_entry_is_named_by_its_place(app: Flask, entries: list[Entry], place: int) -> None:
    found = tampered(app, "DELETE FROM ledger WHERE id = :id", id=entries[place].id)
    assert f"A1/{place + 1}" in names(found)
    assert not any(one["reason"].startswith("The entry was") for one in found)


def rewrite(connection: Connection, entry: Entry, **changes: Any) -> str:
    """Change an entry and give it a hash that fits, as somebody would who knows how."""
    row = {**vars(entry), **changes}
    row.pop("repeated")
    row["hash"] = chain.link(row)
    connection.execute(LEDGER.delete().where(LEDGER.c.id == entry.id))
    connection.execute(LEDGER.insert(), [row])
    return str(row["hash"])


@pytest.mark.parametrize(("place", "points"), [(1, 50), (4, 50)])
def test_an_entry_edited_with_a_new_hash_is_named(app: Flask, entries: list[Entry], place: int, points: int) -> None:
    tampered(app)
    with db.engine.begin() as connection:
        rewrite(connection, entries[place], points=points)
    assert str(entries[place].id) in names(broken())


def test_a_removed_end_is_found_by_the_checkpoint_even_when_everything_was_put_right(
    app: Flask, entries: list[Entry]
) -> None:
    found = tampered(
        app,
        "DELETE FROM ledger WHERE member_id = :member AND sequence > 2",
        "UPDATE ledger_head SET sequence = 2, hash = :hash WHERE member_id = :member",
        "DELETE FROM balance WHERE member_id = :member",
        "DELETE FROM unit_balance WHERE member_id = :member",
        member=entries[0].member_id,
        hash=entries[1].hash,
    )
    assert "A1/3" in names(found)
    assert any("after the checkpoint of 2026-11-22" in one["reason"] for one in found)


def test_a_chain_written_anew_is_found_by_the_checkpoint(app: Flask, entries: list[Entry]) -> None:
    tampered(app)
    with db.engine.begin() as connection:
        previous = ""
        for entry in entries:
            previous = rewrite(connection, entry, points=entry.points + 1, previous_hash=previous)
        connection.execute(
            text("UPDATE ledger_head SET hash = :hash WHERE member_id = :member"),
            {"hash": previous, "member": entries[0].member_id},
        )
    assert str(entries[2].id) in names(broken())


def test_an_entry_slipped_in_is_named(app: Flask, entries: list[Entry]) -> None:
    tampered(app)
    with db.engine.begin() as connection:
        row = {**vars(entries[4]), "id": 77, "sequence": 6, "source_id": "gift:6", "previous_hash": entries[4].hash}
        row.pop("repeated")
        row["hash"] = chain.link(row)
        connection.execute(LEDGER.insert(), [row])
    assert "77" in names(broken())


def test_a_balance_that_is_not_the_sum_of_its_entries_is_named(app: Flask, entries: list[Entry]) -> None:
    found = tampered(
        app, "UPDATE balance SET points = 99 WHERE member_id = :m AND period = 'all'", m=entries[0].member_id
    )
    assert found == [{"entry": "A1/all", "reason": "The balance for all is 99; the entries add up to 15."}]
    unit = tampered_unit(entries[0].member_id)
    assert any(name.startswith("A1/2026/") for name in names(unit))


def tampered_unit(member_id: int) -> list[dict[str, Any]]:
    with db.engine.begin() as connection:
        statement = "DELETE FROM unit_balance WHERE member_id = :m AND period = '2026'"
        connection.execute(text(statement), {"m": member_id})
    return broken()


def test_a_checkpoint_is_made_once_a_day_and_covers_what_moved(app: Flask, entries: list[Entry], now: datetime) -> None:
    first = chain.checkpoint(now)
    assert (first.members, first.entries) == (2, 6)
    tomorrow = chain.checkpoint(now + timedelta(days=1))
    assert (tomorrow.members, tomorrow.entries) == (2, 10)
    assert chain.checkpoint(now + timedelta(days=2)).entries == 10
    db.session.commit()
    assert broken() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE checkpoint SET entries = 5",
        "UPDATE checkpoint_head SET hash = 'x'",
        "DELETE FROM checkpoint_head",
        "UPDATE checkpoint SET signature = 'x'",
    ],
)
def test_a_changed_checkpoint_is_named(app: Flask, entries: list[Entry], change: str) -> None:
    assert "checkpoint:2026-11-22" in names(tampered(app, change))


def test_a_checkpoint_by_another_key_or_one_left_out_is_named(app: Flask, entries: list[Entry], now: datetime) -> None:
    other = signing.sign(b"{}", signing.make_key())
    assert signing.public_key(house.signing_key)["kid"]
    chain.checkpoint(now + timedelta(days=1))
    db.session.commit()
    left_out = tampered(
        app, "DELETE FROM checkpoint_head WHERE day = '2026-11-22'", "DELETE FROM checkpoint WHERE day = '2026-11-22'"
    )
    assert names(left_out) == {"checkpoint:2026-11-23"}
    with db.engine.begin() as connection:
        connection.execute(Checkpoint.__table__.update().values(signature=other))  # type: ignore[attr-defined]
    assert "not signed by this house" in broken()[0]["reason"]
