"""What each kind accepts, shows and earns."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.kinds import kind
from question_bank.marking import mark, round_half_up


def options(*weights: str) -> dict[str, Any]:
    return {"options": [{"html": f"option {n}", "fraction": weight} for n, weight in enumerate(weights)]}


def prepared(name: str, content: dict[str, Any]) -> dict[str, Any]:
    kind(name).validate(content)
    return kind(name).prepare(content)


SAMPLES: dict[str, dict[str, Any]] = {
    "single_choice": {
        "options": [{"html": "yes", "fraction": "1", "feedback_html": "CANARY"}, {"html": "no", "fraction": "7/13"}]
    },
    "multiple_choice": {
        "options": [{"html": "yes", "fraction": "1", "feedback_html": "CANARY"}, {"html": "no", "fraction": "-7/13"}]
    },
    "true_false": {"answer": True, "feedback_true_html": "CANARY", "feedback_false_html": "CANARY"},
    "fill_in": {
        "blanks": [{"answers": [{"text": "CANARY", "fraction": "1"}]}, {"answers": [{"low": "1", "high": "2"}]}]
    },
    "short_answer": {"answers": [{"text": "CANARY", "fraction": "1", "feedback_html": "CANARY"}]},
    "numerical": {"answers": [{"value": "1822", "tolerance": "7", "fraction": "7/13", "feedback_html": "CANARY"}]},
    "matching": {"pairs": [{"html": "one", "match_html": "two"}], "distractors": [{"html": "three"}]},
    "ordering": {"items": [{"html": "one"}, {"html": "two"}], "scoring": "per_place"},
    "select_text": {
        "segments": [{"html": "one", "right": True, "feedback_html": "CANARY"}, {"html": "two", "right": False}]
    },
    "drag_text": {"choices": [{"html": "one"}, {"html": "two"}], "gaps": [0]},
    "cloze": {
        "parts": [
            {"kind": "short_answer", "weight": "7/13", "content": {"answers": [{"text": "CANARY"}]}},
            {
                "kind": "numerical",
                "content": {"answers": [{"value": "1822", "tolerance": "7", "feedback_html": "CANARY"}]},
            },
        ]
    },
    "description": {},
}


@pytest.mark.parametrize("name", SAMPLES)
def test_e26_what_a_sitter_may_see_carries_no_answer_weight_or_feedback(name: str) -> None:
    content = prepared(name, SAMPLES[name])
    shown = json.dumps(kind(name).public(content, kind(name).option_keys(content)))
    assert "CANARY" not in shown
    assert "7/13" not in shown
    assert "1822" not in shown
    assert "fraction" not in shown
    assert set(json.loads(shown)) <= {
        *("options", "choices", "blanks", "input", "prompts", "items", "segments", "gaps", "parts")
    }
    for option in json.loads(shown).get("options", []):
        assert set(option) == {"key", "html"}


def test_e27_keys_of_options_are_random_and_new_for_each_version() -> None:
    first, second = (prepared("single_choice", options("1", "0", "0", "0")) for _n in range(2))
    keys = [option["key"] for option in first["options"] + second["options"]]
    assert len(set(keys)) == 8
    assert all(len(key) == 6 and key.isalnum() for key in keys)


def test_e27_the_right_option_takes_every_rank_among_the_keys() -> None:
    ranks = set()
    for _n in range(200):
        keys = [option["key"] for option in prepared("single_choice", options("1", "0", "0", "0"))["options"]]
        ranks.add(sorted(keys).index(keys[0]))
    assert ranks == {0, 1, 2, 3}


def test_a_single_choice_earns_the_weight_of_its_option() -> None:
    content = prepared("single_choice", options("1", "1/2", "-1/2", "0"))
    keys = kind("single_choice").option_keys(content)
    marks = [mark("single_choice", content, {"choice": key}, 3000) for key in keys]
    assert [(m.mark, m.correctness) for m in marks] == [(3000, "right"), (1500, "partly"), (0, "wrong"), (0, "wrong")]
    content["negative"] = True
    assert mark("single_choice", content, {"choice": keys[2]}, 3000).mark == -1500


@pytest.mark.parametrize(
    ("chosen", "marking", "earned"),
    [
        ((0, 1), "all_or_nothing", 1000),
        ((0,), "all_or_nothing", 0),
        ((0, 1, 2), "all_or_nothing", 0),
        ((0,), "half_for_partly", 500),
        ((0, 2), "half_for_partly", 0),
        ((0, 1), "half_for_partly", 1000),
        ((0,), "per_option", 500),
        ((0, 2), "per_option", 0),
        ((0, 1, 2), "per_option", 500),
        ((0, 1, 2, 3), "per_option", 0),
        ((2,), "per_option", 0),
    ],
)
def test_multiple_choice_is_marked_in_three_ways(chosen: tuple[int, ...], marking: str, earned: int) -> None:
    content = prepared("multiple_choice", options("1/2", "1/2", "0", "0"))
    keys = kind("multiple_choice").option_keys(content)
    assert mark("multiple_choice", content, {"choices": [keys[n] for n in chosen]}, 1000, marking).mark == earned


def test_weights_of_the_author_count_in_per_option_marking() -> None:
    content = prepared("multiple_choice", options("1/3", "1/3", "-1", "1/3"))
    keys = kind("multiple_choice").option_keys(content)
    assert mark("multiple_choice", content, {"choices": [keys[0], keys[1], keys[3]]}, 1000, "per_option").mark == 1000
    assert mark("multiple_choice", content, {"choices": [keys[0], keys[2]]}, 1000, "per_option").mark == 0


def test_blanks_earn_their_share_and_a_group_takes_any_order() -> None:
    content = prepared(
        "fill_in",
        {
            "blanks": [
                {"answers": [{"text": "婉约派"}]},
                {"answers": [{"text": "豪放派"}]},
                {"answers": [{"low": "3.1", "high": "3.2"}, {"text": "π", "fraction": "1/2"}]},
            ],
            "unordered": [[0, 1]],
        },
    )
    assert mark("fill_in", content, {"blanks": ["豪放派", "婉约派", "三点一四"]}, 1000).mark == 1000
    assert mark("fill_in", content, {"blanks": ["豪放派", "豪放派", ""]}, 1000).mark == 333
    assert mark("fill_in", content, {"blanks": ["", "", "π"]}, 1000).mark == 167
    assert mark("fill_in", content, {"blanks": ["婉约", "豪放", "3"]}, 1000).correctness == "wrong"


def test_numbers_are_compared_exactly_at_the_edge_of_the_tolerance() -> None:
    content = prepared(
        "numerical", {"answers": [{"value": "3.1415", "tolerance": "0.0005"}, {"value": "3", "fraction": "1/2"}]}
    )
    earned = [
        mark("numerical", content, {"text": text}, 1000).mark for text in ("3.1420", "3.14200001", "3.141", "3.0", "x")
    ]
    assert earned == [1000, 0, 1000, 500, 0]


def test_a_short_answer_takes_the_best_of_what_it_meets() -> None:
    answers = [
        {"text": "Nazereth", "fraction": "3/4"},
        {"text": "*", "wildcards": True, "fraction": "0", "feedback_html": "no"},
        {"text": "Nazareth"},
    ]
    content = prepared("short_answer", {"answers": answers})
    found = mark("short_answer", content, {"text": "elsewhere"}, 1000)
    assert (found.mark, found.parts[0]["feedback_html"]) == (0, "no")
    assert mark("short_answer", content, {"text": "NAZARETH"}, 1000).mark == 1000


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    "raw",
    [
        {"x": 1},
        [],
        "text",
        5,
        {"choice": []},
        {"choices": "k"},
        {"blanks": {}},
        {"text": {}},
        {"text": "a" * 5000},
        {"blanks": [1.5]},
        {"choices": [[]]},
        {"choice": {"a": 1}},
    ],
)
def test_a_malformed_response_is_refused(name: str, raw: Any) -> None:
    content = prepared(name, SAMPLES[name])
    if name == "description":
        assert kind(name).clean_response(content, raw) == {}
        return
    with pytest.raises(Refused):
        kind(name).clean_response(content, raw)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("raw", [None, {}, {"choice": None}, {"choices": []}, {"text": "  "}, {"blanks": ["", " "]}])
def test_a_blank_response_is_empty_and_earns_nothing(name: str, raw: Any) -> None:
    content = prepared(name, SAMPLES[name])
    try:
        response = kind(name).clean_response(content, raw)
    except Refused:
        return
    assert response == {}
    assert kind(name).is_blank(response)
    assert (mark(name, content, response, 1000).mark, mark(name, content, None, 1000).correctness) == (0, "blank")


def test_fields_of_a_form_give_the_same_response_as_json() -> None:
    single = prepared("single_choice", SAMPLES["single_choice"])
    key = single["options"][1]["key"]
    assert kind("single_choice").response_from_fields(single, {"choice": [key]}) == {"choice": key}
    multiple = prepared("multiple_choice", SAMPLES["multiple_choice"])
    keys = kind("multiple_choice").option_keys(multiple)
    assert kind("multiple_choice").response_from_fields(multiple, {"choice": keys[::-1]}) == {"choices": keys}
    assert kind("true_false").response_from_fields({"answer": True}, {"choice": ["false"]}) == {"choice": "false"}
    blanks = prepared("fill_in", SAMPLES["fill_in"])
    assert kind("fill_in").response_from_fields(blanks, {"blank-2": ["7"]}) == {"blanks": ["", "7"]}
    assert kind("numerical").response_from_fields({}, {"text": [" 3 "]}) == {"text": "3"}


@given(st.fractions(-1, 1), st.integers(0, 100_000))
def test_a_mark_is_rounded_half_up_once(fraction: Fraction, full: int) -> None:
    rounded = round_half_up(fraction * full)
    assert abs(rounded - fraction * full) <= Fraction(1, 2)
    assert round_half_up(-fraction * full) == -rounded


@given(
    st.lists(st.sampled_from(["1", "0", "1/2", "-1", "1/3"]), min_size=2, max_size=6),
    st.sets(st.integers(0, 5)),
    st.sampled_from(["all_or_nothing", "half_for_partly", "per_option"]),
)
def test_no_choice_earns_more_than_the_mark_or_less_than_nothing(
    weights: list[str], chosen: set[int], marking: str
) -> None:
    if not any(Fraction(weight) > 0 for weight in weights):
        return
    content = prepared("multiple_choice", options(*weights))
    keys = kind("multiple_choice").option_keys(content)
    response = kind("multiple_choice").clean_response(content, {"choices": [keys[n] for n in chosen if n < len(keys)]})
    assert 0 <= mark("multiple_choice", content, response, 1000, marking).mark <= 1000
