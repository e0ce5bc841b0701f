"""Errors that members report: once for each question of an attempt, a few a day; those that wait, by bank; answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import locked
from learnhub.kernel.words import Message, _
from learnhub.quizzes import papers
from learnhub.quizzes.models import Attempt, AttemptState, QuestionReport, ReportState
from question_bank.models import Bank, Question, QuestionVersion

REASONS: dict[str, Message] = {
    "key": _("The answer that counts as right is wrong"),
    "unclear": _("It can be understood in several ways"),
    "outdated": _("It is out of date"),
    "typing": _("A typing mistake, or something is not shown"),
    "other": _("Something else"),
}
LONGEST = 1000
"""Characters of a report, and of an answer."""
MOST_A_DAY = 20
"""Reports of one member within a day."""
MOST_SHOWN = 200
"""Questions of a bank with reports that a page shows."""


@dataclass(frozen=True)
class Reported:
    """A question of a bank with the reports on it that wait, the oldest first."""

    question: Question
    version: QuestionVersion
    reports: Sequence[QuestionReport]


def report(attempt: Attempt, slot: int, reason: str, text: str, now: datetime) -> QuestionReport:
    """Say that the question in a slot of one's closed attempt is wrong.

    Refused without a known reason, a second time, or after too many on one day; NotFound for a slot that is not there.
    """
    if attempt.state != AttemptState.CLOSED:
        raise Refused(_("Hand in first, then report the error."))
    found = next((one for one in papers.slots_of(attempt.layout) if one.number == slot), None)
    if found is None:
        raise NotFound(_("There is no such question."))
    text = text.replace("\0", "").strip()[:LONGEST]
    if reason not in REASONS or (reason == "other" and not text):
        raise Refused(_("Say what is wrong with the question."))
    if _made_since(attempt.member_id, now - timedelta(days=1)) >= MOST_A_DAY:
        raise Refused(_("You have reported %(n)s errors within a day. Go on tomorrow.", n=MOST_A_DAY))
    made = QuestionReport(
        id=new_id(),
        member_id=attempt.member_id,
        attempt_id=attempt.id,
        question_id=found.question_id,
        version_id=found.version_id,
        reason=reason,
        text=text,
        at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise Refused(_("You have reported this question already.")) from None
    return made


def _made_since(member_id: int, since: datetime) -> int:
    made = select(func.count()).where(QuestionReport.member_id == member_id, QuestionReport.at > since)
    return db.session.scalar(made) or 0


_OF_ATTEMPT = select(QuestionReport).where(
    QuestionReport.member_id == bindparam("member_id"), QuestionReport.attempt_id == bindparam("attempt_id")
)


def of_attempt(attempt: Attempt) -> dict[int, QuestionReport]:
    """The reports on an attempt's questions, by slot."""
    reports = db.session.scalars(_OF_ATTEMPT, {"member_id": attempt.member_id, "attempt_id": attempt.id})
    by_question = {one.question_id: one for one in reports}
    slots = papers.slots_of(attempt.layout)
    return {slot.number: by_question[slot.question_id] for slot in slots if slot.question_id in by_question}


def count_waiting(bank_ids: Iterable[int]) -> dict[int, int]:
    """By bank, on how many questions reports wait; one statement."""
    rows = db.session.execute(
        select(Question.bank_id, func.count(func.distinct(Question.id)))
        .join(QuestionReport, QuestionReport.question_id == Question.id)
        .where(Question.bank_id.in_(list(bank_ids)), QuestionReport.state == ReportState.WAITING)
        .group_by(Question.bank_id)
    )
    return {bank_id: count for bank_id, count in rows}


def waiting(bank: Bank, question_id: int | None = None) -> list[Reported]:
    """The questions of a bank on which reports wait, the one reported first in front; or one of them."""
    query = (
        select(QuestionReport, Question, QuestionVersion)
        .join(Question, Question.id == QuestionReport.question_id)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .where(Question.bank_id == bank.id, QuestionReport.state == ReportState.WAITING)
        .order_by(QuestionReport.at, QuestionReport.id)
    )
    if question_id is not None:
        query = query.where(Question.id == question_id)
    found: dict[int, tuple[Question, QuestionVersion, list[QuestionReport]]] = {}
    for one, question, version in db.session.execute(query):
        found.setdefault(question.id, (question, version, []))[2].append(one)
    return [Reported(*one) for one in list(found.values())[:MOST_SHOWN]]


def answer(
    bank: Bank, question_id: int, outcome: ReportState, words: str, answered_by: int | None, now: datetime
) -> list[QuestionReport]:
    """Answer every report that waits on a question of the bank; NotFound when none does."""
    rows = list(
        db.session.scalars(
            locked(
                select(QuestionReport)
                .join(Question, Question.id == QuestionReport.question_id)
                .where(
                    Question.bank_id == bank.id,
                    QuestionReport.question_id == question_id,
                    QuestionReport.state == ReportState.WAITING,
                )
                .order_by(QuestionReport.id)
            )
        )
    )
    if not rows:
        raise NotFound(_("No report on this question waits for an answer."))
    for row in rows:
        row.state, row.answer = outcome.value, words.replace("\0", "").strip()[:LONGEST]
        row.answered_by, row.answered_at = answered_by, now
    db.session.flush()
    return rows
