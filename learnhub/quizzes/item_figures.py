"""How a quiz's scores are spread, and how often each of its questions was answered right."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Select, func, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.results import counting
from question_bank.models import Question, QuestionVersion

NEWEST = 1_000
"""Attempts whose questions are counted: their papers are read one by one."""


@dataclass(frozen=True)
class Item:
    """A question as it went: its newest wording, how many answered it, how many were right and how many partly."""

    question_id: int
    stem_html: str
    asked: int
    right: int
    partly: int

    @property
    def share(self) -> Fraction:
        """Right of a hundred; a question left blank was not right."""
        return Fraction(100 * self.right, self.asked)


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


def items(quiz: Quiz, unit_ids: Select[int]) -> list[Item]:
    """Each question that the newest closed attempts asked, the one answered right least first; two statements."""
    rows = db.session.execute(
        select(Attempt.layout, Attempt.marks)
        .join(Member, Member.id == Attempt.member_id)
        .where(Attempt.quiz_id == quiz.id, Attempt.state == AttemptState.CLOSED, *counting(unit_ids))
        .order_by(Attempt.id.desc())
        .limit(NEWEST)
    )
    counts: dict[int, list[int]] = {}
    for layout, marks in rows:
        for slot, mark in zip(layout.get("slots", []), marks, strict=False):
            if mark.get("correctness") in _PLACE:
                of_question = counts.setdefault(int(slot["question"]), [0, 0, 0])
                of_question[_PLACE[mark["correctness"]]] += 1
    stems = db.session.execute(
        select(Question.id, QuestionVersion.stem_html)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .where(Question.id.in_(counts), Question.kind != "description")
    )
    found = [
        Item(question_id, stem, sum(counts[question_id]), counts[question_id][0], counts[question_id][1])
        for question_id, stem in stems
    ]
    return sorted(found, key=lambda one: (one.share, -one.asked, one.question_id))


@dataclass(frozen=True)
class Facility:
    """How often a question was asked in closed attempts, and how often the answer was right."""

    asked: int = 0
    right: int = 0

    @property
    def percent(self) -> Fraction | None:
        """Right of a hundred; None where nobody was asked."""
        return Fraction(100 * self.right, self.asked) if self.asked else None


def of_question(question_id: int, bank_id: int) -> Facility:
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
    told = [
        mark["correctness"]
        for layout, marks in rows
        for slot, mark in zip(layout.get("slots", []), marks, strict=False)
        if int(slot["question"]) == question_id and mark.get("correctness") in _PLACE
    ]
    return Facility(len(told), told.count("right"))


_PLACE = {"right": 0, "partly": 1, "wrong": 2, "blank": 2}
