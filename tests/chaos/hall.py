"""The hall: a server with two workers on an exam of its own, fifty members with tokens, and who does harm to it."""

from __future__ import annotations

import contextlib
import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.identity import members, tokens
from learnhub.kernel import sealing, signing
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations import memberships, units
from learnhub.points import rules
from learnhub.quizzes import setup
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from tests.server import Server, set_up

QUESTIONS = 8
WAYS: list[dict[str, Any]] = [
    {},
    {"navigation": "sequential", "questions_per_page": 2},
    {"navigation": "sequential", "questions_per_page": 1, "question_seconds": 5},
    {"behaviour": "at_once"},
]
"""How the exams are sat: freely, page by page, against a time for each question, checked at once."""
KEYS = {
    "LEARNHUB_SECRET_KEY": "a key for tests only, 0123456789abcdef",
    "LEARNHUB_SIGNING_KEY": signing.make_key(),
    "LEARNHUB_FIELD_KEYS": sealing.make_key(),
}


@dataclass
class Hall:
    """A server with exams in it, one for each way of sitting: their ids, and a token for each member."""

    server: Server
    quiz_ids: list[int]
    tokens: list[str]

    def quiz_of(self, token: str) -> int:
        """The quiz that a member sits; neighbours sit different ones."""
        return self.quiz_ids[self.tokens.index(token) % len(self.quiz_ids)]


def prepare(folder: Path, sitters: int, seconds: int, database_url: str = "") -> Hall:
    """An organisation of one unit, with exams that last so many seconds; not started yet."""
    settings = {**KEYS, **({"LEARNHUB_DATABASE_URL": database_url} if database_url else {})}
    server = Server(folder, settings, words=["--workers", "2"])
    set_up(server, demo=False)
    app = create_app(
        read_config(
            instance=folder,
            database_url=database_url,
            secret_key=KEYS["LEARNHUB_SECRET_KEY"],
            signing_key=KEYS["LEARNHUB_SIGNING_KEY"],
            field_keys=KEYS["LEARNHUB_FIELD_KEYS"],
            _env_file=None,
        )
    )
    with app.app_context():
        quiz_ids, made = _organisation(sitters, seconds)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return Hall(server, quiz_ids, made)


def _organisation(sitters: int, seconds: int) -> tuple[list[int], list[str]]:
    now = utcnow()
    unit = units.new_unit("HQ", "HQ", now)
    rules.ensure_default_rules(now, date(2026, 1, 1))
    bank = authoring.create_bank("b", "b", now)
    options = [{"html": text, "fraction": "1" if text == "a" else "0"} for text in "abcd"]
    drafts = [QuestionDraft("single_choice", f"<p>Question {n}</p>", {"options": options}) for n in range(QUESTIONS)]
    paper = {"questions": [{"id": str(one), "mark": 1000} for one in authoring.add_questions(bank, drafts, now)]}
    settings = setup.Settings(title="Exam", paper=paper, time_limit_seconds=seconds, attempts_allowed=1)
    quizzes = [setup.create_quiz(unit, replace(settings, **way), now).id for way in WAYS]
    made = []
    for n in range(sitters):
        member = members.new_member(f"M{n}", f"Member {n}", now - timedelta(days=2))
        memberships.join_unit(member, unit, date(2026, 1, 1))
        made.append(tokens.make(member, "chaos", ["read", "write"], 1, now)[1])
    return quizzes, made


class Havoc(threading.Thread):
    """Kills workers of the server, and every third time does what is given as `worse`, until it is stopped."""

    def __init__(self, server: Server, seed: int, worse: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.server, self.worse = server, worse
        self.random = random.Random(seed)
        self.kills = self.restarts = 0
        self.over = threading.Event()

    def run(self) -> None:
        for n in itertools.count():
            if self.over.wait(self.random.uniform(3, 6)):
                return
            if n % 3 == 1:
                self.worse()
                self.restarts += 1
            else:
                self.kills += self._kill_a_worker()

    def stop(self) -> None:
        """Let the server be."""
        self.over.set()
        self.join(60)

    def _kill_a_worker(self) -> int:
        assert self.server.process is not None
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(self.server.process.pid).children()
            workers = [one for one in children if "jobs" not in one.cmdline()]
            if workers:
                self.random.choice(workers).kill()
                return 1
        return 0


def restart(server: Server) -> None:
    """SIGKILL for everything at once, and a new start: no repair in between."""
    server.kill()
    server.start()


def kill_database(database: Any) -> None:
    """SIGKILL for PostgreSQL and all its processes, and a new start."""
    end_database(database)
    time.sleep(0.2)
    database.ensure_postgres_running()


def end_database(database: Any) -> None:
    """SIGKILL for PostgreSQL and all its processes."""
    master = psutil.Process(database.get_pid())
    for process in [master, *master.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):  # a backend ends by itself when its client does
            process.kill()
    psutil.wait_procs([master], timeout=10)
