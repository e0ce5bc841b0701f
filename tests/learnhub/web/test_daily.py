"""The practice page: today's set, this week's, topics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from tests.learnhub.quizzes.sitting import new_quiz
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_unit

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    """It is the moment `now` until the test moves on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def test_the_practice_page_offers_what_is_of_today_of_the_week_and_by_topic(app: Flask, clock: Any) -> None:
    unit = new_unit()
    quizzes = [new_quiz(unit, 1, title=f"Set {name}", series=name, attempts_allowed=1) for name in ("daily", "weekly")]
    new_quiz(unit, 1, title="Set topic", series="topic")
    new_quiz(unit, 1, title="An exam")
    sitter = Sitter(app, new_member(unit, password=PASSWORD), quizzes[0])
    page = sitter.page("/practice")
    assert [page.index(f"Set {name}") for name in ("daily", "weekly", "topic")] == sorted(
        page.index(f"Set {name}") for name in ("daily", "weekly", "topic")
    )
    assert "An exam" not in page
    assert "until midnight tonight" in page
    assert "/practice" in sitter.page("/quizzes")
    for n in (1, 2):
        assert "Another attempt" not in sitter.page(f"/quizzes/{sitter.slug}"), "of today's set there is none yet"
        sitter.start()
        sitter.post(f"/attempts/{sitter.attempt.id}/hand-in")
        page = sitter.page("/practice")
        assert (f"{n} day in a row" if n == 1 else f"{n} days in a row") in page
        assert "done" in page
        assert "next one comes by itself" in sitter.page(f"/quizzes/{sitter.slug}")
        clock.shift(timedelta(days=1))
        sitter = Sitter(app, db.session.get_one(Member, sitter.member_id), quizzes[0])
    assert "until the end of Nov 29, 2026" in sitter.page("/practice"), "not midnight of the next day"


def test_the_list_of_quizzes_and_the_practice_page_say_the_same_of_a_set(app: Flask, clock: Any) -> None:
    unit = new_unit()
    quiz = new_quiz(unit, 1, title="Set daily", series="daily", attempts_allowed=1)
    sitter = Sitter(app, new_member(unit, password=PASSWORD), quiz)

    def said() -> list[str]:
        pages = (sitter.page(address) for address in ("/quizzes", "/practice"))
        return [" ".join(re.findall(r'"pill [^"]*">([^<]+)<', page[page.index("Set daily") :])[:1]) for page in pages]

    assert said() == ["today", "to do"], "the heading of the list says that it is to do"
    sitter.start()
    assert said() == ["in progress", "in progress"]
    sitter.post(f"/attempts/{sitter.attempt.id}/hand-in")
    assert said() == ["done", "done"]
    clock.shift(timedelta(days=1))
    sitter = Sitter(app, db.session.get_one(Member, sitter.member_id), quiz)
    assert said() == ["today", "to do"], "the heading of the list says that it is to do"
    assert "attempt made" not in sitter.page("/quizzes"), "yesterday's set is not told as today's"


def test_where_nothing_comes_again_the_page_says_so(app: Flask) -> None:
    unit = new_unit()
    sitter = Sitter(app, new_member(unit, password=PASSWORD), new_quiz(unit, 1))
    assert "No practice yet" in sitter.page("/practice")
    assert "/practice" not in sitter.page("/quizzes")
