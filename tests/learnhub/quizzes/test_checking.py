"""Answers that are checked during an attempt: at once, with several tries, in a challenge."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.quizzes import answers, attempts, pace, tries
from learnhub.quizzes.checking import Checked
from learnhub.quizzes.models import Attempt, Mode
from learnhub.quizzes.tries import AnswerTry
from question_bank.authoring import QuestionDraft
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import new_quiz, right, save, wrong
from tests.makers import new_member, new_unit


def begun(now: datetime, behaviour: str, questions: Any = 3, **settings: Any) -> Attempt:
    """An attempt whose answers are checked that way."""
    unit = new_unit()
    if behaviour == "tries":
        settings = {"tries": 3, "penalty": "1/3", **settings}
    attempt = attempts.start(new_quiz(unit, questions, behaviour=behaviour, **settings), new_member(unit), now)
    db.session.commit()
    return attempt


def check(attempt: Attempt, slot: int, now: datetime) -> Checked:
    found = submit_quiz.check(attempt.member_id, attempt.id, slot, now)
    db.session.commit()
    return found


def answered(attempt: Attempt, slot: int, response: Any, now: datetime, sequence: int = 1) -> Checked:
    """Save an answer and check it."""
    save(attempt, slot, response, now, sequence=sequence, base=sequence - 1)
    db.session.commit()
    return check(attempt, slot, now)


def handed_in(attempt: Attempt, now: datetime) -> Attempt:
    submit_quiz.hand_in(attempt.member_id, attempt.id, now)
    db.session.commit()
    return attempts.find(attempt.member_id, attempt.id)


def marks(attempt: Attempt) -> list[int]:
    return [one["mark"] for one in attempt.marks]


def test_a_checked_answer_stands(app: Flask, now: datetime) -> None:
    attempt = begun(now, "at_once")
    assert answered(attempt, 1, wrong(attempt, 1), now) == Checked(1, 1, 0, "wrong", fixed=True)
    with pytest.raises(Refused, match="was checked"):
        save(attempt, 1, right(attempt, 1), now, sequence=2, base=1)
    db.session.rollback()
    again = save(attempt, 1, wrong(attempt, 1), now)
    assert again.revision == 1, "the same save again gets its receipt again"
    assert check(attempt, 1, now) == Checked(1, 1, 0, "wrong", fixed=True)
    save(attempt, 2, right(attempt, 2), now)
    assert marks(handed_in(attempt, now)) == [0, 1000, 0], "what was not checked is marked when it is handed in"


def test_e28_a_blank_buys_no_verdict(app: Flask, now: datetime) -> None:
    attempt = begun(now, "at_once")
    with pytest.raises(Refused, match="Answer question 1 first"):
        check(attempt, 1, now)
    save(attempt, 1, right(attempt, 1), now)
    save(attempt, 1, {}, now, sequence=2, base=1)
    with pytest.raises(Refused, match="first"):
        check(attempt, 1, now)
    assert db.session.scalars(select(AnswerTry)).all() == []


def test_a_quiz_that_is_marked_at_the_end_checks_nothing(app: Flask, now: datetime) -> None:
    attempt = begun(now, "at_end")
    save(attempt, 1, right(attempt, 1), now)
    with pytest.raises(Refused, match="after it is handed in"):
        check(attempt, 1, now)


def test_each_try_takes_off_its_part_exactly(app: Flask, now: datetime) -> None:
    attempt = begun(now, "tries")
    assert answered(attempt, 1, wrong(attempt, 1, 0), now) == Checked(1, 1, 0, "wrong", fixed=False)
    assert answered(attempt, 1, right(attempt, 1), now, 2) == Checked(1, 2, 667, "right", fixed=True)
    for n in range(3):
        last = answered(attempt, 2, wrong(attempt, 2, n), now, n + 1)
    assert last == Checked(2, 3, 0, "wrong", fixed=True)
    answered(attempt, 3, wrong(attempt, 3, 0), now)
    answered(attempt, 3, wrong(attempt, 3, 1), now, 2)
    save(attempt, 3, right(attempt, 3), now, sequence=3, base=2)
    closed = handed_in(attempt, now)
    assert marks(closed) == [667, 0, 333], "an answer that was changed after its check counts as one more try"
    assert closed.score == 1000
    made = db.session.execute(select(AnswerTry.slot, AnswerTry.number, AnswerTry.revision).order_by(AnswerTry.slot))
    assert sorted(tuple(row) for row in made) == [
        (1, 1, 1), (1, 2, 2), (2, 1, 1), (2, 2, 2), (2, 3, 3), (3, 1, 1), (3, 2, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "number", "penalty", "mark"),
    [
        (Fraction(1), 1, "1/3", 1000),
        (Fraction(1), 2, "1/3", 667),
        (Fraction(1), 3, "1/3", 333),
        (Fraction(1), 4, "1/3", 0),
        (Fraction(2, 3), 2, "1/2", 333),
        (Fraction(1), 9, "1/4", 0),
        (Fraction(1), 2, "0", 1000),
        (Fraction(-1, 4), 3, "1/3", -250),
    ],
)
def test_what_a_try_is_worth(share: Fraction, number: int, penalty: str, mark: int) -> None:
    assert tries.worth({"way": {"penalty": penalty}}, share, 1000, number) == mark


def test_the_same_answer_checked_again_is_one_try(app: Flask, now: datetime) -> None:
    attempt = begun(now, "tries")
    answered(attempt, 1, wrong(attempt, 1), now)
    key = (attempt.member_id, attempt.id)
    found = at_once(app, lambda _n: submit_quiz.check(*key, 1, now).number, 6)
    assert found == [1] * 6
    save(attempt, 1, right(attempt, 1), now, sequence=2, base=1)
    found = at_once(app, lambda _n: submit_quiz.check(*key, 1, now).number, 6)
    assert found == [2] * 6
    assert len(db.session.scalars(select(AnswerTry)).all()) == 2


def test_a_challenge_goes_on_until_the_first_answer_that_is_not_right(app: Flask, now: datetime) -> None:
    attempt = begun(now, "challenge", 4)
    mine = attempts.find(attempt.member_id, attempt.id)
    with pytest.raises(Refused, match="check it"):
        pace.go_on(mine, 1)
    for slot in (1, 2):
        assert not answered(attempt, slot, right(attempt, slot), now).ends
        pace.go_on(attempts.find(attempt.member_id, attempt.id), slot)
        db.session.commit()
    assert answered(attempt, 3, wrong(attempt, 3), now).ends
    closed = attempts.find(attempt.member_id, attempt.id)
    assert (closed.state, closed.closed_by, closed.score) == ("closed", "check", 2000)
    with pytest.raises(Conflict):
        check(attempt, 3, now)


def test_a_challenge_won_ends_with_its_last_question(app: Flask, now: datetime) -> None:
    attempt = begun(now, "challenge", 2)
    answered(attempt, 1, right(attempt, 1), now)
    pace.go_on(attempts.find(attempt.member_id, attempt.id), 1)
    assert answered(attempt, 2, right(attempt, 2), now).ends
    closed = attempts.find(attempt.member_id, attempt.id)
    assert (closed.score, closed.passed) == (2000, True)


def test_partly_right_ends_a_challenge_and_earns_nothing(app: Flask, now: datetime) -> None:
    options = [{"html": text, "fraction": "1/2" if text in "ab" else "0"} for text in "abcd"]
    asked = [QuestionDraft("multiple_choice", "<p>Pick</p>", {"options": options})]
    attempt = begun(now, "challenge", asked, multiple_marking="half_for_partly")
    keys = right(attempt, 1)["choices"]
    found = answered(attempt, 1, {"choices": keys[:1]}, now)
    assert (found.correctness, found.ends) == ("partly", True)
    assert attempts.find(attempt.member_id, attempt.id).score == 0


def test_nothing_is_checked_after_the_end(app: Flask, now: datetime) -> None:
    attempt = begun(now, "at_once", time_limit_seconds=60)
    save(attempt, 1, right(attempt, 1), now)
    db.session.commit()
    with pytest.raises(Conflict):
        check(attempt, 1, now + timedelta(seconds=66))


def test_the_settings_of_checking_are_checked(app: Flask) -> None:
    unit = new_unit()
    essay = QuestionDraft("essay", "<p>Write</p>", {})
    for questions, fault in (
        (2, {"behaviour": "at_once", "mode": Mode.EXAM}),
        (2, {"behaviour": "tries", "tries": 1}),
        (2, {"behaviour": "tries", "tries": 3, "penalty": "2"}),
        ([essay], {"behaviour": "challenge"}),
    ):
        with pytest.raises(Refused):
            new_quiz(unit, questions, **fault)  # type: ignore[arg-type]


def test_saving_takes_three_statements_where_answers_are_checked(app: Flask, now: datetime, statements: Any) -> None:
    attempt = begun(now, "tries", navigation="sequential", questions_per_page=2)
    key, responses = (attempt.member_id, attempt.id), [wrong(attempt, 1, n) for n in range(3)]
    for n in range(1, 4):
        with statements() as seen:
            answers.save(*key, 1, responses[n % 3], n, n - 1, now, now)
        assert len(seen) == 3, seen
        db.session.commit()
