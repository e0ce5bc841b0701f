"""Late answers in the browser without JavaScript: the marker counts one with a reason, the member reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import iso, utcnow
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from learnhub.quizzes.models import AnswerVersion, Mode
from tests.learnhub.quizzes.sitting import new_quiz, right
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


def test_a_late_answer_is_shown_counted_and_told(app: Flask) -> None:
    tree = small_tree()
    quiz = new_quiz(tree["HQ"], 2, title="Fire", mode=Mode.PRACTICE, time_limit_seconds=1800)
    quiz_id = quiz.id
    instructor = Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD))
    sitter = Sitter(app, new_member(tree["B1"], "Wang Fang", password=PASSWORD), quiz)
    attempt_id = sitter.start().id
    _run_out(sitter)
    recorded = iso(utcnow() - timedelta(minutes=5))
    late = sitter.put(2, right(sitter.attempt, 2), recorded_at=recorded)
    assert late.status_code == 409
    assert "came too late" in sitter.page(f"/attempts/{attempt_id}/review")
    db.session.rollback()
    version_id = db.session.scalars(select(AnswerVersion.id).where(AnswerVersion.late)).one()
    address = f"/desk/quizzes/{quiz_id}/late"
    assert address in instructor.page(f"/desk/quizzes/{quiz_id}")
    page = instructor.page(address)
    assert "Wang Fang" in page
    assert "Count this answer" in page
    form = {"seen": "0", "act": "counted", "reason": ""}
    refused = instructor.post(f"{address}/{attempt_id}/{version_id}", form)
    assert refused.status_code == 422
    assert "Give a reason" in refused.get_data(as_text=True)
    done = instructor.post(f"{address}/{attempt_id}/{version_id}", {**form, "reason": "The lift stood still"})
    assert done.status_code == 303
    again = instructor.post(f"{address}/{attempt_id}/{version_id}", {**form, "reason": "Once more"})
    assert again.status_code == 409
    assert "Do not count this answer" in instructor.page(address)
    review = sitter.page(f"/attempts/{attempt_id}/review")
    assert "The lift stood still" in review
    assert "1 of 2 marks" in review


def _run_out(sitter: Sitter) -> None:
    """The half hour is over, two minutes ago."""
    attempt = sitter.attempt
    attempt.deadline = utcnow() - timedelta(minutes=2)
    attempt.started_at = attempt.deadline - timedelta(minutes=30)
    db.session.commit()
    submit_quiz.close_overdue(utcnow())
