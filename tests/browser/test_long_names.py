"""The longest names that the fields take, and an emoji, break no page: nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from courses.models import Course
from learnhub.app import create_app
from learnhub.config import read_config
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.quizzes.models import Quiz
from tests.browser.conftest import sign_in, watched
from tests.server import Server, served

CHINESE = "云岭科技集团西南水电工程局离退休干部联合党委老干部活动中心书画诗词摄影兴趣小组临时联合支部委员会" * 3
ENGLISH = (
    "The Joint Branch of the Retired Staff of the North-West Bureau for Water and Power Engineering "
    "and Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau"
)
EMOJI = "王👩🏽‍🚀晓🌱"
PATHS = {
    "member": ["/", "/courses", "/quizzes", "/boards", "/points", "/hours", "/transcript", "/me", "/quizzes/year-exam"],
    "secretary": ["/", "/units", "/units/B1", "/units/B1/members", "/boards/units-total?unit=HQ"],
    "instructor": ["/", "/desk/courses", "/desk/quizzes"],
}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, demo: Path) -> Iterator[Server]:
    """A server whose demo organisation has the longest names."""
    with served(tmp_path_factory.mktemp("crowded"), like=demo) as running:
        rename(create_app(read_config(instance=Path(running.folder), _env_file=None)))
        yield running


def rename(app: Flask) -> None:
    """Give units, courses, quizzes and members of the demo the longest names."""
    with app.app_context():
        for n, unit in enumerate(db.session.scalars(select(Unit))):
            unit.name = (CHINESE if n % 2 else ENGLISH)[:160]
        for course in db.session.scalars(select(Course)):
            course.title = ENGLISH[:160]
        for quiz in db.session.scalars(select(Quiz)):
            quiz.title = CHINESE[:160]
        for member in db.session.scalars(select(Member)):
            member.name = EMOJI if member.sign_in_name == "member" else f"{member.name}·{CHINESE}"[:60]
        db.session.commit()
        db.engine.dispose()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("role", PATHS)
def test_the_longest_names_break_no_page(browser: Browser, crowded: Server, role: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN", base_url=crowded.url)
    page = watched(context.new_page())
    sign_in(page, role)
    if role == "member":
        expect(page.get_by_role("heading", level=1)).to_contain_text(EMOJI)
    wide = [path for path in PATHS[role] if too_wide(page, path)]
    context.close()
    assert wide == []


def too_wide(page: Page, path: str) -> bool:
    """Whether a page scrolls sideways."""
    page.goto(path)
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))
