"""An exam morning: attempts of 20 questions from start to review, sixteen at a time; CPU of web and database for each.

Each attempt is 28 requests: start, four pages of five questions, twenty answers saved one by one, the summary, the
hand-in with its marks and points, the review. The baseline is as many requests to a bare Flask handler that does one
upsert and commit on the same server and database.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from benchmarks import harness
from benchmarks.save_answer import CLIENTS, SLOTS, Client, bare_cost, environment_of, measure, prepare
from benchmarks.serving import served
from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.points import rules
from learnhub.quizzes.models import Attempt

PAGES = 4
REQUESTS = 4 + PAGES + SLOTS
GOAL = 0.06
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIRST_OPTION = re.compile(rb'name="s(\d+)-choice" value="(\w+)"')


def ready() -> list[str]:
    """Sixteen members who may begin, in a house that pays for quizzes; their sign-in names."""
    names = [name for name, _attempt, _keys in prepare()]
    now = utcnow()
    rules.ensure_default_rules(now, date(2026, 1, 1))
    for member_id, attempt_id in db.session.execute(select(Attempt.member_id, Attempt.id)).all():
        submit_quiz.hand_in(member_id, attempt_id, now)
    db.session.commit()
    return names


def post(client: Client, path: str) -> None:
    """Send a form that holds nothing but its token; it leads somewhere else."""
    status, answer = client.call("POST", path, urlencode({"csrf_token": client.headers["X-CSRFToken"]}), **FORM)
    assert status == 303, (status, answer)


def get(client: Client, path: str) -> bytes:
    """A page."""
    status, answer = client.call("GET", path)
    assert status == 200, (status, answer)
    return answer


def started(client: Client) -> str:
    """Start an attempt; its address."""
    form = urlencode({"csrf_token": client.headers["X-CSRFToken"]})
    client.connection.request("POST", "/quizzes/q/attempts", form, {**client.headers, **FORM})
    answer = client.connection.getresponse()
    answer.read()
    address = answer.getheader("Location") or ""
    assert answer.status == 303, answer.status
    assert address.startswith("/attempts/"), address
    return address


def sit(client: Client) -> None:
    """One attempt from start to review."""
    attempt = started(client)
    for page in range(1, PAGES + 1):
        options: dict[bytes, str] = {}
        for slot, key in FIRST_OPTION.findall(get(client, f"{attempt}?page={page}")):
            options.setdefault(slot, key.decode())
        assert len(options) == SLOTS // PAGES, options
        for slot, key in options.items():
            body = json.dumps({"response": {"choice": key}, "sequence": 1, "base": 0})
            status, answer = client.call("PUT", f"/api/v1{attempt}/answers/{slot.decode()}", body)
            assert status == 200, (status, answer)
    get(client, f"{attempt}/hand-in")
    post(client, f"{attempt}/hand-in")
    get(client, f"{attempt}/review")


def main() -> None:
    """Measure both in one run."""
    asked = harness.options("exam_storm", 20, 4, __doc__ or "")
    with harness.application(asked) as app:
        names = ready()
        database = harness._server()
        environment = environment_of(app)
        cost_of_bare = bare_cost(environment, database, asked.size * REQUESTS)
        with served("learnhub.app:wsgi", environment) as (port, process):
            clients = [Client(port) for _n in range(CLIENTS)]
            for client, name in zip(clients, names, strict=True):
                client.sign_in(name)

            def attempt(client: int, _n: int) -> None:
                sit(clients[client])

            cost_of_attempt = measure(process, database, asked.size, attempt, warm_up=2)
    report: dict[str, Any] = {
        "cpu_s_per_attempt": cost_of_attempt,
        "cpu_s_bare": cost_of_bare * REQUESTS,
        "requests": REQUESTS,
    }
    harness.report(
        asked,
        **report,
        baseline="as many bare Flask upserts and commits",
        ratio=cost_of_bare * REQUESTS / cost_of_attempt,
        goal=f"<= {GOAL} s of CPU per attempt",
    )


if __name__ == "__main__":
    main()
