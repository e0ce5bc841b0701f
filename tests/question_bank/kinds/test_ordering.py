"""Ordering: five ways to mark what is partly right, each with examples worked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.kinds import kind
from question_bank.kinds.ordering import SCORINGS, score
from question_bank.marking import mark
from tests.question_bank.kinds.samples import prepared

ORDERING = kind("ordering")
STEPS = {"items": [{"html": text} for text in ("draft", "sign", "print", "send", "file")]}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"items": [{"html": "alone"}]},
        {"items": [{"html": "a"}, {"html": ""}]},
        {"items": [{"html": "a"}, {"html": "a"}]},
        {"items": [{"html": "a"}, {"html": "b"}], "scoring": "by_taste"},
        {"items": [{"html": str(n)} for n in range(31)]},
        {"items": [{"html": "a"}, "b"]},
    ],
)
def test_what_can_not_be_asked_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        ORDERING.validate(content)


@pytest.mark.parametrize(
    ("places", "all_or_nothing", "per_place", "adjacent_pairs", "longest_sequence", "exact"),
    [
        # Everything right.
        ((1, 2, 3, 4, 5), "1", "1", "1", "1", "1"),
        # Two neighbours changed: three at their place, only the first two still next to each other.
        ((1, 2, 4, 3, 5), "0", "3/5", "1/4", "4/5", "2/5"),
        # The first put last: nobody at their place, yet three right neighbours and four in order.
        ((5, 1, 2, 3, 4), "0", "0", "3/4", "4/5", "0"),
        # Backwards: the middle one stands right, nothing else; a sequence of one is none.
        ((5, 4, 3, 2, 1), "0", "1/5", "0", "0", "0"),
        # The last two left out.
        ((1, 2, 3, None, None), "0", "3/5", "1/2", "3/5", "3/5"),
        # Only the last one placed.
        ((None, None, None, None, 5), "0", "1/5", "0", "0", "0"),
    ],
)
def test_an_order_is_marked_in_five_ways(
    places: tuple[int | None, ...],
    all_or_nothing: str,
    per_place: str,
    adjacent_pairs: str,
    longest_sequence: str,
    exact: str,
) -> None:
    expected = (all_or_nothing, per_place, adjacent_pairs, longest_sequence, exact)
    assert [score(places, one) for one in SCORINGS] == [Fraction(one) for one in expected]


def test_two_items_at_one_place_are_both_not_right() -> None:
    content = prepared("ordering", {**STEPS, "scoring": "per_place"})
    keys = [item["key"] for item in content["items"]]
    response = ORDERING.clean_response(content, {"places": dict(zip(keys, (1, 1, 3, 4, 5), strict=True))})
    found = mark("ordering", content, response, 1000)
    assert found.mark == 600
    assert [part["correctness"] for part in found.parts] == ["wrong", "wrong", "right", "right", "right"]


def test_an_order_of_keys_and_places_say_the_same() -> None:
    content = prepared("ordering", STEPS)
    keys = [item["key"] for item in content["items"]]
    by_order = ORDERING.clean_response(content, {"order": keys[::-1]})
    fields = {f"place-{key}": [str(5 - n)] for n, key in enumerate(keys)}
    assert (
        by_order
        == ORDERING.response_from_fields(content, fields)
        == {"places": dict(zip(keys, (5, 4, 3, 2, 1), strict=True))}
    )


@pytest.mark.parametrize("empty", [None, {}, {"places": {}}, {"places": None}, {"order": []}])
def test_no_place_at_all_is_blank(empty: Any) -> None:
    content = prepared("ordering", STEPS)
    assert ORDERING.clean_response(content, empty) == {}
    assert mark("ordering", content, {}, 1000).correctness == "blank"


@pytest.mark.parametrize("place", [0, 6, -1, 1.0, True, "first", "²", "1e0", [1], {"at": 1}])
def test_a_place_that_is_none_is_refused(place: Any) -> None:
    content = prepared("ordering", STEPS)
    with pytest.raises(Refused):
        ORDERING.clean_response(content, {"places": {content["items"][0]["key"]: place}})


@pytest.mark.parametrize("raw", [{"order": "abc"}, {"order": [1]}, {"order": ["x"]}, {"places": []}, {"place": 1}, []])
def test_a_malformed_response_is_refused(raw: Any) -> None:
    with pytest.raises(Refused):
        ORDERING.clean_response(prepared("ordering", STEPS), raw)


def test_an_item_named_twice_is_refused() -> None:
    content = prepared("ordering", STEPS)
    key = content["items"][0]["key"]
    with pytest.raises(Refused):
        ORDERING.clean_response(content, {"order": [key, key]})


def test_the_right_answer_is_the_order() -> None:
    told = ORDERING.right_answer(prepared("ordering", STEPS))
    assert [(one["place"], one["html"]) for one in told] == list(
        enumerate(("draft", "sign", "print", "send", "file"), 1)
    )
