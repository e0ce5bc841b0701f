"""Cloze: parts of a text, each marked as its kind is, weighed against each other."""

from __future__ import annotations

from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.kinds import kind
from question_bank.marking import mark
from tests.question_bank.kinds.samples import prepared

CLOZE = kind("cloze")
WORD = {"kind": "short_answer", "content": {"answers": [{"text": "Beijing"}, {"text": "Peking", "fraction": "1/2"}]}}
CHOICE = {
    "kind": "single_choice",
    "weight": "2",
    "content": {"options": [{"html": "north", "fraction": "1"}, {"html": "south", "fraction": "-1"}], "negative": True},
}
NUMBER = {
    "kind": "numerical",
    "content": {"answers": [{"value": "1949", "tolerance": "0", "feedback_html": "Yes."}]},
}
TEXT = {"parts": [WORD, CHOICE, NUMBER]}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"parts": []},
        {"parts": [{"kind": "essay", "content": {}}]},
        {"parts": [{"kind": "cloze", "content": {"parts": [WORD]}}]},
        {"parts": [{"kind": "short_answer"}]},
        {"parts": [{**WORD, "weight": "0"}]},
        {"parts": [{**WORD, "weight": "-1"}]},
        {"parts": [{**WORD, "weight": "much"}]},
        {"parts": [{**WORD, "layout": "diagonal"}]},
        {"parts": [{"kind": "short_answer", "content": {"answers": []}}]},
    ],
)
def test_what_can_not_be_asked_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        CLOZE.validate(content)


@pytest.mark.parametrize(
    ("word", "choice", "number", "earned", "verdict"),
    [
        ("Beijing", 0, "1949", 1000, "right"),
        ("Peking", 0, "", 625, "partly"),
        ("Beijing", None, "", 250, "partly"),
        ("Beijing", 1, "", -250, "partly"),
        ("Rome", 1, "1950", -500, "wrong"),
        ("", None, "", 0, "blank"),
    ],
)
def test_parts_earn_by_their_weight(word: str, choice: int | None, number: str, earned: int, verdict: str) -> None:
    content = prepared("cloze", TEXT)
    options = content["parts"][1]["content"]["options"]
    key = "" if choice is None else options[choice]["key"]
    parts = {"1": {"text": word}, "2": {"choice": key}, "3": {"text": number}}
    found = mark("cloze", content, CLOZE.clean_response(content, {"parts": parts}), 1000)
    assert (found.mark, found.correctness) == (earned, verdict)
    if number == "1949":
        assert found.parts[2]["feedback_html"] == "Yes."


def test_fields_of_a_form_give_the_same_response_as_json() -> None:
    content = prepared("cloze", TEXT)
    key = content["parts"][1]["content"]["options"][0]["key"]
    fields = {"part-1-text": ["Beijing "], "part-2-choice": [key], "part-3-text": [" "]}
    assert CLOZE.response_from_fields(content, fields) == {"parts": {"1": {"text": "Beijing"}, "2": {"choice": key}}}


@pytest.mark.parametrize(
    "raw",
    [
        {"parts": []},
        {"parts": {"4": {"text": "x"}}},
        {"parts": {1: {"text": "x"}}},
        {"parts": {"1": "x"}},
        {"parts": {"1": []}},
        {"parts": {"1": {"choice": "x"}}},
        {"parts": {"2": {"choice": "x"}}},
        {"text": "x"},
    ],
)
def test_a_malformed_response_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        CLOZE.clean_response(prepared("cloze", TEXT), raw)


def test_the_right_answer_numbers_the_parts() -> None:
    told = CLOZE.right_answer(prepared("cloze", TEXT))
    assert [(one["number"], one.get("html", one.get("text"))) for one in told] == [
        (1, "Beijing"),
        (1, "Peking"),
        (2, "north"),
        (3, "1949"),
    ]


def test_options_stand_as_shuffled_and_only_those_of_their_part() -> None:
    content = prepared("cloze", {"parts": [CHOICE, WORD, CHOICE]})
    keys = CLOZE.option_keys(content)
    shown = CLOZE.public(content, keys[::-1])["parts"]
    assert [[one["key"] for one in part["public"].get("options", [])] for part in shown] == [
        [keys[1], keys[0]],
        [],
        [keys[3], keys[2]],
    ]
