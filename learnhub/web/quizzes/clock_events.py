"""The running clock: a page hears at once when its attempt has more time, as server-sent events.

Each open stream keeps a thread of the server, so there are only so many for each process. Who finds none free (204,
upon which a browser asks no more) asks for the clock twice a minute; each saved answer brings it along anyway.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

from flask import Flask, Response, current_app
from flask.typing import ResponseReturnValue

from learnhub.kernel.clock import iso, utcnow
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.quizzes import attempts
from learnhub.quizzes.attempts import Clock
from learnhub.quizzes.models import AttemptState
from learnhub.web.context import member_id
from learnhub.web.guards import signed_in
from learnhub.web.quizzes.blueprint import area

STREAMS = 16
"""Open at once in each process; `learnhub serve` has as many threads more."""
LOOKS_EVERY = 2.0
"""Seconds between two looks at the attempt."""
LASTS = 55.0
"""Seconds after which a stream ends; the browser opens the next one, and proxies do not cut it."""
PAUSE = 3_000
"""Milliseconds until the browser comes back."""

_free = threading.BoundedSemaphore(STREAMS)


@area.get("/attempts/<int:attempt_id>/clock")
@signed_in
def clock_events(attempt_id: int) -> ResponseReturnValue:
    """The clock of my attempt, now and whenever it changes."""
    whose, first = member_id(), attempts.clock(member_id(), attempt_id)
    if first.state != AttemptState.OPEN or not _free.acquire(blocking=False):
        return "", 204
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(_Stream(app, whose, attempt_id), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


class _Stream:
    """The events of one attempt; its place is free again when it ends or the browser goes away."""

    def __init__(self, app: Flask, whose: int, attempt_id: int) -> None:
        self._events = _events(app, whose, attempt_id)
        self._held = True

    def __iter__(self) -> Iterator[bytes]:
        return self._events

    def close(self) -> None:
        """Called by the server when the answer is over, however it ended."""
        if self._held:
            self._held = False
            _free.release()


def _events(app: Flask, whose: int, attempt_id: int) -> Iterator[bytes]:
    yield f"retry: {PAUSE}\n\n".encode()
    known: Clock | None = None
    end = time.monotonic() + LASTS
    while time.monotonic() < end:
        found = _look(app, whose, attempt_id)
        if found is None:
            return
        if found != known:
            yield _said(found)
            known = found
        if found.state != AttemptState.OPEN:
            return
        time.sleep(LOOKS_EVERY)
        yield b": still here\n\n"


def _look(app: Flask, whose: int, attempt_id: int) -> Clock | None:
    with app.app_context():
        try:
            return attempts.clock(whose, attempt_id)
        except NotFound:
            return None
        finally:
            db.session.remove()


def _said(found: Clock) -> bytes:
    clock = {
        "state": found.state,
        "deadline": iso(found.deadline) if found.deadline else None,
        "server_now": iso(utcnow()),
        "page": found.page,
        "page_extra_seconds": found.page_extra_seconds,
    }
    return f"event: clock\ndata: {json.dumps(clock)}\n\n".encode()
