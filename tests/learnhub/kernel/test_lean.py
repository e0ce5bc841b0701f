"""Statements on the driver's own cursor: the same values, the same errors, and a transaction that is one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from learnhub.identity.models import Member, SignInSession
from learnhub.kernel import db as kernel_db
from learnhub.kernel import lean
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from tests.at_once import at_once
from tests.makers import new_member, small_tree

UNIT: Any = Unit.__table__
SESSION: Any = SignInSession.__table__
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)

READ = lean.Statement(
    select(SESSION.c.device, SESSION.c.started_at, SESSION.c.ended_at).where(SESSION.c.id == bindparam("id"))
)
WRITE = lean.Statement(
    insert(SESSION).values(
        {
            name: bindparam(name, type_=SESSION.c[name].type)
            for name in ("id", "key_digest", "member_id", "started_at", "last_seen_at", "ended_at", "address", "device")
        }
    )
)
RENAME = lean.Statement(update(UNIT).where(UNIT.c.id == bindparam("of")).values(name=bindparam("said")))
BACKEND = lean.Statement(select(func.pg_backend_pid()))
END = lean.Statement(select(func.pg_terminate_backend(bindparam("pid"))))
NAME = lean.Statement(select(UNIT.c.name).where(UNIT.c.id == bindparam("of")))


def session_row(member: Member, number: int, key: str = "k") -> dict[str, Any]:
    return {
        "id": number,
        "key_digest": key,
        "member_id": member.id,
        "started_at": NOON,
        "last_seen_at": NOON,
        "ended_at": None,
        "address": "",
        "device": "手机 📱",
    }


@pytest.fixture
def member(app: Flask) -> Member:
    member = new_member(small_tree()["B1"], number="M1")
    db.session.commit()
    return member


def name_of(unit_id: int) -> str:
    db.session.rollback()
    return str(db.session.scalar(select(Unit.name).where(Unit.id == unit_id)))


def test_values_go_in_and_come_out_as_the_types_say(member: Member) -> None:
    row = session_row(member, 7)
    db.session.rollback()
    with lean.transaction() as lines:
        lines.run(WRITE, **row)
        assert lines.one(READ, id=8) is None
        assert lines.one(READ, id=7) == ("手机 📱", NOON, None)
    stored = db.session.get_one(SignInSession, 7)
    assert (stored.device, stored.started_at, stored.ended_at) == ("手机 📱", NOON, None)


def test_a_transaction_of_its_own_is_whole_or_nothing(member: Member) -> None:
    unit_id = small_id()
    with lean.transaction() as lines:
        lines.run(RENAME, of=unit_id, said="kept")
    assert name_of(unit_id) == "kept"
    db.session.rollback()
    with pytest.raises(RuntimeError, match="stop"):
        rename_and_stop(unit_id)
    assert name_of(unit_id) == "kept"


def test_within_the_session_s_transaction_the_session_commits(member: Member) -> None:
    unit_id = small_id()
    db.session.get_one(Unit, unit_id).name = "by the session"
    db.session.flush()
    with lean.transaction() as lines:
        assert lines.one(NAME, of=unit_id) == ("by the session",)
        lines.run(RENAME, of=unit_id, said="lean")
    db.session.rollback()
    assert name_of(unit_id) not in ("lean", "by the session")
    with lean.transaction() as lines:
        lines.run(RENAME, of=unit_id, said="lean")
    db.session.commit()
    assert name_of(unit_id) == "lean"


def test_one_connection_does_it_all_so_that_nobody_waits_for_a_second_one_with_a_lock(member: Member) -> None:
    unit_id = small_id()
    db.session.rollback()
    with lean.transaction() as lines:
        lines.run(RENAME, of=unit_id, said="new")
        assert lean.here() is lines
        assert lean.here().all(NAME, of=unit_id) == [("new",)]
        with pytest.raises(RuntimeError, match="a second connection"):
            db.session.scalar(select(Unit.name).where(Unit.id == unit_id))
        db.session.rollback()
    assert name_of(unit_id) == "new"
    assert lean.here().one(NAME, of=unit_id) == ("new",)
    db.session.rollback()


def test_the_driver_s_errors_are_sqlalchemy_s(member: Member) -> None:
    first, second = session_row(member, 1), session_row(member, 2)
    db.session.rollback()
    with lean.transaction() as lines:
        lines.run(WRITE, **first)
    with pytest.raises(IntegrityError, match="key_digest"), lean.transaction() as lines:
        lines.run(WRITE, **second)
    with lean.single() as lines:
        assert lines.one(READ, id=1) is not None
        assert lines.one(READ, id=2) is None


def test_statements_of_a_transaction_each_are_heard_of_and_counted(member: Member, statements: Any) -> None:
    row = session_row(member, 3)
    db.session.rollback()
    with statements() as seen, lean.single() as lines:
        lines.run(WRITE, **row)
        assert lines.one(READ, id=3) is not None
    assert [one.split()[0] for one in seen] == ["INSERT", "SELECT"]
    assert db.session.get(SignInSession, 3) is not None


@pytest.mark.postgres_only
def test_a_connection_that_broke_off_fails_once_and_is_used_no_more(member: Member) -> None:
    unit_id = small_id()
    db.session.rollback()
    with pytest.raises(OperationalError) as broken:
        rename_and_break_off(unit_id)
    assert broken.value.connection_invalidated
    with lean.transaction() as lines:
        lines.run(RENAME, of=unit_id, said="again")
    assert name_of(unit_id) == "again"


def rename_and_stop(unit_id: int) -> None:
    with lean.transaction() as lines:
        lines.run(RENAME, of=unit_id, said="lost")
        raise RuntimeError("stop")


def rename_and_break_off(unit_id: int) -> None:
    with lean.transaction() as lines:
        lines.run(RENAME, of=unit_id, said="lost")
        mine = lines.one(BACKEND)
        assert mine is not None
        with lean.single() as other:
            other.one(END, pid=mine[0])
        lines.run(RENAME, of=unit_id, said="lost too")


def small_id() -> int:
    found = db.session.scalar(select(Unit.id).where(Unit.code == "B1"))
    db.session.rollback()
    assert found is not None
    return int(found)


@pytest.mark.sqlite_only
def test_writers_take_turns_and_each_gives_its_turn_back(app: Flask, member: Member) -> None:
    """SQLite has no queue; whoever waits here goes on at once, whatever became of the one before."""
    unit_id = small_id()

    def rename(n: int) -> None:
        if n == 3:
            rename_and_stop(unit_id)
        elif n == 5:
            db.session.get_one(Unit, unit_id).name = "number 5"
        else:
            with lean.transaction() as lines:
                lines.run(RENAME, of=unit_id, said=f"number {n}")

    failed = [str(one) for one in at_once(app, rename, 8) if one is not None]
    assert failed == ["stop"]
    assert not kernel_db._turns[db.engine.pool].locked()
    assert name_of(unit_id) in {f"number {n}" for n in (0, 1, 2, 4, 5, 6, 7)}


@pytest.mark.sqlite_only
def test_who_waited_too_long_for_a_turn_is_told_as_sqlite_tells_it(
    app: Flask, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit_id = small_id()
    monkeypatch.setattr(kernel_db, "BUSY_SECONDS", 0.02)

    def rename(n: int) -> None:
        with lean.transaction() as lines:
            lines.run(RENAME, of=unit_id, said="too late")

    with lean.transaction() as lines:
        lines.run(RENAME, of=unit_id, said="first")
        (failed,) = at_once(app, rename, 1)
    assert "database is locked" in str(failed)
    assert name_of(unit_id) == "first"
    assert at_once(app, rename, 1) == [None]
