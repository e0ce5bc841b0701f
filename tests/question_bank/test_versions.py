"""Versions of questions are read once, and are the same whoever reads them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from learnhub.kernel.db import db
from question_bank import authoring, versions
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question


def made(now: datetime, count: int) -> list[int]:
    bank = authoring.create_bank("v", "V", now)
    drafts = [QuestionDraft("true_false", f"<p>{n}</p>", {"answer": True}) for n in range(count)]
    ids = authoring.add_questions(bank, drafts, now)
    db.session.commit()
    return [db.session.get_one(Question, one).version_id or 0 for one in ids]


def test_what_was_read_once_costs_no_statement(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    ids = made(now, 3)
    first = versions.versions_by_id(ids[:2])
    with statements() as sent:
        assert versions.versions_by_id(ids[:2]) == first
    assert len(sent) == 0
    with statements() as sent:
        found = versions.versions_by_id([*ids, 7])
    assert len(sent) == 1
    assert [found[one].stem_html for one in ids] == ["<p>0</p>", "<p>1</p>", "<p>2</p>"]
    assert set(found) == set(ids)


def test_more_than_are_kept_are_read_all_the_same(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = made(now, 4)
    monkeypatch.setattr(versions, "MOST", 2)
    assert set(versions.versions_by_id(ids)) == set(ids)
    assert set(versions.versions_by_id(ids[:1])) == {ids[0]}


def test_a_new_version_is_another_one(app: Flask, now: datetime) -> None:
    (old,) = made(now, 1)
    before = versions.versions_by_id([old])[old]
    question = db.session.get_one(Question, before.question_id)
    new = authoring.revise(question, QuestionDraft("true_false", "<p>new</p>", {"answer": False}), now).id
    db.session.commit()
    assert versions.versions_by_id([old])[old] == before
    assert versions.versions_by_id([new])[new].stem_html == "<p>new</p>"


@pytest.mark.postgres_only
def test_of_two_who_save_at_once_both_get_a_version(app: Flask, now: datetime) -> None:
    (old,) = made(now, 1)
    asked = versions.versions_by_id([old])[old].question_id
    numbers: list[int] = []

    def save(text: str) -> None:
        draft = QuestionDraft("true_false", f"<p>{text}</p>", {"answer": True})
        numbers.append(authoring.revise(db.session.get_one(Question, asked), draft, now).number)

    def second() -> None:
        with app.app_context():
            save("second")
            db.session.commit()

    save("first")
    thread = threading.Thread(target=second)
    thread.start()
    thread.join(0.5)
    assert numbers == [2], "the other waits"
    db.session.commit()
    thread.join(20)
    assert numbers == [2, 3]


@pytest.mark.postgres_only
def test_two_who_name_the_same_new_category_and_source_at_once_share_it(app: Flask, now: datetime) -> None:
    bank = authoring.create_bank("v", "V", now)
    db.session.commit()
    bank_id = bank.id
    made_ids: list[int] = []

    def add(text: str) -> None:
        draft = QuestionDraft("true_false", f"<p>{text}</p>", {"answer": True}, category="new", source="Fire code")
        made_ids.append(authoring.add_question(db.session.get_one(Bank, bank_id), draft, now).id)

    def second() -> None:
        with app.app_context():
            add("second")
            db.session.commit()

    add("first")
    thread = threading.Thread(target=second)
    thread.start()
    thread.join(0.5)
    db.session.commit()
    thread.join(20)
    db.session.expire_all()
    first, other = (db.session.get_one(Question, one) for one in made_ids)
    assert (first.category_id, first.source_id) == (other.category_id, other.source_id)
