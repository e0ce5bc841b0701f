"""Questions that are matched, ordered, chosen in a text or filled into it: answered without scripts, looked back at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from learnhub.identity.models import Member
from learnhub.organisations.models import Unit
from learnhub.quizzes import papers
from learnhub.quizzes.models import Mode
from question_bank.authoring import QuestionDraft
from tests.learnhub.quizzes.sitting import new_quiz
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    """It is the moment `now`."""
    with time_machine.travel(now, tick=False):
        yield


def questions() -> list[QuestionDraft]:
    """One of each kind; what is right carries RIGHT where a sitter does not see it anyway."""
    several = {"options": [{"html": "north", "fraction": "1"}, {"html": "south", "fraction": "0"}]}
    return [
        QuestionDraft(
            "matching",
            "Which capital?",
            {
                "pairs": [{"html": "France", "match_html": "Paris"}, {"html": "Japan", "match_html": "Tokyo"}],
                "distractors": [{"html": "Rome"}],
            },
        ),
        QuestionDraft("ordering", "In which order?", {"items": [{"html": t} for t in ("draft", "sign", "send")]}),
        QuestionDraft(
            "select_text",
            "<p>The [[1]] can [[2]].</p>",
            {
                "segments": [
                    {"html": "dog", "right": False, "feedback_html": "RIGHT: a noun"},
                    {"html": "bark", "right": True},
                ]
            },
        ),
        QuestionDraft(
            "drag_text",
            "<p>A [[1]] on a [[2]].</p>",
            {"choices": [{"html": "cat"}, {"html": "mat"}, {"html": "hat"}], "gaps": [0, 1]},
        ),
        QuestionDraft(
            "cloze",
            "<p>It is [[1]] and has [[2]] people; [[3]].</p>",
            {
                "parts": [
                    {"kind": "single_choice", "content": several},
                    {"kind": "numerical", "content": {"answers": [{"value": "8675309"}]}},
                    {"kind": "short_answer", "content": {"answers": [{"text": "RIGHT-word"}]}},
                ]
            },
        ),
    ]


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def member(tree: dict[str, Unit]) -> Member:
    return new_member(tree["B1"], password=PASSWORD)


def contents(sitter: Sitter) -> list[dict[str, Any]]:
    return [papers.asked(slot.version_id).content for slot in papers.slots_of(sitter.attempt.layout)]


def answers(content: list[dict[str, Any]], *, all_right: bool) -> dict[str, Any]:
    """The fields of the form: everything right, or of each question one part right and one wrong."""
    pairs, items = content[0]["pairs"], content[1]["items"]
    pieces, drags = content[2]["segments"], content[3]
    options = content[4]["parts"][0]["content"]["options"]
    places = (1, 2, 3) if all_right else (1, 3, 2)
    gaps = drags["gaps"] if all_right else [0, 2]
    return {
        f"s1-match-{pairs[0]['key']}": pairs[0]["match_key"],
        f"s1-match-{pairs[1]['key']}": pairs[1 if all_right else 0]["match_key"],
        **{f"s2-place-{item['key']}": str(place) for item, place in zip(items, places, strict=True)},
        "s3-choice": [one["key"] for one in pieces if one["right"] or not all_right],
        **{f"s4-gap-{n}": drags["choices"][at]["key"] for n, at in enumerate(gaps, 1)},
        "s5-part-1-choice": options[0]["key"],
        "s5-part-2-text": "8675309" if all_right else "7",
        "s5-part-3-text": "RIGHT-word" if all_right else "word",
    }


def test_each_kind_is_answered_and_handed_in_by_a_plain_form(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    sitter = Sitter(app, member, new_quiz(tree["HQ"], questions(), mode=Mode.PRACTICE, questions_per_page=5))
    sitter.start()
    page = sitter.page(f"/attempts/{sitter.attempt.id}")
    assert "[[" not in page
    assert page.count("<select") == 2 + 3 + 2 + 1
    content = contents(sitter)
    assert sitter.send({**answers(content, all_right=True), "go": "stay"}).status_code == 303
    held = sitter.held
    assert held[1] == {"matches": {one["key"]: one["match_key"] for one in content[0]["pairs"]}}
    assert held[2] == {"places": {one["key"]: n for n, one in enumerate(content[1]["items"], 1)}}
    assert held[3] == {"choices": [content[2]["segments"][1]["key"]]}
    assert held[4] == {"gaps": [content[3]["choices"][n]["key"] for n in (0, 1)]}
    assert held[5]["parts"]["2"] == {"text": "8675309"}
    again = sitter.page(f"/attempts/{sitter.attempt.id}")
    assert len(re.findall(r"<option[^>]* selected", again)) == 2 + 3 + 2 + 1, "what was answered is shown as answered"
    assert 'value="8675309"' in again
    assert sitter.send({**answers(content, all_right=True), "go": "hand-in"}).status_code == 303
    review = sitter.page(f"/attempts/{sitter.attempt.id}/review")
    assert "5 of 5 marks" in review


def test_every_field_is_named_for_who_does_not_see_it(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    sitter = Sitter(app, member, new_quiz(tree["HQ"], questions(), questions_per_page=5))
    sitter.start()
    page = sitter.page(f"/attempts/{sitter.attempt.id}")
    form = page[page.index('id="q1"') :]
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', form))
    fields = re.findall(r'<(?:select|input class="form-control")[^>]*>', form)
    named = [one for one in fields if "aria-label=" in one or re.search(r'id="([^"]+)"', one)[1] in labels]  # type: ignore[index]
    assert named == fields
    assert len(fields) >= 10


def test_an_answer_is_taken_back(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    sitter = Sitter(app, member, new_quiz(tree["HQ"], questions(), questions_per_page=5))
    sitter.start()
    fields = answers(contents(sitter), all_right=True)
    sitter.send({**fields, "go": "stay"})
    sitter.send({**fields, "clear": "2"})
    assert (sitter.held[2], len(sitter.held[1])) == ({}, 1)


def test_a_field_that_names_no_choice_is_a_fault_and_the_rest_is_saved(
    app: Flask, tree: dict[str, Unit], member: Member
) -> None:
    sitter = Sitter(app, member, new_quiz(tree["HQ"], questions(), questions_per_page=5))
    sitter.start()
    fields = {**answers(contents(sitter), all_right=True), "s4-gap-1": "nothing"}
    answer = sitter.send({**fields, "go": "stay"})
    assert answer.status_code == 422
    assert "This option does not belong to the question." in answer.get_data(as_text=True)
    assert set(sitter.held) == {1, 2, 3, 5}


def test_an_answer_from_elsewhere_is_shown_in_words(app: Flask, tree: dict[str, Unit], member: Member) -> None:
    sitter = Sitter(app, member, new_quiz(tree["HQ"], questions(), questions_per_page=5))
    sitter.start()
    content = contents(sitter)
    hidden = sitter.fields()
    fields = answers(content, all_right=True)
    sitter.post(f"/attempts/{sitter.attempt.id}?page=1", {**hidden, **fields, "go": "stay"})
    other = answers(content, all_right=False)
    late = sitter.post(f"/attempts/{sitter.attempt.id}?page=1", {**hidden, **other, "go": "stay"})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    for words in ("France → Paris", "3. send", ">bark<", "2. mat", "1. north", "3. RIGHT-word"):
        assert words in page


def sit_through(app: Flask, tree: dict[str, Unit], member: Member, **settings: Any) -> tuple[str, dict[str, Any]]:
    """Hand in with parts right and parts wrong; the review as a page and as the API gives it."""
    sitter = Sitter(app, member, new_quiz(tree["HQ"], questions(), questions_per_page=5, **settings))
    sitter.start()
    sitter.send({**answers(contents(sitter), all_right=False), "go": "stay"})
    sitter.post(f"/attempts/{sitter.attempt.id}/hand-in")
    where = f"/attempts/{sitter.attempt.id}"
    return sitter.page(f"{where}/review"), sitter.get(f"/api/v1{where}").get_json()


def test_a_review_shows_what_was_answered_which_parts_were_right_and_what_is(
    app: Flask, tree: dict[str, Unit], member: Member
) -> None:
    page, shown = sit_through(app, tree, member, mode=Mode.PRACTICE)
    parts = [question["parts"] for question in shown["questions"]]
    assert [(one["prompt_html"], one["said_html"], one["right_html"], one["correctness"]) for one in parts[0]] == [
        ("France", "Paris", "Paris", "right"),
        ("Japan", "Paris", "Tokyo", "wrong"),
    ]
    assert [(one["prompt_html"], one["said_html"], one["right_html"]) for one in parts[1]] == [
        ("draft", "1", "1"),
        ("send", "2", "3"),
        ("sign", "3", "2"),
    ]
    assert [(one["chosen"], one["right_html"], one["feedback_html"]) for one in parts[2]] == [
        (True, "", "RIGHT: a noun"),
        (True, "bark", ""),
    ]
    assert [(one["said_html"], one["right_html"]) for one in parts[3]] == [("cat", "cat"), ("hat", "mat")]
    assert [(one["said_html"], one["right_html"]) for one in parts[4]] == [
        ("north", "north"),
        ("7", "8675309"),
        ("word", "RIGHT-word"),
    ]
    assert shown["questions"][0]["right_answers"] == ["France: Paris", "Japan: Tokyo"]
    assert shown["questions"][1]["right_answers"] == ["1. draft", "2. sign", "3. send"]
    for words in ("Tokyo", "Right place", "RIGHT: a noun", "RIGHT-word", "8675309"):
        assert words in page
    assert "[[" not in page


def test_e28_a_review_before_the_release_names_no_right_answer(
    app: Flask, tree: dict[str, Unit], member: Member, now: datetime
) -> None:
    close = now + timedelta(days=1)
    page, shown = sit_through(app, tree, member, mode=Mode.TEST, closes_at=close, attempts_allowed=2)
    parts = [part for question in shown["questions"] for part in question["parts"]]
    assert all(part["right_html"] is None for part in parts)
    assert [part["correctness"] for part in parts if part["correctness"]], "which parts were right may be seen"
    assert all(question["right_answers"] == [] for question in shown["questions"])
    for secret in ("Right place", "Right answer", "8675309", "RIGHT-word", "right, not chosen"):
        assert secret not in page + json.dumps(shown)


def test_e28_a_review_of_answers_alone_says_nothing_of_right_and_wrong(
    app: Flask, tree: dict[str, Unit], member: Member
) -> None:
    rules = {moment: ["response"] for moment in ("after", "later", "closed")}
    page, shown = sit_through(app, tree, member, review=rules)
    parts = [part for question in shown["questions"] for part in question["parts"]]
    assert all(part["right_html"] is None and part["correctness"] is None for part in parts)
    assert all(part["feedback_html"] == "" for part in parts)
    assert "verdict" not in page
    assert "Paris" in page


def test_e28_nothing_of_a_paper_is_shown_where_nothing_may_be(
    app: Flask, tree: dict[str, Unit], member: Member, now: datetime
) -> None:
    page, shown = sit_through(app, tree, member, mode=Mode.EXAM, closes_at=now + timedelta(days=1))
    assert shown["questions"] == []
    assert "Paris" not in page


def test_e27_what_the_api_sends_of_an_open_paper_does_not_tell_the_order(
    app: Flask, tree: dict[str, Unit], member: Member
) -> None:
    sitter = Sitter(app, member, new_quiz(tree["HQ"], questions(), questions_per_page=5))
    sitter.start()
    sitter.send({**answers(contents(sitter), all_right=False), "go": "stay"})
    asked = sitter.get(f"/api/v1/attempts/{sitter.attempt.id}").get_json()["questions"]
    assert list(asked[1]["response"]["places"]) == sorted(asked[1]["response"]["places"])
    assert [set(one) for one in asked[1]["public"]["items"]] == [{"key", "html"}] * 3
    assert set(asked[3]["public"]["choices"][0]) == {"key", "html", "group"}
    assert all(question["parts"] == [] for question in asked)
