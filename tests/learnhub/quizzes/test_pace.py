"""Page after page with no way back: what may be answered when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.journeys import submit_quiz
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.quizzes import answers, attempts, closing, flags, late_answers, pace
from learnhub.quizzes.answers import Entry, Receipt, Refusal
from learnhub.quizzes.closing import ClosedBy
from learnhub.quizzes.models import AnswerVersion, Attempt, Quiz
from learnhub.quizzes.pace import Passed
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import new_quiz, right, save, wrong
from tests.makers import new_member, new_unit

SECOND = timedelta(seconds=1)


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


# Each question has its time


def timed(now: datetime, **settings: Any) -> Attempt:
    """An attempt with a minute for each of three questions, one a page."""
    return begun(now, 3, **{"questions_per_page": 1, "question_seconds": 60, "time_limit_seconds": None, **settings})


def shown(attempt: Attempt, now: datetime) -> Attempt:
    """What a look at its page makes of it."""
    submit_quiz.show(submit_quiz.look_at(attempt.member_id, attempt.id, now), now)
    return attempts.find(attempt.member_id, attempt.id)


def test_e33_the_time_of_a_question_runs_from_when_it_is_first_shown(app: Flask, now: datetime) -> None:
    attempt = timed(now)
    seen = shown(attempt, now + 5 * SECOND)
    assert pace.page_ends(seen) == now + 65 * SECOND
    assert shown(attempt, now + 60 * SECOND).page_since == now + 5 * SECOND, "loading it again changes nothing"
    save(attempt, 1, right(attempt, 1), now + 70 * SECOND)
    db.session.commit()
    seen = shown(attempt, now + 71 * SECOND)
    assert (seen.page, seen.page_since) == (2, now + 71 * SECOND), "then the next one comes, and its time begins"


def test_an_answer_after_the_time_of_its_question_does_not_count(app: Flask, now: datetime) -> None:
    attempt = timed(now)
    shown(attempt, now)
    save(attempt, 1, wrong(attempt, 1), now + 64 * SECOND)
    db.session.commit()
    for recorded in (now + 59 * SECOND, now + 61 * SECOND, None):
        with pytest.raises(Passed, match="time for this question"):
            save(attempt, 1, right(attempt, 1), now + 66 * SECOND, sequence=2, base=1, recorded_at=recorded)
        db.session.rollback()
    held = answers.of_attempt(attempt.member_id, attempt.id)
    assert held[1].response == wrong(attempt, 1)
    assert late(attempt) == [1], "what the device recorded in time is kept for the marker, once"


def test_the_time_of_the_last_question_is_the_deadline(app: Flask, now: datetime) -> None:
    attempt = timed(now)
    at = now
    for _page in range(3):
        seen = shown(attempt, at)
        at += 70 * SECOND
    assert (seen.page, seen.deadline) == (3, now + 200 * SECOND)
    assert submit_quiz.close_overdue(at + 60 * SECOND).closed == 1
    assert attempts.find(attempt.member_id, attempt.id).submitted_at == now + 200 * SECOND


def test_a_deadline_that_comes_sooner_stays(app: Flask, now: datetime) -> None:
    attempt = timed(now, time_limit_seconds=30)
    for page in (1, 2):
        shown(attempt, now)
        pace.go_on(attempts.find(attempt.member_id, attempt.id), page)
        db.session.commit()
    assert shown(attempt, now).deadline == now + 30 * SECOND


def test_a_challenge_ends_with_a_question_that_took_too_long(app: Flask, now: datetime) -> None:
    attempt = timed(now, behaviour="challenge", navigation="free")
    shown(attempt, now)
    seen = shown(attempt, now + 66 * SECOND)
    assert (seen.state, seen.closed_by, seen.score) == ("closed", "check", 0)


def test_a_question_has_its_time_only_where_there_is_no_way_back(app: Flask, now: datetime) -> None:
    for fault in ({"navigation": "free"}, {"question_seconds": 4}, {"question_seconds": 3601}):
        with pytest.raises(Refused):
            timed(now, **fault)


def test_e31_an_attempt_that_is_opened_again_takes_no_answers_of_pages_that_were_left(
    app: Flask, now: datetime
) -> None:
    attempt = begun(now)
    mine = (attempt.member_id, attempt.id)
    save(attempt, 1, wrong(attempt, 1), now)
    pace.go_on(attempt, 1)
    db.session.commit()
    end = now + 610 * SECOND
    closing.close(*mine, end, ClosedBy.REQUEST)
    db.session.commit()
    for slot, base in ((1, 1), (3, 0)):
        with pytest.raises(Conflict):
            save(attempt, slot, right(attempt, slot), end, sequence=2, base=base, recorded_at=now + 9 * SECOND)
    assert late(attempt) == [1, 3]
    assert late_answers.count_what_is_in_time(*mine) == 1
    held = answers.of_attempt(*mine)
    assert (held[1].response, held[3].response) == (wrong(attempt, 1), right(attempt, 3))
