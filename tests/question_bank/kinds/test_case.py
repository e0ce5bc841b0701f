"""Case: several questions about one text, each answered and marked by its own kind."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.kinds import Correctness, kind

CASE = kind("case")


def single(mark: int = 1000) -> dict[str, Any]:
    options = [{"html": "this", "fraction": "1"}, {"html": "that", "fraction": "0"}]
    return {"kind": "single_choice", "stem_html": "<p>Which?</p>", "mark": mark, "content": {"options": options}}


def essay(mark: int = 1000) -> dict[str, Any]:
    return {"kind": "essay", "stem_html": "<p>Why?</p>", "mark": mark, "content": {}}


def made(*questions: dict[str, Any]) -> dict[str, Any]:
    content = {"questions": list(questions)}
    CASE.validate(content)
    return CASE.prepare(content)


def keys(content: dict[str, Any]) -> list[str]:
    return [one["key"] for one in content["questions"]]


def options(content: dict[str, Any], n: int = 0) -> list[str]:
    return [one["key"] for one in content["questions"][n]["content"]["options"]]


def test_each_question_counts_by_its_share_of_the_marks() -> None:
    content = made(single(3000), single(1000))
    first, second = keys(content)
    right, wrong = options(content)
    outcome = CASE.mark(content, {"answers": {first: {"choice": right}}})
    assert (outcome.fraction, outcome.correctness) == (Fraction(3, 4), Correctness.PARTLY)
    assert [(part["key"], part["correctness"]) for part in outcome.parts] == [(first, "right"), (second, "blank")]
    both = {first: {"choice": right}, second: {"choice": options(content, 1)[0]}}
    assert CASE.mark(content, {"answers": both}).correctness is Correctness.RIGHT
    assert CASE.mark(content, {"answers": {first: {"choice": wrong}}}).correctness is Correctness.WRONG
    assert CASE.mark(content, {}).correctness is Correctness.BLANK


def test_with_an_essay_in_it_a_case_waits_and_keeps_what_marks_itself() -> None:
    content = made(single(), essay())
    first, second = keys(content)
    answers = {first: {"choice": options(content)[0]}, second: {"text": "Air."}}
    outcome = CASE.mark(content, {"answers": answers})
    assert (outcome.fraction, outcome.correctness) == (Fraction(1, 2), Correctness.BY_HAND)
    del answers[second]
    assert CASE.mark(content, {"answers": answers}).correctness is Correctness.PARTLY, "a blank essay waits for nobody"


def test_answers_come_from_fields_with_the_questions_key_in_front() -> None:
    content = made(single(), essay())
    first, second = keys(content)
    fields = {f"{first}-choice": [options(content)[0]], f"{second}-text": ["Air."], "choice": ["stray"]}
    response = CASE.response_from_fields(content, fields)
    assert response == {"answers": {first: {"choice": options(content)[0]}, second: {"text": "Air."}}}
    assert CASE.clean_response(content, response) == response
    assert CASE.response_from_fields(content, {}) == {}
    assert CASE.clean_response(content, {"answers": {first: {}, second: None}}) == {}


@pytest.mark.parametrize("raw", ["x", {"answers": []}, {"answers": {"nobody": {}}}, {"text": "x"}])
def test_what_is_no_answer_to_a_case_is_refused(raw: Any) -> None:
    with pytest.raises(Refused):
        CASE.clean_response(made(single()), raw)


def test_an_answer_that_is_none_of_its_question_is_refused() -> None:
    content = made(single())
    with pytest.raises(Refused):
        CASE.clean_response(content, {"answers": {keys(content)[0]: {"choice": "made up"}}})


def test_nothing_of_what_is_right_is_shown_to_who_sits_it() -> None:
    content = made(single())
    (shown,) = CASE.public(content)["questions"]
    assert set(shown) == {"key", "kind", "stem_html", "mark", "public"}
    assert "fraction" not in str(shown)
    assert CASE.right_answer(content)[0]["answers"][0]["key"] == options(content)[0]


def test_a_case_that_was_prepared_can_be_prepared_again() -> None:
    content = made(single(2000), essay())
    CASE.validate(content)
    again = CASE.prepare(content)
    assert [(one["kind"], one["mark"], one["stem_html"]) for one in again["questions"]] == [
        ("single_choice", 2000, "<p>Which?</p>"),
        ("essay", 1000, "<p>Why?</p>"),
    ]


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ([], "between 1 and 30"),
        ([single()] * 31, "between 1 and 30"),
        ([{**single(), "kind": "case"}], "Question 1 of the case: .*other kinds"),
        ([{**single(), "kind": "riddle"}], "other kinds"),
        ([single(), {**single(), "stem_html": " "}], "Question 2 of the case: .*no text"),
        ([{**single(), "mark": -1}], "between 0 and 1000"),
        ([{**single(), "mark": True}], "between 0 and 1000"),
        ([single(0), essay(0)], "No question of the case is worth"),
        ([{**single(), "content": {"options": []}}], "Question 1"),
        ([{**single(), "content": "x"}], "other kinds"),
    ],
)
def test_a_case_that_cant_be_asked_says_which_question_and_why(questions: list[Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        CASE.validate({"questions": questions})


def test_e27_the_options_of_its_questions_are_shown_in_the_order_of_the_paper() -> None:
    content = made(single(), single())
    first, second = options(content), options(content, 1)
    assert CASE.option_keys(content) == [*first, *second]
    shown = CASE.public(content, [second[1], first[1], second[0], first[0]])
    asked = [[one["key"] for one in question["public"]["options"]] for question in shown["questions"]]
    assert asked == [first[::-1], second[::-1]]


def test_a_paper_that_began_before_options_were_shuffled_keeps_their_order() -> None:
    content = made(single())
    shown = CASE.public(content, [])
    assert [one["key"] for one in shown["questions"][0]["public"]["options"]] == options(content)
