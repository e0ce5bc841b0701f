"""Closing an attempt, exactly once, and marking what the server holds at that moment."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
import structlog
from sqlalchemy import Table, bindparam, func, select, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.quizzes import answers, papers, tries
from learnhub.quizzes.conduct.models import LateDecision
from learnhub.quizzes.deadlines import ended_at
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, AttemptState
from learnhub.quizzes.tries import Behaviour
from question_bank import marking
from question_bank.kinds import Correctness
from question_bank.versions import versions_by_id

log = structlog.get_logger()

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]

UNMARKED = "unmarked"
"""The correctness of a response that could not be marked; it earns nothing until somebody looks."""


class ClosedBy(StrEnum):
    """Who closed an attempt."""

    MEMBER = "member"
    REQUEST = "request"
    """The first request that touched it when its time was over; a page that hands in at zero is one."""
    SWEEPER = "sweeper"
    CHECK = "check"
    """An answer that was checked and ended it, by its quiz's rule."""


@dataclass(frozen=True)
class Marked:
    """A paper with its marks in thousandths; `unmarked` names the slots that could not be marked, `waits` counts those
    that wait for a person: until they are marked, `score` is what needs no person, and nothing is passed."""

    score: int
    passed: bool
    marks: list[dict[str, Any]]
    unmarked: list[int] = field(default_factory=list)
    waits: int = 0


@dataclass(frozen=True)
class Receipt:
    """What handing in gives: how many answers the server holds, their digest and the moment of submission."""

    attempt_id: int
    answers: int
    digest: str
    submitted_at: datetime


def close(member_id: int, attempt_id: int, now: datetime, by: ClosedBy) -> Marked | None:
    """Close an open attempt and mark it; None when it was closed before or (but for member and check) is not over.

    The row's update from open to closed takes its lock, so of any number of calls one closes, and every save that was
    acknowledged before is in what is marked.
    """
    is_mine = (ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)
    taking = update(ATTEMPT).where(*is_mine, ATTEMPT.c.state == AttemptState.OPEN.value)
    if by not in (ClosedBy.MEMBER, ClosedBy.CHECK):
        taking = taking.where(ATTEMPT.c.deadline < now)
    row = db.session.execute(
        taking.values(state=AttemptState.CLOSED.value, closed_at=now).returning(ATTEMPT.c.layout, ATTEMPT.c.deadline)
    ).one_or_none()
    if row is None:
        return None
    if by is ClosedBy.MEMBER and row.deadline is not None and now >= row.deadline:
        by = ClosedBy.REQUEST
    held = answers.of_attempt(member_id, attempt_id)
    given = {slot: answer.response for slot, answer in held.items()}
    marked = mark_held(member_id, attempt_id, row.layout, held)
    values = ending(marked, row.layout, given, row.deadline, now, by)
    db.session.execute(update(ATTEMPT).where(*is_mine).values(**values))
    if marked.unmarked:
        log.error("questions could not be marked", attempt=attempt_id, slots=marked.unmarked)
    return marked


def ending(
    marked: Marked,
    layout: dict[str, Any],
    given: Mapping[int, dict[str, Any]],
    deadline: datetime | None,
    now: datetime,
    by: ClosedBy,
) -> dict[str, Any]:
    """The columns that say how an attempt ends; its state and moment are the caller's."""
    return {
        "closed_by": by.value,
        "submitted_at": ended_at(now, deadline),
        "digest": digest(given),
        "score": None if marked.waits else marked.score,
        "full_marks": papers.full_marks(layout),
        "passed": None if marked.waits else marked.passed,
        "waits": marked.waits,
        "marks": marked.marks,
    }


def mark_paper(layout: dict[str, Any], responses: Mapping[int, dict[str, Any]], known: Known | None = None) -> Marked:
    """The marks of responses (by slot) to a frozen paper; nothing but the two decides.

    A question that can't be marked (its version is missing or damaged) earns nothing and is reported; the others are
    marked all the same. The whole score does not go below zero. Versions are read when they are not `known`.
    """
    slots, multiple_marking = papers.slots_of(layout), layout.get("marking", "all_or_nothing")
    known = known or Known(versions_by_id(slot.version_id for slot in slots))
    marks: list[dict[str, Any]] = []
    unmarked = []
    for slot in slots:
        found = known.mark(slot, responses.get(slot.number), multiple_marking)
        if found is None:
            unmarked.append(slot.number)
            marks.append({"mark": 0, "correctness": UNMARKED})
        else:
            marks.append({"mark": found.mark, "correctness": found.correctness.value})
    waits = sum(1 for one in marks if one["correctness"] == Correctness.BY_HAND)
    score, passed = judged(layout, marks)
    return Marked(score, passed and not waits, marks, unmarked, waits)


def mark_held(member_id: int, attempt_id: int, layout: dict[str, Any], held: Mapping[int, Any]) -> Marked:
    """The marks of the answers that an attempt holds (rows by slot), with its tries where answers were checked."""
    marked = mark_paper(layout, {slot: answer.response for slot, answer in held.items()})
    if tries.behaviour(layout) == Behaviour.AT_END:
        return marked
    made = tries.of_attempt(member_id, attempt_id)
    marks = tries.counted(layout, marked.marks, made, _unchecked(layout, held, made))
    score, passed = judged(layout, marks)
    return replace(marked, score=score, passed=passed and not marked.waits, marks=marks)


def _unchecked(layout: dict[str, Any], held: Mapping[int, Any], made: Mapping[int, Any]) -> dict[int, dict[str, Any]]:
    """What answers earn as one more try that were changed after their last check, by slot."""
    found = {}
    for number, before in made.items():
        answer = held.get(number)
        if answer is None or not answer.response or answer.revision <= before[-1].revision:
            continue
        if len(before) >= tries.allowed(layout):
            continue
        slot = papers.slot_of(layout, number)
        asked = papers.asked(slot.version_id)
        outcome = asked.kind.mark(asked.content, answer.response, layout.get("marking", "all_or_nothing"))
        mark = tries.worth(layout, outcome.fraction, slot.mark, len(before) + 1)
        found[number] = {"mark": mark, "correctness": outcome.correctness.value}
    return found


def judged(layout: dict[str, Any], marks: Sequence[Mapping[str, Any]]) -> tuple[int, bool]:
    """The score of a paper's marks, in thousandths and not below zero, and whether it is enough to pass."""
    score = max(0, sum(one["mark"] for one in marks))
    return score, 100 * score >= int(layout.get("pass_percent", 60)) * papers.full_marks(layout)


class Known:
    """Versions of questions by id (anything with an id, a kind and content), and the marks of answers seen before:
    thousands who sit the same paper give the same few answers to most of its questions."""

    MOST = 50_000
    LONGEST = 200

    def __init__(self, versions: Mapping[int, Any]) -> None:
        self.versions = dict(versions)
        self._marks: dict[tuple[int, int, str, bytes], marking.Mark | None] = {}

    def mark(self, slot: papers.Slot, response: dict[str, Any] | None, multiple_marking: str) -> marking.Mark | None:
        """The mark of a response; None when it can't be marked."""
        version = self.versions.get(slot.version_id)
        said = orjson.dumps(response, option=orjson.OPT_NON_STR_KEYS)
        if len(said) > self.LONGEST:
            return _mark(version, slot, response, multiple_marking)
        key = slot.version_id, slot.mark, multiple_marking, said
        if key not in self._marks:
            if len(self._marks) >= self.MOST:
                self._marks.clear()
            self._marks[key] = _mark(version, slot, response, multiple_marking)
        return self._marks[key]


def _mark(
    version: Any, slot: papers.Slot, response: dict[str, Any] | None, multiple_marking: str
) -> marking.Mark | None:
    if version is None:
        return None
    try:
        return marking.mark(version.kind, version.content, response, slot.mark, multiple_marking)
    except Exception:
        log.exception("question could not be marked", version=version.id)
        return None


def digest(responses: Mapping[int, dict[str, Any]]) -> str:
    """SHA-256 over the answers that are not blank, by slot, as canonical JSON."""
    given = [[slot, response] for slot, response in sorted(responses.items()) if response]
    text = json.dumps(given, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def receipt(member_id: int, attempt_id: int) -> Receipt:
    """The receipt of a closed attempt, the same however often it is asked for."""
    attempt = db.session.get(Attempt, (member_id, attempt_id), populate_existing=True)
    if attempt is None:
        raise NotFound(_("There is no receipt: this attempt was not handed in."))
    return receipt_of(attempt)


def receipt_of(attempt: Attempt) -> Receipt:
    """The receipt of an attempt that was just read."""
    if attempt.submitted_at is None:
        raise NotFound(_("There is no receipt: this attempt was not handed in."))
    return Receipt(attempt.id, _handed_in(attempt), attempt.digest, attempt.submitted_at)


_DECIDED = (
    select(func.min(LateDecision.revision))
    .where(
        LateDecision.member_id == bindparam("member_id"),
        LateDecision.attempt_id == bindparam("attempt_id"),
        LateDecision.slot == Answer.slot,
        LateDecision.at > bindparam("closed_at"),
    )
    .scalar_subquery()
)
_STOOD = select(Answer.slot, Answer.response, _DECIDED).where(
    Answer.member_id == bindparam("member_id"), Answer.attempt_id == bindparam("attempt_id")
)
"""Every receipt and every review asks for it: put together once."""


def _before(mine: dict[str, int], slot: int, revision: int) -> Any:
    query = select(AnswerVersion.response).filter_by(**mine, slot=slot, revision=revision - 1, late=False)
    return db.session.scalar(query)


def _handed_in(attempt: Attempt) -> int:
    """How many answers stood at the close. In place of one about which something was decided since, its last version
    before that decision is looked at."""
    mine = {"member_id": attempt.member_id, "attempt_id": attempt.id}
    count = 0
    for slot, response, revision in db.session.execute(_STOOD, {**mine, "closed_at": attempt.closed_at}):
        stood = response if revision is None else _before(mine, slot, revision)
        count += bool(stood)
    return count
