"""Select in text: a wrong piece takes back what a right one gives, down to nothing."""

from __future__ import annotations

from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.kinds import kind
from question_bank.marking import mark
from tests.question_bank.kinds.samples import prepared

SELECT = kind("select_text")
VERBS = {
    "segments": [
        {"html": "dogs", "right": False, "feedback_html": "A noun."},
        {"html": "bark", "right": True},
        {"html": "loudly", "right": False},
        {"html": "run", "right": True},
    ]
}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"segments": []},
        {"segments": [{"html": "a", "right": False}]},
        {"segments": [{"html": "a", "right": "yes"}]},
        {"segments": [{"html": " ", "right": True}]},
        {"segments": [{"html": "a", "right": True}] * 61},
    ],
)
def test_what_can_not_be_asked_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        SELECT.validate(content)


@pytest.mark.parametrize(
    ("chosen", "earned", "verdict"),
    [
        ((1, 3), 1000, "right"),
        ((1,), 500, "partly"),
        ((0, 1, 3), 500, "partly"),
        ((0, 1), 0, "partly"),
        ((0, 1, 2, 3), 0, "partly"),
        ((0, 2), 0, "wrong"),
        ((), 0, "blank"),
    ],
)
def test_right_pieces_less_wrong_ones(chosen: tuple[int, ...], earned: int, verdict: str) -> None:
    content = prepared("select_text", VERBS)
    response = SELECT.clean_response(content, {"choices": [content["segments"][n]["key"] for n in chosen]})
    found = mark("select_text", content, response, 1000)
    assert (found.mark, found.correctness) == (earned, verdict)
    assert [part["feedback_html"] for part in found.parts] == ["A noun." if n == 0 else "" for n in chosen]


def test_a_response_stands_in_the_order_of_the_text() -> None:
    content = prepared("select_text", VERBS)
    keys = [one["key"] for one in content["segments"]]
    assert SELECT.response_from_fields(content, {"choice": [keys[3], "", keys[0], keys[3]]}) == {
        "choices": [keys[0], keys[3]]
    }


@pytest.mark.parametrize(
    "raw", [{"choices": "k"}, {"choices": ["?"]}, {"choices": [[]]}, {"choice": "k"}, "k", {"choices": [""] * 99}]
)
def test_a_malformed_response_is_refused(raw: Any) -> None:
    with pytest.raises(Refused):
        SELECT.clean_response(prepared("select_text", VERBS), raw)


def test_the_right_answer_is_the_pieces() -> None:
    assert [one["html"] for one in SELECT.right_answer(prepared("select_text", VERBS))] == ["bark", "run"]
