"""The frozen paper of an attempt."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.quizzes import attempts, closing, papers, setup
from learnhub.quizzes.closing import ClosedBy
from learnhub.quizzes.models import Attempt
from question_bank import authoring
from question_bank.models import Question
from tests.learnhub.quizzes.sitting import drafts, new_bank, new_quiz, right, save, single
from tests.makers import new_member, new_unit


def test_the_same_seed_gives_the_same_paper(app: Flask, now: datetime) -> None:
    quiz = new_quiz(new_unit(), drafts(6), shuffle_questions=True)
    assert papers.build(quiz, 7) == papers.build(quiz, 7)
    orders = {tuple(slot["question"] for slot in papers.build(quiz, seed)["slots"]) for seed in range(8)}
    assert len(orders) > 1


def test_e29_the_layout_is_stored_at_the_start_and_answers_by_keys_of_options(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member, quiz = new_member(unit), new_quiz(unit, 8, shuffle_questions=True)
    attempt = attempts.start(quiz, member, now)
    attempt_id, before = attempt.id, attempt.layout
    db.session.commit()
    again = attempts.start(quiz, member, now + timedelta(minutes=1))
    assert (again.id, again.layout) == (attempt_id, before)
    orders = set()
    for slot in papers.slots_of(again.layout):
        keys = papers.asked(slot.version_id).kind.option_keys(papers.asked(slot.version_id).content)
        assert sorted(slot.order) == sorted(keys)
        orders.add(tuple(keys.index(key) for key in slot.order))
    assert len(orders) > 1
    save(attempt, 1, right(attempt, 1), now)
    closing.close(member.id, attempt.id, now, ClosedBy.MEMBER)
    assert attempts.find(member.id, attempt.id).score == 1000


def test_e30_a_question_edited_during_the_attempt_keeps_its_version_there(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member, quiz = new_member(unit), new_quiz(unit, 1)
    attempt = attempts.start(quiz, member, now)
    question = db.session.get_one(Question, papers.slot_of(attempt.layout, 1).question_id)
    old = question.version_id
    new = authoring.revise(question, single(99), now)
    assert papers.slot_of(attempts.find(member.id, attempt.id).layout, 1).version_id == old
    other = attempts.start(quiz, new_member(unit), now)
    assert papers.slot_of(other.layout, 1).version_id == new.id


def test_e30_who_began_before_an_edit_is_marked_by_what_was_asked(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member, quiz = new_member(unit), new_quiz(unit, 1)
    attempt = attempts.start(quiz, member, now)
    response = right(attempt, 1)
    question = db.session.get_one(Question, papers.slot_of(attempt.layout, 1).question_id)
    authoring.revise(question, single(99), now)
    save(attempt, 1, response, now)
    closing.close(member.id, attempt.id, now, ClosedBy.MEMBER)
    assert attempts.find(member.id, attempt.id).score == 1000
    later = attempts.start(quiz, new_member(unit), now)
    with pytest.raises(Refused):
        save(later, 1, response, now)


def test_a_drawn_paper_leaves_out_what_was_seen_lately(app: Flask, now: datetime) -> None:
    unit = new_unit()
    bank, ids = new_bank([single(n) for n in range(6)])
    paper = {"banks": [str(bank.id)], "blueprint": {"quotas": [{"count": 3}], "exclude_seen_days": 7}}
    quiz = setup.create_quiz(unit, setup.Settings("Drawn", paper), now)
    member = new_member(unit)

    def sit(moment: datetime) -> set[int]:
        attempt = attempts.start(quiz, member, moment)
        closing.close(member.id, attempt.id, moment, ClosedBy.MEMBER)
        return {slot.question_id for slot in papers.slots_of(attempt.layout)}

    first, second = sit(now), sit(now + timedelta(days=1))
    assert first | second == set(ids)
    with pytest.raises(Refused, match="can't be met"):
        attempts.start(quiz, member, now + timedelta(days=2))
    assert len(sit(now + timedelta(days=9))) == 3


def test_a_quiz_whose_paper_cannot_be_drawn_is_refused_when_it_is_set_up(app: Flask, now: datetime) -> None:
    bank, ids = new_bank([single(1), single(2)])
    unit = new_unit()
    for paper, why in (
        ({"banks": [str(bank.id)], "blueprint": {"quotas": [{"count": 3}]}}, "one question is missing"),
        ({"questions": []}, "no questions"),
        ({"questions": [{"id": "5", "mark": 1000}]}, "missing"),
        ({"questions": [{"id": str(ids[0]), "mark": 1000}] * 2}, "twice"),
        ({"questions": [{"id": str(ids[0]), "mark": -1}]}, "mark"),
    ):
        with pytest.raises(Refused, match=why):
            setup.create_quiz(unit, setup.Settings("No", paper), now)


def test_extra_settings_are_checked(app: Flask, now: datetime) -> None:
    _bank, ids = new_bank([single(1)])
    paper = {"questions": [{"id": str(ids[0]), "mark": 1000}]}
    for fault in (
        {"title": " "},
        {"time_limit_seconds": 0},
        {"opens_at": now, "closes_at": now},
        {"attempts_allowed": 0},
        {"pass_percent": 101},
        {"questions_per_page": -1},
        {"grace_seconds": 600},
        {"multiple_marking": "?"},
    ):
        with pytest.raises(Refused):
            setup.create_quiz(new_unit(), setup.Settings(**{"title": "Fine", "paper": paper, **fault}), now)


def test_the_layout_freezes_the_rules_of_marking(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member, quiz = new_member(unit), new_quiz(unit, 2, pass_percent=50)
    attempt = attempts.start(quiz, member, now)
    quiz.pass_percent = 100
    save(attempt, 1, right(attempt, 1), now)
    closing.close(member.id, attempt.id, now, ClosedBy.MEMBER)
    assert db.session.get_one(Attempt, (member.id, attempt.id), populate_existing=True).passed is True
