"""The one database handle, the base of all models, and how transactions begin on each engine."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from weakref import WeakKeyDictionary

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, TypeDecorator, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.pool import Pool

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
_lent: ContextVar[bool] = ContextVar("learnhub_lent", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun in here only read: on SQLite they do not take the writers' lock."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def aside() -> Iterator[None]:
    """Long work that only reads, in the middle of a request that writes: on SQLite nobody waits for it to write.

    What was done so far and not committed is rolled back first, and locks are given back: ask for them again
    afterwards, and look whether what was read still stands.
    """
    db.session.rollback()
    with reading():
        try:
            yield
        finally:
            db.session.rollback()


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


@contextmanager
def lent() -> Iterator[None]:
    """In here one connection does it all: beginning on another one is an error.

    A pool has an end. Who holds a lock and waits for a second connection waits for those who wait for the lock.
    """
    token = _lent.set(True)
    try:
        yield
    finally:
        _lent.reset(token)


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


@contextmanager
def at_hand() -> Iterator[Connection]:
    """A connection to read with: the session's if it has begun a transaction, else one as in `single`."""
    if db.session.registry.has() and db.session().in_transaction():
        yield db.session.connection()
        return
    with single() as connection:
        yield connection


BUSY_SECONDS = 15
"""So long a writer waits for the others on SQLite."""


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if "sqlite" not in type(connection).__module__:
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if _lent.get():
        raise RuntimeError("a second connection is asked for while one holds a lock: use lean.here()")
    options = connection.get_execution_options()
    if options.get("single") or options.get("isolation_level") == "AUTOCOMMIT":
        return
    if sql := begin_statement(connection.dialect, writes=_writing.get()):
        if _writing.get():
            take_turn(connection.engine, connection.info)
        connection.exec_driver_sql(sql)


_turns: WeakKeyDictionary[Pool, threading.Lock] = WeakKeyDictionary()


def take_turn(engine: Engine, info: dict[Any, Any]) -> None:
    """Wait until no other thread of this process writes to an SQLite; whoever has the connection next gives it back.

    SQLite has no queue: who finds it locked sleeps, up to 100 ms at a time, and asks again. `info` is the connection's.
    OperationalError, as SQLite says it, for who waited too long.
    """
    if "turn" not in info:
        turn = _turns.setdefault(engine.pool, threading.Lock())
        if not turn.acquire(timeout=BUSY_SECONDS):
            raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
        info["turn"] = turn


@event.listens_for(Engine, "checkin")
def _give_turn_back(_connection: Any, record: Any) -> None:
    turn = record.info.pop("turn", None)
    if turn is not None:
        turn.release()


def begin_statement(dialect: Dialect, *, writes: bool) -> str | None:
    """What begins a transaction; None where the driver does it by itself. Who writes on SQLite waits at once."""
    if dialect.name != "sqlite":
        return None
    return "BEGIN IMMEDIATE" if writes else "BEGIN"


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
        return options | {"pool_size": 8, "max_overflow": 24}
    return options | {"pool_size": 8, "max_overflow": -1}
