"""Saving answers: nothing acknowledged is lost, nothing newer is overwritten."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.quizzes import answers, attempts, closing, late_answers, papers
from learnhub.quizzes.answers import Entry, Receipt, Refusal
from learnhub.quizzes.closing import ClosedBy
from learnhub.quizzes.models import AnswerVersion, Attempt
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import drafts, new_quiz, right, save, wrong
from tests.makers import new_member, new_unit


@pytest.fixture
def attempt(app: Flask, now: datetime) -> Attempt:
    """An open attempt of three single choices, ten minutes long."""
    unit = new_unit()
    started = attempts.start(new_quiz(unit, time_limit_seconds=600), new_member(unit), now)
    db.session.commit()
    return started


def held(attempt: Attempt) -> dict[int, Any]:
    return {slot: row.response for slot, row in answers.of_attempt(attempt.member_id, attempt.id).items()}


def versions(attempt: Attempt, *, late: bool = False) -> list[tuple[int, int, Any]]:
    rows = db.session.scalars(
        select(AnswerVersion)
        .where(AnswerVersion.attempt_id == attempt.id, AnswerVersion.late.is_(late))
        .order_by(AnswerVersion.id)
    )
    return [(row.slot, row.revision, row.response) for row in rows]


def test_a_save_gives_a_receipt_and_keeps_every_version(attempt: Attempt, now: datetime) -> None:
    first = save(attempt, 1, wrong(attempt, 1), now)
    second = save(attempt, 1, right(attempt, 1), now + timedelta(seconds=3), sequence=2, base=1)
    assert first == Receipt(1, 1, 1, now, deadline=attempt.deadline)
    assert second == Receipt(1, 2, 2, now + timedelta(seconds=3), deadline=attempt.deadline)
    assert held(attempt) == {1: right(attempt, 1)}
    assert versions(attempt) == [(1, 1, wrong(attempt, 1)), (1, 2, right(attempt, 1))]


def test_the_same_save_again_gives_the_same_receipt(attempt: Attempt, now: datetime) -> None:
    receipt = save(attempt, 1, right(attempt, 1), now)
    assert save(attempt, 1, right(attempt, 1), now + timedelta(seconds=9)) == receipt
    assert len(versions(attempt)) == 1


def test_saving_takes_three_statements(attempt: Attempt, now: datetime, statements: Callable[[], Any]) -> None:
    member_id, attempt_id = attempt.member_id, attempt.id
    responses = [wrong(attempt, 1, n) for n in range(3)]
    for n in range(1, 5):
        with statements() as seen:
            answers.save(member_id, attempt_id, 1, responses[n % 3], n, n - 1, now, now)
        assert len(seen) == 3, seen
        db.session.commit()


def test_who_saves_takes_one_connection_and_waits_for_no_second_one_with_the_lock(
    attempt: Attempt, now: datetime, at_most_connections: Callable[[int], Any]
) -> None:
    """Twelve writers that hold one each and wait for one who needs another would all wait until they are refused."""
    papers.asked.cache_clear()
    where = attempt.member_id, attempt.id, 1
    first, other = wrong(attempt, 1), right(attempt, 1)
    db.session.remove()
    with at_most_connections(1):
        assert answers.save(*where, first, 1, 0, None, now).revision == 1
        assert answers.save(*where, first, 1, 0, None, now).revision == 1
        assert answers.save(*where, other, 2, 1, None, now).revision == 2
        assert answers.save(*where, first, 1, 0, None, now).superseded
        with pytest.raises(Conflict, match="changed elsewhere"):
            answers.save(*where, first, 3, 1, None, now)


def test_every_kind_of_question_can_be_answered_and_cleared(app: Flask, now: datetime) -> None:
    unit = new_unit()
    attempt = attempts.start(new_quiz(unit, drafts(6)), new_member(unit), now)
    for slot in range(1, 7):
        save(attempt, slot, right(attempt, slot), now)
    assert held(attempt) == {slot: right(attempt, slot) for slot in range(1, 7)}
    for slot in range(1, 7):
        save(attempt, slot, {}, now, sequence=2, base=1)
    assert held(attempt) == {slot: {} for slot in range(1, 7)}


def test_e14_a_stale_tab_overwrites_nothing_not_by_blanks_either(attempt: Attempt, now: datetime) -> None:
    save(attempt, 1, right(attempt, 1), now)
    db.session.commit()
    for stale in (wrong(attempt, 1), {}):
        for sequence in (1, 2, 7):
            with pytest.raises(Conflict) as refusal:
                save(attempt, 1, stale, now, sequence=sequence, base=0)
            assert refusal.value.details["code"] == "stale"
            assert refusal.value.details["current"]["response"] == right(attempt, 1)
            assert refusal.value.details["current"]["revision"] == 1
            db.session.rollback()
    assert held(attempt) == {1: right(attempt, 1)}


def test_e14_the_same_answer_from_a_stale_tab_is_no_conflict(attempt: Attempt, now: datetime) -> None:
    save(attempt, 1, right(attempt, 1), now)
    again = save(attempt, 1, right(attempt, 1), now, sequence=5, base=0)
    assert (again.revision, again.superseded) == (1, False)


def test_e14_of_two_tabs_that_save_at_once_one_is_told(app: Flask, attempt: Attempt, now: datetime) -> None:
    member_id, attempt_id = attempt.member_id, attempt.id
    responses = [wrong(attempt, 1, n) for n in range(3)]

    def tab(n: int) -> Receipt:
        return answers.save(member_id, attempt_id, 1, responses[n], 1, 0, None, now)

    outcomes = at_once(app, tab, 3)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Conflict", "Receipt"]


def test_e15_late_and_doubled_packets_never_replace_a_newer_answer(attempt: Attempt, now: datetime) -> None:
    first, second = wrong(attempt, 1), right(attempt, 1)
    save(attempt, 1, first, now)
    save(attempt, 1, second, now, sequence=2, base=1)
    late = save(attempt, 1, first, now)
    assert (late.superseded, late.revision, late.sequence) == (True, 2, 2)
    with pytest.raises(Conflict):
        save(attempt, 1, wrong(attempt, 1, 2), now, sequence=1)
    assert held(attempt) == {1: second}


@pytest.mark.parametrize("seed", range(6))
def test_e15_the_highest_sequence_stands_whatever_the_network_does(app: Flask, now: datetime, seed: int) -> None:
    unit, chance = new_unit(), random.Random(seed)
    attempt = attempts.start(new_quiz(unit, 1), new_member(unit), now)
    packets: list[tuple[int, int, Any]] = []
    newest = taken = 0
    for sequence in range(1, 12):
        packets.append((sequence, taken, wrong(attempt, 1, chance.randrange(3))))
        for _again in range(chance.randrange(4)):
            number, base, response = chance.choice(packets)
            try:
                receipt = save(attempt, 1, response, now, sequence=number, base=base)
            except Conflict:
                continue
            if not receipt.superseded and receipt.sequence == number:
                newest, taken = max(newest, number), receipt.revision
            stands = answers.of_attempt(attempt.member_id, attempt.id)[1]
            assert stands.sequence == newest
            assert stands.response == next(r for n, _b, r in packets if n == newest)


def test_e04_the_grace_decides_by_arrival(attempt: Attempt, now: datetime) -> None:
    end = now + timedelta(minutes=10)
    save(attempt, 1, right(attempt, 1), end + timedelta(seconds=4))
    db.session.commit()
    with pytest.raises(Conflict) as refusal:
        save(attempt, 1, wrong(attempt, 1), end + timedelta(seconds=6), sequence=2, base=1)
    assert refusal.value.details == {"code": "closed"}
    assert held(attempt) == {1: right(attempt, 1)}
    assert versions(attempt, late=True) == []


def test_a_late_answer_is_kept_and_marked_late(attempt: Attempt, now: datetime) -> None:
    end = now + timedelta(minutes=10)
    save(attempt, 1, wrong(attempt, 1), now)
    db.session.commit()
    for _twice in range(2):
        with pytest.raises(Conflict):
            save(
                attempt,
                1,
                right(attempt, 1),
                end + timedelta(minutes=5),
                sequence=2,
                base=1,
                recorded_at=end - timedelta(seconds=1),
            )
    assert held(attempt) == {1: wrong(attempt, 1)}
    assert versions(attempt, late=True) == [(1, 0, right(attempt, 1))]
    assert late_answers.count(attempt.member_id, attempt.id) == 1
    closing.close(attempt.member_id, attempt.id, end + timedelta(minutes=6), ClosedBy.SWEEPER)
    assert attempts.find(attempt.member_id, attempt.id).score == 0


def test_e03_what_arrived_in_time_and_waited_past_the_close_is_kept(attempt: Attempt, now: datetime) -> None:
    end = now + timedelta(minutes=10)
    closing.close(attempt.member_id, attempt.id, end + timedelta(seconds=40), ClosedBy.SWEEPER)
    db.session.commit()
    with pytest.raises(Conflict):
        save(attempt, 2, right(attempt, 2), end - timedelta(seconds=1))
    assert versions(attempt, late=True) == [(2, 0, right(attempt, 2))]


def test_what_comes_after_the_hand_in_is_neither_counted_nor_kept(attempt: Attempt, now: datetime) -> None:
    closing.close(attempt.member_id, attempt.id, now, ClosedBy.MEMBER)
    db.session.commit()
    later = now + timedelta(minutes=1)
    with pytest.raises(Conflict):
        save(attempt, 1, right(attempt, 1), later, recorded_at=later)
    assert versions(attempt, late=True) == []


def test_responses_that_belong_to_no_such_question_are_refused(attempt: Attempt, now: datetime) -> None:
    for response in ({"choice": "nokey"}, {"text": "x"}, ["a"], "right", 7, {"choice": {"a": 1}}):
        with pytest.raises(Refused):
            save(attempt, 1, response, now)
    for slot in (0, 4, -1):
        with pytest.raises(NotFound):
            save(attempt, slot, {}, now)
    for sequence, base in ((0, 0), (-1, 0), (2**60, 0), (1, -1)):
        with pytest.raises(Refused):
            save(attempt, 1, {}, now, sequence=sequence, base=base)


def test_nobody_saves_into_the_attempt_of_another(attempt: Attempt, now: datetime) -> None:
    with pytest.raises(NotFound):
        answers.save(attempt.member_id + 1, attempt.id, 1, {}, 1, None, None, now)


def test_several_answers_that_waited_are_judged_one_by_one(attempt: Attempt, now: datetime) -> None:
    save(attempt, 1, right(attempt, 1), now)
    outcomes = answers.save_many(
        attempt.member_id,
        attempt.id,
        [
            Entry(1, wrong(attempt, 1), 3),
            Entry(2, right(attempt, 2), 1),
            Entry(3, {"choice": "?"}, 1),
            Entry(9, {}, 1),
        ],
        now,
    )
    codes = [one.code if isinstance(one, Refusal) else one.revision for one in outcomes]
    assert codes == ["stale", 1, "refused", "refused"]
    assert held(attempt) == {1: right(attempt, 1), 2: right(attempt, 2)}
