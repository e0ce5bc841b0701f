"""The one database handle, the base of all models, and how transactions begin on each engine."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, TypeDecorator, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from learnhub.kernel.ids import new_id

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware going in, UTC coming out; a naive datetime is an error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: instants carry their zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigInt = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both engines; on SQLite an INTEGER PRIMARY KEY is the row id itself."""

Json = JSON().with_variant(JSONB, "postgresql")

Id = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)]
"""The usual primary key: made by the application when the row is."""


class Base(DeclarativeBase):
    """Base of all models. `int` is 64 bits, `datetime` is an instant in UTC, `dict` and `list` are JSON."""

    registry = registry(
        type_annotation_map={
            int: BigInt,
            datetime: UTCDateTime(),
            dict[str, Any]: Json,
            list[Any]: Json,
            list[str]: Json,
        }
    )
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


_writing: ContextVar[bool] = ContextVar("learnhub_writing", default=True)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun in here only read: on SQLite they do not take the writers' lock."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """A transaction of its own that writes and commits, whatever becomes of the request around it.

    What the request did so far and did not commit is rolled back first: use it before any other work, or after
    a refusal.
    """
    db.session.rollback()
    token = _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


def set_writing(writes: bool) -> None:
    """Say for the rest of this context (one request) whether transactions write."""
    _writing.set(writes)


@contextmanager
def single() -> Iterator[Connection]:
    """A connection for single statements, each its own transaction, whatever becomes of the request around it."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.execution_options(single=True)
            yield connection
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if "sqlite" not in type(connection).__module__:
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    options = connection.get_execution_options()
    if options.get("single") or options.get("isolation_level") == "AUTOCOMMIT":
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


IDLE_UNCHECKED = 5.0
"""Seconds after which a connection to PostgreSQL is looked at before it is used again."""


@event.listens_for(Engine, "checkin")
def _note_use(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


@event.listens_for(Engine, "checkout")
def _look_at_idle(connection: Any, record: Any, _proxy: Any) -> None:
    """Find out whether PostgreSQL was restarted meanwhile: only where a connection lay idle, not at each request.

    One that breaks off sooner fails its request, and all others of the pool are made anew.
    """
    if (
        time.monotonic() - record.info.get("used", math.inf) < IDLE_UNCHECKED
        or "psycopg" not in type(connection).__module__
    ):
        return
    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
        connection.autocommit = False
    except Exception as error:
        raise DisconnectionError from error


def engine_options(url: str) -> dict[str, Any]:
    """How SQLAlchemy connects: JSON keeps Chinese readable, and there are enough connections for all threads."""
    options: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode(),
        "json_deserializer": orjson.loads,
    }
    if url.startswith("postgresql"):
        options |= {"pool_size": 8, "max_overflow": 24}
    return options
