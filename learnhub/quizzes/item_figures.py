"""How a quiz's scores are spread, and what share of its points each of its questions brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.results import counting
from question_bank.models import Question, QuestionVersion

NEWEST = 1_000
"""Attempts whose questions are counted: their papers are read one by one."""


@dataclass
class Earned:
    """How often a question was asked in closed attempts, and the points that it brought of those it could bring.

    What is answered in part, or marked in part by a person, counts by its points; a question left blank brought none.
    """

    asked: int = 0
    points: int = 0
    full: int = 0

    @property
    def percent(self) -> Fraction | None:
        """Points of a hundred; None where there were none to earn."""
        return Fraction(100 * self.points, self.full) if self.full else None


@dataclass(frozen=True)
class Item:
    """A question as it went: its newest wording, how often it was asked, its points of a hundred."""

    question_id: int
    stem_html: str
    asked: int
    percent: Fraction


def percents(quiz: Quiz, unit_ids: Select[int]) -> list[tuple[Fraction, int]]:
    """Of the closed attempts of members of these units: (percent of the full marks, how many), by one statement."""
    rows = db.session.execute(
        select(Attempt.score, Attempt.full_marks, func.count())
        .join(Member, Member.id == Attempt.member_id)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.state == AttemptState.CLOSED,
            Attempt.score.is_not(None),
            *counting(unit_ids),
        )
        .group_by(Attempt.score, Attempt.full_marks)
    )
    return [(Fraction(100 * (score or 0), full) if full else Fraction(100), many) for score, full, many in rows]


def unmarked(quiz: Quiz, unit_ids: Select[int]) -> int:
    """How many closed attempts of members of these units have no score yet: a person marks them."""
    query = (
        select(func.count())
        .select_from(Attempt)
        .join(Member, Member.id == Attempt.member_id)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.state == AttemptState.CLOSED,
            Attempt.waits > 0,
            *counting(unit_ids),
        )
    )
    return int(db.session.scalar(query) or 0)


def items(quiz: Quiz, unit_ids: Select[int]) -> list[Item]:
    """Each question that the newest closed attempts asked, the one that brought least first; two statements."""
    rows = db.session.execute(
        select(Attempt.layout, Attempt.marks)
        .join(Member, Member.id == Attempt.member_id)
        .where(Attempt.quiz_id == quiz.id, Attempt.state == AttemptState.CLOSED, *counting(unit_ids))
        .order_by(Attempt.id.desc())
        .limit(NEWEST)
    )
    earned: dict[int, Earned] = {}
    for layout, marks in rows:
        for question_id, mark, full in _marked(layout, marks):
            _add(earned.setdefault(question_id, Earned()), mark, full)
    stems = db.session.execute(
        select(Question.id, QuestionVersion.stem_html)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .where(Question.id.in_(earned), Question.kind != "description")
    )
    found = [
        Item(question_id, stem, one.asked, one.percent)
        for question_id, stem in stems
        if (one := earned[question_id]).percent is not None
    ]
    return sorted(found, key=lambda one: (one.percent, -one.asked, one.question_id))


def of_question(question_id: int, bank_id: int) -> Earned:
    """How a question went in the newest attempts at quizzes that name it or draw from its bank; two statements."""
    quizzes = [
        quiz_id
        for quiz_id, paper in db.session.execute(select(Quiz.id, Quiz.paper))
        if str(bank_id) in paper.get("banks", [])
        or any(int(one["id"]) == question_id for one in paper.get("questions", []))
    ]
    rows = db.session.execute(
        select(Attempt.layout, Attempt.marks)
        .where(Attempt.quiz_id.in_(quizzes), Attempt.state == AttemptState.CLOSED, Attempt.preview.is_(False))
        .order_by(Attempt.id.desc())
        .limit(NEWEST)
    )
    earned = Earned()
    for layout, marks in rows:
        for asked, mark, full in _marked(layout, marks):
            if asked == question_id:
                _add(earned, mark, full)
    return earned


def _marked(layout: Mapping[str, Any], marks: list[dict[str, Any]]) -> Iterator[tuple[int, int, int]]:
    """Of a paper whatever is marked: (question, its mark, the full mark). What waits for a person is not."""
    for slot, mark in zip(layout.get("slots", []), marks, strict=False):
        if mark.get("correctness") in _MARKED:
            yield int(slot["question"]), int(mark["mark"]), int(slot["mark"])


def _add(earned: Earned, mark: int, full: int) -> None:
    earned.asked += 1
    earned.points += mark
    earned.full += full


_MARKED = {"right", "partly", "wrong", "blank"}
