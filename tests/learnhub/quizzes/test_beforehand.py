"""Papers drawn beforehand: given to their member once, only as long as they hold; seen and counted by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from learnhub import jobs
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations.models import Unit
from learnhub.quizzes import attempts, beforehand, catalogue, lobby, papers, results, seen, setup, windows
from learnhub.quizzes.beforehand import DrawnPaper
from learnhub.quizzes.models import Attempt, Quiz, QuizWindow
from question_bank import authoring
from question_bank.models import Bank, Question, QuestionState, QuestionTag
from tests.at_once import at_once
from tests.learnhub.quizzes.sitting import new_bank, new_quiz, single
from tests.makers import new_member, new_unit


@pytest.fixture
def unit(app: Flask) -> Unit:
    return new_unit()


@pytest.fixture
def bank(app: Flask) -> Bank:
    return new_bank([single(n) for n in range(12)])[0]


def drawn_quiz(unit: Unit, bank: Bank, now: datetime, *, exclude: int | None = None, **settings: Any) -> Quiz:
    blueprint = {"quotas": [{"count": 3}], "exclude_seen_days": exclude}
    paper = {"banks": [str(bank.id)], "blueprint": blueprint}
    return setup.create_quiz(unit, setup.Settings("Drawn", paper, **settings), now)


def wait(quiz: Quiz, member: Member, now: datetime) -> DrawnPaper:
    """Stand in the lobby until the paper is drawn."""
    lobby.arrive(quiz.id, member.id, now)
    db.session.commit()
    assert beforehand.draw_next(now) == 1
    return db.session.get_one(DrawnPaper, (member.id, quiz.id))


def asked(layout: dict[str, Any]) -> set[int]:
    return {slot.question_id for slot in papers.slots_of(layout)}


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_who_waits_starts_with_the_paper_that_was_drawn_and_has_all_the_time(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, member = drawn_quiz(unit, bank, now, time_limit_seconds=600), new_member(unit)
    drawn = wait(quiz, member, now)
    seed, questions = drawn.seed, {int(one["question"]) for one in drawn.questions}
    later = now + timedelta(minutes=3)
    attempt = attempts.start(quiz, member, later)
    assert (attempt.layout["seed"], asked(attempt.layout)) == (seed, questions)
    assert attempt.layout == papers.build(quiz, seed), "what the seed draws"
    assert (attempt.started_at, attempt.deadline) == (later, later + timedelta(minutes=10))
    assert count(DrawnPaper) == 0


def test_the_next_in_the_lobby_are_drawn_for_first_in_batches(
    app: Flask, unit: Unit, bank: Bank, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beforehand, "BATCH", 2)
    quiz, members = drawn_quiz(unit, bank, now), [new_member(unit) for _n in range(5)]
    for member in members:
        lobby.arrive(quiz.id, member.id, now)
    ids = [member.id for member in members]
    db.session.commit()
    assert beforehand.draw_next(now) == 2
    assert set(db.session.scalars(select(DrawnPaper.member_id))) == set(ids[:2])
    assert [beforehand.draw_next(now) for _n in range(3)] == [2, 1, 0]
    seeds = db.session.scalars(select(DrawnPaper.seed)).all()
    assert len(set(seeds)) == 5, "each has a draw of their own"


def test_a_paper_that_nobody_began_leaves_no_trace(app: Flask, unit: Unit, bank: Bank, now: datetime) -> None:
    quiz, member = drawn_quiz(unit, bank, now, exclude=7), new_member(unit)
    wait(quiz, member, now)
    assert count(Attempt) == 0
    assert attempts.all_of(member.id, quiz.id) == []
    assert seen.questions([member.id], now - timedelta(days=7)) == {member.id: frozenset()}
    assert results.count(quiz, select(Unit.id)) == 0
    assert catalogue.used_in(db.session.scalars(select(Question.id)).all()) == {}
    jobs.forget_old(now + timedelta(minutes=59))
    assert count(DrawnPaper) == 1
    jobs.forget_old(now + timedelta(minutes=61))
    assert count(DrawnPaper) == 0


def revise(drawn: DrawnPaper, now: datetime) -> None:
    authoring.revise(db.session.get_one(Question, int(drawn.questions[0]["question"])), single(77), now)


def retire(drawn: DrawnPaper, now: datetime) -> None:
    db.session.get_one(Question, int(drawn.questions[1]["question"])).state = QuestionState.RETIRED


def tag(drawn: DrawnPaper, now: datetime) -> None:
    db.session.add(QuestionTag(question_id=int(drawn.questions[2]["question"]), tag="new"))


def make_harder(drawn: DrawnPaper, now: datetime) -> None:
    db.session.get_one(Question, int(drawn.questions[0]["question"])).difficulty = 5


def change_the_blueprint(drawn: DrawnPaper, now: datetime) -> None:
    quiz = db.session.get_one(Quiz, drawn.quiz_id)
    quiz.paper = {**quiz.paper, "blueprint": {"quotas": [{"count": 2}, {"count": 1}]}}


def grow_old(drawn: DrawnPaper, now: datetime) -> None:
    drawn.drawn_at = now - timedelta(minutes=61)


@pytest.mark.parametrize("change", [revise, retire, tag, make_harder, change_the_blueprint, grow_old])
def test_it_is_drawn_anew_when_what_it_rests_on_changed(
    app: Flask, unit: Unit, bank: Bank, now: datetime, change: Callable[[DrawnPaper, datetime], None]
) -> None:
    quiz, member = drawn_quiz(unit, bank, now), new_member(unit)
    drawn = wait(quiz, member, now)
    before = drawn.seed
    change(drawn, now)
    db.session.commit()
    attempt = attempts.start(quiz, member, now)
    assert attempt.layout["seed"] != before
    newest = {one.id: one.version_id for one in db.session.scalars(select(Question))}
    assert all(newest[slot.question_id] == slot.version_id for slot in papers.slots_of(attempt.layout))
    states = select(Question.state).where(Question.id.in_(asked(attempt.layout)))
    assert set(db.session.scalars(states)) == {QuestionState.PUBLISHED}
    assert count(DrawnPaper) == 0


def test_on_another_day_it_is_drawn_anew(app: Flask, unit: Unit, bank: Bank, now: datetime) -> None:
    quiz, member = drawn_quiz(unit, bank, now), new_member(unit)
    before = wait(quiz, member, now.replace(hour=15, minute=59)).seed
    attempt = attempts.start(quiz, member, now.replace(hour=16, minute=1))
    assert attempt.layout["seed"] != before, "midnight of the organisation lies between: sources go by days"


def test_what_is_no_part_of_the_drawing_may_change_and_holds_as_it_is_at_the_start(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, member = drawn_quiz(unit, bank, now, time_limit_seconds=600), new_member(unit)
    drawn = wait(quiz, member, now)
    seed, on_it = drawn.seed, {int(one["question"]) for one in drawn.questions}
    quiz.time_limit_seconds, quiz.grace_seconds, quiz.title = 900, 20, "Renamed"
    other = db.session.scalars(select(Question).where(Question.id.not_in(on_it)).limit(1)).one()
    authoring.revise(other, single(78), now)
    attempt = attempts.start(quiz, member, now)
    assert (attempt.layout["seed"], attempt.layout["limit"], attempt.layout["grace"]) == (seed, 900, 20)
    assert attempt.deadline == now + timedelta(minutes=15)


def test_what_was_seen_meanwhile_in_another_quiz_does_not_come_again(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, member = drawn_quiz(unit, bank, now, exclude=7), new_member(unit)
    drawn = wait(quiz, member, now)
    before, first = drawn.seed, drawn.questions[0]["question"]
    settings = setup.Settings("Other", {"questions": [{"id": first, "mark": 1000}]})
    attempts.start(setup.create_quiz(unit, settings, now), member, now)
    attempt = attempts.start(quiz, member, now)
    assert attempt.layout["seed"] != before
    assert int(first) not in asked(attempt.layout)


def test_what_a_member_saw_is_left_out_of_what_is_drawn_beforehand(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, member = drawn_quiz(unit, bank, now, exclude=7), new_member(unit)
    ids = db.session.scalars(select(Question.id)).all()
    paper = {"questions": [{"id": str(one), "mark": 1000} for one in ids[:9]]}
    attempts.start(setup.create_quiz(unit, setup.Settings("Other", paper), now), member, now)
    drawn = wait(quiz, member, now)
    assert {int(one["question"]) for one in drawn.questions} == set(ids[9:])


def test_what_cannot_be_drawn_is_tried_once_and_the_start_says_why(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, member = drawn_quiz(unit, bank, now), new_member(unit)
    db.session.execute(update(Question).values(state=QuestionState.RETIRED))
    assert wait(quiz, member, now).questions == []
    assert beforehand.draw_next(now) == 0
    with pytest.raises(Refused, match="3 questions are missing"):
        attempts.start(quiz, member, now)
    db.session.rollback()
    db.session.execute(update(Question).values(state=QuestionState.PUBLISHED))
    assert len(asked(attempts.start(quiz, member, now).layout)) == 3


def test_a_start_that_fails_leaves_the_drawing_for_the_next_try(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, member = drawn_quiz(unit, bank, now), new_member(unit)
    seed = wait(quiz, member, now).seed
    attempts.start(quiz, member, now)
    db.session.rollback()
    assert attempts.start(quiz, member, now).layout["seed"] == seed


def test_ten_tabs_that_start_at_once_have_one_attempt_and_its_drawing(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, member = drawn_quiz(unit, bank, now), new_member(unit)
    seed, quiz_id, member_id = wait(quiz, member, now).seed, quiz.id, member.id

    def start(_n: int) -> int:
        found = attempts.start(db.session.get_one(Quiz, quiz_id), db.session.get_one(Member, member_id), now)
        return int(found.layout["seed"])

    assert set(at_once(app, start, 10)) == {seed}
    assert (count(Attempt), count(DrawnPaper)) == (1, 0)


def test_before_a_quiz_opens_it_is_drawn_for_those_whom_it_reaches(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    opens = now + timedelta(minutes=20)
    quiz = drawn_quiz(unit, bank, now, opens_at=opens)
    below = new_unit("BELOW", parent=unit)
    reached = {new_member(unit).id, new_member(below).id}
    new_member(new_unit("ELSEWHERE"))
    new_member(unit).state = "left"
    again = new_member(unit)
    earlier = attempts.start(quiz, again, opens)
    db.session.commit()
    assert beforehand.draw_next(now) == 0, "not yet"
    assert beforehand.draw_next(opens - timedelta(minutes=9)) == 2
    assert set(db.session.scalars(select(DrawnPaper.member_id))) == reached
    assert beforehand.draw_next(opens - timedelta(minutes=8)) == 0
    assert earlier.number == 1


def test_before_a_quiz_opens_for_a_unit_it_is_drawn_for_that_unit(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz = drawn_quiz(unit, bank, now)
    below, opens = new_unit("BELOW", parent=unit), now + timedelta(minutes=5)
    new_member(unit)
    member_id = new_member(below).id
    windows.put(quiz, below, opens_at=opens, closes_at=None, extra_seconds=0, by=None, now=now)
    db.session.commit()
    jobs.draw_papers(now)
    assert db.session.scalars(select(DrawnPaper.member_id)).all() == [member_id]
    assert count(QuizWindow) == 1


def test_fixed_papers_and_sets_of_the_day_are_not_drawn_beforehand(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    fixed, daily = new_quiz(unit), drawn_quiz(unit, bank, now, series="daily", same_for_all=True)
    own = drawn_quiz(unit, bank, now, series="daily", same_for_all=False)
    for quiz in (fixed, daily):
        lobby.arrive(quiz.id, new_member(unit).id, now)
    db.session.commit()
    assert beforehand.draw_next(now) == 0
    assert wait(own, new_member(unit), now).questions


def test_a_preview_takes_nothing_that_was_drawn_for_the_author_as_a_member(
    app: Flask, unit: Unit, bank: Bank, now: datetime
) -> None:
    quiz, author = drawn_quiz(unit, bank, now), new_member(unit)
    seed = wait(quiz, author, now).seed
    assert attempts.start(quiz, author, now, preview=True).layout["seed"] != seed
    assert count(DrawnPaper) == 1
