"""Members report errors in what they were asked; who looks after the bank answers, and each is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from learnhub.audit.trail import Actor
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.identity.models import Member
from learnhub.journeys import answer_reports, submit_quiz
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.notices import inbox
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes import papers, reports
from learnhub.quizzes.models import Attempt, ReportState
from question_bank import authoring
from question_bank.models import Bank, Question, QuestionState
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import new_member, new_staff, new_unit


@pytest.fixture
def unit(app: Flask) -> Unit:
    return new_unit()


@pytest.fixture
def editor(unit: Unit) -> Member:
    return new_staff(Role.INSTRUCTOR, unit)


def sit(unit: Unit, now: datetime, questions: int = 2) -> tuple[Attempt, Bank]:
    quiz, member = new_quiz(unit, questions), new_member(unit)
    attempt = submit_quiz.start(quiz, member, now)
    question = db.session.get_one(Question, papers.slot_of(attempt.layout, 1).question_id)
    bank = db.session.get_one(Bank, question.bank_id)
    works.own(Work.BANK, bank.id, unit.id, now)
    submit_quiz.hand_in(member.id, attempt.id, now)
    return db.session.get_one(Attempt, (member.id, attempt.id)), bank


def first(attempt: Attempt) -> int:
    return papers.slot_of(attempt.layout, 1).question_id


def test_a_question_is_reported_once_for_each_attempt_and_waits_in_its_bank(unit: Unit, now: datetime) -> None:
    attempt, bank = sit(unit, now)
    reports.report(attempt, 1, "key", " B is right ", now)
    with pytest.raises(Refused, match="already"):
        reports.report(attempt, 1, "unclear", "", now)
    assert reports.count_waiting([bank.id]) == {bank.id: 1}
    waiting = reports.waiting(bank)
    assert [(one.question.id, [(r.reason, r.text) for r in one.reports]) for one in waiting] == [
        (first(attempt), [("key", "B is right")])
    ]
    other = authoring.create_bank("other", "Other", now)
    assert reports.waiting(other) == []


def test_an_open_attempt_a_wrong_slot_and_no_reason_report_nothing(unit: Unit, now: datetime) -> None:
    open_ = submit_quiz.start(new_quiz(unit, 1), new_member(unit), now)
    with pytest.raises(Refused, match="Hand in first"):
        reports.report(open_, 1, "key", "", now)
    attempt, _bank = sit(unit, now)
    with pytest.raises(NotFound):
        reports.report(attempt, 3, "key", "", now)
    for reason in ("", "nonsense", "other"):
        with pytest.raises(Refused, match="Say what is wrong"):
            reports.report(attempt, 1, reason, " ", now)


def test_so_many_reports_a_day_and_no_more(unit: Unit, now: datetime) -> None:
    attempt, _bank = sit(unit, now, reports.MOST_A_DAY + 1)
    for slot in range(1, reports.MOST_A_DAY + 1):
        reports.report(attempt, slot, "typing", "", now)
    with pytest.raises(Refused, match="Go on tomorrow"):
        reports.report(attempt, reports.MOST_A_DAY + 1, "typing", "", now)
    reports.report(attempt, reports.MOST_A_DAY + 1, "typing", "", now + timedelta(days=1))


@pytest.mark.parametrize(
    ("outcome", "words", "told", "state"),
    [
        ("fixed", "", "The question is fixed. Thank you.", QuestionState.PUBLISHED),
        ("no_error", "See § 13.", "The question is right as it is. See § 13.", QuestionState.PUBLISHED),
        ("retired", "", "The question is asked no more. Thank you.", QuestionState.RETIRED),
    ],
)
def test_everybody_who_reported_a_question_is_told_what_became_of_it(
    unit: Unit, editor: Member, now: datetime, outcome: str, words: str, told: str, state: QuestionState
) -> None:
    attempt, bank = sit(unit, now)
    reports.report(attempt, 1, "key", "", now)
    reports.report(attempt, 2, "key", "", now)
    assert answer_reports.answer(bank, first(attempt), outcome, words, Actor(editor), now) == 1
    received = inbox.of_member(attempt.member_id)[0]
    assert [str(one.text) for one in received] == [told]
    assert received[0].path == f"/attempts/{attempt.id}/review"
    mine = reports.of_attempt(attempt)
    assert (mine[1].state, mine[1].answer, mine[1].answered_by) == (outcome, words, editor.id)
    assert mine[2].state == ReportState.WAITING
    assert db.session.get_one(Question, first(attempt)).state == state
    with pytest.raises(NotFound):
        answer_reports.answer(bank, first(attempt), outcome, "again", Actor(editor), now)


def test_an_answer_says_what_became_of_it_and_why_there_is_no_error(unit: Unit, editor: Member, now: datetime) -> None:
    attempt, bank = sit(unit, now)
    reports.report(attempt, 1, "key", "", now)
    for outcome, words in (("", "x"), ("waiting", "x"), ("no_error", " ")):
        with pytest.raises(Refused):
            answer_reports.answer(bank, first(attempt), outcome, words, Actor(editor), now)


def test_the_reports_of_another_bank_can_t_be_answered(unit: Unit, editor: Member, now: datetime) -> None:
    attempt, _bank = sit(unit, now)
    reports.report(attempt, 1, "key", "", now)
    other = authoring.create_bank("other", "Other", now)
    with pytest.raises(NotFound):
        answer_reports.answer(other, first(attempt), "fixed", "", Actor(editor), now)
