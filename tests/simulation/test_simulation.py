"""A thousand exams in a world of their own: nothing is lost and nothing is paid twice; planted bugs are found."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from learnhub.kernel.db import db
from learnhub.points import rules
from learnhub.quizzes.models import Attempt
from tests.chaos import checker
from tests.chaos.checker import Books, faults
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import JOINED, NOW, new_member, new_unit
from tests.simulation.bugs import PLANTED
from tests.simulation.world import LIMIT, WAYS, Core, World

pytestmark = pytest.mark.sqlite_only

SEEDS = int(os.environ.get("LEARNHUB_SEEDS", "1000"))
PART = 125
"""Seeds that share a database, and a test: so they are spread over the workers."""
FIRST = int(os.environ.get("LEARNHUB_SEED", "0"))
"""A seed that failed, to be looked at again: LEARNHUB_SEED=… LEARNHUB_SEEDS=1."""
LATE = timedelta(seconds=180)
"""In this world the sweeper may fail several times in a row."""


@pytest.fixture
def worlds(app: Flask) -> Callable[[Any, Core], dict[int, list[str]]]:
    """Runs seeds on one database, and gives the faults by seed."""
    rules.ensure_default_rules(NOW, JOINED)
    unit = new_unit("HQ")
    quiz_ids = [new_quiz(unit, 3, time_limit_seconds=LIMIT, grace_seconds=5, **way).id for way in WAYS]
    db.session.commit()

    def run(seeds: Any, core: Core) -> dict[int, list[str]]:
        saves: list[Any] = []
        receipts: list[tuple[int, str]] = []
        seed_of: dict[int, int] = {}
        found: dict[int, list[str]] = {}
        for seed in seeds:
            member = new_member(unit)
            db.session.commit()
            world = World(seed, core, quiz_ids[seed % len(WAYS)], member.id, NOW)
            told = world.run()
            saves += told.saves
            receipts += told.receipts
            seed_of[world.attempt_id] = seed_of[member.id] = seed
            attempt = db.session.get_one(Attempt, (member.id, world.attempt_id), populate_existing=True)
            if not attempt.reopened and set(told.times) - {attempt.submitted_at}:
                found[seed] = ["a receipt names another time"]
        db.session.rollback()
        books = Books(db.engine)
        for fault in faults(books, saves, receipts):
            seed = next((seed for key, seed in seed_of.items() if str(key) in fault), -1)
            found.setdefault(seed, []).append(fault)
        return found

    return run


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "WITHIN", LATE)


@pytest.mark.parametrize("first", range(FIRST, FIRST + SEEDS, PART))
def test_e15_a_thousand_worlds_lose_nothing_and_pay_once(worlds: Any, first: int) -> None:
    found = worlds(range(first, min(first + PART, FIRST + SEEDS)), Core())
    again = "".join(
        f"\n  LEARNHUB_SEED={seed} LEARNHUB_SEEDS=1 pytest tests/simulation: {found[seed]}" for seed in found
    )
    assert not found, again


@pytest.mark.parametrize("bug", PLANTED)
def test_each_planted_bug_is_found(worlds: Any, bug: str) -> None:
    assert worlds(range(80), PLANTED[bug]), bug


def test_the_same_seed_is_the_same_world(worlds: Any, app: Flask) -> None:
    unit = new_unit("B1")
    quiz_id = new_quiz(unit, 3, time_limit_seconds=LIMIT).id
    told = []
    for _n in range(2):
        saves = []
        for seed in range(5):
            member = new_member(unit)
            db.session.commit()
            saves += World(seed, Core(), quiz_id, member.id, NOW).run().saves
        told.append([(one.slot, one.sequence, one.revision, one.superseded) for one in saves])
    assert told[0] == told[1]
    assert told[0]
