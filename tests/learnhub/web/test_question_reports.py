"""A member reports an error in the review; an instructor answers it; nobody else sees or does either."""

from __future__ import annotations

import pytest
from flask import Flask

from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from learnhub.quizzes.models import Mode, QuestionReport
from question_bank.models import Question
from tests.learnhub.quizzes.sitting import new_quiz
from tests.learnhub.web.sitter import Sitter
from tests.makers import NOW, PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def test_a_report_goes_to_who_looks_after_the_bank_and_the_answer_comes_back(app: Flask) -> None:
    tree = small_tree()
    quiz = new_quiz(tree["B1"], 2, mode=Mode.PRACTICE)
    question = db.session.get_one(Question, int(quiz.paper["questions"][0]["id"]))
    works.own(Work.BANK, question.bank_id, tree["B1"].id, NOW)
    member, other = (new_member(tree["B1"], password=PASSWORD) for _n in range(2))
    editor = new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD)
    foreign = new_staff(Role.INSTRUCTOR, tree["B2"], password=PASSWORD)
    question_id = question.id
    sitter = Sitter(app, member, quiz)
    attempt = sitter.start()
    report = f"/attempts/{attempt.id}/questions/1/report"
    assert sitter.post(report, {"reason": "key"}).status_code == 403
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    assert "Report an error" in sitter.page(f"/attempts/{attempt.id}/review")
    assert Visitor(app, other).post(report, {"reason": "key"}).status_code == 404
    sitter.post(report, {"reason": "key", "text": "<b>B</b> is right"})
    page = sitter.page(f"/attempts/{attempt.id}/review")
    assert "You reported: The answer that counts as right is wrong" in page
    desk = Visitor(app, editor)
    assert "members found an error in 1 question" in desk.page("/")
    address = find_bank(desk)
    queue = desk.page(f"{address}/reports")
    assert "&lt;b&gt;B&lt;/b&gt; is right" in queue
    assert member.name not in queue
    assert Visitor(app, foreign).get(f"{address}/reports").status_code == 404
    answer = f"{address}/questions/{question_id}/reports"
    desk.post(answer, {"outcome": "no_error"})
    assert "Say why the question is right" in desk.page(f"{address}/reports")
    desk.post(answer, {"outcome": "fixed", "words": "B it is."})
    late = desk.post(answer, {"outcome": "retired"})
    assert (late.status_code, late.location) == (303, f"{address}/reports"), "another window was faster"
    queue = desk.page(f"{address}/reports")
    assert "No report on this question waits for an answer" in queue
    assert "Nothing is reported" in queue
    assert "The question is fixed. Thank you. B it is." in sitter.page("/notices")
    assert "B it is." in sitter.page(f"/attempts/{attempt.id}/review")


def find_bank(desk: Visitor) -> str:
    page = desk.page("/desk/banks")
    return "/desk/banks/" + page.split('href="/desk/banks/')[1].split('"')[0]


def test_what_may_not_be_seen_can_t_be_reported(app: Flask) -> None:
    tree = small_tree()
    quiz = new_quiz(tree["B1"], 1, mode=Mode.EXAM)
    sitter = Sitter(app, new_member(tree["B1"], password=PASSWORD), quiz)
    attempt = sitter.start()
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    assert sitter.post(f"/attempts/{attempt.id}/questions/1/report", {"reason": "key"}).status_code == 403
    assert db.session.query(QuestionReport).count() == 0
