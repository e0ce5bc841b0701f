"""What a unit still has to sit: whom a quiz reaches, and who has handed it in."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from learnhub.quizzes import attempts, closing, due
from learnhub.quizzes.closing import ClosedBy
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import new_member, new_unit


def test_a_quiz_from_above_reaches_everybody_and_one_from_below_its_branch(app: Flask, now: datetime) -> None:
    head = new_unit()
    first, second = new_unit(parent=head), new_unit(parent=head)
    ann, _bob, _cid = new_member(first), new_member(first), new_member(second)
    in_a_week = now + timedelta(days=7)
    general = new_quiz(head, closes_at=in_a_week, title="General")
    local = new_quiz(first, closes_at=in_a_week + timedelta(days=1), title="Local")
    attempt = attempts.start(general, ann, now)
    attempts.start(local, ann, now)
    closing.close(ann.id, attempt.id, now, ClosedBy.MEMBER)
    assert [(one.quiz.title, one.reached, one.handed_in) for one in due.soon(head, now)] == [
        ("General", 3, 1),
        ("Local", 2, 0),
    ]
    assert [(one.quiz.title, one.reached, one.handed_in) for one in due.soon(second, now)] == [("General", 1, 0)]


def test_only_open_published_quizzes_that_close_soon_are_due(app: Flask, now: datetime) -> None:
    unit = new_unit()
    new_quiz(unit, title="no end")
    new_quiz(unit, closes_at=now + timedelta(days=60))
    new_quiz(unit, closes_at=now + timedelta(days=2), published=False)
    new_quiz(unit, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    assert due.soon(unit, now) == []
