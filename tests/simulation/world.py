"""A world with a clock of its own: one member, two tabs, a network that loses, doubles and reorders, a sweeper that
fails; sat freely, page by page, against a time for each question, or checked at once. The exam and award core in it is
the real one, on SQLite; only its clock is the world's."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member
from learnhub.journeys import grant_time, submit_quiz
from learnhub.journeys.grant_time import Wish
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.errors import DomainError, Refused
from learnhub.quizzes import answers, checking, pace
from learnhub.quizzes.models import Attempt, Quiz
from tests.chaos.sitters import Acknowledged

WAYS: list[dict[str, Any]] = [
    {},
    {"navigation": "sequential", "questions_per_page": 1},
    {"navigation": "sequential", "questions_per_page": 1, "question_seconds": 25},
    {"behaviour": "tries", "tries": 2},
]
"""How the exams of these worlds are sat."""
LIMIT = 120
"""Seconds that the exam lasts."""
PERIOD = 15
"""Seconds between two rounds of the sweeper."""
AFTERWARDS = 300
"""Seconds for which the world goes on after everybody's deadline."""
PATIENCE = 3.0
"""Seconds after which a tab sends again."""


@dataclass
class Core:
    """What the server does with a packet: the real functions, or ones with a planted bug in their place."""

    save: Callable[..., Any] = answers.save
    hand_in: Callable[..., Any] = submit_quiz.hand_in
    sweep: Callable[[datetime], Any] = submit_quiz.close_overdue


@dataclass
class Told:
    """What the member was told."""

    saves: list[Acknowledged] = field(default_factory=list)
    receipts: list[tuple[int, str]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    """Of handing in, as the receipts name them."""


@dataclass
class Tab:
    """A window: what it believes the server holds of each slot, and what waits to be acknowledged."""

    known: dict[int, tuple[int, int]] = field(default_factory=dict)
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: bool = False


class World:
    """One seed: everything that happens follows from it."""

    def __init__(self, seed: int, core: Core, quiz_id: int, member_id: int, start: datetime) -> None:
        self.random = random.Random(seed)
        self.core, self.quiz_id, self.member_id = core, quiz_id, member_id
        self.start, self.now, self.told = start, 0.0, Told()
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.numbers = itertools.count()
        self.attempt_id = 0
        self.options: list[list[str]] = []
        self.way: dict[str, Any] = {}
        self.page = 1
        self.handing_in = False

    def run(self) -> Told:
        """From the start to long after the deadline."""
        self._begin()
        tabs = [Tab() for _n in range(self.random.choice((1, 1, 2)))]
        for tab in tabs:
            self._later(self.random.uniform(0, 20), lambda tab=tab: self._act(tab))  # type: ignore[misc]
        if self.random.random() < 0.6:
            self._later(self.random.uniform(20, LIMIT + 10), lambda: self._press_hand_in(tabs))
        if self.random.random() < 0.25:
            self._later(self.random.uniform(10, LIMIT + 60), self._incident)
        if self.way:
            self._later(self.random.uniform(5, 30), self._press_a_button)
        for n in range((LIMIT + AFTERWARDS) // PERIOD):
            self._later(PERIOD * n + self.random.uniform(0, 2), self._sweep)
        self._later(LIMIT + AFTERWARDS + 60, lambda: self._server(lambda: self.core.sweep(self.moment())))
        while self.events:
            self.now, _number, happen = heapq.heappop(self.events)
            happen()
        return self.told

    def moment(self, at: float | None = None) -> datetime:
        """The world's time as an instant."""
        return self.start + timedelta(seconds=self.now if at is None else at)

    def _later(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self.events, (self.now + seconds, next(self.numbers), happen))

    def _server(self, work: Callable[[], Any]) -> Any:
        """Something that the server does, in a transaction of its own."""
        with unit_of_work():
            return work()

    def _begin(self) -> None:
        def begin() -> Attempt:
            quiz, member = db.session.get_one(Quiz, self.quiz_id), db.session.get_one(Member, self.member_id)
            return submit_quiz.start(quiz, member, self.moment())

        attempt = self._server(begin)
        self.attempt_id = attempt.id
        self.options = [list(slot["order"]) for slot in attempt.layout["slots"]]
        self.way = attempt.layout.get("way") or {}
        self._server(lambda: submit_quiz.show_within(attempt, self.moment()))

    def _act(self, tab: Tab) -> None:
        """The member gives or changes an answer in a tab, or leaves it for good."""
        if tab.gone or self.handing_in or self.now > LIMIT + 70:
            return
        if self.random.random() < 0.05:
            tab.gone = True
            return
        slot = self._slot()
        base, sequence = tab.known.get(slot, (0, 0))
        newest = max(sequence, tab.waiting.get(slot, {}).get("sequence", 0)) + 1
        packet = {"slot": slot, "sequence": newest, "base": base}
        packet["response"] = {"choice": self.random.choice(self.options[slot - 1])}
        idle = slot not in tab.waiting
        tab.waiting[slot] = packet
        if idle:
            self._send(tab, slot)
        self._later(self.random.uniform(1, 25), lambda: self._act(tab))

    def _slot(self) -> int:
        """A question on the member's page; now and then one of another page."""
        if self.way.get("sequential") and self.random.random() < 0.9:
            return self.page
        return self.random.randrange(len(self.options)) + 1

    def _press_a_button(self) -> None:
        """On to the next page, or a check of an answer, once or twice; and the page is looked at."""
        for _press in range(self.random.choice((1, 1, 2))):
            self._later(self._on_the_way(), self._go_on if self.way.get("sequential") else self._check)
        if self.now < LIMIT + 60:
            self._later(self.random.uniform(5, 40), self._press_a_button)

    def _go_on(self) -> None:
        def go_on() -> int:
            attempt = submit_quiz.look_at(self.member_id, self.attempt_id, self.moment())
            pace.go_on(attempt, self.page)
            submit_quiz.show_within(attempt, self.moment())
            return attempt.page

        with contextlib.suppress(DomainError):
            self.page = self._server(go_on)

    def _check(self) -> None:
        slot = self._slot()
        with contextlib.suppress(DomainError):
            self._server(lambda: checking.check(self.member_id, self.attempt_id, slot, self.moment()))

    def _send(self, tab: Tab, slot: int) -> None:
        """The newest packet of a slot goes out; without an answer it goes out again."""
        packet = tab.waiting.get(slot)
        if packet is None or tab.gone or self.now > LIMIT + 100:
            return
        for _copy in range(2 if self.random.random() < 0.15 else 1):
            if self.random.random() > 0.15:
                self._later(self._on_the_way(), lambda: self._arrive(tab, dict(packet)))
        self._later(PATIENCE, lambda: self._send(tab, slot) if tab.waiting.get(slot) else None)

    def _on_the_way(self) -> float:
        return self.random.choice((0.05, 0.2, 0.5, self.random.uniform(0, 12)))

    def _arrive(self, tab: Tab, packet: dict[str, Any]) -> None:
        """The packet is stamped as it arrives; it may wait before it is worked on, above all when many hand in."""
        arrived = self.moment()
        waits = self.random.uniform(0, 15) if self.random.random() < (0.6 if self.handing_in else 0.1) else 0.0
        self._later(waits, lambda: self._work_on(tab, packet, arrived))

    def _work_on(self, tab: Tab, packet: dict[str, Any], arrived: datetime) -> None:
        key = (self.member_id, self.attempt_id, packet["slot"])
        said: Any
        try:
            said = self._server(
                lambda: self.core.save(*key, packet["response"], packet["sequence"], packet["base"], arrived, arrived)
            )
        except DomainError as refusal:
            said = refusal
        if self.random.random() > 0.15:
            self._later(self._on_the_way(), lambda: self._hear(tab, packet, said))

    def _hear(self, tab: Tab, packet: dict[str, Any], said: Any) -> None:
        slot, waiting = packet["slot"], tab.waiting.get(packet["slot"])
        base, sequence = tab.known.get(slot, (0, 0))
        if isinstance(said, DomainError):
            if said.details.get("code") != "stale":
                tab.waiting.pop(slot, None)
                return
            current = said.details["current"]
            tab.known[slot] = (max(base, current["revision"]), max(sequence, current["sequence"]))
            if waiting is not None and self.random.random() < 0.5:
                waiting |= {"base": tab.known[slot][0], "sequence": max(tab.known[slot][1], waiting["sequence"]) + 1}
            else:
                tab.waiting.pop(slot, None)
            return
        number = packet["sequence"] if said.superseded else said.sequence
        self.told.saves.append(
            Acknowledged(self.attempt_id, slot, number, said.revision, packet["response"], said.superseded)
        )
        tab.known[slot] = (max(base, said.revision), max(sequence, said.sequence, packet["sequence"]))
        if waiting is not None and waiting["sequence"] == packet["sequence"]:
            tab.waiting.pop(slot, None)
        elif waiting is not None:
            waiting["base"] = tab.known[slot][0]

    def _press_hand_in(self, tabs: list[Tab]) -> None:
        """The button, once or twice, right after a last answer; each press may arrive late or not at all."""
        for tab in tabs:
            self._act(tab)
        self.handing_in = True
        for _press in range(self.random.choice((1, 1, 2, 3))):
            if self.random.random() > 0.1:
                self._later(self._on_the_way(), self._hand_in)
        for tab in tabs:
            tab.gone = tab.gone or self.random.random() < 0.5

    def _hand_in(self) -> None:
        receipt = self._server(lambda: self.core.hand_in(self.member_id, self.attempt_id, self.moment()))
        self.told.receipts.append((receipt.attempt_id, receipt.digest))
        self.told.times.append(receipt.submitted_at)

    def _sweep(self) -> None:
        """The sweeper's round; now and then it fails, or its node is gone."""
        if self.random.random() > 0.2:
            self.core.sweep(self.moment())

    def _incident(self) -> None:
        """A minute more for this member, also if their clock has ended the attempt since the exam began."""
        wish = Wish(60, "Power cut", member_id=self.member_id, reopens_from=self.start)
        with contextlib.suppress(Refused):
            made = self._server(lambda: grant_time.grant(SYSTEM, wish, self.moment()).id)
            grant_time.carry_out(made, self.moment())
