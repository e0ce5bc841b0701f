"""Few statements at little cost: put together once for an engine, and run on the driver's own cursor.

For the hottest paths only (a save, the session of a request). What SQLAlchemy knows stays in use: it writes the SQL and
converts the values, its pool lends the connections, its errors are raised, and who listens to the engine for statements
hears of these (without a Connection). Left out are the Session, result objects, and the look at each statement anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.base import Executable

from learnhub.kernel.db import begin_statement, db, lent, take_turn


class Statement:
    """A Core statement with bound parameters only, or what makes one for a dialect ("sqlite", "postgresql").

    An INSERT names all its columns by `values()`: defaults of the table are not called.
    """

    def __init__(self, made: Executable | Callable[[str], Executable]) -> None:
        self._made = made
        self._forms: dict[str, _Form] = {}

    def form(self, dialect: Dialect) -> _Form:
        """The statement as this engine's driver takes it."""
        found = self._forms.get(dialect.name)
        if found is None:
            made = self._made if isinstance(self._made, Executable) else self._made(dialect.name)
            found = self._forms[dialect.name] = _Form(made, dialect)
        return found


class _Form:
    """SQL text, the names of its parameters in their order, and how values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        given = compiled.construct_params(_check=False)
        self._fixed = {name: value for name, value in given.items() if value is not None}
        self._names: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None
        self._inward = _converters(((name, bound.type) for name, bound in compiled.binds.items()), dialect, "bind")
        columns = enumerate(getattr(statement, "exported_columns", ()))
        self._outward = _converters(((at, column.type) for at, column in columns), dialect, "result")

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        every = {**self._fixed, **values}
        for name, convert in self._inward:
            every[name] = convert(every[name])
        return every if self._names is None else [every[name] for name in self._names]

    def row(self, found: Any) -> tuple[Any, ...]:
        """The values of a row as the statement's types say."""
        if not self._outward:
            return tuple(found)
        values = list(found)
        for at, convert in self._outward:
            values[at] = convert(values[at])
        return tuple(values)


def _converters(types: Any, dialect: Dialect, way: str) -> list[tuple[Any, Callable[[Any], Any]]]:
    found = []
    for key, kind in types:
        concrete = kind.dialect_impl(dialect)
        convert = concrete.bind_processor(dialect) if way == "bind" else concrete.result_processor(dialect, None)
        if convert is not None:
            found.append((key, convert))
    return found


class Lean:
    """What runs statements on a driver's connection."""

    def __init__(self, engine: Engine, connection: PoolProxiedConnection) -> None:
        self._engine = engine
        self._connection = connection
        self._cursor = connection.cursor()

    def one(self, statement: Statement, **values: Any) -> tuple[Any, ...] | None:
        """The first row of a statement that gives rows; None when it gives none. Errors as SQLAlchemy raises them."""
        form = statement.form(self._engine.dialect)
        self._run(form.sql, form.parameters(values))
        found = self._cursor.fetchone()
        return form.row(found) if found is not None else None

    def all(self, statement: Statement, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of a statement that gives rows. Errors as SQLAlchemy raises them."""
        form = statement.form(self._engine.dialect)
        self._run(form.sql, form.parameters(values))
        return [form.row(row) for row in self._cursor.fetchall()]

    def run(self, statement: Statement, **values: Any) -> None:
        """Carry out a statement that gives no rows. Errors as SQLAlchemy raises them."""
        form = statement.form(self._engine.dialect)
        self._run(form.sql, form.parameters(values))

    def begin(self) -> None:
        """Begin a transaction that writes, where the driver does not do so by itself."""
        if sql := begin_statement(self._engine.dialect, writes=True):
            take_turn(self._engine, self._connection.info)
            self._guarded(self._cursor.execute, sql)

    def commit(self) -> None:
        """Commit the transaction."""
        self._guarded(self._connection.commit)

    def _run(self, sql: str, parameters: Any) -> None:
        for hear in self._engine.dispatch.before_cursor_execute:
            hear(None, self._cursor, sql, parameters, None, False)
        self._guarded(self._cursor.execute, sql, parameters)

    def _guarded(self, call: Callable[..., Any], *about: Any) -> None:
        """Call the driver. Its errors become SQLAlchemy's, and a connection that broke off is used no more."""
        dialect = self._engine.dialect
        errors = dialect.loaded_dbapi.Error
        try:
            call(*about)
        except errors as error:
            lost = dialect.is_disconnect(error, self._connection, self._cursor)
            if lost:
                self._connection.invalidate(error)
                self._engine.dispose(close=False)
            sql, parameters = (*about, None, None)[:2]
            raise DBAPIError.instance(
                sql, parameters, error, errors, connection_invalidated=lost, dialect=dialect
            ) from error


_around: ContextVar[Lean | None] = ContextVar("learnhub_lean", default=None)


@contextmanager
def single() -> Iterator[Lean]:
    """For statements that are a transaction each, whatever becomes of the request around them."""
    connection = db.engine.raw_connection()
    try:
        with _committing_itself(connection):
            yield Lean(db.engine, connection)
    finally:
        connection.close()


@contextmanager
def _committing_itself(connection: Any) -> Iterator[None]:
    if db.engine.dialect.name == "sqlite":
        yield
        return
    connection.dbapi_connection.autocommit = True
    try:
        yield
    finally:
        if connection.is_valid:
            connection.dbapi_connection.autocommit = False


def of_session() -> Lean:
    """Within the session's transaction: who commits that commits these statements."""
    return Lean(db.engine, db.session.connection().connection)


def here() -> Lean:
    """On the connection at hand: that of the `transaction` around, else the session's."""
    return _around.get() or of_session()


@contextmanager
def transaction() -> Iterator[Lean]:
    """A short transaction that writes: the session's if it has begun one (who began it commits), else its own.

    Its own is committed at the end; after an exception the pool undoes it as it takes the connection back. The session
    can't be asked meanwhile, which would take a second connection (RuntimeError): what is read goes by `here`.
    """
    if db.session.registry.has() and db.session().in_transaction():
        yield of_session()
        return
    engine = db.engine
    connection = engine.raw_connection()
    try:
        lean = Lean(engine, connection)
        lean.begin()
        token = _around.set(lean)
        try:
            with lent():
                yield lean
        finally:
            _around.reset(token)
        lean.commit()
    finally:
        connection.close()
