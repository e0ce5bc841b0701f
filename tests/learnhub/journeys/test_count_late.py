"""An answer that came too late counts by a marker's decision with its reason: marks and points follow, both ways."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import Actor
from learnhub.journeys import count_late, submit_quiz
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from learnhub.quizzes import answers, attempts, closing, hand_marks, waiting
from learnhub.quizzes.conduct import late
from learnhub.quizzes.conduct.models import LateAct, LateDecision
from learnhub.quizzes.models import AnswerVersion
from tests.learnhub.journeys.test_mark_by_hand import Room, enter, essay
from tests.learnhub.quizzes.sitting import right, save, single, wrong

COUNT, BACK = LateAct.COUNTED, LateAct.TAKEN_BACK


def end_with_a_late_answer(app: Flask, now: datetime, *, first_right: bool = True) -> tuple[Room, AnswerVersion]:
    """Two choices, half an hour: the first was answered in time, the second reached the server a minute after zero."""
    room = enter(app, now, single(), single(), time_limit_seconds=1800, pass_percent=100)
    first = right(room.attempt, 1) if first_right else wrong(room.attempt, 1)
    save(room.attempt, 1, first, now + timedelta(minutes=1))
    db.session.commit()
    end = now + timedelta(minutes=30)
    submit_quiz.close_overdue(end + timedelta(minutes=1))
    with pytest.raises(Conflict):
        save(
            room.attempt, 2, right(room.attempt, 2), end + timedelta(minutes=2), recorded_at=end - timedelta(minutes=1)
        )
    db.session.expire_all()
    return room, db.session.scalars(select(AnswerVersion).where(AnswerVersion.late)).one()


def decide(room: Room, version: AnswerVersion, act: LateAct, now: datetime, *, seen: int = 0) -> LateDecision:
    room.attempt = attempts.find(room.member.id, room.attempt.id)
    made = count_late.decide(room.marker, room.attempt, version.id, act, " The lift  stood still. ", seen, now)
    db.session.commit()
    return made


def test_a_late_answer_counts_with_a_reason_and_passes(app: Flask, now: datetime) -> None:
    room, version = end_with_a_late_answer(app, now)
    assert (room.attempt.score, room.attempt.passed) == (1000, False)
    receipt = closing.receipt(room.member.id, room.attempt.id)
    decide(room, version, COUNT, now + timedelta(hours=1))
    attempt = attempts.find(room.member.id, room.attempt.id)
    assert (attempt.score, attempt.passed) == (2000, True)
    assert [one[0] for one in room.paid()] == ["quiz_handed_in", "quiz_passed"]
    assert closing.receipt(room.member.id, room.attempt.id) == receipt, "what was handed in stays what it was"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "answer.late_counted")).one()
    assert entry.details["reason"] == "The lift stood still."
    assert entry.details["slot"] == 2
    assert len(room.told()) == 1
    told = late.of_attempt(attempt)
    assert [(one.slot, one.counts, one.reason) for one in told] == [(2, True, "The lift stood still.")]


def test_the_receipt_says_what_was_handed_in_whatever_counts_later(app: Flask, now: datetime) -> None:
    room = enter(app, now, single(), single(), single(), time_limit_seconds=600)
    save(room.attempt, 1, right(room.attempt, 1), now)
    save(room.attempt, 2, right(room.attempt, 2), now)
    save(room.attempt, 2, {}, now, sequence=2, base=1)
    db.session.commit()
    end = now + timedelta(minutes=10)
    submit_quiz.close_overdue(end + timedelta(minutes=1))
    receipt = closing.receipt(room.member.id, room.attempt.id)
    assert receipt.answers == 1
    for slot, response, base in ((1, {}, 1), (2, wrong(room.attempt, 2), 2), (3, wrong(room.attempt, 3), 0)):
        with pytest.raises(Conflict):
            save(room.attempt, slot, response, end + timedelta(minutes=2), sequence=9, base=base, recorded_at=end)
        late_ones = select(AnswerVersion).where(AnswerVersion.late, AnswerVersion.slot == slot)
        for hour, act in enumerate((COUNT, BACK, COUNT), slot):
            version = db.session.scalars(late_ones).one()
            decide(room, version, act, end + timedelta(hours=hour), seen=base + hour - slot)
            assert closing.receipt(room.member.id, room.attempt.id) == receipt


def test_it_can_be_taken_back_and_the_points_with_it(app: Flask, now: datetime) -> None:
    room, version = end_with_a_late_answer(app, now)
    decide(room, version, COUNT, now + timedelta(hours=1))
    decide(room, version, BACK, now + timedelta(hours=2), seen=1)
    attempt = attempts.find(room.member.id, room.attempt.id)
    assert (attempt.score, attempt.passed) == (1000, False)
    assert attempt.marks[1]["correctness"] == "blank"
    assert sum(points for kind, _source, points in room.paid() if kind != "quiz_handed_in") == 0
    decide(room, version, COUNT, now + timedelta(hours=3), seen=2)
    assert attempts.find(room.member.id, room.attempt.id).passed
    paid = [points for kind, _source, points in room.paid() if kind != "quiz_handed_in"]
    assert len(paid) == 3
    assert sum(paid) == paid[0] > 0


def test_what_was_answered_before_comes_back(app: Flask, now: datetime) -> None:
    room = enter(app, now, single(), time_limit_seconds=600)
    save(room.attempt, 1, right(room.attempt, 1), now)
    db.session.commit()
    end = now + timedelta(minutes=10)
    submit_quiz.close_overdue(end + timedelta(minutes=1))
    with pytest.raises(Conflict):
        save(room.attempt, 1, wrong(room.attempt, 1), end + timedelta(minutes=2), sequence=2, base=1, recorded_at=end)
    db.session.expire_all()
    version = db.session.scalars(select(AnswerVersion).where(AnswerVersion.late)).one()
    decide(room, version, COUNT, end + timedelta(hours=1), seen=1)
    assert attempts.find(room.member.id, room.attempt.id).passed is False
    assert room.paid()[-1][2] < 0, "the pass that goes takes its points along"
    decide(room, version, BACK, end + timedelta(hours=2), seen=2)
    assert attempts.find(room.member.id, room.attempt.id).passed is True
    assert answers.of_attempt(room.member.id, room.attempt.id)[1].response == right(room.attempt, 1)


def test_a_late_essay_waits_for_its_mark_anew(app: Flask, now: datetime) -> None:
    room = enter(app, now, single(), essay(), time_limit_seconds=600)
    save(room.attempt, 1, right(room.attempt, 1), now)
    save(room.attempt, 2, {"text": "Short."}, now)
    db.session.commit()
    end = now + timedelta(minutes=10)
    submit_quiz.close_overdue(end + timedelta(minutes=1))
    with pytest.raises(Conflict):
        save(room.attempt, 2, {"text": "Long."}, end + timedelta(minutes=2), sequence=2, base=1, recorded_at=end)
    db.session.expire_all()
    room.attempt = attempts.find(room.member.id, room.attempt.id)
    first = room.mark(1000, end + timedelta(minutes=30))
    assert attempts.find(room.member.id, room.attempt.id).passed
    version = db.session.scalars(select(AnswerVersion).where(AnswerVersion.late)).one()
    decide(room, version, COUNT, end + timedelta(hours=1), seen=1)
    attempt = attempts.find(room.member.id, room.attempt.id)
    assert (attempt.waits, attempt.passed, attempt.score) == (1, None, None)
    assert sum(points for kind, _source, points in room.paid() if kind != "quiz_handed_in") == 0
    assert hand_marks.newest(room.member.id, attempt.id) == {}
    assert [one.id for one in hand_marks.history(room.member.id, attempt.id, 2)] == [first.id]
    room.mark(500, end + timedelta(hours=2))
    assert attempts.find(room.member.id, attempt.id).score == 1500


def test_nothing_is_decided_without_a_reason_twice_or_past_somebody_else(app: Flask, now: datetime) -> None:
    room, version = end_with_a_late_answer(app, now)
    later = now + timedelta(hours=1)
    with pytest.raises(Refused, match="reason"):
        count_late.decide(room.marker, room.attempt, version.id, COUNT, "  ", 0, later)
    with pytest.raises(Refused, match="does not count"):
        decide(room, version, BACK, later)
    with pytest.raises(NotFound):
        count_late.decide(room.marker, room.attempt, version.id + 1, COUNT, "Why not", 0, later)
    with pytest.raises(NotAllowed):
        count_late.decide(Actor(room.member), room.attempt, version.id, COUNT, "Why not", 0, later)
    decide(room, version, COUNT, later)
    with pytest.raises(Conflict):
        decide(room, version, COUNT, later)
    with pytest.raises(Refused, match="already"):
        decide(room, version, COUNT, later, seen=1)


def test_markers_see_late_answers_of_their_units_only(app: Flask, now: datetime) -> None:
    room, version = end_with_a_late_answer(app, now, first_right=False)
    reach = select(type(room.unit).id)
    found = late.of_quiz(room.quiz, reach, 0)
    assert [(one.version.id, one.counts, one.held) for one in found] == [(version.id, False, {})]
    assert late.of_quiz(room.quiz, reach.where(type(room.unit).id == 0), 0) == []
    assert late.of_quiz(room.quiz, reach, room.member.id) == []
    assert not waiting.are_there(room.quiz, reach, 0)
