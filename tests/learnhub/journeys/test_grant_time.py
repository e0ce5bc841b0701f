"""More time: for one, for a branch, after a power cut; nobody twice, nothing lost, the points right in the end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM
from learnhub.identity.models import Member
from learnhub.journeys import grant_time, quiz_rewards, submit_quiz
from learnhub.journeys.grant_time import Wish
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.notices.models import Notice
from learnhub.organisations.models import Unit
from learnhub.points import rules
from learnhub.points.models import Balance, LedgerEntry
from learnhub.quizzes import answers, attempts, grants, pace
from learnhub.quizzes.models import Attempt, AttemptState, GrantedTime, Quiz
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import answer_all, new_quiz, right, save, wrong
from tests.makers import JOINED, NOW, new_member, small_tree

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


def grant(wish: Wish, now: datetime) -> grant_time.Done:
    """Ask for it, and carry it out."""
    made = grant_time.grant(SYSTEM, wish, now)
    db.session.commit()
    done = grant_time.carry_out(made.id, now)
    db.session.expire_all()
    return done


def points(member_id: int) -> int:
    return db.session.scalar(select(func.sum(LedgerEntry.points)).where(LedgerEntry.member_id == member_id)) or 0


def test_e21_ten_minutes_for_one_move_one_deadline_and_stand_in_the_trail(tree: dict[str, Unit], quiz: Quiz) -> None:
    one, other = sits(quiz, tree["B1"]), sits(quiz, tree["B1"])
    done = grant(Wish(TEN, "The chair broke", member_id=one.member_id, quiz=quiz), NOW + 5 * MINUTE)
    assert (done.moved, done.reopened) == (1, 0)
    assert (one.deadline, one.extra_seconds) == (NOW + 40 * MINUTE, TEN)
    assert (other.deadline, other.extra_seconds) == (NOW + 30 * MINUTE, 0)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "time.granted")).one()
    assert entry.details["reason"] == "The chair broke"
    assert save(one, 1, right(one, 1), NOW + 39 * MINUTE).revision == 1


def test_e02_time_stops_at_the_close_unless_the_grant_may_pass_it(tree: dict[str, Unit], quiz: Quiz) -> None:
    late = sits(quiz, tree["B1"], NOW + 28 * MINUTE)
    grant(Wish(TEN, "Power", member_id=late.member_id, quiz=quiz), NOW + 30 * MINUTE)
    assert late.deadline == NOW + 60 * MINUTE
    grant(Wish(TEN, "Power", member_id=late.member_id, quiz=quiz, may_pass_close=True), NOW + 30 * MINUTE)
    assert late.deadline == NOW + 70 * MINUTE
    assert quiz.closed_for_all_at == NOW + 70 * MINUTE
    grant(Wish(TEN, "Power", member_id=late.member_id, quiz=quiz, may_pass_close=True), NOW + 30 * MINUTE)
    assert late.deadline == NOW + 58 * MINUTE + 3 * 10 * MINUTE - 8 * MINUTE


def test_e23_an_incident_moves_a_whole_branch_by_one_act_in_batches_that_can_break_off(
    tree: dict[str, Unit], quiz: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit = [sits(quiz, tree["B1"] if n % 2 else tree["B1a"]) for n in range(7)]
    spared = sits(quiz, tree["B2"])
    monkeypatch.setattr(grants, "BATCH", 3)
    monkeypatch.setattr(grants.next_batch, "__defaults__", (3,))
    made = grant_time.grant(SYSTEM, Wish(TEN, "Power cut 14:05–14:20", unit=tree["B1"]), NOW + MINUTE)
    db.session.commit()
    assert grant_time.carry_out(made.id, NOW + MINUTE, batches=1).moved == 3
    assert grants.waiting() == [made.id]
    assert grant_time.carry_out_waiting(NOW + 2 * MINUTE).moved == 4
    assert grants.waiting() == []
    db.session.expire_all()
    assert {one.deadline for one in hit} == {NOW + 40 * MINUTE}
    assert spared.deadline == NOW + 30 * MINUTE
    assert grant_time.carry_out(made.id, NOW + 3 * MINUTE).moved == 0
    assert (
        db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "time.granted")) == 1
    )
    assert grants.counts([made.id]) == {made.id: (7, 0)}


def test_a_batch_that_fails_moves_nobody_of_it(
    tree: dict[str, Unit], quiz: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit = [sits(quiz, tree["B1"]) for _n in range(3)]
    made = grant_time.grant(SYSTEM, Wish(TEN, "Power cut", unit=tree["B1"]), NOW + MINUTE)
    db.session.commit()
    real, calls = grants.apply, iter([True, False])

    def falters(*args: object) -> object:
        if not next(calls):
            raise RuntimeError("the plug is pulled")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(grants, "apply", falters)
    with pytest.raises(RuntimeError):
        grant_time.carry_out(made.id, NOW + MINUTE)
    db.session.expire_all()
    assert {one.deadline for one in hit} == {NOW + 30 * MINUTE}
    monkeypatch.setattr(grants, "apply", real)
    assert grant_time.carry_out_waiting(NOW + MINUTE).moved == 3


def test_lasting_time_is_there_when_a_later_attempt_begins(tree: dict[str, Unit], quiz: Quiz) -> None:
    member = new_member(tree["B1a"])
    grant(Wish(300, "Reads slowly", member_id=member.id, lasting=True), NOW)
    grant(Wish(TEN, "Old computers", unit=tree["B1"], quiz=quiz, lasting=True, may_pass_close=True), NOW)
    grant(Wish(3600, "Only those who sit now", unit=tree["B1"]), NOW)
    attempt = submit_quiz.start(quiz, member, NOW + 10 * MINUTE)
    assert (attempt.extra_seconds, attempt.past_close_seconds) == (900, TEN)
    assert attempt.deadline == NOW + 55 * MINUTE
    assert [one.reason for one in grants.of_attempt(attempt)] == ["Reads slowly", "Old computers"]
    assert submit_quiz.start(quiz, new_member(tree["B2"]), NOW + 10 * MINUTE).extra_seconds == 0


def overdue(quiz: Quiz, unit: Unit) -> Attempt:
    """An attempt that its clock ended, passed with two of three answers, and paid."""
    attempt = sits(quiz, unit)
    for slot in (1, 2):
        save(attempt, slot, right(attempt, slot), NOW + MINUTE)
    db.session.commit()
    submit_quiz.close_overdue(NOW + 31 * MINUTE)
    db.session.expire_all()
    assert (attempt.state, attempt.passed) == (AttemptState.CLOSED, True)
    return attempt


@pytest.fixture
def closed(tree: dict[str, Unit], quiz: Quiz) -> Attempt:
    return overdue(quiz, tree["B1"])


def incident(unit: Unit, **more: object) -> Wish:
    return Wish(TEN, "Power cut", unit=unit, reopens_from=NOW + 20 * MINUTE, **more)  # type: ignore[arg-type]


def test_e22_time_after_the_automatic_close_opens_the_attempt_with_its_answers_and_pays_once(
    tree: dict[str, Unit], quiz: Quiz, closed: Attempt
) -> None:
    before = points(closed.member_id)
    assert before > 0
    done = grant(incident(tree["B1"]), NOW + 33 * MINUTE)
    assert (done.moved, done.reopened) == (1, 1)
    assert (closed.state, closed.deadline, closed.score, closed.reopened) == ("open", NOW + 40 * MINUTE, None, 1)
    assert points(closed.member_id) == 0
    held = answers.of_attempt(closed.member_id, closed.id)
    assert {slot: one.response for slot, one in held.items()} == {1: right(closed, 1), 2: right(closed, 2)}
    save(closed, 3, right(closed, 3), NOW + 35 * MINUTE)
    receipt = submit_quiz.hand_in(closed.member_id, closed.id, NOW + 36 * MINUTE)
    assert receipt.answers == 3
    assert points(closed.member_id) == before
    kinds = db.session.scalars(
        select(LedgerEntry.kind).where(LedgerEntry.member_id == closed.member_id).order_by(LedgerEntry.sequence)
    ).all()
    assert sorted(kinds) == sorted(2 * ["quiz_handed_in", "quiz_passed", "reversal"])
    assert db.session.scalar(select(Balance.points).where(Balance.member_id == closed.member_id).limit(1)) == before
    notice = db.session.scalars(select(Notice).where(Notice.source.startswith("time:"))).one()
    assert notice.path == f"/attempts/{closed.id}"


def test_a_pass_that_is_lost_after_the_reopening_is_not_paid(tree: dict[str, Unit], closed: Attempt) -> None:
    grant(incident(tree["B1"]), NOW + 33 * MINUTE)
    for slot in (1, 2):
        save(closed, slot, wrong(closed, slot), NOW + 34 * MINUTE, sequence=2, base=1)
    db.session.commit()
    submit_quiz.close_overdue(NOW + 41 * MINUTE)
    db.session.expire_all()
    assert closed.passed is False
    assert quiz_rewards._paid(closed, "quiz_passed", f"quiz:{closed.quiz_id}") == []
    assert points(closed.member_id) == 1


def test_what_came_too_late_counts_once_the_time_was_granted(tree: dict[str, Unit], closed: Attempt) -> None:
    with pytest.raises(Conflict):
        save(closed, 3, right(closed, 3), NOW + 32 * MINUTE, recorded_at=NOW + 29 * MINUTE)
    with pytest.raises(Conflict):
        save(closed, 1, wrong(closed, 1), NOW + 32 * MINUTE, sequence=2, base=0, recorded_at=NOW + 29 * MINUTE)
    grant(incident(tree["B1"]), NOW + 33 * MINUTE)
    held = answers.of_attempt(closed.member_id, closed.id)
    assert held[3].response == right(closed, 3)
    assert held[1].response == right(closed, 1), "it was made without knowing of the answer that stands"
    assert [one.late for one in answers.versions(closed.member_id, closed.id, 3)] == [False, True]


def test_what_came_too_late_counts_also_if_nobody_had_closed_the_attempt_yet(tree: dict[str, Unit], quiz: Quiz) -> None:
    attempt = sits(quiz, tree["B1"])
    db.session.commit()
    with pytest.raises(Conflict):
        save(attempt, 1, right(attempt, 1), NOW + 31 * MINUTE, recorded_at=NOW + 29 * MINUTE)
    done = grant(Wish(TEN, "Power cut", unit=tree["B1"]), NOW + 31 * MINUTE)
    assert (done.moved, done.reopened, attempt.deadline) == (1, 0, NOW + 40 * MINUTE)
    assert answers.of_attempt(attempt.member_id, attempt.id)[1].response == right(attempt, 1)


def test_time_moves_the_end_of_a_last_question_that_has_its_own(tree: dict[str, Unit]) -> None:
    timed = {"navigation": "sequential", "questions_per_page": 3, "question_seconds": 20}
    for limit, closes, ends in ((None, None, 120), (600, None, 120), (None, 90, 90)):
        closes_at = closes and NOW + timedelta(seconds=closes)
        attempt = sits(new_quiz(tree["HQ"], time_limit_seconds=limit, closes_at=closes_at, **timed), tree["B1"])
        db.session.commit()
        attempt = submit_quiz.show(submit_quiz.look_at(attempt.member_id, attempt.id, NOW), NOW)
        assert attempt.deadline == NOW + MINUTE
        grant(Wish(60, "Power cut", member_id=attempt.member_id), NOW + MINUTE / 2)
        assert attempt.deadline == NOW + timedelta(seconds=ends)


TIMED = {"navigation": "sequential", "questions_per_page": 1, "question_seconds": 20}


def on_its_page(quiz: Quiz, unit: Unit, page: int = 1) -> Attempt:
    """An attempt whose questions have twenty seconds each, on a page that is shown from now on."""
    attempt = sits(quiz, unit)
    db.session.commit()
    for here in range(1, page + 1):
        submit_quiz.show(submit_quiz.look_at(attempt.member_id, attempt.id, NOW), NOW)
        if here < page:
            pace.go_on(attempts.find(attempt.member_id, attempt.id), here)
            db.session.commit()
        db.session.commit()
    return attempts.find(attempt.member_id, attempt.id)


def test_time_makes_the_page_longer_whose_questions_have_their_own_and_no_other(tree: dict[str, Unit]) -> None:
    for limit in (None, 600):
        attempt = on_its_page(new_quiz(tree["HQ"], time_limit_seconds=limit, **TIMED), tree["B1"])
        done = grant(Wish(60, "Power cut", member_id=attempt.member_id), NOW + 10 * SECOND)
        assert (done.moved, attempt.deadline) == (1, limit and NOW + 660 * SECOND)
        assert pace.page_ends(attempt) == NOW + 80 * SECOND
        assert attempts.clock(attempt.member_id, attempt.id).page_extra_seconds == 60
        assert save(attempt, 1, right(attempt, 1), NOW + 79 * SECOND).revision == 1
        db.session.commit()
        pace.go_on(attempts.find(attempt.member_id, attempt.id), 1)
        db.session.commit()
        submit_quiz.show(submit_quiz.look_at(attempt.member_id, attempt.id, NOW), NOW + 80 * SECOND)
        assert pace.page_ends(attempts.find(attempt.member_id, attempt.id)) == NOW + 100 * SECOND


def test_an_answer_to_a_page_whose_time_was_over_counts_when_the_page_is_given_more(tree: dict[str, Unit]) -> None:
    attempt = on_its_page(new_quiz(tree["HQ"], time_limit_seconds=None, **TIMED), tree["B1"])
    with pytest.raises(Refused, match="time for this question"):
        save(attempt, 1, right(attempt, 1), NOW + 40 * SECOND, recorded_at=NOW + 19 * SECOND)
    grant(Wish(60, "Power cut", unit=tree["B1"]), NOW + 45 * SECOND)
    assert answers.of_attempt(attempt.member_id, attempt.id)[1].response == right(attempt, 1)
    shown = submit_quiz.show(submit_quiz.look_at(attempt.member_id, attempt.id, NOW), NOW + 50 * SECOND)
    assert shown.page == 1, "its member is still there"


def test_who_begins_with_extra_time_has_a_part_of_it_for_each_question(tree: dict[str, Unit]) -> None:
    quiz = new_quiz(tree["HQ"], time_limit_seconds=None, **TIMED)
    grant(Wish(62, "Reads slowly", unit=tree["B1"], quiz=quiz, lasting=True), NOW)
    slow, quick = on_its_page(quiz, tree["B1"]), on_its_page(quiz, tree["B2"])
    part = -(-62 // len(slow.layout["slots"]))
    assert pace.page_ends(slow) == NOW + (20 + part) * SECOND
    assert pace.page_ends(quick) == NOW + 20 * SECOND


def test_who_is_between_two_pages_has_no_clock_that_could_be_longer(tree: dict[str, Unit]) -> None:
    attempt = sits(new_quiz(tree["HQ"], time_limit_seconds=None, **TIMED), tree["B1"])
    db.session.commit()
    assert grant(Wish(60, "Power cut", unit=tree["B1"]), NOW).moved == 0
    assert attempt.extra_seconds == 0


def test_a_pass_that_was_taken_back_is_paid_when_a_later_attempt_passes(tree: dict[str, Unit], closed: Attempt) -> None:
    quiz, member = db.session.get_one(Quiz, closed.quiz_id), db.session.get_one(Member, closed.member_id)
    grant(incident(tree["B1"]), NOW + 33 * MINUTE)
    for slot in (1, 2):
        save(closed, slot, wrong(closed, slot), NOW + 34 * MINUTE, sequence=2, base=1)
    submit_quiz.hand_in(member.id, closed.id, NOW + 35 * MINUTE)
    assert points(member.id) == 1
    for at, paid in ((36, 7), (38, 8)):
        again = submit_quiz.start(quiz, member, NOW + at * MINUTE)
        answer_all(again, member, NOW + at * MINUTE)
        submit_quiz.hand_in(member.id, again.id, NOW + (at + 1) * MINUTE)
        assert points(member.id) == paid, "once, whatever passes after it"


def test_the_clock_pays_a_pass_that_was_taken_back_too(tree: dict[str, Unit], closed: Attempt) -> None:
    quiz, member = db.session.get_one(Quiz, closed.quiz_id), db.session.get_one(Member, closed.member_id)
    grant(incident(tree["B1"]), NOW + 33 * MINUTE)
    for slot in (1, 2):
        save(closed, slot, wrong(closed, slot), NOW + 34 * MINUTE, sequence=2, base=1)
    submit_quiz.hand_in(member.id, closed.id, NOW + 35 * MINUTE)
    for minutes, paid in ((36, 7), (70, 8)):
        quiz.closes_at = NOW + 200 * MINUTE
        again = submit_quiz.start(quiz, member, NOW + minutes * MINUTE)
        answer_all(again, member, NOW + minutes * MINUTE)
        db.session.commit()
        assert submit_quiz.close_overdue(NOW + (minutes + 31) * MINUTE).closed == 1
        assert points(member.id) == paid


def test_who_handed_in_or_began_again_stays_closed(tree: dict[str, Unit], quiz: Quiz) -> None:
    done = sits(quiz, tree["B1"])
    submit_quiz.hand_in(done.member_id, done.id, NOW + 25 * MINUTE)
    again = overdue(quiz, tree["B1"])
    member = db.session.get_one(Member, again.member_id)
    second = submit_quiz.start(quiz, member, NOW + 32 * MINUTE)
    outcome = grant(incident(tree["B1"]), NOW + 33 * MINUTE)
    assert (outcome.moved, outcome.reopened) == (1, 0)
    assert (done.state, again.state, second.deadline) == ("closed", "closed", NOW + 60 * MINUTE)


def test_time_that_is_over_already_opens_nothing(tree: dict[str, Unit], closed: Attempt) -> None:
    outcome = grant(incident(tree["B1"]), NOW + 55 * MINUTE)
    assert (outcome.moved, outcome.reopened, closed.state) == (1, 0, "closed")
    assert points(closed.member_id) > 0


@pytest.mark.parametrize(
    "wish",
    [
        {"seconds": TEN, "reason": "  "},
        {"seconds": 0, "reason": "x"},
        {"seconds": 90_000, "reason": "x"},
        {"seconds": TEN, "reason": "x" * 501},
        {"seconds": TEN, "reason": "x", "reopens_from": NOW + MINUTE},
    ],
)
def test_a_grant_without_sense_is_refused(tree: dict[str, Unit], wish: dict[str, object]) -> None:
    with pytest.raises(Refused):
        grant_time.grant(SYSTEM, Wish(unit=tree["B1"], **wish), NOW)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="one member or for one unit"):
        grant_time.grant(SYSTEM, Wish(TEN, "x"), NOW)


@pytest.mark.slow
def test_e21_grants_hand_ins_and_saves_at_once_give_each_attempt_its_time_once(
    app: Flask, tree: dict[str, Unit], quiz: Quiz
) -> None:
    sitting = [sits(quiz, tree["B1"]) for _n in range(6)]
    keys = [(one.member_id, one.id) for one in sitting]
    response = right(sitting[0], 1)
    made = grant_time.grant(SYSTEM, Wish(TEN, "Power cut", unit=tree["B1"]), NOW + MINUTE)
    ids = made.id

    def work(n: int) -> None:
        member_id, attempt_id = keys[n % 6]
        if n < 6:
            grant_time.carry_out(ids, NOW + 2 * MINUTE)
        elif n < 12:
            answers.save(member_id, attempt_id, 1, response, 1, None, None, NOW + 2 * MINUTE)
        elif n % 2:
            submit_quiz.hand_in(member_id, attempt_id, NOW + 2 * MINUTE)

    at_once(app, work, 18)
    grant_time.carry_out(ids, NOW + 3 * MINUTE)
    db.session.expire_all()
    for member_id, attempt_id in keys:
        attempt = attempts.find(member_id, attempt_id)
        had = db.session.scalar(
            select(func.count()).select_from(GrantedTime).where(GrantedTime.attempt_id == attempt_id)
        )
        assert attempt.extra_seconds == TEN * (had or 0)
        assert attempt.state == AttemptState.CLOSED or had == 1


def test_a_grant_for_every_quiz_is_had_by_the_open_one(tree: dict[str, Unit], quiz: Quiz) -> None:
    member = new_member(tree["B1"])
    attempt = submit_quiz.start(quiz, member, NOW)
    answer_all(attempt, member, NOW)
    grant(Wish(TEN, "Power", member_id=member.id), NOW + MINUTE)
    assert submit_quiz.hand_in(member.id, attempt.id, NOW + 35 * MINUTE).answers == 3
