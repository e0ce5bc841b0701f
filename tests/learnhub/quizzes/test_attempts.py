"""Starting attempts, and the rules for another one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.quizzes import attempts, closing, results
from learnhub.quizzes.closing import ClosedBy
from learnhub.quizzes.models import Attempt, Counts, Quiz
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import new_quiz, right, save
from tests.makers import new_member, new_unit


def sit(quiz: Quiz, member: Member, now: datetime, right_answers: int = 0) -> Attempt:
    attempt = attempts.start(quiz, member, now)
    for slot in range(1, right_answers + 1):
        save(attempt, slot, right(attempt, slot), now)
    closing.close(member.id, attempt.id, now, ClosedBy.MEMBER)
    return attempts.find(member.id, attempt.id)


def test_e11_twenty_starts_at_once_make_one_attempt(app: Flask, now: datetime) -> None:
    unit = new_unit()
    quiz_id, member_id = new_quiz(unit).id, new_member(unit).id

    def start(_n: int) -> tuple[int, int]:
        quiz, member = db.session.get_one(Quiz, quiz_id), db.session.get_one(Member, member_id)
        attempt = attempts.start(quiz, member, now)
        return attempt.id, attempt.number

    got = at_once(app, start, 20)
    assert len(set(got)) == 1
    assert got[0][1] == 1
    assert len(attempts.of_member(member_id, quiz_id)) == 1


def test_e33_starting_again_goes_on_with_the_same_clock(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member, quiz = new_member(unit), new_quiz(unit, time_limit_seconds=600)
    first = attempts.start(quiz, member, now)
    again = attempts.start(quiz, member, now + timedelta(minutes=9))
    assert (again.id, again.deadline) == (first.id, now + timedelta(minutes=10))


def test_the_deadline_comes_no_later_than_the_close(app: Flask, now: datetime) -> None:
    unit = new_unit()
    quiz = new_quiz(unit, time_limit_seconds=3600, closes_at=now + timedelta(minutes=20))
    assert attempts.start(quiz, new_member(unit), now).deadline == now + timedelta(minutes=20)


def test_attempts_are_refused_before_the_opening_after_the_close_and_beyond_the_number(
    app: Flask, now: datetime
) -> None:
    unit = new_unit()
    member = new_member(unit)
    quiz = new_quiz(unit, opens_at=now, closes_at=now + timedelta(days=1), attempts_allowed=2, wait_seconds=600)
    for moment, why in (
        (now - timedelta(seconds=1), "not opened"),
        (now + timedelta(days=1), "closed"),
    ):
        with pytest.raises(Refused, match=why):
            attempts.start(quiz, member, moment)
    sit(quiz, member, now)
    with pytest.raises(Refused, match="in 10 minutes"):
        attempts.start(quiz, member, now + timedelta(seconds=1))
    assert sit(quiz, member, now + timedelta(minutes=10)).number == 2
    with pytest.raises(Refused, match="all 2 attempts"):
        attempts.start(quiz, member, now + timedelta(hours=1))
    quiz.published = False
    with pytest.raises(Refused, match="not published"):
        attempts.start(quiz, new_member(unit), now)


def test_nobody_finds_the_attempt_of_another(app: Flask, now: datetime) -> None:
    unit = new_unit()
    attempt = attempts.start(new_quiz(unit), new_member(unit), now)
    with pytest.raises(NotFound):
        attempts.find(new_member(unit).id, attempt.id)


@pytest.mark.parametrize(
    ("counts", "score"), [(Counts.BEST, 2000), (Counts.LAST, 1000), (Counts.FIRST, 0), (Counts.MEAN, 1000)]
)
def test_the_quiz_says_which_attempt_counts(app: Flask, now: datetime, counts: Counts, score: int) -> None:
    unit = new_unit()
    member, quiz = new_member(unit), new_quiz(unit, 2, counts=counts)
    assert results.result_for(member.id, quiz) is None
    for n, right_answers in enumerate((0, 2, 1)):
        sit(quiz, member, now + timedelta(minutes=n), right_answers)
    result = results.result_for(member.id, quiz)
    assert result is not None
    assert (result.score, result.full_marks, result.attempts) == (score, 2000, 3)
    assert result.passed == (score >= 1200)


def test_e34_a_preview_uses_up_no_attempt_and_counts_nowhere(app: Flask, now: datetime) -> None:
    unit = new_unit()
    author, quiz = new_member(unit), new_quiz(unit, attempts_allowed=1, closes_at=now)
    preview = attempts.start(quiz, author, now, preview=True)
    assert (preview.preview, preview.number, preview.deadline) == (True, -1, None)
    closing.close(author.id, preview.id, now, ClosedBy.MEMBER)
    assert attempts.start(quiz, author, now, preview=True).number == -2
    assert attempts.of_member(author.id, quiz.id) == []
    assert results.result_for(author.id, quiz) is None
    quiz.closes_at = None
    with pytest.raises(Refused, match="preview open"):
        attempts.start(quiz, author, now)
