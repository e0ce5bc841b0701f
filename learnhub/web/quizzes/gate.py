"""How many quizzes this process lets start: so many a second, and who comes beyond that waits in the lobby.

When few come, a start passes without a statement more than it has anyway, but for a look each second at whether
somebody waits who came to another process. All of it is a few numbers in memory; the places are in the database.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from learnhub.identity.models import Member
from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db, reading, set_writing, unit_of_work
from learnhub.kernel.errors import Refused
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from learnhub.quizzes import access, attempts, catalogue, lobby, windows
from learnhub.quizzes.access import Came
from learnhub.quizzes.conduct import rules
from learnhub.quizzes.lobby import Place
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.windows import Window
from learnhub.web.quizzes.arrivals import Arrival, Arrivals

LETS_IN_EVERY = 0.5
"""Seconds between two lots of members let in: one short transaction for all whose turn came meanwhile."""
LOOKS_EVERY = 1.0
"""Seconds between two looks at whether somebody waits."""
BURST_SECONDS = 3.0
"""A process that was quiet lets so many seconds' starts in at once."""
SOONEST, LATEST = 2.0, 60.0
"""Seconds after which a page asks for its place again."""


KNOWN_FOR = 5.0
"""Seconds for which a process knows a quiz that a crowd waits for, once read for members of the same units."""
MOST_KNOWN = 10_000


@dataclass(frozen=True)
class Asked:
    """A quiz that a crowd asks for, as it was read at a moment of this process."""

    at: float
    quiz: Quiz
    browser: bool


class Gate:
    """The starts that a process may give away; `rate` a second, 0 for any number."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._most = max(1.0, rate * BURST_SECONDS)
        self._left, self._at = self._most, time.monotonic()
        self._waits, self._looked = False, 0.0
        self._let_in_at, self.lets_in_every = 0.0, LETS_IN_EVERY
        self._lock = threading.Lock()
        self.arrivals = Arrivals()
        self.asked: dict[tuple[str, tuple[int, ...], tuple[int, ...]], Asked] = {}

    def take(self, most: int) -> int:
        """Up to so many starts; what is taken is gone."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self._most, self._left + (now - self._at) * self.rate)
            self._at = now
            taken = min(most, int(self._left))
            self._left -= taken
            return taken

    def give_back(self, unused: int) -> None:
        """Starts that nobody waited for."""
        with self._lock:
            self._left = min(self._most, self._left + unused)

    def calm(self) -> bool:
        """Whether nobody waits, as of at most a second ago."""
        now = time.monotonic()
        if now - self._looked >= LOOKS_EVERY:
            self._looked = now
            self._waits = lobby.anybody_waits()
        return not self._waits

    def overrun(self) -> None:
        """Somebody waits from now on."""
        self._waits, self._looked = True, time.monotonic()

    def let_in(self, now: datetime) -> bool:
        """Let in as many as this process may, if it has not just done so; whether anybody was."""
        with self._lock:
            before, self._let_in_at = self._let_in_at, time.monotonic()
            if self._let_in_at - before < self.lets_in_every:
                self._let_in_at = before
                return False
        taken = self.take(int(self._most))
        if not taken:
            return False
        with unit_of_work():
            admitted = lobby.admit(taken, now)
        self.give_back(taken - admitted)
        return admitted > 0


def gate() -> Gate:
    """The gate of this process."""
    app: Flask = current_app
    found = app.extensions.get("start gate")
    if found is None:
        found = app.extensions.setdefault("start gate", Gate(app.config["LEARNHUB"].starts_per_second))
    return found  # type: ignore[no-any-return]


@contextmanager
def looking() -> Iterator[bool]:
    """What is asked of a start before it is known whether its member begins or waits; whether a crowd waits.

    In a crowd that takes no writers' lock on SQLite: most of it is only told its place.
    """
    here = gate()
    crowd = bool(here.rate) and not here.calm()
    with reading() if crowd else nullcontext():
        yield crowd


def find(scope: Scope, slug: str, crowd: bool) -> tuple[Quiz, bool]:
    """The quiz of that slug if it reaches the member, and whether it may ask for a certain browser; else NotFound.

    In a crowd it is as of a few seconds ago, and no part of a session: most who ask are only told their place, and an
    attempt begins with a look of its own.
    """
    if not crowd:
        return catalogue.find(scope, slug), True
    here, key = gate(), (slug, scope.own_unit_ids, tuple(scope.roots(Permission.LEARN)))
    known = here.asked.get(key)
    if known is None or time.monotonic() - known.at > KNOWN_FOR:
        quiz = catalogue.find(scope, slug)
        conduct = rules.of_quiz(quiz.id)
        db.session.expunge(quiz)
        known = Asked(time.monotonic(), quiz, conduct is not None and conduct.safe_browser)
        if len(here.asked) >= MOST_KNOWN:
            here.asked.clear()
        here.asked[key] = known
    return known.quiz, known.browser


def start(quiz: Quiz, member_id: int, now: datetime, came: Came, crowd: bool) -> Attempt | Place:
    """Start an attempt or go on with the open one; or wait, when more come than are let in. Refused as the rules say.

    The time of an attempt begins when it starts, after the wait. The access code is asked for before the wait, not
    again after it.
    """
    here = gate()
    if not here.rate or (not crowd and here.take(1)):
        return submit_quiz.start(quiz, db.session.get_one(Member, member_id), now, came=came)
    quiz_id, known = quiz.id, Came(quiz.access_code or "", came.address)
    met = lobby.knock(quiz_id, member_id)
    place = lobby.find(quiz_id, member_id, now) if met.has_place else None
    if place is None:
        made = attempts.all_of(member_id, quiz_id) if met.has_attempts else []
        if any(one.state == AttemptState.OPEN for one in made):
            return _begin(quiz_id, member_id, now, came)
        window = windows.for_member([quiz], member_id, now)[quiz_id] if met.has_windows else windows.of_quiz(quiz)
        _require_entry(quiz, made, window, now, came)
        here.arrivals.write(Arrival(quiz_id, member_id, now))
        here.overrun()
        with reading():
            place = lobby.find(quiz_id, member_id, now)
    if place is not None and not place.admitted and here.let_in(now):
        with reading():
            place = lobby.find(quiz_id, member_id, now)
    if place is not None and not place.admitted:
        return place
    return _begin(quiz_id, member_id, now, known)


def _begin(quiz_id: int, member_id: int, now: datetime, came: Came) -> Attempt:
    """Take the turn and start, in one transaction that writes; of two tabs the second goes on with the attempt."""
    db.session.rollback()
    set_writing(True)
    lobby.claim(quiz_id, member_id, now)
    quiz, member = db.session.get_one(Quiz, quiz_id), db.session.get_one(Member, member_id)
    return submit_quiz.start(quiz, member, now, came=came)


def _require_entry(quiz: Quiz, made: Sequence[Attempt], window: Window, now: datetime, came: Came) -> None:
    """Refused for whom no attempt would start: nobody waits in vain."""
    access.require_address(quiz, came.address)
    access.require_code(quiz, came.code)
    refusal = attempts.why_not(quiz, [one for one in made if not one.preview], now, window)
    if refusal is not None:
        raise Refused(refusal)


def look(quiz_id: int, member_id: int, now: datetime) -> Place | None:
    """A member's place as it stands, after those were let in whose turn it is."""
    gate().let_in(now)
    with reading():
        return lobby.find(quiz_id, member_id, now)


def again_in(place: Place) -> int:
    """Seconds after which to ask again: half of what is likely left, never two members at the same moment."""
    likely = place.ahead / (2 * gate().rate or 1)
    return round(min(max(likely / 2, SOONEST), LATEST) * random.uniform(0.7, 1.3)) or 1  # noqa: S311 - no secret
