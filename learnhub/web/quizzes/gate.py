"""How many quizzes this process lets start: so many a second, and who comes beyond that waits in the lobby.

When few come, a start passes without a statement more than it has anyway, but for a look each second at whether
somebody waits who came to another process. All of it is a few numbers in memory; the places are in the database.
"""

from __future__ import annotations

import random
import threading
import time
from datetime import datetime

from flask import Flask, current_app

from learnhub.identity.models import Member
from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db, reading, unit_of_work
from learnhub.kernel.errors import Refused
from learnhub.quizzes import attempts, lobby, windows
from learnhub.quizzes.lobby import Place
from learnhub.quizzes.models import Attempt, Quiz

LETS_IN_EVERY = 0.5
"""Seconds between two lots of members let in: one short transaction for all whose turn came meanwhile."""
LOOKS_EVERY = 1.0
"""Seconds between two looks at whether somebody waits."""
BURST_SECONDS = 3.0
"""A process that was quiet lets so many seconds' starts in at once."""
SOONEST, LATEST = 2.0, 60.0
"""Seconds after which a page asks for its place again."""


class Gate:
    """The starts that a process may give away; `rate` a second, 0 for any number."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._most = max(1.0, rate * BURST_SECONDS)
        self._left, self._at = self._most, time.monotonic()
        self._waits, self._looked = False, 0.0
        self._let_in_at, self.lets_in_every = 0.0, LETS_IN_EVERY
        self._lock = threading.Lock()

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

    def let_in(self, now: datetime) -> None:
        """Let in as many as this process may, if it has not just done so."""
        with self._lock:
            before, self._let_in_at = self._let_in_at, time.monotonic()
            if self._let_in_at - before < self.lets_in_every:
                self._let_in_at = before
                return
        taken = self.take(int(self._most))
        if taken:
            with unit_of_work():
                self.give_back(taken - lobby.admit(taken, now))


def gate() -> Gate:
    """The gate of this process."""
    app: Flask = current_app
    found = app.extensions.get("start gate")
    if found is None:
        found = app.extensions.setdefault("start gate", Gate(app.config["LEARNHUB"].starts_per_second))
    return found  # type: ignore[no-any-return]


def start(quiz: Quiz, member: Member, now: datetime) -> Attempt | Place:
    """Start an attempt or go on with the open one; or wait, when more come than are let in. Refused as the rules say.

    The time of an attempt begins when it starts, after the wait.
    """
    here = gate()
    if not here.rate or (here.calm() and here.take(1)):
        return submit_quiz.start(quiz, member, now)
    if attempts.find_open(quiz.id, member.id) is not None or lobby.claim(quiz.id, member.id, now):
        return submit_quiz.start(quiz, member, now)
    window = windows.for_member([quiz], member.id, now)[quiz.id]
    refusal = attempts.why_not(quiz, attempts.of_member(member.id, quiz.id), now, window)
    if refusal is not None:
        raise Refused(refusal)
    quiz_id, member_id = quiz.id, member.id
    with unit_of_work():
        lobby.arrive(quiz_id, member_id, now)
    here.overrun()
    here.let_in(now)
    if lobby.claim(quiz_id, member_id, now):
        return submit_quiz.start(db.session.get_one(Quiz, quiz_id), db.session.get_one(Member, member_id), now)
    place = lobby.find(quiz_id, member_id, now)
    if place is None:
        return submit_quiz.start(db.session.get_one(Quiz, quiz_id), db.session.get_one(Member, member_id), now)
    return place


def look(quiz_id: int, member_id: int, now: datetime) -> Place | None:
    """A member's place as it stands, after those were let in whose turn it is."""
    gate().let_in(now)
    with reading():
        return lobby.find(quiz_id, member_id, now)


def again_in(place: Place) -> int:
    """Seconds after which to ask again: half of what is likely left, never two members at the same moment."""
    likely = place.ahead / (2 * gate().rate or 1)
    return round(min(max(likely / 2, SOONEST), LATEST) * random.uniform(0.7, 1.3)) or 1  # noqa: S311 - no secret
