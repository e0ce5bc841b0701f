"""Answers checked during an attempt, without scripts and through the API: what is told, and what never is (E26)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.organisations.models import Unit
from learnhub.quizzes.models import Mode
from question_bank.authoring import QuestionDraft
from tests.learnhub.quizzes.sitting import new_quiz, right, wrong
from tests.learnhub.web.sitter import Sitter
from tests.learnhub.web.test_quizzes import CANARY, canaries, crawl
from tests.makers import PASSWORD, new_member, new_unit

pytestmark = pytest.mark.sqlite_only

FEEDBACK = {"CANARY-right", "CANARY-partly", "CANARY-wrong", "CANARY-true", "CANARY-met"}


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    """It is the moment `now` until the test moves on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def unit(app: Flask) -> Unit:
    """A unit."""
    return new_unit()


def sitting(app: Flask, unit: Unit, behaviour: str, questions: Any = 3, **settings: Any) -> Sitter:
    """Who sits a quiz whose answers are checked that way."""
    if behaviour == "tries":
        settings = {"tries": 3, "penalty": "1/3", **settings}
    quiz = new_quiz(unit, questions, behaviour=behaviour, **settings)
    sitter = Sitter(app, new_member(unit, password=PASSWORD), quiz)
    sitter.start()
    return sitter


def check(sitter: Sitter, slot: int, response: Any, sequence: int = 1) -> Any:
    """Save by the API and check."""
    assert sitter.put(slot, response, sequence, sequence - 1).status_code == 200
    return sitter.json("POST", f"/api/v1/attempts/{sitter.attempt.id}/answers/{slot}/check").get_json()


def found_by(sitter: Sitter) -> set[str]:
    """The canaries in everything that the attempt's addresses lead to now, errors and stale saves among them."""
    mine = f"/attempts/{sitter.attempt.id}"
    starts = [mine, f"{mine}/hand-in", f"{mine}/review", f"/quizzes/{sitter.slug}", f"/api/v1{mine}", "/quizzes"]
    _seen, found = crawl(sitter, *starts, *(f"{mine}?page={n}" for n in range(7)))
    texts = [sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts")]
    for slot in range(1, 8):
        texts.append(sitter.put(slot, {"x": 1}, 3, 99))
        texts.append(sitter.json("POST", f"/api/v1{mine}/next", {"page": 99}))
        texts.append(sitter.json("PUT", f"/api/v1{mine}/flags/{slot}", {"flagged": False}))
        texts.append(sitter.post(f"{mine}?page=1", {"check": str(slot)}))
    return found | {one for text in texts for one in CANARY.findall(text.get_data(as_text=True))}


@pytest.mark.parametrize(
    ("behaviour", "navigation"),
    [
        ("at_end", "sequential"),
        ("at_once", "free"),
        ("at_once", "sequential"),
        ("tries", "free"),
        ("challenge", "free"),
    ],
)
def test_e26_nothing_is_told_of_a_question_before_it_is_checked(
    app: Flask, unit: Unit, now: datetime, behaviour: str, navigation: str
) -> None:
    more = {"navigation": navigation, "questions_per_page": 2, "closes_at": now + timedelta(days=1)}
    sitter = sitting(app, unit, behaviour, canaries(), mode=Mode.TEST, **more)
    assert found_by(sitter) == set()
    sitter.put(1, right(sitter.attempt, 1))
    found = found_by(sitter) | found_by(sitter)
    assert found == (set() if behaviour == "at_end" else {"CANARY-right"}), "looking round presses Check, too"


@pytest.mark.parametrize("behaviour", ["at_once", "tries"])
def test_e26_a_check_in_a_test_tells_its_feedback_and_no_key(
    app: Flask, unit: Unit, now: datetime, behaviour: str
) -> None:
    sitter = sitting(app, unit, behaviour, canaries(), mode=Mode.TEST, closes_at=now + timedelta(days=1))
    told = check(sitter, 1, wrong(sitter.attempt, 1))
    assert (told["correctness"], told["fixed"]) == ("wrong", behaviour == "at_once")
    assert told["right_answers"] == []
    assert not any(option["right"] for option in told["options"])
    check(sitter, 4, {"blanks": ["x"]})
    check(sitter, 5, {"text": "1"})
    assert found_by(sitter) == {"CANARY-wrong"} | ({"CANARY-hint"} if behaviour == "tries" else set())


def test_e26_in_practice_a_check_tells_everything_of_its_own_question(app: Flask, unit: Unit) -> None:
    sitter = sitting(app, unit, "at_once", canaries(), mode=Mode.PRACTICE)
    told = check(sitter, 5, {"text": "1"})
    assert told["right_answers"] == ["8675309"]
    assert found_by(sitter) == {"8675309", "CANARY-explanation"}


def test_e26_the_right_answer_waits_until_the_last_try(app: Flask, unit: Unit) -> None:
    sitter = sitting(app, unit, "tries", canaries(), mode=Mode.PRACTICE)
    for n in range(1, 4):
        assert found_by(sitter) == ({"CANARY-hint"} if n > 1 else set())
        told = check(sitter, 5, {"text": str(n)}, n)
        assert told["tries_left"] == 3 - n
    assert found_by(sitter) == {"8675309", "CANARY-explanation"}


def test_nobody_hears_of_an_answer_that_was_not_checked(app: Flask, unit: Unit) -> None:
    sitter = sitting(app, unit, "tries", canaries(), mode=Mode.TEST)
    check(sitter, 1, wrong(sitter.attempt, 1))
    sitter.put(1, right(sitter.attempt, 1), 2, 1)
    page = sitter.page(f"/attempts/{sitter.attempt.id}") + sitter.page(f"/api/v1/attempts/{sitter.attempt.id}")
    assert set(CANARY.findall(page)) == {"CANARY-hint"}, "a hint is not about an answer"
    assert "2 tries left" in page


def test_e28_a_challenge_that_is_lost_shows_no_key_while_others_sit(app: Flask, unit: Unit, now: datetime) -> None:
    more = {"mode": Mode.TEST, "closes_at": now + timedelta(days=1), "attempts_allowed": 1}
    sitter = sitting(app, unit, "challenge", canaries(), **more)
    told = check(sitter, 1, wrong(sitter.attempt, 1))
    assert (told["ends"], told["right_answers"]) == (True, [])
    assert found_by(sitter) <= FEEDBACK
    assert "the last answer of the challenge" in sitter.page(f"/attempts/{sitter.attempt.id}/review")


def test_a_member_checks_without_scripts(app: Flask, unit: Unit) -> None:
    sitter = sitting(app, unit, "at_once", questions_per_page=3)
    attempt = sitter.attempt
    assert "then the answer stands" in sitter.page(f"/quizzes/{sitter.slug}")
    sent = sitter.send({"s1-choice": right(attempt, 1)["choice"], "check": "1"})
    assert sent.headers["Location"].endswith("page=1#q1")
    page = sitter.page(f"/attempts/{attempt.id}")
    assert "your choice" in page
    assert 'name="s1-choice"' not in page
    assert sitter.send({"check": "2"}).status_code == 303
    assert "Answer question 2 first" in sitter.page(f"/attempts/{attempt.id}")
    sitter.send({"s2-choice": wrong(attempt, 2)["choice"], "s3-choice": right(attempt, 3)["choice"], "go": "hand-in"})
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    assert [one["mark"] for one in sitter.attempt.marks] == [1000, 0, 1000]


def test_a_member_goes_through_a_challenge_without_scripts(app: Flask, unit: Unit) -> None:
    sitter = sitting(app, unit, "challenge")
    attempt = sitter.attempt
    page = sitter.page(f"/attempts/{attempt.id}")
    assert 'value="next"' not in page
    assert "Check" in page
    sitter.send({"go": "next"})
    assert sitter.attempt.page == 1
    sitter.send({"s1-choice": right(attempt, 1)["choice"], "check": "1"})
    assert 'value="next"' in sitter.page(f"/attempts/{attempt.id}")
    sitter.post(f"/attempts/{attempt.id}?page=1", {"go": "next"})
    sent = sitter.send({"s2-choice": wrong(attempt, 2)["choice"], "check": "2"})
    assert sitter.get(sent.headers["Location"]).headers["Location"].endswith("/review")
    assert "1 of 3 marks" in sitter.page(f"/attempts/{attempt.id}/review")


def test_each_wrong_try_gives_a_hint_more_until_the_answer_stands(app: Flask, unit: Unit) -> None:
    hints = ("Above <em>A</em>", "Below C", "never shown")
    asked = QuestionDraft("short_answer", "<p>Letter?</p>", {"answers": [{"text": "B"}]}, hints=hints)
    sitter = sitting(app, unit, "tries", [asked])
    address = f"/attempts/{sitter.attempt.id}"
    assert "Hint" not in sitter.page(address)
    assert check(sitter, 1, {"text": "X"})["hints_html"] == ["Above <em>A</em>"]
    assert "<strong>Hint</strong>" in sitter.page(address)
    assert check(sitter, 1, {"text": "Y"}, 2)["hints_html"] == ["Above <em>A</em>", "Below C"]
    page = sitter.page(address)
    assert "<strong>Hint 1</strong>" in page
    assert "Below C" in page
    assert sitter.get(f"/api/v1{address}").get_json()["questions"][0]["hints_html"] == ["Above <em>A</em>", "Below C"]
    told = check(sitter, 1, {"text": "b"}, 3)
    assert (told["fixed"], told["hints_html"]) == (True, [])
    assert "Hint" not in sitter.page(address)


@pytest.mark.parametrize("behaviour", ["at_once", "challenge"])
def test_who_may_not_try_again_sees_no_hint(app: Flask, unit: Unit, behaviour: str) -> None:
    asked = QuestionDraft("short_answer", "<p>Letter?</p>", {"answers": [{"text": "B"}]}, hints=("CANARY-hint",))
    sitter = sitting(app, unit, behaviour, [asked, asked], mode=Mode.TEST)
    check(sitter, 1, {"text": "X"})
    assert found_by(sitter) == set()


def test_several_tries_say_what_is_left(app: Flask, unit: Unit) -> None:
    sitter = sitting(app, unit, "tries", questions_per_page=3)
    attempt = sitter.attempt
    assert "each further one takes off 33.33333%" in sitter.page(f"/quizzes/{sitter.slug}")
    sitter.send({"s1-choice": wrong(attempt, 1)["choice"], "check": "1"})
    page = sitter.page(f"/attempts/{attempt.id}")
    assert "2 tries left" in page
    assert "Check (try 2 of 3)" in page
    sitter.send({"s1-choice": right(attempt, 1)["choice"], "check": "1"})
    shown = sitter.get(f"/api/v1/attempts/{attempt.id}").get_json()["questions"][0]
    assert (shown["tries"], shown["fixed"], shown["correctness"], shown["mark"]) == (2, True, "right", 667)
