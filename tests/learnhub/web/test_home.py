"""Home: the year's figures agree with each other, and what is in progress can be continued."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask

from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db
from learnhub.quizzes import attempts
from learnhub.quizzes.models import Mode
from learnhub.web.home.learning import _percent
from tests.learnhub.quizzes.sitting import new_quiz, right, save, wrong
from tests.makers import PASSWORD, new_member, new_unit
from tests.visiting import Visitor


@pytest.mark.parametrize(
    ("completion", "shown"),
    [(Fraction(0), 0), (Fraction(111, 2), 56), (Fraction(1999, 20), 99), (Fraction(100), 100), (Fraction(250), 100)],
)
def test_a_completion_is_rounded_but_never_to_100_too_early(completion: Fraction, shown: int) -> None:
    assert _percent(completion) == shown


def test_a_quiz_in_progress_can_be_continued_from_home(app: Flask) -> None:
    unit = new_unit()
    member, quiz = new_member(unit, password=PASSWORD), new_quiz(unit, 2)
    member_id, quiz_id, slug = member.id, quiz.id, quiz.slug
    visitor = Visitor(app, member)
    assert "Continue<span" not in visitor.page("/")
    visitor.post(f"/quizzes/{slug}/attempts")
    attempt = attempts.of_member(member_id, quiz_id)[-1]
    page = visitor.page("/")
    assert f'<a class="btn btn-primary" href="/attempts/{attempt.id}">Continue<span' in page
    assert "in progress" in page


def test_the_rank_on_home_is_that_of_the_year(app: Flask) -> None:
    page = Visitor(app, new_member(new_unit(), password=PASSWORD)).page("/")
    assert 'href="/boards?period=20' in page
    assert "this month" not in page


def test_home_does_not_tell_who_passed_an_exam_before_its_marks_are_shown(app: Flask, now: datetime) -> None:
    unit = new_unit()
    quiz = new_quiz(unit, 2, mode=Mode.EXAM, attempts_allowed=2, closes_at=now + timedelta(days=1), title="Fire drill")
    pages = []
    for answer in (right, wrong):
        member = new_member(unit, password=PASSWORD)
        attempt = submit_quiz.start(quiz, member, now)
        for slot in (1, 2):
            save(attempt, slot, answer(attempt, slot), now)
        submit_quiz.hand_in(member.id, attempt.id, now)
        db.session.commit()
        pages.append("Fire drill" in Visitor(app, member).page("/"))
    assert pages == [False, False]
