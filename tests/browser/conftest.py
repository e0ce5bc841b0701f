"""A real server with the demo organisation, and a real browser in front of it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from sqlalchemy import select

from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes import answers, setup
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from scripts import find_chromium
from tests.browser.sitting import newest
from tests.server import DEMO_PASSWORD, Server, served

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

_numbers = itertools.count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test.

    It gets a second try, which the end of the run names. LEARNHUB_TESTS=once takes that away, and
    LEARNHUB_TESTS=nobrowser leaves them all out, aloud.
    """
    wanted = os.environ.get("LEARNHUB_TESTS")
    own = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in own:
        item.add_marker(pytest.mark.browser)
        if wanted != "once":
            item.add_marker(pytest.mark.flaky(reruns=1))
    if wanted == "nobrowser":
        config.hook.pytest_deselected(items=own)
        items[:] = [item for item in items if item not in own]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, demo: Path) -> Iterator[Server]:
    """The demo organisation, served."""
    with served(tmp_path_factory.mktemp("instance"), like=demo) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, driving the Chromium of this machine."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium without a screen."""
    path = find_chromium.find_light()
    assert path, find_chromium.ADVICE
    running = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield running
    running.close()


@pytest.fixture
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """The whole Chromium, which shows PDFs in a page; the one without windows does not."""
    running = playwright.chromium.launch(executable_path=find_chromium.find(), args=FLAGS)
    yield running
    running.close()


@pytest.fixture
def open_browser(browser: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """Gives fresh browser profiles: `open_browser(viewport=DESK, locale="en-GB", java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    def fresh(**options: Any) -> BrowserContext:
        settings = {"viewport": PHONE, "locale": "zh-CN", "base_url": server.url, "timezone_id": "Asia/Shanghai"}
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(30_000)
        opened.append(context)
        return context

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def phone(open_browser: Callable[..., BrowserContext]) -> Page:
    """A phone-sized page in Chinese. Errors of scripts and of the content policy fail the test."""
    return watched(open_browser().new_page())


def watched(page: Page) -> Page:
    """A page on which no script may fail and nothing may be blocked by the content policy."""

    def complain(text: str) -> None:
        raise AssertionError(text)

    page.on("pageerror", lambda error: complain(f"script error: {error}"))
    page.on(
        "console",
        lambda message: complain(message.text) if "Content Security Policy" in message.text else None,
    )
    return page


def sign_in(page: Page, name: str, password: str = DEMO_PASSWORD) -> None:
    """Sign in as one of the demo accounts, the way a person does."""
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.fixture(scope="module")
def books(server: Server) -> Flask:
    """The server's own database, read and written beside it."""
    return create_app(read_config(instance=Path(server.folder), _env_file=None))


@pytest.fixture
def new_quiz(books: Flask) -> Callable[..., str]:
    """Makes a quiz of a choice, a choice of several, a text and two blanks; gives its address.

    `texts` more questions ask for a word; `stem` stands in front of the first one.
    """

    def make(*, texts: int = 0, stem: str = "", **settings: Any) -> str:
        n, now = next(_numbers), utcnow()
        options = [{"html": text, "fraction": "1" if text == "A" else "0"} for text in "ABC"]
        drafts = [
            QuestionDraft("single_choice", f"{stem}<p>One {n}</p>", {"options": options}),
            QuestionDraft("multiple_choice", f"<p>Some {n}</p>", {"options": options}),
            QuestionDraft("short_answer", f"<p>Word {n}</p>", {"answers": [{"text": "tea"}]}),
            QuestionDraft("fill_in", f"<p>Blanks {n}</p>", {"blanks": [{"answers": [{"text": t}]} for t in "xy"]}),
        ]
        drafts += [
            QuestionDraft("short_answer", f"<p>Word {n}.{one}</p>", {"answers": [{"text": "tea"}]})
            for one in range(texts)
        ]
        with books.app_context():
            ids = authoring.add_questions(authoring.create_bank(f"browser-{n}", "Browser", now), drafts, now)
            unit = db.session.scalars(select(Unit).where(Unit.code == "HQ")).one()
            paper = {"questions": [{"id": str(one), "mark": 1000} for one in ids]}
            settings = {"title": f"Browser {n}", "paper": paper, "shuffle_options": False, **settings}
            setup.create_quiz(unit, setup.Settings(**settings), now, slug=f"browser-{n}")
            db.session.commit()
        return f"/quizzes/browser-{n}"

    return make


@pytest.fixture
def held(books: Flask) -> Callable[[], dict[int, Any]]:
    """What the server holds of the newest attempt, by slot."""

    def read() -> dict[int, Any]:
        with books.app_context():
            attempt = newest()
            return {slot: row.response for slot, row in answers.of_attempt(attempt.member_id, attempt.id).items()}

    return read
