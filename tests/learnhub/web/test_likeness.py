"""The report of similar answers: made of what members answered, seen by the quiz's instructors, decided by a person."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.jobs import compare_attempts
from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes.conduct import likeness
from learnhub.quizzes.models import Attempt, Quiz
from tests.at_once import others_write
from tests.learnhub.quizzes.sitting import new_quiz, right, save, wrong
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

QUESTIONS = 20


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def class_with_copiers(tree: dict[str, Unit], sitters: int = 24) -> tuple[Quiz, list[int]]:
    """A class that answers at random with half of it right; the last two gave the same answers, many of them wrong."""
    quiz = new_quiz(tree["HQ"], QUESTIONS, title="Fire")
    chance = random.Random(7)
    start = utcnow() - timedelta(hours=1)
    plan: list[list[int]] = [[chance.choice((-1, -1, 0, 1, 2)) for _n in range(QUESTIONS)] for _s in range(sitters)]
    plan[-1] = plan[-2] = [n % 3 if n % 2 else -1 for n in range(QUESTIONS)]
    made = []
    for number, chosen in enumerate(plan):
        unit = tree["B1"] if number % 2 or number >= sitters - 2 else tree["B2"]
        member = new_member(unit, f"Sitter {number}", password=PASSWORD if number == sitters - 1 else None)
        attempt = submit_quiz.start(quiz, member, start)
        for slot, nth in enumerate(chosen, 1):
            response = right(attempt, slot) if nth < 0 else wrong(attempt, slot, nth)
            save(attempt, slot, response, start + timedelta(seconds=20 * slot + number))
        submit_quiz.hand_in(member.id, attempt.id, start + timedelta(minutes=20))
        made.append(attempt.id)
    db.session.commit()
    return quiz, made


def test_what_was_answered_is_gathered_and_compared(app: Flask, tree: dict[str, Unit]) -> None:
    quiz, made = class_with_copiers(tree)
    found = likeness.look(quiz.id)
    assert (found["sitters"], found["questions"], found["pairs"]) == (24, QUESTIONS, 276)
    (pair,) = found["similar"]
    assert {int(attempt_id) for _member, attempt_id in pair["who"]} == set(made[-2:])
    assert (pair["compared"], pair["same"], pair["wrong"]) == (QUESTIONS, QUESTIONS, 10)
    assert pair["chance"] <= found["bound"]
    assert (found["quick"], found["steps"]) == ([], [])


@pytest.mark.sqlite_only
def test_a_person_decides_and_the_trail_keeps_it(app: Flask, tree: dict[str, Unit]) -> None:
    quiz, made = class_with_copiers(tree)
    quiz_id, marks = quiz.id, dict(db.session.execute(select(Attempt.id, Attempt.score)).all())
    instructor = Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD))
    address = f"/desk/quizzes/{quiz_id}/likeness"
    assert "Not run yet" in instructor.page(address)
    assert instructor.post(address).status_code == 303
    page = instructor.page(address)
    assert "Sitter 22 · Sitter 23" in page
    assert "20 of 20 answers are the same, 10 of them wrong" in page
    assert "one report in 100 names anybody" in page
    assert "a person decides" in page
    db.session.rollback()
    attempts = "-".join(str(one.id) for one in _line(quiz_id).attempts)
    form = {"kind": "similar", "attempts": attempts, "outcome": "open", "reason": ""}
    assert instructor.post(f"{address}/decisions", form).status_code == 422
    assert instructor.post(f"{address}/decisions", {**form, "reason": "They sat together"}).status_code == 303
    assert instructor.post(f"{address}/decisions", {**form, "attempts": "1-2", "reason": "x"}).status_code == 404
    assert "They sat together" in instructor.page(address)
    db.session.rollback()
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "likeness.decided")).all()
    assert len(kept) == 2
    assert dict(db.session.execute(select(Attempt.id, Attempt.score)).all()) == marks, "nothing follows by itself"
    assert made[-1] in marks


def _line(quiz_id: int) -> likeness.Line:
    report = likeness.newest(quiz_id)
    assert report is not None
    return likeness.lines(report, select(Unit.id))[0]


@pytest.mark.sqlite_only
def test_nobody_sees_a_pair_out_of_reach_and_a_member_nothing(app: Flask, tree: dict[str, Unit]) -> None:
    quiz, _made = class_with_copiers(tree)
    quiz_id = quiz.id
    report, at_once = likeness.ask(quiz, None, utcnow())
    assert at_once
    db.session.commit()
    likeness.carry_out(report.id)
    report = likeness.newest(quiz_id) or report
    assert len(likeness.lines(report, select(Unit.id))) == 1
    assert likeness.lines(report, select(Unit.id).where(Unit.code == "B2")) == []
    member = Visitor(app, new_member(tree["B1"], password=PASSWORD))
    assert member.get(f"/desk/quizzes/{quiz_id}/likeness").status_code == 403
    other = Visitor(app, new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD))
    assert other.get(f"/desk/quizzes/{quiz_id}/likeness").status_code == 404


def test_others_write_while_a_report_is_worked_out(
    app: Flask, tree: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = new_quiz(tree["HQ"], 2)
    likeness.ask(quiz, None, utcnow())
    db.session.commit()
    gather = likeness.gather

    def slowly(quiz_id: int) -> likeness.Gathered:
        others_write(app)
        return gather(quiz_id)

    monkeypatch.setattr(likeness, "gather", slowly)
    compare_attempts(utcnow())
    found = likeness.newest(quiz.id)
    assert found is not None
    assert found.state == "done"


def test_the_clock_makes_what_waits(app: Flask, tree: dict[str, Unit]) -> None:
    quiz = new_quiz(tree["HQ"], 2)
    report, _at_once = likeness.ask(quiz, None, utcnow())
    assert likeness.ask(quiz, None, utcnow()) == (report, False), "one that waits is enough"
    db.session.commit()
    compare_attempts(utcnow())
    found = likeness.newest(quiz.id)
    assert found is not None
    assert (found.state, found.found["sitters"]) == ("done", 0)
