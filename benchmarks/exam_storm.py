"""An exam morning: attempts of 20 questions from start to review, sixteen at a time.

Each attempt is 28 requests: start, four pages of five questions, twenty answers saved one by one, the summary, the
hand-in with its marks and points, the review. Signing in is not counted. The baseline is as many requests to a bare
Flask handler that does one upsert and commit on the same server and database. Times are those of the clients, which
share the machine with server and database; statements are counted in this process, by one more attempt.
"""

from __future__ import annotations

import json
import re
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

import psutil
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from benchmarks import harness
from benchmarks.save_answer import CLIENTS, PASSWORD, SLOTS, Client, bare_cost, environment_of, hammer, prepare
from benchmarks.serving import cpu_of, served
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
TOKEN = re.compile(r'csrf-token" content="([^"]+)"')
WARM_UP = 2

T = TypeVar("T")
Noted = Callable[[str, Callable[[], T]], T]
"""Carries out a request of a kind and notes what it cost."""


def ready() -> list[str]:
    """Sixteen members who may begin, in a house that pays for quizzes; their sign-in names."""
    names = [name for name, _attempt, _keys in prepare()]
    now = utcnow()
    rules.ensure_default_rules(now, date(2026, 1, 1))
    for member_id, attempt_id in db.session.execute(select(Attempt.member_id, Attempt.id)).all():
        submit_quiz.hand_in(member_id, attempt_id, now)
    db.session.commit()
    return names


class Browser:
    """What one member does, over a connection that is kept."""

    def __init__(self, port: int, name: str) -> None:
        self.client = Client(port)
        self.client.sign_in(name)

    def get(self, path: str) -> bytes:
        """A page."""
        status, answer = self.client.call("GET", path)
        assert status == 200, (status, answer)
        return answer

    def post(self, path: str) -> str:
        """Send a form that holds nothing but its token; where it leads."""
        form = urlencode({"csrf_token": self.client.headers["X-CSRFToken"]})
        self.client.connection.request("POST", path, form, {**self.client.headers, **FORM})
        answer = self.client.connection.getresponse()
        answer.read()
        assert answer.status == 303, answer.status
        return answer.getheader("Location") or ""

    def save(self, attempt: str, slot: str, key: str) -> None:
        """Save the choice of an option."""
        body = json.dumps({"response": {"choice": key}, "sequence": 1, "base": 0})
        status, answer = self.client.call("PUT", f"/api/v1{attempt}/answers/{slot}", body)
        assert status == 200, (status, answer)


class Within(Browser):
    """The same within this process, where statements can be counted."""

    def __init__(self, browser: FlaskClient, name: str) -> None:
        self.browser = browser
        form = {"name": name, "password": PASSWORD, "csrf_token": self._token("/sign-in")}
        assert browser.post("/sign-in", data=form).status_code == 303
        self.form = {"csrf_token": self._token("/me/password")}

    def _token(self, path: str) -> str:
        found = TOKEN.search(self.browser.get(path).get_data(as_text=True))
        assert found
        return found.group(1)

    def get(self, path: str) -> bytes:
        """A page."""
        return self.browser.get(path).data

    def post(self, path: str) -> str:
        """A form."""
        return self.browser.post(path, data=self.form).headers["Location"]

    def save(self, attempt: str, slot: str, key: str) -> None:
        """An answer."""
        body = {"response": {"choice": key}, "sequence": 1, "base": 0}
        headers = {"X-CSRFToken": self.form["csrf_token"]}
        assert self.browser.put(f"/api/v1{attempt}/answers/{slot}", json=body, headers=headers).status_code == 200


def sit(browser: Browser, noted: Noted[Any]) -> None:
    """One attempt from start to review."""
    attempt = noted("start", lambda: browser.post("/quizzes/q/attempts"))
    assert attempt.startswith("/attempts/"), attempt
    for page in range(1, PAGES + 1):
        text = noted("page", lambda page=page: browser.get(f"{attempt}?page={page}"))
        options: dict[bytes, str] = {}
        for slot, key in FIRST_OPTION.findall(text):
            options.setdefault(slot, key.decode())
        assert len(options) == SLOTS // PAGES, options
        for slot, key in options.items():
            noted("save", lambda slot=slot, key=key: browser.save(attempt, slot.decode(), key))
    noted("summary", lambda: browser.get(f"{attempt}/hand-in"))
    noted("hand-in", lambda: browser.post(f"{attempt}/hand-in"))
    noted("review", lambda: browser.get(f"{attempt}/review"))


def statements(app: Flask, name: str) -> dict[str, int]:
    """How many statements a request of each kind sends, on a process that is warm."""
    found: dict[str, int] = {}
    engine = db.engine

    def noted(kind: str, act: Callable[[], T]) -> T:
        count = 0

        def note(_connection: Any, _cursor: Any, statement: str, *_about: Any) -> None:
            nonlocal count
            count += not statement.startswith("BEGIN")

        event.listen(engine, "before_cursor_execute", note)
        try:
            return act()
        finally:
            event.remove(engine, "before_cursor_execute", note)
            found[kind] = count

    def work() -> None:
        browser = Within(app.test_client(), name)
        for _n in range(2):
            sit(browser, noted)

    thread = threading.Thread(target=work)  # with no context around it, as a request comes
    thread.start()
    thread.join()
    return found


def spread(seconds: list[float]) -> list[float]:
    """Median, 95th and 99th percentile, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return [round(1000 * cuts[at - 1], 1) for at in (50, 95, 99)]


def memory_of(process: psutil.Process) -> float:
    """What the processes of a server hold, in MB of 1,000,000 bytes."""
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True))) / 1e6


def storm(app: Flask, names: list[str], each: int) -> dict[str, Any]:
    """Sixteen members, `each` attempts for each: what it cost whom."""
    database, times = harness._server(), defaultdict[str, list[float]](list)
    with served("learnhub.app:wsgi", environment_of(app)) as (port, process):
        browsers = [Browser(port, name) for name in names]

        def noted(kind: str, act: Callable[[], T]) -> T:
            began = time.perf_counter()
            done = act()
            times[kind].append(time.perf_counter() - began)
            return done

        hammer(WARM_UP, lambda client, _n: sit(browsers[client], noted))
        times.clear()
        web, base, began = cpu_of(process), harness._server_cpu(database), time.perf_counter()
        hammer(each, lambda client, _n: sit(browsers[client], noted))
        took, count = time.perf_counter() - began, each * CLIENTS
        web, base = (cpu_of(process) - web) / count, (harness._server_cpu(database) - base) / count
        return {
            "cpu_s_per_attempt": web + base,
            "cpu_s_web": web,
            "cpu_s_database": base,
            "attempts_per_s": count / took,
            "ms_p50_p95_p99": {kind: spread(found) for kind, found in times.items()},
            "web_memory_mb": memory_of(process),
        }


def main() -> None:
    """Measure both in one run."""
    asked = harness.options("exam_storm", 20, 4, __doc__ or "")
    with harness.application(asked) as app:
        names = ready()
        cost_of_bare = bare_cost(environment_of(app), harness._server(), asked.size * REQUESTS) * REQUESTS
        figures = storm(app, names, asked.size)
        harness.report(
            asked,
            **figures,
            statements=statements(app, names[0]),
            cpu_s_bare=cost_of_bare,
            requests=REQUESTS,
            baseline="as many bare Flask upserts and commits",
            ratio=cost_of_bare / figures["cpu_s_per_attempt"],
            goal=f"<= {GOAL} s of CPU per attempt",
        )


if __name__ == "__main__":
    main()
