"""Forms of the bank that are sent twice (a double click, the back button, a retry) make one thing."""

from __future__ import annotations

import io
import re
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit.models import Import
from learnhub.kernel.db import db
from learnhub.quizzes.models import Quiz
from question_bank import authoring, sent_forms
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, PaperSet, Question, SentForm, Source
from tests.desks import instructor_with_bank
from tests.visiting import Visitor

HOME = "/desk/banks/law"


@pytest.fixture
def visitor(app: Flask, now: datetime) -> Visitor:
    visitor, bank = instructor_with_bank(app, now, "law", "Law")
    authoring.add_questions(
        bank, [QuestionDraft("true_false", f"<p>Is it {n}?</p>", {"answer": True}) for n in range(9)], now
    )
    db.session.commit()
    return visitor


def key_of(page: str) -> str:
    found = re.search(r'name="page_key"[^>]*value="([^"]+)"', page)
    assert found
    return found.group(1)


def count(model: Any) -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


QUESTION = {"stem": "So?", "mark": "1", "difficulty": "3", "answer": "true"}
PASTED = {"text": "1. So?\nA. yes\nB. no\n答案：A", "format": "auto", "encoding": ""}


@pytest.mark.parametrize(
    ("page", "fields", "model", "others"),
    [
        pytest.param("/new-papers", {"title": "F", "rules-0-count": "3"}, PaperSet, {"title": "S"}, id="papers"),
        pytest.param("/new-question?kind=true_false", QUESTION, Question, {"stem": "Or?"}, id="question"),
        pytest.param("/sources", {"name": "Civil code"}, Source, {"name": "Penal code"}, id="source"),
        pytest.param("/import", PASTED, Import, {"text": "1. Or?\nA. a\nB. b\n答案：B"}, id="import"),
    ],
)
def test_sent_twice_it_is_made_once(
    visitor: Visitor, page: str, fields: dict[str, str], model: Any, others: dict[str, str]
) -> None:
    before = count(model)
    fields = {**fields, "page_key": key_of(visitor.page(HOME + page))}
    first, again = visitor.post(HOME + page, fields), visitor.post(HOME + page, fields)
    assert (first.status_code, again.status_code) == (303, 303), again.get_data(as_text=True)
    assert first.location == again.location
    assert count(model) == before + 1
    assert visitor.post(HOME + page, {**fields, **others}).location.startswith("/")
    assert count(model) == before + 2


def test_what_was_refused_may_be_sent_again(visitor: Visitor, now: datetime) -> None:
    key = key_of(visitor.page(f"{HOME}/new-papers"))
    asked = {"title": "Final", "rules-0-count": "10", "page_key": key}
    refused = visitor.post(f"{HOME}/new-papers", asked)
    assert refused.status_code == 422
    assert key_of(refused.get_data(as_text=True)) == key
    assert count(SentForm) == 0
    tenth = QuestionDraft("true_false", "<p>Ten?</p>", {"answer": True})
    authoring.add_question(authoring.get_bank("law"), tenth, now)
    db.session.commit()
    assert visitor.post(f"{HOME}/new-papers", asked).status_code == 303


def test_a_bank_a_file_and_a_quiz_of_a_paper_are_made_once(visitor: Visitor) -> None:
    asked = {"title": "Fire", "slug": "fire", "unit": "B1", "page_key": key_of(visitor.page("/desk/new-bank"))}
    places = {visitor.post("/desk/new-bank", asked).location for _time in range(2)}
    assert places == {"/desk/banks/fire"}
    assert count(Bank) == 2
    key = key_of(visitor.page(f"{HOME}/import"))
    for data in (b"Is it? {T}", b"Is it? {T}", b"Is it so? {F}"):
        visitor.post(f"{HOME}/import", {"file": (io.BytesIO(data), "q.gift"), "format": "auto", "page_key": key})
    assert count(Import) == 2
    paper = visitor.post(f"{HOME}/new-papers", {"title": "Final", "rules-0-count": "3"}).location
    asked = {"variant": "1", "page_key": key_of(visitor.page(paper))}
    places = {visitor.post(f"{paper}/quiz", asked).location for _time in range(2)}
    assert len(places) == 1
    assert count(Quiz) == 1


def test_a_page_without_a_key_counts_each_time(visitor: Visitor) -> None:
    for _time in range(2):
        visitor.post(f"{HOME}/new-papers", {"title": "Final", "rules-0-count": "3"})
    assert count(PaperSet) == 2


def test_of_two_at_once_the_second_waits_for_the_first(app: Flask, now: datetime) -> None:
    found: list[int | None] = []
    started = threading.Event()

    def second() -> None:
        with app.app_context():
            started.set()
            found.append(sent_forms.begin("k", now))
            db.session.rollback()

    assert sent_forms.begin("k", now) is None
    sent_forms.made("k", 7)
    thread = threading.Thread(target=second)
    thread.start()
    started.wait()
    thread.join(0.2)
    assert found == []
    db.session.commit()
    thread.join(20)
    assert found == [7]


def test_what_was_sent_is_forgotten_after_a_week(app: Flask, now: datetime) -> None:
    sent_forms.begin("k", now)
    sent_forms.made("k", 7)
    assert sent_forms.begin("other", now + timedelta(days=6)) is None
    assert sent_forms.begin("k", now + timedelta(days=6)) == 7
    assert sent_forms.begin("k", now + timedelta(days=8)) is None
