"""Closing an attempt: once, with everything that was acknowledged."""

from __future__ import annotations

import copy
import json
import random
import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound
from learnhub.quizzes import answers, attempts, closing, overdue, papers
from learnhub.quizzes.closing import ClosedBy
from learnhub.quizzes.models import Attempt
from question_bank import authoring
from question_bank.models import Question
from tests.learnhub.quizzes.sitting import drafts, new_quiz, right, save, single, wrong
from tests.makers import new_member, new_unit


@pytest.fixture
def attempt(app: Flask, now: datetime) -> Attempt:
    """An open attempt of six questions of every kind, ten minutes long."""
    unit = new_unit()
    return attempts.start(new_quiz(unit, drafts(6), time_limit_seconds=600), new_member(unit), now)


def close(attempt: Attempt, now: datetime, by: ClosedBy = ClosedBy.MEMBER) -> Any:
    done = closing.close(attempt.member_id, attempt.id, now, by)
    db.session.refresh(attempt)
    return done


def test_a_closed_attempt_has_its_marks_per_question(attempt: Attempt, now: datetime) -> None:
    for slot in (1, 2, 3):
        save(attempt, slot, right(attempt, slot), now)
    save(attempt, 4, {"blanks": ["wrong"]}, now)
    marked = close(attempt, now + timedelta(minutes=1))
    assert marked.unmarked == []
    assert (attempt.score, attempt.full_marks, attempt.passed) == (3000, 6000, False)
    assert [one["correctness"] for one in attempt.marks] == ["right"] * 3 + ["wrong", "blank", "blank"]
    assert (attempt.closed_by, attempt.submitted_at) == ("member", now + timedelta(minutes=1))


def test_the_second_close_does_nothing(attempt: Attempt, now: datetime) -> None:
    assert close(attempt, now) is not None
    before = closing.receipt(attempt.member_id, attempt.id)
    assert close(attempt, now + timedelta(minutes=2)) is None
    assert closing.receipt(attempt.member_id, attempt.id) == before
    assert before.submitted_at == now


def test_the_receipt_names_the_number_of_answers_and_their_digest(attempt: Attempt, now: datetime) -> None:
    with pytest.raises(NotFound):
        closing.receipt(attempt.member_id, attempt.id)
    save(attempt, 1, right(attempt, 1), now)
    save(attempt, 2, {}, now)
    close(attempt, now)
    receipt = closing.receipt(attempt.member_id, attempt.id)
    assert (receipt.answers, receipt.digest) == (1, closing.digest({1: right(attempt, 1)}))


def test_the_whole_score_does_not_go_below_zero(app: Flask) -> None:
    layout = {"slots": [], "marking": "all_or_nothing", "pass_percent": 60}
    assert closing.mark_paper(layout, {}).score == 0


@pytest.mark.parametrize("by", [ClosedBy.SWEEPER, ClosedBy.REQUEST])
def test_nobody_but_the_member_closes_an_attempt_before_its_deadline(
    attempt: Attempt, now: datetime, by: ClosedBy
) -> None:
    assert close(attempt, now + timedelta(minutes=10), by) is None
    assert attempt.state == "open"


def test_e07_the_sweeper_closes_at_the_deadline_exactly(attempt: Attempt, now: datetime) -> None:
    save(attempt, 1, right(attempt, 1), now)
    end = now + timedelta(minutes=10)
    for waiting in (timedelta(seconds=5), timedelta(seconds=35)):
        assert overdue.find(end + waiting) == []
    assert overdue.find(end + timedelta(seconds=36)) == [(attempt.member_id, attempt.id)]
    close(attempt, end + timedelta(seconds=50), ClosedBy.SWEEPER)
    assert (attempt.submitted_at, attempt.closed_by, attempt.score) == (end, "sweeper", 1000)
    assert overdue.find(end + timedelta(hours=1)) == []


def test_a_hand_in_within_the_grace_is_the_clocks_and_dated_at_the_deadline(attempt: Attempt, now: datetime) -> None:
    end = now + timedelta(minutes=10)
    close(attempt, end + timedelta(seconds=3))
    assert (attempt.submitted_at, attempt.closed_by) == (end, "request")


def test_a_hand_in_that_comes_too_late_closes_as_a_request(attempt: Attempt, now: datetime) -> None:
    end = now + timedelta(minutes=10)
    close(attempt, end + timedelta(seconds=9))
    assert (attempt.submitted_at, attempt.closed_by) == (end, "request")


def test_e08_an_attempt_with_a_lost_question_is_closed_and_reported(attempt: Attempt, now: datetime) -> None:
    for slot in range(1, 7):
        save(attempt, slot, right(attempt, slot), now)
    damaged = {**attempt.layout, "slots": [dict(one) for one in attempt.layout["slots"]]}
    damaged["slots"][2]["version"] = "17"
    attempt.layout = damaged
    db.session.flush()
    marked = close(attempt, now)
    assert marked.unmarked == [3]
    assert (attempt.state, attempt.score) == ("closed", 5000)
    assert attempt.marks[2] == {"mark": 0, "correctness": "unmarked"}


def test_marking_again_gives_the_same_marks(attempt: Attempt, now: datetime) -> None:
    given = {slot: right(attempt, slot) for slot in (1, 3, 5)}
    assert closing.mark_paper(attempt.layout, given) == closing.mark_paper(attempt.layout, given)


@pytest.mark.slow
def test_e13_every_acknowledged_save_is_in_what_was_marked(app: Flask, now: datetime) -> None:
    """Three windows save as fast as they can while a fourth hands in, over many attempts."""
    unit, chance = new_unit(), random.Random(13)
    quiz = new_quiz(unit, 2, attempts_allowed=None)
    open_: list[tuple[int, int, list[Any]]] = []
    for _n in range(150):
        attempt = attempts.start(quiz, new_member(unit), now)
        open_.append((attempt.member_id, attempt.id, [wrong(attempt, 1, n) for n in range(3)]))
    db.session.commit()
    acknowledged: dict[int, list[tuple[int, Any]]] = {attempt_id: [] for _m, attempt_id, _r in open_}
    busy: list[BaseException] = []

    def run(work: Any) -> None:
        with app.app_context():
            for one in open_:
                gates[one[1]].wait(60)
                try:
                    work(*one)
                except BaseException as error:
                    busy.append(error)
                    gates[one[1]].abort()
                finally:
                    db.session.rollback()
            db.session.remove()

    def window(slot: int) -> Any:
        def saves(member_id: int, attempt_id: int, responses: list[Any]) -> None:
            revision = 0
            for sequence in range(1, 9):
                response = responses[sequence % 3] if slot == 1 else {}
                try:
                    got = answers.save(member_id, attempt_id, slot, response, sequence, revision, None, now)
                    db.session.commit()
                except Conflict as over:
                    if over.details["code"] == "closed":
                        return
                    raise
                except OperationalError:
                    db.session.rollback()
                    return
                revision = got.revision
                acknowledged[attempt_id].append((slot, revision))

        return saves

    def hand_in(member_id: int, attempt_id: int, _responses: list[Any]) -> None:
        after, patience = chance.randrange(14), time.monotonic() + 1
        while len(acknowledged[attempt_id]) < after and time.monotonic() < patience:
            time.sleep(0.0001)
        closing.close(member_id, attempt_id, now, ClosedBy.MEMBER)
        db.session.commit()

    gates = {attempt_id: threading.Barrier(3) for _m, attempt_id, _r in open_}
    threads = [threading.Thread(target=run, args=(work,)) for work in (window(1), window(2), hand_in)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert busy == []
    raced = 0
    for member_id, attempt_id, _responses in open_:
        attempt = attempts.find(member_id, attempt_id)
        held = answers.of_attempt(member_id, attempt_id)
        for slot in (1, 2):
            newest = max((revision for one, revision in acknowledged[attempt_id] if one == slot), default=0)
            assert (held[slot].revision if slot in held else 0) == newest
        assert attempt.digest == closing.digest({slot: row.response for slot, row in held.items()})
        raced += 0 < len(acknowledged[attempt_id]) < 16
    assert raced > 5, "the race was none: every window was done before the hand-in"


def test_g01_the_same_paper_and_answers_give_the_same_marks_whenever_and_by_whomever(
    app: Flask, attempt: Attempt, now: datetime
) -> None:
    responses = {
        1: right(attempt, 1),
        2: right(attempt, 2),
        3: {"choice": "true"},
        5: {"text": "3.0"},
        6: {"text": "x"},
    }
    for slot, response in responses.items():
        save(attempt, slot, response, now)
    layout, asked = copy.deepcopy(attempt.layout), copy.deepcopy(responses)
    first = closing.mark_paper(layout, responses)
    assert (layout, responses) == (attempt.layout, asked), "marking changes nothing that it is given"
    question = db.session.get_one(Question, papers.slot_of(layout, 1).question_id)
    authoring.revise(question, single(99), now + timedelta(days=900))
    random.seed(4)
    as_stored = json.loads(json.dumps(layout, sort_keys=True))
    assert closing.mark_paper(as_stored, dict(reversed(responses.items()))) == first
    close(attempt, now + timedelta(minutes=9))
    assert (attempt.score, attempt.passed, attempt.marks) == (first.score, first.passed, first.marks)
    assert first.score not in (0, attempt.full_marks), "a score that tells something"


def test_g06_scores_are_whole_thousandths_where_they_are_reckoned_and_where_they_lie(
    attempt: Attempt, now: datetime
) -> None:
    for slot in range(1, 6):
        save(attempt, slot, right(attempt, slot), now)
    layout = {**attempt.layout, "marking": "per_option"}
    layout["slots"] = [{**slot, "mark": 333} for slot in layout["slots"]]
    partly = {2: {"choices": right(attempt, 2)["choices"][:1]}, 1: right(attempt, 1)}
    found = closing.mark_paper(layout, partly)
    assert 0 < found.marks[1]["mark"] < 333, "half of an odd number"
    close(attempt, now)
    for marks in (found.marks, attempt.marks):
        assert {type(one["mark"]) for one in marks} == {int}
    assert {type(found.score), type(attempt.score), type(attempt.full_marks)} == {int}
