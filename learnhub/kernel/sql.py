"""The few statements that differ between engines: upserts and row locks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects import postgresql, sqlite

from learnhub.kernel.db import db


def is_sqlite() -> bool:
    """Whether the current engine is SQLite."""
    return db.session.get_bind().dialect.name == "sqlite"


def upsert(table: Any) -> Any:
    """An INSERT that knows ON CONFLICT on the current engine."""
    return sqlite.insert(table) if is_sqlite() else postgresql.insert(table)


def locked(query: Select[Any]) -> Select[Any]:
    """The rows for update. SQLite has one writer at a time, so there the transaction itself is the lock."""
    return query if is_sqlite() else query.with_for_update()


def lock_again(row: Any) -> None:
    """Read a row of the session anew, for update: it was read in a transaction that is over."""
    db.session.refresh(row, with_for_update=None if is_sqlite() else True)


def left_alone(query: Select[Any]) -> Select[Any]:
    """The rows for update that nobody else holds: those that are held are left out and not waited for."""
    return query if is_sqlite() else query.with_for_update(skip_locked=True)
