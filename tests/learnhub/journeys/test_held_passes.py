"""What passing earns waits until the marks may be seen: no page, no board and no lesson tells it before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub import jobs
from learnhub.identity.models import Member
from learnhub.journeys import quiz_rewards, submit_quiz
from learnhub.kernel.db import db
from learnhub.learning import progress
from learnhub.organisations.models import Unit
from learnhub.points import rules
from learnhub.points.models import Balance, LedgerEntry
from learnhub.quizzes import attempts
from learnhub.quizzes.held_passes import HeldPass
from learnhub.quizzes.models import Attempt, Mode, Quiz
from tests.at_once import at_once
from tests.learnhub.journeys.test_mark_by_hand import Room, enter, essay
from tests.learnhub.journeys.test_submit_quiz import quiz_lesson
from tests.learnhub.quizzes.sitting import answer_all, new_quiz, right, save, single
from tests.makers import JOINED, new_member, new_unit

CLOSES = timedelta(hours=2)


@pytest.fixture
def exam(app: Flask, now: datetime) -> Quiz:
    """An exam of three questions that closes in two hours, in a house that pays for quizzes."""
    rules.ensure_default_rules(now, JOINED)
    return new_quiz(new_unit(), mode=Mode.EXAM, closes_at=now + CLOSES, time_limit_seconds=600, attempts_allowed=2)


def begin(quiz: Quiz, now: datetime, member: Member | None = None) -> Attempt:
    """An attempt with every answer right."""
    member = member or new_member(db.session.get_one(Unit, quiz.unit_id))
    started = submit_quiz.start(quiz, member, now)
    answer_all(started, member, now)
    db.session.commit()
    return started


def hand_in(attempt: Attempt, now: datetime) -> int:
    member_id = attempt.member_id
    submit_quiz.hand_in(member_id, attempt.id, now)
    db.session.commit()
    return member_id


def paid(member_id: int) -> list[str]:
    query = select(LedgerEntry.kind).where(LedgerEntry.member_id == member_id).order_by(LedgerEntry.sequence)
    return list(db.session.scalars(query))


def waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(HeldPass)) or 0


def test_a_pass_of_an_exam_is_paid_when_its_marks_are_shown_and_counts_for_its_day(exam: Quiz, now: datetime) -> None:
    member_id = hand_in(begin(exam, now), now)
    assert paid(member_id) == ["quiz_handed_in"]
    assert quiz_rewards.pay_held(now + CLOSES - timedelta(seconds=1)) == 0
    assert quiz_rewards.pay_held(now + CLOSES) == 1
    assert paid(member_id) == ["quiz_handed_in", "quiz_passed"]
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "quiz_passed")).one()
    assert (entry.occurred_at, entry.posted_at) == (now, now + CLOSES)
    assert (quiz_rewards.pay_held(now + CLOSES), waiting()) == (0, 0)


def test_who_passed_and_who_failed_look_the_same_until_then(exam: Quiz, now: datetime) -> None:
    passed = hand_in(begin(exam, now), now)
    failing = submit_quiz.start(exam, new_member(db.session.get_one(Unit, exam.unit_id)), now)
    failed = hand_in(failing, now)
    points = {row.member_id: row.points for row in db.session.scalars(select(Balance).where(Balance.period == "all"))}
    assert points[passed] == points[failed] > 0
    quiz_rewards.pay_held(now + CLOSES)
    assert (paid(passed), paid(failed)) == (["quiz_handed_in", "quiz_passed"], ["quiz_handed_in"])


def test_two_passes_are_paid_once(exam: Quiz, now: datetime) -> None:
    first = begin(exam, now)
    member = db.session.get_one(Member, first.member_id)
    hand_in(first, now)
    hand_in(begin(exam, now + timedelta(minutes=5), member), now + timedelta(minutes=6))
    assert waiting() == 2
    quiz_rewards.pay_held(now + CLOSES)
    assert paid(member.id) == ["quiz_handed_in", "quiz_handed_in", "quiz_passed"]
    assert waiting() == 0


def test_two_clocks_at_once_pay_once(app: Flask, exam: Quiz, now: datetime) -> None:
    members = [hand_in(begin(exam, now), now) for _n in range(3)]
    at_once(app, lambda _n: quiz_rewards.pay_held(now + CLOSES), 3)
    assert [paid(one) for one in members] == [["quiz_handed_in", "quiz_passed"]] * 3


def test_a_test_that_shows_its_marks_pays_at_the_hand_in(app: Flask, now: datetime) -> None:
    rules.ensure_default_rules(now, JOINED)
    quiz = new_quiz(new_unit(), mode=Mode.TEST, closes_at=now + CLOSES)
    assert paid(hand_in(begin(quiz, now), now)) == ["quiz_handed_in", "quiz_passed"]


def test_an_exam_that_never_closes_does_not_wait(app: Flask, now: datetime) -> None:
    rules.ensure_default_rules(now, JOINED)
    quiz = new_quiz(new_unit(), mode=Mode.EXAM)
    assert paid(hand_in(begin(quiz, now), now)) == ["quiz_handed_in", "quiz_passed"]


def test_marks_that_are_shown_a_little_later_pay_a_little_later(app: Flask, now: datetime) -> None:
    rules.ensure_default_rules(now, JOINED)
    quiz = new_quiz(new_unit(), mode=Mode.TEST, review={"later": ["mark"], "closed": ["mark"]})
    member_id = hand_in(begin(quiz, now), now)
    assert quiz_rewards.pay_held(now + timedelta(seconds=119)) == 0
    assert quiz_rewards.pay_held(now + timedelta(seconds=120)) == 1
    assert paid(member_id) == ["quiz_handed_in", "quiz_passed"]


def test_a_close_that_is_moved_moves_the_points(exam: Quiz, now: datetime) -> None:
    hand_in(begin(exam, now), now)
    exam.closes_at = now + 2 * CLOSES
    db.session.commit()
    assert quiz_rewards.pay_held(now + CLOSES) == 0
    exam.closes_at = now + timedelta(minutes=1)
    db.session.commit()
    assert quiz_rewards.pay_held(now + timedelta(minutes=1)) == 1


def test_attempts_that_run_out_together_wait_too_and_take_few_statements(
    exam: Quiz, now: datetime, statements: Any
) -> None:
    members = [begin(exam, now).member_id for _n in range(40)]
    assert submit_quiz.close_overdue(now + timedelta(minutes=11)).closed == 40
    assert {tuple(paid(one)) for one in members} == {("quiz_handed_in",)}
    db.session.commit()
    with statements() as seen:
        assert quiz_rewards.pay_held(now + CLOSES) == 40
    assert {tuple(paid(one)) for one in members} == {("quiz_handed_in", "quiz_passed")}
    assert len(seen) <= 25, seen


def test_the_lesson_that_an_exam_completes_waits_as_well(exam: Quiz, now: datetime) -> None:
    lesson = quiz_lesson(now)
    exam.lesson_id = lesson.id
    db.session.commit()
    member_id = hand_in(begin(exam, now), now)
    before = progress.of_lesson(member_id, lesson.id)
    assert before is None or before.completed_at is None
    quiz_rewards.pay_held(now + CLOSES)
    after = progress.of_lesson(member_id, lesson.id)
    assert after is not None
    assert after.completed_at == now + CLOSES


@pytest.fixture
def room(app: Flask, now: datetime) -> Room:
    """An exam of a choice and an essay that closes in two hours, handed in."""
    made = enter(app, now, single(), essay(), mode=Mode.EXAM, closes_at=now + CLOSES)
    save(made.attempt, 1, right(made.attempt, 1), now)
    save(made.attempt, 2, {"text": "Fire needs air."}, now)
    hand_in(made.attempt, now)
    return made


def test_a_pass_that_a_marker_takes_away_before_the_close_is_never_paid(room: Room, now: datetime) -> None:
    first = room.mark(1000, now)
    assert waiting() == 1
    room.mark(0, now, seen=first.id)
    assert (attempts.find(room.member.id, room.attempt.id).passed, waiting()) == (False, 0)
    db.session.commit()
    assert quiz_rewards.pay_held(now + CLOSES) == 0
    assert [kind for kind, _source, _points in room.paid()] == ["quiz_handed_in"]


def test_a_pass_that_was_paid_taken_back_and_waits_again_is_paid_again(room: Room, now: datetime) -> None:
    first = room.mark(1000, now)
    db.session.commit()
    quiz_rewards.pay_held(now + CLOSES)
    second = room.mark(0, now + CLOSES, seen=first.id)
    room.quiz.closes_at = now + 2 * CLOSES
    room.mark(1000, now + CLOSES, seen=second.id)
    db.session.commit()
    assert [kind for kind, _source, _points in room.paid()][-2:] == ["quiz_passed", "reversal"]
    assert quiz_rewards.pay_held(now + 2 * CLOSES) == 1
    assert [kind for kind, _source, _points in room.paid()][-1] == "quiz_passed"
    assert sum(points for _kind, _source, points in room.paid()) == 6


def test_the_clock_does_it(exam: Quiz, now: datetime) -> None:
    member_id = hand_in(begin(exam, now), now)
    job = next(one for one in jobs.JOBS if one.name == "pay passes")
    job.run(now + CLOSES)
    assert paid(member_id) == ["quiz_handed_in", "quiz_passed"]
