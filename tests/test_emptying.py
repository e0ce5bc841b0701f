"""A test begins with what a new database holds, whatever the test before it did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, inspect, text, update
from sqlalchemy.exc import DatabaseError

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, record
from learnhub.kernel.append_only import lift
from learnhub.kernel.db import db
from learnhub.organisations.profile.models import MemberField, MemberValue
from tests.emptying import MOST_PAGES
from tests.makers import new_member, new_unit


def held(url: str) -> dict[str, list[Any]]:
    """Every row of every table in its order, and every guard, as somebody finds them who comes anew."""
    engine = create_engine(url)
    guards = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger ORDER BY tgname"
    )
    with engine.connect() as connection:
        rows = {
            name: list(connection.execute(text(f"SELECT * FROM {name}"))) for name in inspect(engine).get_table_names()
        }
        rows["guards"] = list(connection.scalars(text(guards)))
    engine.dispose()
    return rows


@pytest.fixture
def at_first(engine: str, databases: Any) -> dict[str, list[Any]]:
    """What a database holds in which no test ever wrote."""
    databases.app(engine)
    databases.renew(engine)
    return held(databases.address(engine, "test"))


def write(now: datetime) -> None:
    """Something in tables of every sort: with foreign keys, append-only, and what every database begins with."""
    member = new_member(new_unit(), number="A1")
    record(SYSTEM, "test", "unit", 1, now)
    db.session.execute(update(MemberField).where(MemberField.id == 1).values(position=99, required=False))
    db.session.execute(insert(MemberValue).values(member_id=member.id, field_id=2, text="x", changed_at=now))
    db.session.commit()


def test_what_was_written_is_gone(engine: str, databases: Any, at_first: dict[str, list[Any]], now: datetime) -> None:
    assert {name for name, rows in at_first.items() if rows} - {"guards"} >= {"member_field"}
    with databases.app(engine).app_context():
        write(now)
        assert held(databases.address(engine, "test")) != at_first
    databases.app(engine)
    assert held(databases.address(engine, "test")) == at_first


def test_a_lifted_guard_is_back(engine: str, databases: Any, at_first: dict[str, list[Any]], now: datetime) -> None:
    with databases.app(engine).app_context():
        for statement in lift("audit_entry", db.engine.dialect.name):
            db.session.execute(text(statement))
        db.session.commit()
        assert held(databases.address(engine, "test"))["guards"] != at_first["guards"]
    with databases.app(engine).app_context():
        record(SYSTEM, "test", "unit", 1, now)
        db.session.commit()
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(update(AuditEntry).values(action="x"))
        db.session.rollback()
    databases.app(engine)
    assert held(databases.address(engine, "test")) == at_first


def test_a_column_that_a_test_changed_is_as_before(engine: str, databases: Any, at_first: dict[str, list[Any]]) -> None:
    with databases.app(engine).app_context():
        db.session.execute(text("ALTER TABLE member_field ADD COLUMN extra INTEGER"))
        db.session.commit()
    databases.app(engine)
    assert held(databases.address(engine, "test")) == at_first


def test_a_forgotten_transaction_writes_nothing_into_the_next_test(
    engine: str, databases: Any, at_first: dict[str, list[Any]], now: datetime
) -> None:
    other = create_engine(databases.address(engine, "test"))
    databases.app(engine)
    forgotten = other.connect()
    forgotten.execute(text("DELETE FROM member_field"))
    with databases.app(engine).app_context():
        try:
            forgotten.commit()
        except DatabaseError:
            assert engine == "postgres", "its connection was cut"
        assert held(databases.address(engine, "test")) == at_first
    other.dispose()


def test_a_grown_table_is_made_anew(databases: Any) -> None:
    with databases.app("postgres").app_context():
        before = db.session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        many = (
            "INSERT INTO sign_in_failure (name_digest, address, failures, since) "
            "SELECT repeat('x', 50) || n, 'here', 1, now() FROM generate_series(1, :n) n"
        )
        db.session.execute(text(many), {"n": MOST_PAGES * 8192 // 50})
        db.session.commit()
    with databases.app("postgres").app_context():
        assert before != db.session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        db.session.remove()
