"""The hall of the machine: a quiz with two members, calls to the real services, and the proof after every step."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import select

from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.errors import Conflict, Refused
from learnhub.organisations.models import Unit
from learnhub.points.models import Balance, LedgerEntry, RefusedEvent
from learnhub.quizzes import windows
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt
from learnhub.quizzes.pace import Passed
from learnhub.quizzes.tries import TRY
from question_bank.authoring import QuestionDraft
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import NOW, new_member
from tests.stateful.day import Day
from tests.stateful.model import SHARES, Held, Outcome, Packet, Rules, Sheet, Try, Version

SECOND = timedelta(seconds=1)
SAME = "state number started_at deadline closed_by submitted_at closed_at reopened page page_since score passed".split()
"""What an attempt's row and the model call by the same name."""
VERSION = "slot revision sequence base saved_at recorded_at late".split()


@dataclass(frozen=True)
class Place:
    """What all examples share: the units of the tree, and who marks."""

    unit_ids: dict[str, int]
    marker_id: int

    def unit(self, code: str) -> Unit:
        """One of them."""
        return db.session.get_one(Unit, self.unit_ids[code])


@st.composite
def rules(draw: Callable[..., Any]) -> Rules:
    """A quiz of any way of sitting."""
    behaviour = draw(st.sampled_from(("at_end", "at_end", "at_once", "tries", "challenge")))
    sequential = behaviour == "challenge" or draw(st.booleans())
    per_page = 1 if behaviour == "challenge" else draw(st.sampled_from((1, 2, 4)))
    closes = draw(st.sampled_from((None, None, 100, 200)))
    return Rules(
        limit=draw(st.sampled_from((None, 60, 120, 120))),
        closes=closes and NOW + closes * SECOND,
        more_for_first=draw(st.sampled_from((0, 0, 30))),
        allowed=draw(st.sampled_from((1, 2, 3, 3))),
        marks=(1000, 2001, 1000, 1000),
        behaviour=behaviour,
        sequential=sequential,
        per_page=per_page,
        question_seconds=draw(st.sampled_from((None, 20))) if sequential else None,
        tries=draw(st.sampled_from((2, 3))) if behaviour == "tries" else 1,
        penalty=draw(st.sampled_from((Fraction(0), Fraction(1, 3), Fraction(1, 2))))
        if behaviour == "tries"
        else Fraction(0),
    )


def different(there: Any, expected: Any) -> str:
    """Where two things differ."""
    if isinstance(there, dict) and isinstance(expected, dict):
        names = [name for name in {**there, **expected} if there.get(name) != expected.get(name)]
        there, expected = ({name: one.get(name) for name in names} for one in (there, expected))
    return f"there is {there}, and it should be {expected}"


class Hall(RuleBasedStateMachine):
    """One quiz and two members: the first in a team below a branch, the second in another branch."""

    place: Place
    only: dict[str, Any] = {}
    """Rules that every quiz has here."""

    def __init__(self) -> None:
        super().__init__()
        db.session.rollback()
        self.now, self.broken, self.touched = NOW, False, False
        self.day = Day(Rules(None, None, 0, 1, ()))
        self.sent: dict[int, list[Packet]] = {0: [], 1: []}
        self.forms: dict[int, tuple[Sheet, list[Packet]]] = {}
        self.grant_ids: list[int] = []

    @initialize(asked=rules(), both=st.sampled_from((True, True, False)))
    def open_the_hall(self, asked: Rules, both: bool) -> None:
        """The quiz, its members, and the first attempt or two."""
        asked = replace(asked, **self.only)
        self.day = Day(asked)
        options = [{"html": word, "fraction": str(share)} for word, share in SHARES.items()]
        choices = [
            QuestionDraft("single_choice", f"<p>Question {n}</p>", {"options": options, "negative": True})
            for n in range(3)
        ]
        last = choices[0] if asked.behaviour == "challenge" else QuestionDraft("essay", "<p>Say why</p>", {})
        quiz = new_quiz(
            self.place.unit("HQ"),
            [*choices, last],
            time_limit_seconds=asked.limit,
            closes_at=asked.closes,
            attempts_allowed=asked.allowed,
            pass_percent=asked.pass_percent,
            behaviour=asked.behaviour,
            navigation="sequential" if asked.sequential else "free",
            questions_per_page=asked.per_page,
            question_seconds=asked.question_seconds,
            tries=asked.tries,
            penalty=str(asked.penalty),
        )
        asks = zip(quiz.paper["questions"], asked.marks, strict=True)
        quiz.paper = {"questions": [{**one, "mark": mark} for one, mark in asks]}
        self.quiz_id = quiz.id
        if asked.more_for_first:
            extra: Any = {"opens_at": None, "closes_at": None, "extra_seconds": asked.more_for_first}
            windows.put(quiz, self.place.unit("B1"), by=None, now=NOW, **extra)
        self.member_ids = [new_member(self.place.unit(code)).id for code in ("B1a", "B2")]
        db.session.commit()
        for member in (0, 1)[: 1 + both]:
            self.begin(member)

    # What is asked and what is said

    def sheet(self, member: int) -> Sheet | None:
        """The newest attempt of a member."""
        mine = self.day.of(member)
        return mine[-1] if mine else None

    def key(self, sheet: Sheet) -> tuple[int, int]:
        """The key of an attempt."""
        return self.member_ids[sheet.member], self.ids[sheet.member, sheet.number]

    @property
    def ids(self) -> dict[tuple[int, int], int]:
        """The attempts' ids by member and number."""
        if not hasattr(self, "_ids"):
            self._ids: dict[tuple[int, int], int] = {}
            self._keys: dict[tuple[int, int], dict[str, str]] = {}
        return self._ids

    def response(self, sheet: Sheet, slot: int, said: str) -> dict[str, Any]:
        """The response that says these words in a slot."""
        if not said:
            return {}
        if said not in SHARES:
            return {"text": said}
        return {"choice": self._keys[sheet.member, sheet.number][slot, said]}

    def words(self, slot: int, said: str) -> str:
        """The words that a question takes: an essay has others than a choice."""
        is_essay = slot == 4 and self.day.rules.behaviour != "challenge"
        return said and f"because it is {said}" if is_essay else said

    def tell(self, said: Outcome | list[Outcome], expected: Outcome | list[Outcome]) -> None:
        """What somebody was told is what the model says."""
        self.day.settle()
        self.agree("what was said", said, expected)

    def agree(self, what: str, there: Any, expected: Any) -> None:
        """What is there is what the model says; after the first difference nothing more is asked."""
        if there != expected:
            self.broken = True
            raise AssertionError(f"{what}: {different(there, expected)}")

    def call(self, sheet: Sheet | None, work: Callable[[], Any]) -> Any:
        """What the server says to a call, in a transaction of its own."""
        self.touched = True
        try:
            with unit_of_work():
                return work()
        except Conflict as conflict:
            if conflict.details.get("code") != "stale":
                return ("closed",)
            current = conflict.details["current"]
            return (
                "stale",
                current["revision"],
                current["sequence"],
                self.said_of(sheet, current["slot"], current["response"]),
            )
        except Passed:
            return ("passed",)
        except Refused as refusal:
            return {"fixed": ("fixed",), "page": ("later",)}.get(refusal.details.get("code", ""), ("refused",))

    def said_of(self, sheet: Sheet | None, slot: int, response: dict[str, Any]) -> str:
        """The words of a response."""
        assert sheet is not None
        known = (
            (word for word in ("", *SHARES) if self.response(sheet, slot, word) == response)
            if "text" not in response
            else ()
        )
        return next(iter(known), response.get("text", "?"))

    def press_hand_in(self, sheet: Sheet) -> None:
        """Hand in; the receipt says what stood at the end."""
        receipt = self.call(sheet, lambda: submit_quiz.hand_in(*self.key(sheet), self.now))
        sheet.hand_in(self.now)
        self.tell(
            (receipt.answers, receipt.digest, receipt.submitted_at),
            (len(sheet.handed_in), self.digest(sheet), sheet.submitted_at),
        )

    def close_what_ran_out(self) -> None:
        """The clock comes by."""
        self.touched = True
        done = submit_quiz.close_overdue(self.now)
        assert not done.failed
        self.day.sweep(self.now)
        self.day.settle()

    # The proof

    @invariant()
    def the_books_are_right(self) -> None:
        """Every attempt, answer, version, check and entry is as the model says, and there are no others."""
        if not self.touched:
            return
        self.touched = False
        self.day.settle()
        db.session.rollback()
        there = {row.id: row for row in self._rows(Attempt.__table__)}
        sheets = {self.key(sheet)[1]: sheet for sheet in self.day.sheets}
        self.agree("attempts", set(there), set(sheets))
        for attempt_id, sheet in sheets.items():
            self._is_kept(sheet, there[attempt_id])
        self._are_answered(sheets)
        self._is_paid()

    def _rows(self, table: Any) -> list[Any]:
        """What a table holds of the two members."""
        return list(db.session.execute(select(table).where(table.c.member_id.in_(self.member_ids))))

    def _is_kept(self, sheet: Sheet, row: Any) -> None:
        """An attempt's own row."""
        expected = {name: getattr(sheet, name) for name in SAME}
        expected |= {"extra_seconds": sheet.extra, "past_close_seconds": sheet.past_close, "digest": self.digest(sheet)}
        expected |= {"page_extra_seconds": sheet.page_extra if sheet.state == "open" else row.page_extra_seconds}
        expected |= {"fixed": sorted(sheet.fixed), "flags": sorted(sheet.flags), "marks": sheet.marks}
        kept = {name: getattr(row, name) for name in expected}
        self.agree("attempt", kept | {"marks": [(one["mark"], one["correctness"]) for one in row.marks]}, expected)

    def _are_answered(self, sheets: dict[int, Sheet]) -> None:
        """Answers, their history, their checks."""
        said = {one: {} for one in sheets}
        for row in self._rows(Answer.__table__):
            words = self.said_of(sheets[row.attempt_id], row.slot, row.response)
            said[row.attempt_id][row.slot] = Held(words, row.sequence, row.revision)
        self.agree("answers", said, {one: sheet.held for one, sheet in sheets.items()})
        history = Counter(
            (
                row.attempt_id,
                Version(
                    **{name: getattr(row, name) for name in VERSION},
                    said=self.said_of(sheets[row.attempt_id], row.slot, row.response),
                ),
            )
            for row in self._rows(AnswerVersion.__table__)
        )
        self.agree("history", history, Counter((one, line) for one, sheet in sheets.items() for line in sheet.history))
        checks = {
            (row.attempt_id, row.slot, row.number): Try(row.revision, row.mark, row.correctness)
            for row in self._rows(TRY)
        }
        made = ((one, slot, made) for one, sheet in sheets.items() for slot, made in sheet.tries.items())
        self.agree(
            "checks", checks, {(one, slot, n): each for one, slot, made in made for n, each in enumerate(made, 1)}
        )

    def digest(self, sheet: Sheet) -> str:
        """What the receipt shows of the answers; empty while it is open."""
        if sheet.state == "open":
            return ""
        given = [[slot, self.response(sheet, slot, said)] for slot, said in sorted(sheet.handed_in.items())]
        return hashlib.sha256(json.dumps(given, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def _is_paid(self) -> None:
        """Handing in was paid at each close and taken back at each reopening, passing as often as it came and went."""
        posted, balances = Counter(), {}
        for member, member_id in enumerate(self.member_ids):
            mine, (paid, back) = self.day.of(member), self.day.passes[member]
            closings, reopened = sum(one.closings for one in mine), sum(one.reopened for one in mine)
            posted[member_id, "quiz_handed_in", 1] = closings
            posted[member_id, "quiz_passed", 5] = paid
            posted[member_id, "reversal", -1] = reopened
            posted[member_id, "reversal", -5] = back
            balances[member_id] = closings - reopened + 5 * (paid - back)
        entries = Counter((row.member_id, row.kind, row.points) for row in self._rows(LedgerEntry.__table__))
        self.agree("entries", entries, +posted)
        there = {row.member_id: row.points for row in self._rows(Balance.__table__) if row.period == "all"}
        self.agree("balances", {**dict.fromkeys(self.member_ids, 0), **there}, balances)
        self.agree("refused events", self._rows(RefusedEvent.__table__), [])

    def teardown(self) -> None:
        """Long afterwards: what has an end is closed at it, and the members hand in the rest."""
        if not hasattr(self, "member_ids") or self.broken:
            return
        self.now += timedelta(hours=1)
        self.close_what_ran_out()
        for sheet in self.day.sheets:
            assert sheet.state == "closed" or sheet.deadline is None
            self.press_hand_in(sheet)
        self.the_books_are_right()
