"""Five thousand members press start within ten seconds, on two workers: who errs, who waits how long, what it costs.

Each member is a browser with the page's script: one request to start, which is answered by the attempt or by a place,
then the lobby at the moments that it is told, then the start again. Errors are answers other than these and connections
that fail. Sessions are made beforehand. `CPU` is that of web and database; a database that others use counts theirs.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from datetime import date

import psutil
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, insert, select

from benchmarks import harness
from benchmarks.close_overdue import CHUNK, milliseconds
from benchmarks.save_answer import environment_of, prepare
from benchmarks.serving import cpu_of, served
from learnhub.identity import sessions
from learnhub.identity.models import Member, SignInSession
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.organisations.models import Membership, Unit
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.web.sign_in import KEY

WITHIN = 10.0
"""Seconds in which they all press start."""
WORKERS = 2
PATIENCE = 60.0
"""Seconds that a browser waits for an answer."""


@dataclass
class Seen:
    """What the members saw."""

    errors: list[str] = field(default_factory=list)
    told: int = 0
    """Members who were told a place."""
    polls: int = 0
    knew: list[float] = field(default_factory=list)
    """Seconds from the first click until a member knew: the attempt, or how many are before them."""
    waited: list[float] = field(default_factory=list)
    """Seconds from the first click to the attempt."""
    answers: list[float] = field(default_factory=list)
    """Seconds until an answer came."""


def signed_in(app: Flask, count: int) -> tuple[list[str], str]:
    """So many members with an open session each: their cookies, and the form token that all of them have."""
    now, unit = utcnow(), db.session.scalars(select(Unit)).one()
    cookies = []
    with app.test_request_context():
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        raw = session["csrf_token"]
    for start in range(0, count, CHUNK):
        made = [(new_id(), f"key-{start + n}-0123456789") for n in range(min(CHUNK, count - start))]
        people = [
            {"id": one, "number": key, "sign_in_name": key, "name": "Member", "created_at": now} for one, key in made
        ]
        open_ = [
            {"member_id": one, "key_digest": sessions.digest(key), "started_at": now, "last_seen_at": now}
            for one, key in made
        ]
        belong = [
            {"member_id": one, "unit_id": unit.id, "primary": True, "starts_on": date(2026, 1, 1)} for one, _k in made
        ]
        for model, rows in ((Member, people), (SignInSession, open_), (Membership, belong)):
            db.session.execute(insert(model), rows)
        name = app.config["SESSION_COOKIE_NAME"]
        cookies += [f"{name}={signer.dumps({KEY: key, 'csrf_token': raw, '_permanent': True})}" for _one, key in made]
    db.session.commit()
    return cookies, token


async def ask(port: int, method: str, path: str, cookie: str, body: str = "") -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own: status, headers, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\n"
            f"Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
    finally:
        writer.close()
    head, _blank, content = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines[1:])}
    return int(lines[0].split()[1]), headers, content


async def member(port: int, quiz_id: int, cookie: str, token: str, seen: Seen) -> None:
    """A member from the click to the attempt."""
    await asyncio.sleep(WITHIN * random.random())
    began = time.perf_counter()
    try:
        told = False
        while True:
            asked = time.perf_counter()
            status, headers, body = await ask(port, "POST", "/quizzes/q/attempts", cookie, f"csrf_token={token}")
            seen.answers.append(time.perf_counter() - asked)
            found = json.loads(body) if status in (200, 202) else {}
            if not found.get("go", "").startswith("/attempts/") and "ahead" not in found:
                seen.errors.append(f"{status} {headers.get('location')} {body[:80]!r}")
                return
            if not told:
                seen.knew.append(time.perf_counter() - began)
            if "go" in found:
                seen.waited.append(time.perf_counter() - began)
                return
            seen.told += not told
            told = True
            if not found["admitted"]:
                await asyncio.sleep(found["again_in"])
                await turn(port, quiz_id, cookie, seen)
    except (OSError, TimeoutError, ValueError, IndexError) as error:
        seen.errors.append(repr(error))


async def turn(port: int, quiz_id: int, cookie: str, seen: Seen) -> None:
    """Ask for the place as often as one is told to, until it is one's turn."""
    while True:
        asked = time.perf_counter()
        status, _headers, body = await ask(port, "GET", f"/lobby/{quiz_id}", cookie)
        seen.answers.append(time.perf_counter() - asked)
        seen.polls += 1
        if status != 200:
            raise ValueError(f"lobby {status} {body[:80]!r}")
        place = json.loads(body)
        if place.get("admitted") or place.get("go"):
            return
        await asyncio.sleep(place["again_in"])


async def everybody(port: int, quiz_id: int, cookies: list[str], token: str, seen: Seen) -> None:
    """All members at once."""
    await asyncio.gather(*(member(port, quiz_id, cookie, token, seen) for cookie in cookies))


def main() -> None:
    """Let them come, and count."""
    asked = harness.options("lobby", 5_000, 300, __doc__ or "")
    seen = Seen()
    with harness.application(asked) as app:
        prepare()
        cookies, token = signed_in(app, asked.size)
        quiz_id = db.session.scalars(select(Quiz.id)).one()
        before = db.session.scalar(select(func.count()).select_from(Attempt)) or 0
        db.session.rollback()
        harness.analyse()
        database = harness._server()
        with served("learnhub.app:wsgi", environment_of(app), workers=WORKERS) as (port, process):
            cost, began = cpu_of(process) + harness._server_cpu(database), time.perf_counter()
            asyncio.run(everybody(port, quiz_id, cookies, token, seen))
            wall = time.perf_counter() - began
            cost = cpu_of(process) + harness._server_cpu(database) - cost
            memory = max(
                one.memory_info().rss for one in [*process.children(recursive=True), psutil.Process(process.pid)]
            )
        started = (db.session.scalar(select(func.count()).select_from(Attempt)) or 0) - before
    if seen.errors:
        print(f"errors, the first of them: {seen.errors[:3]}")
    waited, answers, knew = sorted(seen.waited), sorted(seen.answers), sorted(seen.knew)
    harness.report(
        asked,
        errors=len(seen.errors),
        started=started,
        told_share=seen.told / asked.size,
        polls_each=seen.polls / asked.size,
        told_s_p50=milliseconds(knew, 0.5) / 1000,
        told_s_p95=milliseconds(knew, 0.95) / 1000,
        told_s_p99=milliseconds(knew, 0.99) / 1000,
        wait_s_p50=milliseconds(waited, 0.5) / 1000,
        wait_s_p99=milliseconds(waited, 0.99) / 1000,
        answer_ms_p50=milliseconds(answers, 0.5),
        answer_ms_p99=milliseconds(answers, 0.99),
        wall_s=wall,
        cpu_s=cost,
        memory_mb_of_a_worker=memory / 1e6,
        baseline="everybody who pressed",
        ratio=started / asked.size,
        goal="1, and no errors",
    )


if __name__ == "__main__":
    main()
