"""Quizzes in the browser without JavaScript, and through the API."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.identity.models import Member
from learnhub.organisations.models import Unit
from learnhub.quizzes import answers, attempts, papers
from learnhub.quizzes.models import Mode
from question_bank.authoring import QuestionDraft
from tests.learnhub.quizzes.sitting import drafts, new_quiz, right, wrong
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[Any]:
    """It is the moment `now` until the test moves on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    """The small tree."""
    return small_tree()


@pytest.fixture
def member(tree: dict[str, Unit]) -> Member:
    """A member of B1."""
    return new_member(tree["B1"], password=PASSWORD)


@pytest.fixture
def sitter(app: Flask, tree: dict[str, Unit], member: Member) -> Sitter:
    """Somebody with a quiz of six questions of every kind, two a page, ten minutes long."""
    quiz = new_quiz(tree["HQ"], drafts(6), title="Tea and water", time_limit_seconds=600, questions_per_page=2)
    return Sitter(app, member, quiz)


def test_a_member_sits_a_quiz_page_by_page_without_scripts(sitter: Sitter) -> None:
    assert "Tea and water" in sitter.page("/quizzes")
    assert "10 min" in sitter.page(f"/quizzes/{sitter.slug}")
    attempt = sitter.start()
    assert sitter.send({"s1-choice": right(attempt, 1)["choice"], "go": "next"}).headers["Location"].endswith("page=2")
    assert sitter.send({"s4-blank-1": "right", "go": "next"}, 2).headers["Location"].endswith("page=3")
    attempt = sitter.attempt
    sent = sitter.send({"s5-text": "3", "s6-text": "right", "go": "hand-in"}, 3)
    assert sent.headers["Location"].endswith("/hand-in")
    assert sitter.held == {slot: right(attempt, slot) for slot in (1, 4, 5, 6)}
    summary = sitter.page(f"/attempts/{attempt.id}/hand-in")
    assert "2 questions have no answer yet" in summary
    assert "answers to 4 of 6 questions" in summary
    assert sitter.post(f"/attempts/{attempt.id}/hand-in").headers["Location"].endswith("/review")
    page = sitter.page(f"/attempts/{attempt.id}/review")
    assert "4 of 6 marks" in page
    assert "passed" in page


def test_each_kind_of_question_has_its_form(sitter: Sitter) -> None:
    attempt = sitter.start()
    pages = [sitter.page(f"/attempts/{attempt.id}?page={n}") for n in (1, 2, 3)]
    assert pages[0].count('type="radio"') == 4
    assert pages[0].count('type="checkbox"') == 4
    assert pages[1].count('type="radio"') == 2
    assert 'name="s4-blank-1"' in pages[1]
    assert 'name="s5-text"' in pages[2]
    assert 'name="s6-text"' in pages[2]
    assert 'aria-label="Question 3"' in pages[0]


def test_coming_back_finds_the_answers_and_the_same_clock(sitter: Sitter, clock: Any, now: datetime) -> None:
    attempt = sitter.start()
    key = right(attempt, 1)["choice"]
    sitter.send({"s1-choice": key, "go": "stay"})
    clock.shift(120)
    page = sitter.page(f"/attempts/{attempt.id}")
    assert f'value="{key}" checked' in page
    assert f'data-deadline="{(now + timedelta(minutes=10)).isoformat(timespec="milliseconds")[:-6]}Z"' in page
    assert f'data-server-now="{(now + timedelta(minutes=2)).isoformat(timespec="milliseconds")[:-6]}Z"' in page
    assert "in progress" in sitter.page("/quizzes")


def test_an_answer_can_be_cleared_without_scripts(sitter: Sitter) -> None:
    attempt = sitter.start()
    key = right(attempt, 1)["choice"]
    sitter.send({"s1-choice": key, "go": "stay"})
    sitter.send({"s1-choice": key, "clear": "1"})
    assert sitter.held == {1: {}}


def test_turning_a_page_twice_saves_once(sitter: Sitter) -> None:
    attempt = sitter.start()
    fields = {**sitter.fields(), "s1-choice": right(attempt, 1)["choice"], "go": "next"}
    for _twice in range(2):
        assert sitter.post(f"/attempts/{attempt.id}?page=1", fields).status_code == 303
    assert answers.of_attempt(sitter.member_id, attempt.id)[1].revision == 1


def test_e14_a_stale_form_shows_both_versions_and_lets_the_member_choose(sitter: Sitter) -> None:
    attempt = sitter.start()
    stale = sitter.fields()
    elsewhere, here = right(attempt, 1), wrong(attempt, 1)
    sitter.put(1, elsewhere)
    for blank_or_not in ({}, {"s1-choice": here["choice"]}):
        answer = sitter.post(f"/attempts/{attempt.id}?page=1", {**stale, **blank_or_not, "go": "next"})
        assert answer.status_code == 409
        assert "Saved elsewhere" in answer.get_data(as_text=True)
        assert sitter.held == {1: elsewhere}
    text = answer.get_data(as_text=True)
    assert f'value="{here["choice"]}" checked' in text
    again = {"s1-base": "1", "s1-sequence": "2", "s1-conflict": "1", "s1-choice": here["choice"], "go": "next"}
    assert sitter.post(f"/attempts/{attempt.id}?page=1", again).status_code == 409
    assert sitter.post(f"/attempts/{attempt.id}?page=1", {**again, "s1-keep": "theirs"}).status_code == 303
    assert sitter.held == {1: elsewhere}
    assert sitter.post(f"/attempts/{attempt.id}?page=1", {**again, "s1-keep": "mine"}).status_code == 303
    assert sitter.held == {1: here}


def test_what_was_right_on_a_page_is_saved_though_something_else_was_not(sitter: Sitter) -> None:
    attempt = sitter.start()
    answer = sitter.send({"s1-choice": right(attempt, 1)["choice"], "s2-choice": "forged"})
    assert answer.status_code == 422
    assert "does not belong to the question" in answer.get_data(as_text=True)
    assert sitter.held == {1: right(attempt, 1)}


def test_odd_forms_and_addresses_get_a_clear_answer(sitter: Sitter) -> None:
    attempt = sitter.start()
    for page in ("0", "99", "-1", "x", ""):
        assert sitter.get(f"/attempts/{attempt.id}?page={page}").status_code == 200
    for fields in (
        {"s1-base": "x", "s1-sequence": "1"},
        {"s1-base": "1" * 40, "s1-sequence": "1"},
        {"s1-base": "0", "s1-sequence": "0"},
        {"s99-base": "0", "s99-sequence": "1"},
        {"go": "page-99999999999"},
        {"go": "\x00"},
    ):
        assert sitter.post(f"/attempts/{attempt.id}", fields).status_code in (303, 400, 422)
    assert sitter.get("/attempts/1").status_code == 404
    assert sitter.get("/quizzes/none").status_code == 404


def test_a_page_that_comes_after_the_end_leads_to_the_receipt(sitter: Sitter, clock: Any) -> None:
    attempt = sitter.start()
    fields = sitter.fields()
    sitter.send({"s1-choice": right(attempt, 1)["choice"], "go": "stay"})
    clock.shift(606)
    late = {**fields, "s2-choice": right(attempt, 2)["choices"], "go": "next"}
    answer = sitter.post(f"/attempts/{attempt.id}?page=1", late)
    assert answer.headers["Location"] == f"/attempts/{attempt.id}"
    assert sitter.get(f"/attempts/{attempt.id}").headers["Location"].endswith("/review")
    page = sitter.page(f"/attempts/{attempt.id}/review")
    assert "answers are no longer taken" in page
    assert "1 of 6 marks" in page
    assert (sitter.attempt.closed_by, sitter.held) == ("request", {1: right(attempt, 1)})


def test_another_attempt_is_offered_while_the_rules_allow_it(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    sitter = Sitter(app, member, new_quiz(tree["B1"], 1, attempts_allowed=2))
    for n in (1, 2):
        attempt = sitter.start()
        assert attempt.number == n
        sitter.post(f"/attempts/{attempt.id}/hand-in")
    assert "Another attempt" not in sitter.page(f"/attempts/{attempt.id}/review")
    assert "all 2 attempts" in sitter.page(f"/quizzes/{sitter.slug}")
    assert sitter.post(f"/quizzes/{sitter.slug}/attempts").headers["Location"] == f"/quizzes/{sitter.slug}"


def test_the_list_keeps_what_is_to_do_apart_from_what_may_be_done_again(
    app: Flask, tree: dict[str, Unit], member: Member
) -> None:
    sitter = Sitter(app, member, new_quiz(tree["B1"], drafts(1)))
    assert "To do" in sitter.page("/quizzes")
    attempt = sitter.start()
    assert "In progress" in sitter.page("/quizzes")
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    page = sitter.page("/quizzes")
    assert "not passed" in page
    assert "To do" in page, "what was not passed is still to do"
    attempt = sitter.start()
    sitter.send({"s1-choice": right(attempt, 1)["choice"], "go": "hand-in"})
    sitter.post(f"/attempts/{attempt.id}/hand-in")
    page = sitter.page("/quizzes")
    assert "Can be retaken" in page
    assert "To do" not in page


def test_a_quiz_of_another_branch_is_not_there(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    foreign = new_quiz(tree["B2"], 1, title="Of B2")
    hidden = new_quiz(tree["B1"], 1, title="Not yet", published=False)
    slugs = [(foreign.slug, foreign.id), (hidden.slug, hidden.id)]
    visitor = Visitor(app, member)
    for slug, quiz_id in slugs:
        assert visitor.get(f"/quizzes/{slug}").status_code == 404
        assert visitor.post(f"/quizzes/{slug}/attempts").status_code == 404
        assert visitor.json("POST", f"/api/v1/quizzes/{quiz_id}/attempts").status_code == 404
    assert "Of B2" not in visitor.page("/quizzes")


# The API


def test_an_attempt_through_the_api(sitter: Sitter, clock: Any, now: datetime) -> None:
    started = sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts")
    assert started.status_code == 201
    clock.shift(1)
    assert sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts").status_code == 200
    clock.move_to(now)
    shown = started.get_json()
    assert shown["id"] == str(sitter.attempt.id)
    assert shown["deadline"] == "2026-11-22T02:10:00.000Z"
    assert [one["slot"] for one in shown["questions"]] == [1, 2, 3, 4, 5, 6]
    attempt = sitter.attempt
    saved = sitter.put(1, right(attempt, 1), recorded_at="2026-11-22T10:00:00+08:00")
    assert saved.get_json() == {
        "slot": 1,
        "revision": 1,
        "sequence": 1,
        "saved_at": "2026-11-22T02:00:00.000Z",
        "superseded": False,
        "deadline": "2026-11-22T02:10:00.000Z",
        "server_now": "2026-11-22T02:00:00.000Z",
    }
    receipt = sitter.json("POST", f"/api/v1/attempts/{attempt.id}/hand-in").get_json()
    assert (receipt["attempt"], receipt["answers"], len(receipt["digest"])) == (str(attempt.id), 1, 64)
    assert sitter.json("POST", f"/api/v1/attempts/{attempt.id}/hand-in").get_json() == receipt
    after = sitter.get(f"/api/v1/attempts/{attempt.id}").get_json()
    assert (after["state"], after["score"], after["receipt"]) == ("closed", 1000, receipt)
    assert sitter.put(2, {}, 1).get_json()["code"] == "closed"


def test_a_stale_save_through_the_api_gets_the_current_answer(sitter: Sitter) -> None:
    attempt = sitter.start()
    sitter.put(1, right(attempt, 1))
    answer = sitter.put(1, wrong(attempt, 1), 2, 0)
    assert answer.status_code == 409
    body = answer.get_json()
    assert (body["code"], body["current"]["revision"]) == ("stale", 1)
    assert body["current"]["response"] == right(attempt, 1)


def test_what_waited_offline_is_saved_together(sitter: Sitter) -> None:
    attempt = sitter.start()
    sitter.put(1, right(attempt, 1))
    sent = [
        {"slot": 1, "response": wrong(attempt, 1), "sequence": 4},
        {"slot": 3, "response": {"choice": "true"}, "sequence": 2},
        {"slot": 4, "response": {"choice": "x"}, "sequence": 1},
    ]
    answer = sitter.json("PUT", f"/api/v1/attempts/{attempt.id}/answers", {"answers": sent})
    results = answer.get_json()["results"]
    assert [one["status"] for one in results] == ["stale", "saved", "refused"]
    assert results[0]["current"]["response"] == right(attempt, 1)
    assert sitter.held == {1: right(attempt, 1), 3: {"choice": "true"}}


def test_w02_fields_that_are_not_listed_are_refused(sitter: Sitter) -> None:
    sitter.start()
    for more in ({"deadline": "2030-01-01T00:00:00Z"}, {"member_id": 1}, {"mark": 9}, {"state": "open"}):
        assert sitter.put(1, {}, **more).status_code == 422
    for body in ({}, {"sequence": 0}, {"sequence": "x"}, {"sequence": 1, "recorded_at": "noon"}, [], 7, None):
        answer = sitter.json("PUT", f"/api/v1/attempts/{sitter.attempt.id}/answers/1", body)
        assert answer.status_code in (400, 422), (body, answer.status_code)


def test_a_save_is_a_handful_of_statements_with_everything_on(sitter: Sitter, statements: Any) -> None:
    attempt = sitter.start()
    path, token = f"/api/v1/attempts/{attempt.id}/answers/1", sitter.token()
    bodies = [{"response": wrong(attempt, 1, n % 3), "sequence": n, "base": n - 1} for n in range(1, 4)]
    for body in bodies:
        with statements() as seen:
            answer = sitter.client.put(path, json=body, headers={"X-CSRFToken": token})
        assert answer.status_code == 200
        assert len(seen) == 4, "the session, the attempt, the answer, its version: " + "\n".join(seen)


# E26: canaries

CANARY = re.compile(r"CANARY-\w+|12345/99991|8675309")


def canaries() -> list[QuestionDraft]:
    """Questions whose every secret is a canary."""
    options = [
        {"html": "one", "fraction": "1", "feedback_html": "CANARY-right"},
        {"html": "two", "fraction": "12345/99991", "feedback_html": "CANARY-partly"},
        {"html": "three", "fraction": "0", "feedback_html": "CANARY-wrong"},
    ]
    more: dict[str, Any] = {"explanation_html": "<p>CANARY-explanation</p>", "hints": ("CANARY-hint",)}
    texts = [{"text": "CANARY-text", "feedback_html": "CANARY-met"}, {"text": "*", "wildcards": True, "fraction": "0"}]
    return [
        QuestionDraft("single_choice", "<p>S</p>", {"options": options}, **more),
        QuestionDraft("multiple_choice", "<p>M</p>", {"options": options}, **more),
        QuestionDraft("true_false", "<p>T</p>", {"answer": True, "feedback_true_html": "CANARY-true"}, **more),
        QuestionDraft("fill_in", "<p>F</p>", {"blanks": [{"answers": [{"text": "CANARY-blank"}]}]}, **more),
        QuestionDraft("numerical", "<p>N</p>", {"answers": [{"value": "8675309"}]}, **more),
        QuestionDraft("short_answer", "<p>W</p>", {"answers": texts}, **more),
    ]


def crawl(visitor: Visitor, *starts: str) -> tuple[dict[str, str], set[str]]:
    """Everything that links, forms, scripts and JSON of these pages lead to by GET; and the canaries found there."""
    waiting, seen, found, variants = list(starts), {}, set(), Counter[str]()
    while waiting:
        address = waiting.pop().split("#")[0]
        if address in seen or not address.startswith("/") or address.startswith("/static/vendor"):
            continue
        variants[address.split("?")[0]] += 1
        if variants[address.split("?")[0]] > 6:
            continue
        answer = visitor.get(address)
        text = answer.get_data(as_text=True) if answer.mimetype.split("/")[0] != "image" else ""
        seen[address] = text
        found |= set(CANARY.findall(text + str(answer.headers)))
        links = re.findall(r'(?:href|src|action|data-href|data-api|data-review)="([^"]+)"', text)
        waiting += [one.replace("&amp;", "&") for one in links if "/sign-out" not in one]
        if "Location" in answer.headers:
            waiting.append(answer.headers["Location"])
    return seen, found


def test_e26_a_sitter_finds_no_key_before_its_release(
    app: Flask, tree: dict[str, Unit], member: Member, now: datetime, clock: Any
) -> None:
    close = now + timedelta(days=1)
    quiz = new_quiz(tree["HQ"], canaries(), mode=Mode.TEST, closes_at=close, questions_per_page=2, attempts_allowed=2)
    exam = new_quiz(tree["HQ"], canaries(), mode=Mode.EXAM, closes_at=close, attempts_allowed=1)
    sitter, in_exam = Sitter(app, member, quiz), (exam.slug, exam.id)
    attempt = sitter.start()
    sitter.post(f"/quizzes/{in_exam[0]}/attempts")
    exam_attempt = attempts.of_member(sitter.member_id, in_exam[1])[0]
    mine = [f"/attempts/{attempt.id}", f"/attempts/{exam_attempt.id}"]
    starts = [
        "/",
        "/quizzes",
        "/api/v1/openapi.json",
        f"/quizzes/{sitter.slug}",
        *mine,
        *(f"{one}?page={n}" for one in mine for n in (1, 2, 3)),
        *(f"{one}/{what}" for one in mine for what in ("hand-in", "review")),
        *(f"/api/v1{one}" for one in mine),
        f"/desk/quizzes/{sitter.quiz_id}",
        f"/desk/quizzes/{sitter.quiz_id}/edit",
    ]
    during, found = crawl(sitter, *starts)
    assert found == set()
    assert any("/static/" in one and "quiz" in one for one in during)
    assert any(one.startswith("/api/v1/attempts/") for one in during)
    started = sitter.json("POST", f"/api/v1/quizzes/{sitter.quiz_id}/attempts").get_data(as_text=True)
    saved = [sitter.put(slot, right(attempt, slot)).get_data(as_text=True) for slot in (1, 2, 3)]
    stale = [sitter.put(slot, {}, 3, 9).get_data(as_text=True) for slot in (1, 2, 3)]
    assert CANARY.findall(started + "".join(saved + stale)) == []
    for one in mine:
        sitter.post(f"{one}/hand-in")
    _after, found = crawl(sitter, *starts)
    assert found <= {"CANARY-right", "CANARY-partly", "CANARY-true"}, "feedback on what was chosen, and nothing else"
    review = sitter.page(f"/attempts/{exam_attempt.id}/review")
    assert "Your marks are shown after" in review
    assert sitter.get(f"/api/v1/attempts/{exam_attempt.id}").get_json()["score"] is None
    clock.move_to(close)
    sitter = Sitter(app, member, quiz)
    _released, found = crawl(sitter, f"/attempts/{attempt.id}/review", f"/api/v1/attempts/{attempt.id}")
    assert {"CANARY-explanation", "CANARY-blank", "CANARY-text", "8675309"} <= found
    _exam, found = crawl(sitter, f"/api/v1/attempts/{exam_attempt.id}")
    assert found == set()


def test_e27_nothing_in_keys_or_order_tells_what_was_written_first(app: Flask, tree: dict[str, Unit]) -> None:
    quiz = new_quiz(tree["HQ"], 12)
    first = 0
    for n in range(4):
        attempt = attempts.start(quiz, new_member(tree["B1"]), quiz.created_at)
        for slot in papers.slots_of(attempt.layout):
            written = papers.asked(slot.version_id).content["options"][0]["key"]
            first += slot.order[0] == written
            assert re.fullmatch(r"[a-z0-9]{6}", written)
        assert n < 4
    assert 2 <= first <= 24, "the option written first stands first about once in four"
