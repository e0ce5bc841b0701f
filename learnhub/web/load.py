"""What is refused first when a process has too much to do: exports, boards and search; then all but exams.

The measure is how many requests are worked on at once, for a second or longer: a short burst is no overload. Saving,
handing in, the pages of an attempt, the lobby, signing in and what watches the machine are never refused here.
"""

from __future__ import annotations

import threading
import time
from enum import IntEnum
from functools import cache

from flask import Flask, Response, current_app, g, make_response, request

from learnhub.config import Config
from learnhub.web import assets, errors

LASTS = 1.0
"""Seconds of it that make an overload."""
RETRY_AFTER = 15

FIRST_AREAS = frozenset({"boards", "searches", "transcripts"})
FIRST_WORDS = ("export", "download", "search", "board", "transcript", "sheet")
"""In the names of endpoints."""
LAST_AREAS = frozenset({"health", "account", "installable"})
LAST_WORDS = ("attempt", "answer", "hand_in", "save_page", "lobby", "clock", "start", "reviewed", "token")


class Kind(IntEnum):
    """When an endpoint is refused."""

    FIRST = 1
    SECOND = 2
    NEVER = 3


@cache
def kind_of(endpoint: str | None) -> Kind:
    """The kind of an endpoint, by its area and name."""
    area, _dot, name = (endpoint or "").rpartition(".")
    if endpoint == assets.ENDPOINT or not endpoint or area in LAST_AREAS:
        return Kind.NEVER
    if area in ("quizzes", "api") and any(word in name for word in LAST_WORDS):
        return Kind.NEVER
    if area in FIRST_AREAS or any(word in name for word in FIRST_WORDS):
        return Kind.FIRST
    return Kind.SECOND


class Load:
    """The requests that this process works on; `busy` of them for `LASTS` seconds are an overload."""

    def __init__(self, busy: int) -> None:
        self.busy = busy
        self._count = 0
        self._since: dict[Kind, float | None] = {Kind.FIRST: None, Kind.SECOND: None}
        self._lock = threading.Lock()

    def enter(self) -> None:
        """A request begins."""
        with self._lock:
            self._count += 1
            self._note()

    def leave(self) -> None:
        """A request ends."""
        with self._lock:
            self._count -= 1
            self._note()

    def _note(self) -> None:
        for kind in self._since:
            if self._count < self.busy * kind:
                self._since[kind] = None
            elif self._since[kind] is None:
                self._since[kind] = time.monotonic()

    def refuses(self, kind: Kind) -> bool:
        """Whether a request of this kind is refused now."""
        since = self._since.get(kind)
        return bool(self.busy) and since is not None and time.monotonic() - since >= LASTS


def init_app(app: Flask, config: Config) -> None:
    """Count, and refuse before anything else is done for a request."""
    app.extensions["load"] = Load(config.busy_requests)
    app.before_request(_enter)
    app.teardown_request(_leave)


def _enter() -> Response | None:
    load: Load = current_app.extensions["load"]
    if request.endpoint == "quizzes.clock_events":
        return None
    load.enter()
    g.counted = True
    if not load.refuses(kind_of(request.endpoint)):
        return None
    response = make_response(errors.answer(503))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _leave(_error: BaseException | None) -> None:
    if g.pop("counted", False):
        current_app.extensions["load"].leave()
