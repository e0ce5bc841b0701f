"""Sets of the day and of the week: the same for everybody, ending at midnight, one after another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.points import rules
from learnhub.points.models import LedgerEntry
from learnhub.quizzes import attempts, review, series, setup
from learnhub.quizzes.models import Attempt, Mode, Quiz
from learnhub.quizzes.review import Item
from learnhub.quizzes.series import DrawnSet
from question_bank import authoring
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import answer_all, new_bank, single
from tests.makers import new_member, new_unit

DAY = timedelta(days=1)


def daily(now: datetime, questions: int = 12, **settings: Any) -> Quiz:
    """Two questions a day, drawn from so many; one attempt a day."""
    bank, _ids = new_bank([single(n) for n in range(questions)])
    blueprint = {"quotas": [{"count": 2, "mark": 1000}], "exclude_seen_days": settings.pop("exclude", None)}
    paper = {"banks": [str(bank.id)], "blueprint": blueprint}
    settings = {"series": "daily", "attempts_allowed": 1, "mode": Mode.PRACTICE, **settings}
    return setup.create_quiz(new_unit(), setup.Settings(title="Of the day", paper=paper, **settings), now)


def asked(attempt: Attempt) -> list[str]:
    return sorted(slot["version"] for slot in attempt.layout["slots"])


def sit(quiz: Quiz, member: Any, now: datetime) -> Attempt:
    """Begin, answer everything right, hand in."""
    attempt = submit_quiz.start(quiz, member, now)
    answer_all(attempt, member, now)
    submit_quiz.hand_in(member.id, attempt.id, now)
    return attempts.find(member.id, attempt.id)


def test_everybody_has_the_same_set_that_day_and_another_the_next(app: Flask, now: datetime) -> None:
    quiz = daily(now)
    members = [new_member() for _n in range(3)]
    today = [asked(submit_quiz.start(quiz, one, now)) for one in members[:2]]
    bank_id = int(quiz.paper["banks"][0])
    bank = db.session.get_one(authoring.Bank, bank_id)
    authoring.add_questions(bank, [single(n) for n in range(20)], now)
    today.append(asked(submit_quiz.start(quiz, members[2], now + timedelta(hours=3))))
    assert today[0] == today[1] == today[2], "also when the bank grew in the meantime"
    days = {tuple(asked(submit_quiz.start(quiz, new_member(), now + n * DAY))) for n in range(5)}
    assert len(days) > 1
    assert len(db.session.scalars(select(DrawnSet)).all()) == 5


def test_those_who_begin_at_once_have_one_set(app: Flask, now: datetime) -> None:
    quiz_id = daily(now, questions=40).id
    members = [new_member() for _n in range(6)]
    ids = [one.id for one in members]

    def begin(n: int) -> tuple[str, ...]:
        member = db.session.get_one(type(members[0]), ids[n])
        return tuple(asked(submit_quiz.start(db.session.get_one(Quiz, quiz_id), member, now)))

    assert len(set(at_once(app, begin, 6))) == 1
    assert len(db.session.scalars(select(DrawnSet)).all()) == 1


def test_without_it_each_member_has_questions_of_their_own(app: Flask, now: datetime) -> None:
    quiz = daily(now, questions=60, same_for_all=False)
    assert len({tuple(asked(submit_quiz.start(quiz, new_member(), now))) for _n in range(6)}) > 1
    assert db.session.scalars(select(DrawnSet)).all() == []


def test_questions_of_the_last_days_are_left_out_while_there_are_others(app: Flask, now: datetime) -> None:
    quiz = daily(now, questions=6, exclude=7)
    sets = [asked(submit_quiz.start(quiz, new_member(), now + n * DAY)) for n in range(4)]
    assert len({one for questions in sets[:3] for one in questions}) == 6
    assert len(sets[3]) == 2, "an exhausted bank begins anew"


def test_one_attempt_a_day_counts_and_ends_at_midnight(app: Flask, now: datetime) -> None:
    quiz, member = daily(now), new_member()
    attempt = submit_quiz.start(quiz, member, now)
    midnight = datetime.fromisoformat("2026-11-22T16:00:00+00:00")
    assert attempt.deadline == midnight, "of the organisation's zone"
    submit_quiz.hand_in(member.id, attempt.id, now)
    with pytest.raises(Refused, match="next one comes by itself"):
        submit_quiz.start(quiz, member, now + timedelta(hours=13))
    assert submit_quiz.start(quiz, member, midnight).number == 2


def test_an_open_attempt_of_yesterday_is_closed_and_todays_begins(app: Flask, now: datetime) -> None:
    quiz, member = daily(now), new_member()
    first = submit_quiz.start(quiz, member, now)
    second = submit_quiz.start(quiz, member, now + DAY)
    assert second.id != first.id
    assert attempts.find(member.id, first.id).state == "closed"


def test_days_in_a_row_are_counted_up_to_yesterday_or_today(app: Flask, now: datetime) -> None:
    quiz, member = daily(now), new_member()

    def row(at: datetime) -> int:
        return series.streak(quiz, attempts.of_member(member.id, quiz.id), at)

    assert row(now) == 0
    for n in (0, 1, 2, 4):
        sit(quiz, member, now + n * DAY)
        if n == 2:
            assert (row(now + 2 * DAY), row(now + 3 * DAY), row(now + 4 * DAY)) == (3, 3, 0)
    assert row(now + 4 * DAY) == 1, "a day that was missed is not made up for"


def test_a_weekly_set_lasts_until_sunday(app: Flask, now: datetime) -> None:
    quiz, member = daily(now, series="weekly"), new_member()
    assert sit(quiz, member, now).deadline == datetime.fromisoformat("2026-11-22T16:00:00+00:00")
    assert sit(quiz, member, now + DAY).number == 2
    with pytest.raises(Refused):
        submit_quiz.start(quiz, member, now + 7 * DAY)
    assert series.streak(quiz, attempts.of_member(member.id, quiz.id), now + 7 * DAY) == 2


def test_passing_is_paid_once_for_each_day(app: Flask, now: datetime) -> None:
    rules.ensure_default_rules(now, local_date(now - DAY, house.zone))
    quiz, member = daily(now, attempts_allowed=2), new_member(new_unit())
    for at in (now, now + timedelta(hours=1), now + DAY):
        assert sit(quiz, member, at).passed
    paid = select(LedgerEntry.source_id).where(LedgerEntry.kind == "quiz_passed", LedgerEntry.member_id == member.id)
    assert sorted(db.session.scalars(paid)) == [f"quiz:{quiz.id}:2026-11-22", f"quiz:{quiz.id}:2026-11-23"]


def test_e28_the_key_of_a_shared_set_waits_until_its_day_is_over(app: Flask, now: datetime) -> None:
    quiz, member = daily(now, mode=Mode.TEST), new_member()
    attempt = sit(quiz, member, now)
    for at, seen in ((now + timedelta(hours=13), False), (now + timedelta(hours=14), True)):
        assert (Item.RIGHT_ANSWER in review.of_attempt(quiz, attempt, 0, at)) is seen
