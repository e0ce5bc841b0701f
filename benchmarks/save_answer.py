"""What saving an answer costs beside the least it could cost: a bare Flask handler with one upsert and one commit.

Same database, same server, 16 clients. The real save is signed in, carries the form token, passes the guard, checks the
attempt and keeps the history.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from benchmarks import harness
from benchmarks.serving import cpu_of, served
from learnhub.identity import members
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations import memberships, units
from learnhub.quizzes import attempts
from learnhub.quizzes.models import Quiz
from question_bank import authoring
from question_bank.authoring import QuestionDraft

CLIENTS = 16
SLOTS = 20
PASSWORD = "plain sailing 7"
GOAL = 0.60


class Client:
    """One browser that keeps its connection, its session and its form token."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers: dict[str, str] = {"Content-Type": "application/json"}

    def call(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of a request."""
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.split(";")[0]
        return answer.status, answer.read()

    def sign_in(self, name: str) -> None:
        """Sign in as a person does, and keep the token of the page."""
        form = {"name": name, "password": PASSWORD, "csrf_token": self._token("/sign-in")}
        status, _body = self.call(
            "POST", "/sign-in", urlencode(form), **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 303, status
        self.headers["X-CSRFToken"] = self._token("/me/password")

    def _token(self, path: str) -> str:
        found = re.search(rb'csrf-token" content="([^"]+)"', self.call("GET", path)[1])
        assert found
        return found.group(1).decode()


def hammer(each: int, act: Callable[[int, int], None]) -> None:
    """Sixteen threads, each acting `each` times."""
    failures: list[BaseException] = []

    def work(client: int) -> None:
        try:
            for n in range(each):
                act(client, n)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def prepare() -> list[tuple[str, int, list[str]]]:
    """Sixteen members in the middle of a quiz: sign-in name, attempt, the first option's key of every slot."""
    now = utcnow()
    unit = units.new_unit("HQ", "HQ", now)
    bank = authoring.create_bank("b", "b", now)
    options = [{"html": text, "fraction": fraction} for text, fraction in (("a", "1"), ("b", "0"), ("c", "0"))]
    drafts = [
        QuestionDraft(kind="single_choice", stem_html=f"question {n}", content={"options": options})
        for n in range(SLOTS)
    ]
    ids = authoring.add_questions(bank, drafts, now)
    quiz = Quiz(
        slug="q",
        title="q",
        unit_id=unit.id,
        paper={"questions": [{"id": str(one), "mark": 1000} for one in ids]},
        time_limit_seconds=7200,
        created_at=now,
    )
    db.session.add(quiz)
    db.session.flush()
    sitting = []
    for n in range(CLIENTS):
        member = members.new_member(f"M{n}", f"Member {n}", now - timedelta(days=2), password=PASSWORD)
        memberships.join_unit(member, unit, date(2026, 1, 1))
        attempt = attempts.start(quiz, member, now)
        sitting.append((member.number, attempt.id, [slot["order"][0] for slot in attempt.layout["slots"]]))
    db.session.commit()
    return sitting


def measure(process: Any, database: int | None, each: int, act: Callable[[int, int], None], warm_up: int = 10) -> float:
    """CPU seconds of web and database for one act of one client."""
    hammer(warm_up, act)
    before = cpu_of(process) + harness._server_cpu(database)
    hammer(each, lambda client, n: act(client, n + warm_up))
    return (cpu_of(process) + harness._server_cpu(database) - before) / (each * CLIENTS)


def environment_of(app: Flask) -> dict[str, str]:
    """The settings of an application, for server processes on the same database."""
    config = app.config["LEARNHUB"]
    return {
        "LEARNHUB_INSTANCE": str(config.instance),
        "LEARNHUB_DATABASE_URL": config.database_url,
        "LEARNHUB_SECRET_KEY": config.secret_key,
        "LEARNHUB_SIGNING_KEY": config.signing_key,
        "LEARNHUB_FIELD_KEYS": config.field_keys,
    }


def bare_cost(environment: dict[str, str], database: int | None, each: int) -> float:
    """CPU seconds of the least a save can be, by the same clients."""
    with served("benchmarks.serving:bare", environment) as (port, process):
        clients = [Client(port) for _n in range(CLIENTS)]

        def bare(client: int, n: int) -> None:
            status, _body = clients[client].call("PUT", f"/save/{client}/{n % SLOTS}", '{"response": "abcdef"}')
            assert status == 200, status

        return measure(process, database, each, bare)


def main() -> None:
    """Measure both in one run."""
    asked = harness.options("save_answer", 300, 60, __doc__ or "")
    with harness.application(asked) as app:
        sitting = prepare()
        database = harness._server()
        environment = environment_of(app)
        cost_of_bare = bare_cost(environment, database, asked.size)
        with served("learnhub.app:wsgi", environment) as (port, process):
            clients = [Client(port) for _n in range(CLIENTS)]
            for client, (name, _attempt, _keys) in zip(clients, sitting, strict=True):
                client.sign_in(name)

            def real(client: int, n: int) -> None:
                _name, attempt, keys = sitting[client]
                slot, turn = n % SLOTS, n // SLOTS
                body = {"response": {"choice": keys[slot]}, "sequence": turn + 1, "base": turn}
                path = f"/api/v1/attempts/{attempt}/answers/{slot + 1}"
                status, answer = clients[client].call("PUT", path, json.dumps(body))
                assert status == 200, (status, answer)

            cost_of_save = measure(process, database, asked.size, real)
    harness.report(
        asked,
        cpu_s_per_save=cost_of_save,
        cpu_s_bare=cost_of_bare,
        baseline="bare Flask upsert and commit",
        ratio=cost_of_bare / cost_of_save,
        goal=f">= {GOAL:.2f}",
    )


if __name__ == "__main__":
    main()
