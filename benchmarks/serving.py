"""A WSGI server for benchmarks: our application, or a bare Flask handler that does one upsert and one commit."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine
from sqlalchemy.dialects import postgresql, sqlite

from learnhub.cli.serving import BACKLOG
from learnhub.kernel import db as kernel_db

THREADS = 8
BARE = Table(
    "benchmark_bare",
    MetaData(),
    Column("member", Integer, primary_key=True),
    Column("slot", Integer, primary_key=True),
    Column("response", String(200)),
)


def bare() -> Flask:
    """The least that saving an answer can be: one row, one commit, the same engine settings."""
    url = os.environ["LEARNHUB_DATABASE_URL"]
    engine = create_engine(url, **kernel_db.engine_options(url))
    BARE.metadata.create_all(engine)
    dialect = sqlite if url.startswith("sqlite") else postgresql
    app = Flask("bare")

    @app.put("/save/<int:member>/<int:slot>")
    def save(member: int, slot: int) -> dict[str, bool]:
        insert = dialect.insert(BARE).values(member=member, slot=slot, response=str(request.get_json()["response"]))
        with engine.begin() as connection:
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["member", "slot"], set_={"response": insert.excluded.response}
                )
            )
        return {"saved": True}

    return app


@contextmanager
def served(target: str, environment: dict[str, str], *, workers: int = 1) -> Iterator[tuple[int, psutil.Process]]:
    """A server process of `target` ("module:factory"): its port and the process whose children do the work."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.serving", target, str(port), str(workers)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port, psutil.Process(process.pid)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop; a server that still waits for its connections after ten seconds is killed with its workers."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        for one in family:
            one.kill()
        process.kill()
        process.wait(10)


def _wait(port: int) -> None:
    for _n in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


def cpu_of(process: psutil.Process) -> float:
    """CPU seconds of a process and its children so far."""
    family = [process, *process.children(recursive=True)]
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)


if __name__ == "__main__":
    Granian(
        sys.argv[1],
        factory=True,
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        backlog=BACKLOG,
        workers=int(sys.argv[3]),
        blocking_threads=THREADS,
        log_enabled=False,
    ).serve()
