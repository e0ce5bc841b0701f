"""Drag into text: a gap takes choices of its group, and each gap earns its share."""

from __future__ import annotations

from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.kinds import kind
from question_bank.marking import mark
from tests.question_bank.kinds.samples import prepared

DRAG = kind("drag_text")
SENTENCE = {
    "choices": [
        {"html": "cat"},
        {"html": "mat"},
        {"html": "sat", "group": 2},
        {"html": "ran", "group": 2, "unlimited": True},
        {"html": "cat"},
    ],
    "gaps": [0, 2, 1, 0],
}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"choices": [], "gaps": [0]},
        {"choices": [{"html": "cat"}], "gaps": []},
        {"choices": [{"html": "cat"}], "gaps": [1]},
        {"choices": [{"html": "cat"}], "gaps": [-1]},
        {"choices": [{"html": "cat"}], "gaps": ["0"]},
        {"choices": [{"html": "cat"}], "gaps": [True]},
        {"choices": [{"html": ""}], "gaps": [0]},
        {"choices": [{"html": "cat", "group": 0}], "gaps": [0]},
        {"choices": [{"html": "cat", "group": 21}], "gaps": [0]},
        {"choices": [{"html": "cat", "group": "1"}], "gaps": [0]},
    ],
)
def test_what_can_not_be_asked_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        DRAG.validate(content)


@pytest.mark.parametrize(
    ("given", "earned", "verdict"),
    [
        ((0, 2, 1, 0), 1000, "right"),
        ((4, 2, 1, 4), 1000, "right"),
        ((0, 3, 1, 0), 750, "partly"),
        ((1, 3, 0, 1), 0, "wrong"),
        ((0, None, None, None), 250, "partly"),
        ((None, None, None, None), 0, "blank"),
    ],
)
def test_each_gap_earns_its_share(given: tuple[int | None, ...], earned: int, verdict: str) -> None:
    content = prepared("drag_text", SENTENCE)
    gaps = [content["choices"][n]["key"] if n is not None else "" for n in given]
    found = mark("drag_text", content, DRAG.clean_response(content, {"gaps": gaps}), 1000)
    assert (found.mark, found.correctness) == (earned, verdict)


def test_a_choice_that_fills_several_gaps_is_unlimited_and_nobody_is_told() -> None:
    content = prepared("drag_text", SENTENCE)
    assert [one["unlimited"] for one in content["choices"]] == [True, False, False, True, False]
    assert all(set(one) == {"key", "html", "group"} for one in DRAG.public(content)["choices"])


def test_a_gap_takes_no_choice_of_another_group() -> None:
    content = prepared("drag_text", SENTENCE)
    with pytest.raises(Refused):
        DRAG.clean_response(content, {"gaps": ["", content["choices"][0]["key"]]})


def test_fields_of_a_form_give_the_same_response_as_json() -> None:
    content = prepared("drag_text", SENTENCE)
    key = content["choices"][1]["key"]
    assert DRAG.response_from_fields(content, {"gap-3": [key]}) == {"gaps": ["", "", key, ""]}
    assert DRAG.clean_response(content, {"gaps": [None, "", key]}) == {"gaps": ["", "", key, ""]}


@pytest.mark.parametrize(
    "raw", [{"gaps": {}}, {"gaps": ["nothing"]}, {"gaps": [5]}, {"gaps": [[]]}, {"gaps": [""] * 5}, {"gap": ""}, []]
)
def test_a_malformed_response_is_refused(raw: Any) -> None:
    with pytest.raises(Refused):
        DRAG.clean_response(prepared("drag_text", SENTENCE), raw)


def test_the_right_answer_names_each_gap() -> None:
    told = DRAG.right_answer(prepared("drag_text", SENTENCE))
    assert [(one["number"], one["html"]) for one in told] == [(1, "cat"), (2, "sat"), (3, "mat"), (4, "cat")]
