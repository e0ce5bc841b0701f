"""What waits for a person's mark: counted for who marks, and a quiz's answers listed question by question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.quizzes import papers
from learnhub.quizzes.models import Attempt, AttemptState, HandMark, Quiz
from question_bank.kinds import Correctness
from question_bank.versions import versions_by_id

MOST = 500
"""Attempts whose answers a queue lists; when they are marked, the next ones come."""


@dataclass(frozen=True)
class Entry:
    """An answer in the queue: whose, in which slot, handed in when, whether it is marked; marks in thousandths."""

    question_id: int
    member_id: int
    member_name: str
    attempt_id: int
    slot: int
    full: int
    submitted_at: datetime | None
    marked: bool
    mark: int


@dataclass
class Asked:
    """A question with the answers to it that a person marks: those that wait first, by when they were handed in."""

    question_id: int
    stem_html: str
    waiting: list[Entry] = field(default_factory=list)
    marked: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Waits:
    """A quiz with how many attempts and answers wait in it, and since when the oldest does."""

    quiz: Quiz
    attempts: int
    answers: int
    since: datetime | None


def quizzes(unit_ids: Select[int], marker_id: int, quiz_ids: Iterable[int] | None = None) -> list[Waits]:
    """The quizzes of these units with answers of their members that wait, the longest wait first; one statement.

    Nobody's own answers wait for themselves; previews wait for nobody.
    """
    query = (
        select(Quiz, func.count(), func.sum(Attempt.waits), func.min(Attempt.submitted_at))
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .where(
            Quiz.unit_id.in_(unit_ids),
            Attempt.unit_id.in_(unit_ids),
            Attempt.waits > 0,
            Attempt.preview.is_(False),
            Attempt.member_id != marker_id,
        )
        .group_by(Quiz.id)
        .order_by(func.min(Attempt.submitted_at))
    )
    if quiz_ids is not None:
        query = query.where(Quiz.id.in_(list(quiz_ids)))
    return [Waits(quiz, attempts, int(answers), since) for quiz, attempts, answers, since in db.session.execute(query)]


def queue(quiz: Quiz, unit_ids: Select[int], marker_id: int) -> list[Asked]:
    """The questions of a quiz that a person marks, in the order of the paper of who handed in first.

    Attempts that wait come first, then the newest ones that are marked, `MOST` in all; three statements.
    """
    by_hand = select(HandMark.attempt_id).where(
        HandMark.member_id == Attempt.member_id, HandMark.attempt_id == Attempt.id
    )
    rows = db.session.execute(
        select(Attempt, Member.name)
        .join(Member, Member.id == Attempt.member_id)
        .where(*_of_members(quiz, unit_ids, marker_id), (Attempt.waits > 0) | by_hand.exists())
        .order_by((Attempt.waits > 0).desc(), Attempt.submitted_at, Attempt.id)
        .limit(MOST)
    ).all()
    found: dict[int, Asked] = {}
    versions: dict[int, int] = {}
    for attempt, name in rows:
        for slot, mark in zip(papers.slots_of(attempt.layout), attempt.marks, strict=False):
            is_waiting = mark["correctness"] == Correctness.BY_HAND
            if not (is_waiting or mark.get("by_hand")):
                continue
            asked = found.setdefault(slot.question_id, Asked(slot.question_id, ""))
            versions[slot.question_id] = slot.version_id
            one = (slot.question_id, attempt.member_id, name, attempt.id, slot.number, slot.mark, attempt.submitted_at)
            (asked.waiting if is_waiting else asked.marked).append(Entry(*one, not is_waiting, mark["mark"]))
    stems = versions_by_id(versions.values())
    for question_id, version_id in versions.items():
        if version_id in stems:
            found[question_id].stem_html = stems[version_id].stem_html
    return list(found.values())


def are_there(quiz: Quiz, unit_ids: Select[int], marker_id: int) -> bool:
    """Whether a quiz has answers that a person marks or has marked."""
    marked = select(HandMark.id).where(HandMark.member_id == Attempt.member_id, HandMark.attempt_id == Attempt.id)
    query = select(Attempt.id).where(*_of_members(quiz, unit_ids, marker_id), (Attempt.waits > 0) | marked.exists())
    return db.session.scalar(query.limit(1)) is not None


def find(quiz: Quiz, unit_ids: Select[int], marker_id: int, attempt_id: int) -> tuple[Attempt, Member]:
    """An attempt that this person may mark, with whose it is; NotFound otherwise, and for one's own."""
    row = db.session.execute(
        select(Attempt, Member)
        .join(Member, Member.id == Attempt.member_id)
        .where(*_of_members(quiz, unit_ids, marker_id), Attempt.id == attempt_id)
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such attempt."))
    return row[0], row[1]


def _of_members(quiz: Quiz, unit_ids: Select[int], marker_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Attempt.quiz_id == quiz.id,
        Attempt.unit_id.in_(unit_ids),
        Attempt.state == AttemptState.CLOSED,
        Attempt.preview.is_(False),
        Attempt.member_id != marker_id,
    )
