"""Members who sit an exam over a bad network: packets late, doubled, out of order, from clocks that are wrong."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.chaos.hall import Hall


@dataclass(frozen=True)
class Acknowledged:
    """The server said that it holds this answer."""

    attempt: int
    slot: int
    sequence: int
    revision: int
    response: dict[str, Any]
    superseded: bool


@dataclass
class Log:
    """What the members were told."""

    saves: list[Acknowledged] = field(default_factory=list)
    receipts: list[tuple[int, str]] = field(default_factory=list)
    """Of handing in: attempt and digest."""
    tries: int = 0
    """Calls that got no answer, or one that says: later."""
    stale: int = 0
    barred: int = 0
    """Answers to pages that were left or whose time was over, and to what was checked."""
    surprises: list[str] = field(default_factory=list)
    """Answers that no member should ever get."""


class Gone(Exception):
    """No answer came: the call may have been heard or not."""


class Sitter(threading.Thread):
    """One member: starts, answers in any order, changes answers, hands in or vanishes."""

    pace = 1.0
    """So many times slower than a quarter of a second an answer."""

    def __init__(self, hall: Hall, token: str, seed: int, log: Log, deadline: float) -> None:
        super().__init__(daemon=True)
        self.hall, self.token, self.log, self.deadline = hall, token, log, deadline
        self.random = random.Random(seed)
        self.skew = timedelta(hours=self.random.uniform(-6, 6))
        self.known: dict[int, tuple[int, int]] = {}
        self.held_back: list[tuple[int, dict[str, Any]]] = []

    def run(self) -> None:
        try:
            self._sit()
        except Exception as error:
            self.log.surprises.append(repr(error))

    def _sit(self) -> None:
        attempt = self._begin()
        if attempt is None:
            return
        number, slots = int(attempt["id"]), attempt["questions"]
        ends = time.monotonic() + self.random.uniform(0.5, 1.1) * (self.deadline - time.monotonic())
        while time.monotonic() < min(ends, self.deadline):
            question = self.random.choice(slots)
            self._answer(number, question["slot"], *(one["key"] for one in self.random.sample(question["options"], 2)))
            self._old_packet(number)
            slots = self._press_a_button(attempt, question["slot"]) or slots
            time.sleep(self.pace * self.random.uniform(0.05, 0.5))
        if ends < self.deadline and self.random.random() < 0.8:
            self._hand_in(number)

    def _begin(self) -> dict[str, Any] | None:
        while time.monotonic() < self.deadline:
            status, body = self._insist("POST", f"/quizzes/{self.hall.quiz_of(self.token)}/attempts")
            if status in {200, 201}:
                return body
            if status:
                self.log.surprises.append(f"start: {status} {body}")
                return None
        return None

    def _press_a_button(self, attempt: dict[str, Any], slot: int) -> list[dict[str, Any]]:
        """Now and then flag the question, check its answer, or go on where there is no way back; what is asked then."""
        chance, path = self.random.random(), f"/attempts/{attempt['id']}"
        if chance < 0.1:
            self._button("PUT", f"{path}/flags/{slot}", {"flagged": self.random.random() < 0.5})
        elif chance < 0.2:
            self._button("POST", f"{path}/answers/{slot}/check")
        elif chance < 0.3 and attempt["sequential"]:
            shown = self._button("POST", f"{path}/next", {"page": attempt["page"]})
            if shown is not None and shown["state"] == "open":
                attempt["page"] = shown["page"]
                found: list[dict[str, Any]] = shown["questions"]
                return found
        return []

    def _button(self, method: str, path: str, body: Any = None) -> Any:
        """What a button leads to; a refusal is told on the page and nothing more."""
        status, answer = self._insist(method, path, body)
        if status == 409 and answer.get("code") == "closed":
            self.deadline = 0
        elif status not in {0, 200, 422}:
            self.log.surprises.append(f"{path}: {status} {answer}")
        return answer if status == 200 else None

    def _answer(self, attempt: int, slot: int, key: str, other: str) -> None:
        """Save an answer; a packet without an answer is sent again as it is, as a browser does.

        Now and then the packet comes twice at the same moment, or the `other` answer overtakes it on the way.
        """
        base, sequence = self.known.get(slot, (0, 0))
        clock = datetime.now(UTC) + self.skew
        body = {
            "response": {"choice": key},
            "sequence": sequence + 1,
            "base": base,
            "recorded_at": clock.isoformat(timespec="milliseconds"),
        }
        chance = self.random.random()
        if chance < 0.2:
            wanders = self.random.uniform(0, 1.5) if chance < 0.1 else 0
            threading.Thread(target=self._again, args=(attempt, slot, dict(body), wanders), daemon=True).start()
            if wanders:
                sequence += 1
                body |= {"sequence": sequence + 1, "response": {"choice": other}}
        status, answer = self._insist("PUT", f"/attempts/{attempt}/answers/{slot}", body)
        if status == 200:
            self._acknowledged(attempt, slot, body, answer)
            self.known[slot] = (answer["revision"], max(sequence + 1, answer["sequence"]))
            self.held_back.append((slot, body))
        elif status == 409 and answer.get("code") == "stale":
            self.log.stale += 1
            current = answer["current"]
            self.known[slot] = (current["revision"], max(sequence + 1, current["sequence"]))
        elif status == 409 and answer.get("code") == "closed":
            self.deadline = 0
        elif status == 422 and answer.get("code") in {"page", "fixed"}:
            self.log.barred += 1
        elif status:
            self.log.surprises.append(f"save: {status} {answer}")

    def _again(self, attempt: int, slot: int, body: dict[str, Any], wanders: float = 0) -> None:
        """A packet beside the others, some seconds later."""
        time.sleep(wanders)
        try:
            status, answer = self._call("PUT", f"/attempts/{attempt}/answers/{slot}", body)
        except Gone:
            return
        if status == 200:
            self._acknowledged(attempt, slot, body, answer)

    def _old_packet(self, attempt: int) -> None:
        """A packet that wandered about: it comes when a newer one was taken long ago, and must not change anything."""
        if len(self.held_back) > 5 and self.random.random() < 0.2:
            slot, body = self.held_back.pop(self.random.randrange(len(self.held_back)))
            self._again(attempt, slot, body)

    def _acknowledged(self, attempt: int, slot: int, body: dict[str, Any], answer: dict[str, Any]) -> None:
        """The receipt names the sequence under which the answer stands, or stood when a newer one stands now."""
        superseded = bool(answer["superseded"])
        sequence = body["sequence"] if superseded else answer["sequence"]
        self.log.saves.append(Acknowledged(attempt, slot, sequence, answer["revision"], body["response"], superseded))

    def _hand_in(self, attempt: int) -> None:
        twice = self.random.random() < 0.3
        for _n in range(2 if twice else 1):
            status, answer = self._insist("POST", f"/attempts/{attempt}/hand-in", patience=30)
            if status == 200:
                self.log.receipts.append((attempt, answer["digest"]))
            elif status:
                self.log.surprises.append(f"hand-in: {status} {answer}")

    def _insist(self, method: str, path: str, body: Any = None, patience: float = 0) -> tuple[int, Any]:
        """Call until an answer comes; status 0 when the time is over before."""
        until = self.deadline + patience
        while time.monotonic() < until:
            try:
                status, answer = self._call(method, path, body)
            except Gone:
                status, answer = 0, None
            if status not in {0, 429, 500, 502, 503}:
                return status, answer
            self.log.tries += 1
            self.failed(status)
            time.sleep(self.random.uniform(0.3, 1.2))
        return 0, None

    def port(self) -> int:
        """Where a call goes."""
        return self.hall.server.port

    def failed(self, status: int) -> None:
        """Hear that a call had no answer (0), or one that says: later."""

    def _call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=10)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Gone from error
        finally:
            connection.close()
