"""Page after page with no way back: what may be answered when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.quizzes import answers, attempts, closing, flags, pace
from learnhub.quizzes.answers import Entry, Receipt, Refusal
from learnhub.quizzes.closing import ClosedBy
from learnhub.quizzes.models import AnswerVersion, Attempt, Quiz
from learnhub.quizzes.pace import Passed
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import new_quiz, right, save, wrong
from tests.makers import new_member, new_unit


def begun(now: datetime, questions: int = 5, **settings: Any) -> Attempt:
    """An attempt of five questions, two a page, with no way back."""
    unit = new_unit()
    settings = {"navigation": "sequential", "questions_per_page": 2, "time_limit_seconds": 600, **settings}
    attempt = attempts.start(new_quiz(unit, questions, **settings), new_member(unit), now)
    db.session.commit()
    return attempt


def late(attempt: Attempt) -> list[int]:
    mine = (AnswerVersion.attempt_id == attempt.id, AnswerVersion.late.is_(True))
    return list(db.session.scalars(select(AnswerVersion.slot).where(*mine).order_by(AnswerVersion.id)))


def test_e31_only_the_page_on_which_one_is_takes_answers(app: Flask, now: datetime) -> None:
    attempt = begun(now)
    save(attempt, 1, wrong(attempt, 1), now)
    with pytest.raises(Refused, match="comes later"):
        save(attempt, 3, right(attempt, 3), now)
    assert pace.go_on(attempt, 1) == 2
    db.session.commit()
    with pytest.raises(Passed):
        save(attempt, 1, right(attempt, 1), now, sequence=2, base=1)
    save(attempt, 3, right(attempt, 3), now)
    held = {slot: row.response for slot, row in answers.of_attempt(attempt.member_id, attempt.id).items()}
    assert held == {1: wrong(attempt, 1), 3: right(attempt, 3)}
    assert late(attempt) == [1], "what came for a page that was left is kept for the marker"


def test_e31_answers_that_waited_offline_are_judged_one_by_one(app: Flask, now: datetime) -> None:
    attempt = begun(now)
    pace.go_on(attempt, 1)
    entries = [Entry(slot, right(attempt, slot), 1) for slot in (2, 4, 5)]
    outcomes = answers.save_many(attempt.member_id, attempt.id, entries, now)
    assert [type(one) for one in outcomes] == [Refusal, Receipt, Refusal]
    assert [one.code for one in outcomes if isinstance(one, Refusal)] == ["refused", "refused"]
    assert late(attempt) == [2]


def test_a_page_is_left_once_however_often_one_presses(app: Flask, now: datetime) -> None:
    attempt = begun(now)
    assert [pace.go_on(attempt, page) for page in (2, 1, 1, 2, 2, 3, 3)] == [1, 2, 2, 3, 3, 3, 3]
    closing.close(attempt.member_id, attempt.id, now, ClosedBy.MEMBER)
    db.session.refresh(attempt)
    with pytest.raises(Conflict):
        pace.go_on(attempt, 3)


def test_twenty_windows_leave_a_page_once(app: Flask, now: datetime) -> None:
    attempt = begun(now)
    key = (attempt.member_id, attempt.id)

    def leave(_n: int) -> int:
        page = pace.go_on(db.session.get_one(Attempt, key), 1)
        db.session.commit()
        return page

    assert set(at_once(app, leave, 8)) == {2}


def test_the_pages_of_an_attempt_stay_as_they_were_when_it_began(app: Flask, now: datetime) -> None:
    attempt = begun(now)
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    quiz.navigation, quiz.questions_per_page = "free", 1
    db.session.commit()
    assert pace.per_page(attempt.layout, quiz) == 2
    with pytest.raises(Refused):
        save(attempt, 3, right(attempt, 3), now)


def test_a_free_attempt_keeps_nothing_of_its_way(app: Flask, now: datetime) -> None:
    attempt = begun(now, navigation="free", questions_per_page=0)
    assert "way" not in attempt.layout
    save(attempt, 5, right(attempt, 5), now)
    assert pace.go_on(attempt, 1) == 1


def test_questions_are_flagged_to_be_looked_at_again(app: Flask, now: datetime) -> None:
    attempt = begun(now, navigation="free")
    mine = (attempt.member_id, attempt.id)
    assert flags.put(*mine, 4, True) == [4]
    assert flags.put(*mine, 2, True) == [2, 4]
    assert flags.put(*mine, 2, True) == [2, 4]
    assert flags.put(*mine, 4, False) == [2]
    with pytest.raises(NotFound):
        flags.put(*mine, 9, True)
    closing.close(*mine, now + timedelta(seconds=1), ClosedBy.MEMBER)
    with pytest.raises(Conflict):
        flags.put(*mine, 1, True)
