"""Bringing the tables to this version, under a lock, and comparing them with the models."""

from __future__ import annotations

import fcntl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade as run_migrations
from sqlalchemy import Column, text

from learnhub.kernel.db import db

LOCK_KEY = 7_203_412


def upgrade(instance: Path) -> tuple[str | None, str | None]:
    """Run the migrations that are missing, one process at a time. Returns the revision before and after."""
    with _alone(instance):
        before = revision()
        run_migrations()
    return before, revision()


def revision() -> str | None:
    """The revision that the database stands at; None when it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences() -> list[str]:
    """What the database has otherwise than the models say, a line each."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "render_as_batch": True, "include_object": can_be_compared}
        )
        with warnings.catch_warnings():
            for unseen in ("autogenerate skipping metadata-specified", "Skipped unsupported reflection of"):
                warnings.filterwarnings("ignore", message=f"{unseen} expression-based index")
            return [str(difference) for difference in compare_metadata(context, db.metadata)]


def can_be_compared(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """SQLite tells nothing of an index over expressions, has none of another sort, and keeps its full-text index in
    tables of its own; PostgreSQL, on which the same migrations run, is compared in everything."""
    if db.engine.dialect.name != "sqlite":
        return True
    if kind == "table":
        return not (name or "").startswith(("question_fts", "member_fts"))
    not_seen = {
        index.name
        for table in db.metadata.tables.values()
        for index in table.indexes
        if index.dialect_kwargs or not all(isinstance(expression, Column) for expression in index.expressions)
    }
    return not (kind == "index" and name in not_seen)


@contextmanager
def _alone(instance: Path) -> Iterator[None]:
    if db.engine.dialect.name == "sqlite":
        instance.mkdir(parents=True, exist_ok=True)
        with (instance / "migrate.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})
