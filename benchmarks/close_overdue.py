"""Tens of thousands of attempts that end at the same moment: how fast the clock closes them, and what savers feel.

The attempts have the same deadline and twenty answers each, in a house that pays for quizzes. Meanwhile four members
of another exam save through the real server, as they did before it. Baseline: closing one by one.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from datetime import date, datetime, timedelta
from typing import Any

import psutil
from sqlalchemy import insert, select

from benchmarks import harness
from benchmarks.save_answer import SLOTS, Client, environment_of, prepare
from benchmarks.serving import served
from learnhub.identity.models import Member
from learnhub.jobs import close_overdue_attempts
from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations.models import Membership, Unit
from learnhub.points import rules
from learnhub.quizzes import answers, attempts, overdue, papers
from learnhub.quizzes.models import Attempt, Quiz

SAVERS = 4
ONE_BY_ONE = 200
QUIET = 8.0
"""Seconds of saving with nothing beside it."""
CHUNK = 2_000


def vanished(count: int, at: datetime) -> None:
    """So many members whose attempt at the quiz ended a minute ago, with all answers, one in three of them right."""
    quiz, unit = db.session.scalars(select(Quiz)).one(), db.session.scalars(select(Unit)).one()
    layout = papers.build(quiz, 1)
    ended = at - timedelta(minutes=1)
    choices = [{"choice": slot["order"][0]} for slot in layout["slots"]]
    attempt = attempts.find_open(quiz.id, db.session.scalars(select(Member.id).limit(1)).one())
    assert attempt is not None
    shared = {name: getattr(attempt, name) for name in ("quiz_id", "unit_id", "preview", "full_marks", "marks")}
    shared |= {"number": 1, "state": "open", "extra_seconds": 0, "past_close_seconds": 0, "reopened": 0, "waits": 0}
    shared |= {"closed_by": "", "digest": "", "saves": SLOTS, "layout": layout}
    for start in range(0, count, CHUNK):
        ids = [(new_id(), new_id()) for _n in range(min(CHUNK, count - start))]
        db.session.execute(
            insert(Member),
            [
                {"id": one, "number": f"V{start + n}", "sign_in_name": f"V{start + n}", "name": "V", "created_at": at}
                for n, (one, _attempt) in enumerate(ids)
            ],
        )
        db.session.execute(
            insert(Membership),
            [{"member_id": one, "unit_id": unit.id, "primary": True, "starts_on": date(2026, 1, 1)} for one, _a in ids],
        )
        db.session.execute(
            insert(Attempt),
            [
                {**shared, "member_id": one, "id": each, "started_at": at - timedelta(hours=1), "deadline": ended}
                for one, each in ids
            ],
        )
        db.session.execute(
            insert(answers.ANSWER),
            [
                {
                    "member_id": one,
                    "attempt_id": each,
                    "slot": slot,
                    "response": choices[slot - 1],
                    "sequence": 1,
                    "revision": 1,
                    "saved_at": ended,
                }
                for one, each in ids
                for slot in range(1, SLOTS + 1)
            ],
        )
        db.session.commit()


class Savers:
    """Members who go on saving, a save every 50 ms each; how long each save took, in seconds."""

    def __init__(self, port: int, sitting: list[tuple[str, int, list[str]]]) -> None:
        self.took: list[float] = []
        self._stop = threading.Event()
        self._turns = [0] * SAVERS
        self._sitting = sitting
        self._clients = [Client(port) for _n in range(SAVERS)]
        for client, (name, _attempt, _keys) in zip(self._clients, sitting, strict=False):
            client.sign_in(name)

    def during(self, work: Any) -> list[float]:
        """The times of the saves while `work` runs."""
        self.took, self._stop = [], threading.Event()
        threads = [threading.Thread(target=self._save, args=(n,)) for n in range(SAVERS)]
        for thread in threads:
            thread.start()
        try:
            work()
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        return sorted(self.took)

    def _save(self, n: int) -> None:
        _name, attempt, keys = self._sitting[n]
        while not self._stop.wait(0.05):
            slot, turn = self._turns[n] % SLOTS, self._turns[n] // SLOTS
            body = {"response": {"choice": keys[slot]}, "sequence": turn + 1, "base": turn}
            began = time.perf_counter()
            status, answer = self._clients[n].call(
                "PUT", f"/api/v1/attempts/{attempt}/answers/{slot + 1}", json.dumps(body)
            )
            assert status == 200, (status, answer)
            self.took.append(time.perf_counter() - began)
            self._turns[n] += 1


def milliseconds(times: list[float], share: float) -> float:
    """A quantile of times, in milliseconds."""
    return 1000 * times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def main() -> None:
    """Close them one by one and together, and save beside it."""
    if not any(one.startswith("--database") for one in sys.argv):
        sys.argv += ["--database", "postgres"]
    if "--attempts" in sys.argv:
        sys.argv[sys.argv.index("--attempts")] = "--size"
    asked = harness.options("close_overdue", 50_000, 500, __doc__ or "")
    with harness.application(asked) as app:
        sitting = prepare()
        rules.ensure_default_rules(utcnow(), date(2026, 1, 1))
        vanished(asked.size + ONE_BY_ONE, utcnow())
        harness.analyse()
        database = harness._server()
        with served("learnhub.app:wsgi", environment_of(app)) as (port, _process):
            savers = Savers(port, sitting)
            quiet = savers.during(lambda: time.sleep(2 if asked.quick else QUIET))
            one_by_one = harness.cpu_seconds(
                lambda: submit_quiz._close_each(overdue.find(utcnow(), ONE_BY_ONE), utcnow(), submit_quiz.Swept())
            )
            cost = wall = 0.0

            def close() -> None:
                nonlocal cost, wall
                began = time.perf_counter()
                before = time.thread_time() + harness._server_cpu(database)  # of the clock, not of the savers
                close_overdue_attempts(utcnow())
                cost = time.thread_time() + harness._server_cpu(database) - before
                wall = time.perf_counter() - began

            busy = savers.during(close)
        left = len(overdue.find(utcnow()))
        assert left == 0, left
        memory = psutil.Process(os.getpid()).memory_info().rss / 1e6
    harness.report(
        asked,
        closed_per_core_second=asked.size / cost,
        closed_per_second=asked.size / wall,
        wall_s=wall,
        one_by_one_per_core_second=ONE_BY_ONE / one_by_one,
        memory_mb=memory,
        save_ms_p50_before=milliseconds(quiet, 0.5),
        save_ms_p99_before=milliseconds(quiet, 0.99),
        save_ms_p50_beside=milliseconds(busy, 0.5),
        save_ms_p99_beside=milliseconds(busy, 0.99),
        save_ms_longest_before=milliseconds(quiet, 1.0),
        save_ms_longest_beside=milliseconds(busy, 1.0),
        saves_beside=len(busy),
        baseline="closing one by one",
        ratio=(one_by_one / ONE_BY_ONE) / (cost / asked.size),
        goal=">= 4",
    )


if __name__ == "__main__":
    main()
