"""The tables that the migrations make are those of the models, on both engines, and the guards stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from learnhub import migrating
from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.kernel.db import db
from tests.conftest import FIELD_KEY, SECRET, SIGNING_KEY

APPEND_ONLY = {
    "answer_try",
    "answer_version",
    "audit_entry",
    "checkpoint",
    "checkpoint_head",
    "focus_event",
    "grant_taken_back",
    "granted_time",
    "hand_mark",
    "issued_transcript",
    "late_decision",
    "ledger",
    "likeness_decision",
    "question_version",
    "rule_version",
    "time_taken_back",
}


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, postgres_server: Callable[[], str]) -> Any:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgres":
        name = f"learnhub_migrations_{tmp_path.name.replace('-', '_')}_{id(tmp_path)}".lower()
        with psycopg.connect(postgres_server(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = make_url(postgres_server()).set(drivername="postgresql", database=name).render_as_string(False)
    config = read_config(
        instance=tmp_path, database_url=url, secret_key=SECRET, signing_key=SIGNING_KEY, field_keys=FIELD_KEY
    )
    app = create_app(config)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if request.param == "postgres":
        with psycopg.connect(postgres_server(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_migrated_database_is_what_the_models_say(empty: Any, tmp_path: Path) -> None:
    before, after = migrating.upgrade(tmp_path)
    assert before is None
    assert after is not None
    assert migrating.differences() == []
    tables = {name for name in inspect(db.engine).get_table_names() if "_fts" not in name}
    assert tables == {*db.metadata.tables, "alembic_version"}
    assert migrating.upgrade(tmp_path) == (after, after), "a second time changes nothing"


def test_the_migrations_put_the_guards_on(empty: Any, tmp_path: Path) -> None:
    migrating.upgrade(tmp_path)
    query = (
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT DISTINCT event_object_table FROM information_schema.triggers"
    )
    finding = {"member"} if db.engine.dialect.name == "sqlite" else set()
    assert set(db.session.scalars(text(query))) == APPEND_ONLY | finding


def test_the_migrations_go_back_to_nothing(empty: Any, tmp_path: Path) -> None:
    from flask_migrate import downgrade

    migrating.upgrade(tmp_path)
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
