"""Workers are killed while members wait in the lobby: nobody loses their place, and everybody is let in."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import create_engine, text

from tests.chaos.hall import Hall, prepare
from tests.chaos.sitters import Log, Sitter

WAITING = 24
SECONDS = 120
"""How long the exam lasts: nobody's ends while others wait."""


class Waiting(Sitter):
    """A member who presses start until the attempt is there, and notes every place that was told."""

    def __init__(self, hall: Hall, token: str, seed: int, log: Log, deadline: float) -> None:
        super().__init__(hall, token, seed, log, deadline)
        self.places: list[int] = []
        self.begun: list[str] = []

    def _sit(self) -> None:
        path = f"/quizzes/{self.hall.quiz_of(self.token)}/attempts"
        while time.monotonic() < self.deadline and not self.begun:
            status, body = self._insist("POST", path)
            if status in {200, 201}:
                self.begun.append(body["id"])
            elif status == 202:
                self.places.append(body["ahead"])
                time.sleep(self.random.uniform(0.3, 0.8))
            elif status:
                self.log.surprises.append(f"start: {status} {body}")


def order_of_places(hall: Hall) -> list[tuple[int, int]]:
    """Who waits (member id) and the number of the place, in the order of coming."""
    engine = create_engine(hall.server.database_url)
    try:
        with engine.connect() as connection:
            query = "SELECT id, member_id FROM lobby_place WHERE admitted_at IS NULL ORDER BY id"
            return [(row[0], row[1]) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def kill_all_workers(hall: Hall) -> int:
    """SIGKILL for every worker at once; the server makes new ones."""
    assert hall.server.process is not None
    killed = 0
    for child in psutil.Process(hall.server.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "jobs" not in child.cmdline():
                child.kill()
                killed += 1
    return killed


def wait_until(what: Callable[[], Any], until: float) -> Any:
    """Look again and again until it is so."""
    while not (found := what()) and time.monotonic() < until:
        time.sleep(0.2)
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_p01_workers_that_are_killed_take_nobodys_place_in_the_lobby(tmp_path: Path) -> None:
    hall = prepare(tmp_path, WAITING, SECONDS)
    hall.server.settings["LEARNHUB_STARTS_PER_SECOND"] = "0.5"
    hall.server.start()
    log, deadline = Log(), time.monotonic() + 100
    members = [Waiting(hall, token, n, log, deadline) for n, token in enumerate(hall.tokens)]
    try:
        for member in members:
            member.start()
        before = wait_until(lambda: (found := order_of_places(hall))[5:] and found, deadline)
        assert before, "members wait"
        killed = kill_all_workers(hall)
        after = order_of_places(hall)
        for member in members:
            member.join(max(0.0, deadline - time.monotonic()))
        left = order_of_places(hall)
    finally:
        hall.server.stop()
    assert killed, "workers were there to be killed"
    kept = {member_id: place for place, member_id in after}
    same = [member_id for place, member_id in before if member_id in kept and kept[member_id] == place]
    assert len(same) == len([one for _place, one in before if one in kept]), "who waits keeps the place"
    assert not log.surprises
    assert all(member.begun for member in members), "everybody is let in"
    assert not left
    assert sum(len(member.places) for member in members) > len(before)
    for member in members:
        assert member.places == sorted(member.places, reverse=True), "nobody is sent back"
    assert len({member.begun[0] for member in members}) == WAITING
