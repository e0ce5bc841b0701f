"""The lobby on a phone, in Chinese: one's place, and the quiz that starts by itself when it is one's turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import setup
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from tests.browser.conftest import PHONE, sign_in, watched
from tests.server import Server, served


@pytest.fixture
def slow(tmp_path: Path, demo: Path) -> Iterator[Server]:
    """A server that lets one member start every ten seconds, with two quizzes."""
    with served(tmp_path / "slow", like=demo, LEARNHUB_STARTS_PER_SECOND="0.1") as running:
        books = create_app(read_config(instance=running.folder, _env_file=None))
        with books.app_context():
            draft = QuestionDraft("true_false", "<p>?</p>", {"answer": True})
            now, unit = utcnow(), db.session.scalars(select(Unit).where(Unit.code == "HQ")).one()
            ids = authoring.add_questions(authoring.create_bank("lobby", "Lobby", now), [draft], now)
            for n in (1, 2):
                paper = {"questions": [{"id": str(ids[0]), "mark": 1000}]}
                setup.create_quiz(unit, setup.Settings(title=f"消防安全考试{n}", paper=paper), now, slug=f"lobby-{n}")
            db.session.commit()
        yield running


def test_p01_who_waits_sees_the_place_and_starts_by_themselves(browser: Browser, slow: Server, tmp_path: Path) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", base_url=slow.url)
    page = watched(context.new_page())
    sign_in(page, "member")
    for n, leads_to in ((1, r"/attempts/\d+"), (2, r"/lobby/\d+")):
        page.goto(f"/quizzes/lobby-{n}")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(re.compile(leads_to))
    expect(page.locator("[data-ahead]")).to_have_text("下一个就是你")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.screenshot(path=tmp_path / "lobby.png")
    page.wait_for_url(re.compile(r"/attempts/\d+"), timeout=25_000)
    context.close()
