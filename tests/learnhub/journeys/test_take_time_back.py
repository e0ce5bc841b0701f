"""Granted time taken back: the clocks that run, nothing that is closed, nobody's used time, and a line for each."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.journeys import erase_member, grant_time, leave_organisation, submit_quiz
from learnhub.journeys.grant_time import Wish
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from learnhub.points import rules
from learnhub.quizzes import attempts, grants, pace, taken_back
from learnhub.quizzes.models import Attempt, AttemptState, GrantedTime, Quiz, TimeGrant
from learnhub.quizzes.taken_back_models import GrantTakenBack, TimeTakenBack
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import new_quiz, right, save
from tests.makers import JOINED, NOW, new_member, new_staff, small_tree

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TEN = 600


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    rules.ensure_default_rules(NOW, JOINED)
    return small_tree()


@pytest.fixture
def quiz(tree: dict[str, Unit]) -> Quiz:
    """Thirty minutes, from now for an hour."""
    return new_quiz(tree["HQ"], opens_at=NOW, closes_at=NOW + 60 * MINUTE, time_limit_seconds=1800)


def sits(quiz: Quiz, unit: Unit, now: datetime = NOW) -> Attempt:
    return submit_quiz.start(quiz, new_member(unit), now)


def given(wish: Wish, now: datetime) -> TimeGrant:
    """Ask for it, and carry it out."""
    made = grant_time.grant(SYSTEM, wish, now)
    db.session.commit()
    grant_time.carry_out(made.id, now)
    db.session.expire_all()
    return made


def take(made: TimeGrant, now: datetime, reason: str = "The wrong branch") -> grant_time.TakenBack:
    grant_time.take_back(SYSTEM, made, reason, now)
    grant_id = made.id
    db.session.commit()
    done = grant_time.carry_back(grant_id, now)
    db.session.expire_all()
    return done


def test_a_running_clock_goes_back_and_the_trail_says_why(tree: dict[str, Unit], quiz: Quiz) -> None:
    one, other = sits(quiz, tree["B1"]), sits(quiz, tree["B2"])
    made = given(Wish(TEN, "Power cut", unit=tree["HQ"], quiz=quiz), NOW + MINUTE)
    kept = given(Wish(300, "The chair broke", member_id=one.member_id, quiz=quiz), NOW + MINUTE)
    done = take(made, NOW + 5 * MINUTE)
    assert (done.attempts, done.used) == (2, 0)
    assert (one.deadline, one.extra_seconds) == (NOW + 35 * MINUTE, 300)
    assert (other.deadline, other.extra_seconds) == (NOW + 30 * MINUTE, 0)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "time.taken_back")).one()
    assert (entry.details["reason"], entry.details["granted_for"]) == ("The wrong branch", "Power cut")
    assert db.session.scalars(select(GrantedTime)).all() != [], "what was given stays on the books"
    assert [lost.reason for lost in taken_back.of_attempt(one)] == ["The wrong branch"]
    assert taken_back.of_grants([made.id, kept.id]).keys() == {made.id}


def test_what_was_used_is_kept_said_and_leaves_a_minute_to_end(tree: dict[str, Unit], quiz: Quiz) -> None:
    attempt = sits(quiz, tree["B1"])
    made = given(Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW + MINUTE)
    now = NOW + 36 * MINUTE
    done = take(made, now)
    assert (done.attempts, done.used) == (1, 1)
    assert attempt.deadline == now + MINUTE
    assert attempt.extra_seconds == 7 * 60
    entry = db.session.scalars(select(TimeTakenBack)).one()
    assert (entry.seconds, entry.kept) == (3 * 60, 7 * 60)
    assert save(attempt, 1, right(attempt, 1), now + MINUTE).revision == 1
    assert taken_back.of_grants([made.id])[made.id].used == 1


def test_a_clock_with_less_than_a_minute_is_not_made_longer(tree: dict[str, Unit], quiz: Quiz) -> None:
    attempt = sits(quiz, tree["B1"])
    made = given(Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW + MINUTE)
    take(made, NOW + 40 * MINUTE - timedelta(seconds=20))
    assert attempt.deadline == NOW + 40 * MINUTE
    assert attempt.extra_seconds == TEN


def test_time_past_the_close_goes_back_to_the_close(tree: dict[str, Unit], quiz: Quiz) -> None:
    attempt = sits(quiz, tree["B1"], NOW + 28 * MINUTE)
    inside = given(Wish(TEN, "Power", unit=tree["B1"], quiz=quiz), NOW + 30 * MINUTE)
    past = given(Wish(TEN, "Power", unit=tree["B1"], quiz=quiz, may_pass_close=True), NOW + 30 * MINUTE)
    assert attempt.deadline == NOW + 70 * MINUTE
    take(past, NOW + 31 * MINUTE)
    assert (attempt.deadline, attempt.past_close_seconds) == (NOW + 60 * MINUTE, 0)
    take(inside, NOW + 31 * MINUTE)
    assert (attempt.deadline, attempt.extra_seconds) == (NOW + 58 * MINUTE, 0)


def test_what_is_closed_stays_as_it_is(tree: dict[str, Unit], quiz: Quiz) -> None:
    handed_in, ran_out = sits(quiz, tree["B1"]), sits(quiz, tree["B1"])
    made = given(Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW + MINUTE)
    submit_quiz.hand_in(handed_in.member_id, handed_in.id, NOW + 32 * MINUTE)
    db.session.commit()
    submit_quiz.close_overdue(NOW + 42 * MINUTE)
    before = [(one.deadline, one.submitted_at, one.score, one.extra_seconds) for one in (handed_in, ran_out)]
    assert take(made, NOW + 43 * MINUTE).attempts == 0
    for one, was in zip((handed_in, ran_out), before, strict=True):
        assert one.state == AttemptState.CLOSED
        assert (one.deadline, one.submitted_at, one.score, one.extra_seconds) == was


def test_who_begins_later_has_no_lasting_time_that_was_taken_back(tree: dict[str, Unit], quiz: Quiz) -> None:
    member = new_member(tree["B1"])
    made = given(Wish(TEN, "Reads slowly", member_id=member.id, lasting=True), NOW)
    before = submit_quiz.start(quiz, member, NOW)
    assert before.deadline == NOW + 40 * MINUTE
    take(made, NOW + MINUTE)
    assert before.deadline == NOW + 30 * MINUTE
    submit_quiz.hand_in(member.id, before.id, NOW + 2 * MINUTE)
    later = submit_quiz.start(quiz, member, NOW + 3 * MINUTE)
    assert later.deadline == NOW + 33 * MINUTE


def test_a_grant_that_was_broken_off_gives_nothing_more_once_it_is_taken_back(
    tree: dict[str, Unit], quiz: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "BATCH", 2)
    attempts = [sits(quiz, tree["B1"]) for _n in range(5)]
    made = grant_time.grant(SYSTEM, Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW + MINUTE)
    db.session.commit()
    monkeypatch.setattr(grants.next_batch, "__defaults__", (2,))
    grant_time.carry_out(made.id, NOW + MINUTE, batches=1)
    assert take(made, NOW + 2 * MINUTE).attempts == 2
    grant_time.carry_out_waiting(NOW + 3 * MINUTE)
    db.session.expire_all()
    assert {one.deadline for one in attempts} == {NOW + 30 * MINUTE}
    assert grants.waiting() == []


def test_the_clock_goes_on_with_what_was_not_taken_yet(tree: dict[str, Unit], quiz: Quiz) -> None:
    attempt = sits(quiz, tree["B1"])
    made = given(Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW + MINUTE)
    grant_time.take_back(SYSTEM, made, "The wrong branch", NOW + 2 * MINUTE)
    db.session.commit()
    assert taken_back.waiting(NOW + 3 * MINUTE) == [made.id]
    grant_time.carry_out_waiting(NOW + 3 * MINUTE)
    db.session.expire_all()
    assert attempt.deadline == NOW + 30 * MINUTE
    assert taken_back.waiting(NOW + 3 * MINUTE) == []


def test_it_is_taken_back_once_and_with_a_reason(tree: dict[str, Unit], quiz: Quiz) -> None:
    made = given(Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW)
    for reason in ("  ", "x" * 501):
        with pytest.raises(Refused):
            grant_time.take_back(SYSTEM, made, reason, NOW)
    take(made, NOW)
    with pytest.raises(Conflict, match="already"):
        grant_time.take_back(SYSTEM, made, "Again", NOW)


def test_giving_and_taking_back_at_once_leaves_nobody_with_the_time(
    app: Flask, tree: dict[str, Unit], quiz: Quiz
) -> None:
    attempts = [sits(quiz, tree["B1"]) for _n in range(6)]
    keys = [(one.member_id, one.id) for one in attempts]
    made = grant_time.grant(SYSTEM, Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW)
    grant_id = made.id
    db.session.commit()

    def act(n: int) -> None:
        if n == 1:
            grant_time.take_back(SYSTEM, db.session.get_one(TimeGrant, grant_id), "No", NOW)
            db.session.commit()
            grant_time.carry_back(grant_id, NOW)
        else:
            grant_time.carry_out(grant_id, NOW)

    assert [one for one in at_once(app, act, 4) if isinstance(one, Exception)] == []
    grant_time.carry_out_waiting(NOW)
    db.session.expire_all()
    for key in keys:
        found = db.session.get_one(Attempt, key)
        assert (found.deadline, found.extra_seconds) == (NOW + 30 * MINUTE, 0)


def test_who_might_give_it_may_take_it_back_and_nobody_else(tree: dict[str, Unit], quiz: Quiz) -> None:
    made = given(Wish(TEN, "Power cut", unit=tree["B1"], quiz=quiz), NOW)
    reach = {
        "secretary above": new_staff(Role.SECRETARY, tree["HQ"]),
        "secretary there": new_staff(Role.SECRETARY, tree["B1"]),
        "author": new_staff(Role.INSTRUCTOR, tree["HQ"]),
        "secretary elsewhere": new_staff(Role.SECRETARY, tree["B2"]),
        "author below": new_staff(Role.INSTRUCTOR, tree["B1"]),
        "member": new_member(tree["B1"]),
    }
    db.session.commit()
    may = set()
    for name, member in reach.items():
        scope = scope_of(member.id, NOW)
        try:
            assert taken_back.find(scope, made.id).id == made.id
            may.add(name)
        except NotFound:
            assert taken_back.last(scope, 5) == []
    assert may == {"secretary above", "secretary there", "author"}


def test_an_erased_member_is_not_named_in_why_time_was_taken_back(tree: dict[str, Unit], quiz: Quiz) -> None:
    secretary, member = new_staff(Role.ADMINISTRATOR, tree["HQ"]), new_member(tree["B1"], "Zhao Liujie")
    submit_quiz.start(quiz, member, NOW)
    made = given(Wish(TEN, "Power cut", member_id=member.id, quiz=quiz), NOW)
    take(made, NOW, reason="Zhao Liujie was not there")
    db.session.commit()
    leave_organisation.leave(scope_of(secretary.id, NOW), Actor(secretary), member, NOW.date(), "moved", NOW)
    erase_member.erase(Actor(secretary), member, member.number, NOW + timedelta(days=1))
    db.session.expire_all()
    entry = db.session.scalars(select(GrantTakenBack)).one()
    assert "Zhao" not in entry.reason
    assert entry.redacted_by is not None


# Where each question has its own time


@pytest.fixture
def timed(tree: dict[str, Unit]) -> Attempt:
    """Two minutes for each question, one a page; the first one is shown."""
    settings = {"navigation": "sequential", "questions_per_page": 1, "question_seconds": 120}
    attempt = sits(new_quiz(tree["HQ"], time_limit_seconds=None, **settings), tree["B1"])
    db.session.commit()
    submit_quiz.show(submit_quiz.look_at(attempt.member_id, attempt.id, NOW), NOW)
    db.session.commit()
    return attempt


def test_a_page_goes_back_to_its_own_time(tree: dict[str, Unit], timed: Attempt) -> None:
    made = given(Wish(TEN, "Power cut", unit=tree["B1"]), NOW + MINUTE / 2)
    kept = given(Wish(60, "The chair broke", member_id=timed.member_id), NOW + MINUTE / 2)
    assert pace.page_ends(timed) == NOW + 13 * MINUTE
    done = take(made, NOW + MINUTE)
    assert (done.attempts, done.used) == (1, 0)
    assert (pace.page_ends(timed), timed.extra_seconds) == (NOW + 3 * MINUTE, 60)
    assert taken_back.of_grants([made.id, kept.id]).keys() == {made.id}


def test_what_a_page_has_used_of_its_time_is_kept(tree: dict[str, Unit], timed: Attempt) -> None:
    made = given(Wish(TEN, "Power cut", unit=tree["B1"]), NOW + MINUTE)
    now = NOW + 6 * MINUTE
    assert take(made, now).used == 1
    assert (pace.page_ends(timed), timed.extra_seconds) == (now + MINUTE, 5 * 60)


def test_time_of_a_page_that_was_left_is_used(tree: dict[str, Unit], timed: Attempt) -> None:
    made = given(Wish(TEN, "Power cut", unit=tree["B1"]), NOW + MINUTE)
    pace.go_on(attempts.find(timed.member_id, timed.id), 1)
    db.session.commit()
    submit_quiz.show(submit_quiz.look_at(timed.member_id, timed.id, NOW), NOW + 2 * MINUTE)
    db.session.commit()
    take(made, NOW + 2 * MINUTE)
    assert pace.page_ends(timed) == NOW + 4 * MINUTE
    entry = db.session.scalars(select(TimeTakenBack)).one()
    assert (entry.seconds, entry.kept) == (0, TEN)


def test_the_last_page_goes_back_too(tree: dict[str, Unit], timed: Attempt) -> None:
    for page in range(1, pace.pages_of(timed.layout)):
        pace.go_on(attempts.find(timed.member_id, timed.id), page)
        db.session.commit()
        submit_quiz.show(submit_quiz.look_at(timed.member_id, timed.id, NOW), NOW)
        db.session.commit()
    made = given(Wish(TEN, "Power cut", unit=tree["B1"]), NOW + MINUTE)
    assert timed.deadline == NOW + 12 * MINUTE
    take(made, NOW + MINUTE)
    assert (timed.deadline, timed.extra_seconds) == (NOW + 2 * MINUTE, 0)


def test_who_has_no_clock_does_not_hold_up_the_others(tree: dict[str, Unit]) -> None:
    quiz = new_quiz(tree["HQ"], time_limit_seconds=None)
    made = given(Wish(TEN, "Reads slowly", unit=tree["B1"], quiz=quiz, lasting=True), NOW)
    mine = [sits(quiz, tree["B1"]).id for _ in range(3)]
    db.session.commit()
    assert take(made, NOW + MINUTE).attempts == len(mine)
    assert grant_time.carry_back(made.id, NOW + MINUTE).attempts == 0
