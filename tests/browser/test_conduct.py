"""How an exam is held, in a real browser: the page tells when it is left and how much is pasted; a door's notice."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import setup
from learnhub.quizzes.conduct import focus, rules
from learnhub.quizzes.conduct.models import FocusEvent
from learnhub.quizzes.conduct.rules import Rules
from learnhub.quizzes.models import Attempt
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from tests.browser.conftest import sign_in
from tests.server import Server


@pytest.fixture(scope="module")
def books(server: Server) -> Flask:
    """The server's own database, read and written beside it."""
    return create_app(read_config(instance=Path(server.folder), _env_file=None))


@pytest.fixture
def new_exam(books: Flask) -> Callable[..., str]:
    """Makes an exam of one text that is held by these rules; gives its address."""

    def make(slug: str, **conduct: Any) -> str:
        now = utcnow()
        draft = QuestionDraft("short_answer", f"<p>Word of {slug}</p>", {"answers": [{"text": "tea"}]})
        with books.app_context():
            (asked,) = authoring.add_questions(authoring.create_bank(slug, slug, now), [draft], now)
            unit = db.session.scalars(select(Unit).where(Unit.code == "HQ")).one()
            paper = {"questions": [{"id": str(asked), "mark": 1000}]}
            quiz = setup.create_quiz(unit, setup.Settings(title=slug, paper=paper), now, slug=slug)
            rules.put(quiz, Rules(**conduct), None, now)
            db.session.commit()
        return f"/quizzes/{slug}"

    return make


def log_of_the_newest() -> list[FocusEvent]:
    attempt = db.session.scalars(
        select(Attempt).where(Attempt.id == select(func.max(Attempt.id)).scalar_subquery())
    ).one()
    return focus.of_attempt(attempt.member_id, attempt.id)


def test_the_page_tells_of_leaving_and_pasting(phone: Page, books: Flask, new_exam: Callable[..., str]) -> None:
    sign_in(phone, "member")
    phone.goto(new_exam("conduct-log", log_focus=True, one_device=True))
    expect(phone.locator("dl.facts")).to_contain_text(re.compile("never what|不记录内容"))
    phone.locator("main form button[type=submit]").click()
    phone.wait_for_url(re.compile(r"/attempts/\d+"))
    phone.evaluate(
        """() => {
            const field = document.querySelector("[name=s1-text]");
            const carried = new DataTransfer();
            carried.setData("text", "twelve signs");
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true }));
            window.dispatchEvent(new Event("blur"));
            window.dispatchEvent(new Event("focus"));
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    end, told = time.monotonic() + 5, []
    while time.monotonic() < end and len(told) < 3:
        time.sleep(0.1)
        with books.app_context():
            told = [(one.kind, one.length, one.slot) for one in log_of_the_newest()]
    assert sorted(told, key=str) == [("back", None, None), ("blurred", None, None), ("pasted", 12, 1)]
    phone.get_by_role("link", name=re.compile("What was noted|记录了什么")).click()
    expect(phone.locator("main")).to_contain_text("12")
