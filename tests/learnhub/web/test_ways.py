"""The way through a paper in the browser without scripts, and through the API: no way back, pages, flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.organisations.models import Unit
from question_bank.authoring import QuestionDraft
from tests.learnhub.quizzes.sitting import new_quiz, right
from tests.learnhub.web.sitter import Sitter
from tests.learnhub.web.test_quizzes import crawl
from tests.makers import PASSWORD, new_member, new_unit

pytestmark = pytest.mark.sqlite_only

STEM = re.compile(r"STEM-(\d)")


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    """It is the moment `now` until the test moves on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def unit(app: Flask) -> Unit:
    """A unit."""
    return new_unit()


def drafts(count: int) -> list[QuestionDraft]:
    """Single choices that can be told apart."""
    options = [{"html": text, "fraction": "1" if text == "right" else "0"} for text in ("right", "b", "c")]
    return [QuestionDraft("single_choice", f"<p>STEM-{n}</p>", {"options": options}) for n in range(1, count + 1)]


def sequential(app: Flask, unit: Unit, **settings: Any) -> Sitter:
    """Who sits five questions, two a page, with no way back."""
    settings = {"navigation": "sequential", "questions_per_page": 2, "shuffle_questions": False, **settings}
    return Sitter(app, new_member(unit, password=PASSWORD), new_quiz(unit, drafts(5), **settings))


def seen_by(sitter: Sitter) -> set[str]:
    """The questions that any address of the attempt shows now."""
    mine = f"/attempts/{sitter.attempt.id}"
    addresses = [mine, f"{mine}/hand-in", f"{mine}/review", f"/api/v1{mine}", *(f"{mine}?page={n}" for n in range(5))]
    seen, _found = crawl(sitter, *addresses)
    started = sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts").get_data(as_text=True)
    return set(STEM.findall(started + "".join(seen.values())))


def test_e31_no_response_shows_a_later_page_nor_one_that_was_left(app: Flask, unit: Unit) -> None:
    sitter = sequential(app, unit)
    attempt = sitter.start()
    assert seen_by(sitter) == {"1", "2"}
    assert sitter.put(3, right(attempt, 3)).status_code == 422
    assert sitter.send({"s1-choice": right(attempt, 1)["choice"], "go": "next"}).status_code == 303
    assert seen_by(sitter) == {"3", "4"}
    refused = sitter.put(2, right(attempt, 2)).get_json()
    assert (refused["status"], refused["code"]) == (422, "page")
    assert sitter.held == {1: right(attempt, 1)}
    shown = sitter.json("POST", f"/api/v1/attempts/{attempt.id}/next", {"page": 2}).get_json()
    assert ([one["slot"] for one in shown["questions"]], shown["page"], shown["pages"]) == ([5], 3, 3)
    assert sitter.json("POST", f"/api/v1/attempts/{attempt.id}/next", {"page": 2}).get_json()["page"] == 3
    assert seen_by(sitter) == {"5"}
    assert "no way back" in sitter.page(f"/quizzes/{sitter.slug}")


def test_e31_a_page_that_was_left_and_is_sent_again_changes_nothing(app: Flask, unit: Unit) -> None:
    sitter = sequential(app, unit)
    attempt = sitter.start()
    stale = sitter.fields()
    sitter.send({"go": "next"})
    answer = sitter.post(f"/attempts/{attempt.id}?page=1", {**stale, "s1-choice": right(attempt, 1)["choice"]})
    assert answer.status_code == 303
    assert "its answer stands as it was" in sitter.page(f"/attempts/{attempt.id}")
    assert sitter.post(f"/attempts/{attempt.id}?page=1", {**stale, "go": "next"}).status_code == 303
    assert (sitter.attempt.page, sitter.held) == (2, {})
    page = sitter.page(f"/attempts/{attempt.id}?page=3")
    assert "Previous" not in page
    assert 'value="page-1"' not in page
    sitter.send({"go": "next"})
    assert "Page 3" not in sitter.page(f"/attempts/{attempt.id}"), "nothing is left after the last page"
    assert sitter.send({"go": "hand-in"}).headers["Location"].endswith("/hand-in")
    summary = sitter.page(f"/attempts/{attempt.id}/hand-in")
    assert "5 questions have no answer yet" in summary
    assert "#q1" not in summary


def test_all_questions_stand_on_one_page_where_the_quiz_says_so(app: Flask, unit: Unit) -> None:
    sitter = Sitter(app, new_member(unit, password=PASSWORD), new_quiz(unit, drafts(7), questions_per_page=0))
    sitter.start()
    assert len(STEM.findall(sitter.page(f"/attempts/{sitter.attempt.id}"))) == 7


def test_a_question_is_flagged_without_scripts_and_by_the_api(app: Flask, unit: Unit) -> None:
    sitter = Sitter(app, new_member(unit, password=PASSWORD), new_quiz(unit, drafts(4), questions_per_page=2))
    attempt = sitter.start()
    response = right(attempt, 4)
    sent = sitter.send({"s4-choice": response["choice"], "flag": "4"}, 2)
    assert sent.headers["Location"].endswith("page=2#q4")
    assert sitter.held == {4: response}, "what stands on the page is saved with it"
    page = sitter.page(f"/attempts/{attempt.id}?page=2")
    assert "Question 4, answered, to look at again" in page
    assert 'name="unflag" value="4"' in page
    flagged = sitter.json("PUT", f"/api/v1/attempts/{attempt.id}/flags/1", {"flagged": True})
    assert flagged.get_json() == {"flags": [1, 4]}
    assert sitter.get(f"/api/v1/attempts/{attempt.id}").get_json()["flags"] == [1, 4]
    assert "You wanted to look at 2 questions again" in sitter.page(f"/attempts/{attempt.id}/hand-in")
    sitter.send({"unflag": "4"}, 2)
    assert sitter.attempt.flags == [1]
    assert sitter.json("PUT", f"/api/v1/attempts/{attempt.id}/flags/9", {"flagged": True}).status_code == 404


def test_e33_loading_the_page_again_gives_no_more_time_for_its_question(app: Flask, unit: Unit, clock: Any) -> None:
    sitter = sequential(app, unit, questions_per_page=1, question_seconds=60)
    attempt = sitter.start()
    address, api = f"/attempts/{attempt.id}", f"/api/v1/attempts/{attempt.id}"
    assert 'data-page-left="60.0"' in sitter.page(address)
    clock.shift(40)
    assert 'data-page-left="20.0"' in sitter.page(address)
    assert sitter.get(api).get_json()["page_ends"] == "2026-11-22T02:01:00.000Z"
    clock.shift(26)
    assert (sitter.put(1, right(attempt, 1)).status_code, sitter.held) == (422, {})
    assert STEM.findall(sitter.page(address)) == ["2"]
    clock.shift(66)
    shown = sitter.get(api).get_json()
    assert (shown["page"], [one["slot"] for one in shown["questions"]]) == (3, [3])
    assert shown["page_ends"] == "2026-11-22T02:03:12.000Z"
    again = sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts").get_json()
    assert (again["page"], again["page_ends"]) == (3, shown["page_ends"])
