"""What holds for every kind whose parts are matched, ordered, chosen or filled, whatever its content."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.authoring import QuestionDraft, cleaned
from question_bank.drawing import shuffled_order
from question_bank.fingerprints import fingerprint
from question_bank.kinds import kind
from question_bank.marking import mark
from tests.question_bank.kinds.samples import CONTENTS, prepared, right_response

KINDS = sorted(CONTENTS)


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_the_right_response_earns_everything_in_whatever_order_it_was_shown(name: str, data: st.DataObject) -> None:
    content = prepared(name, data.draw(CONTENTS[name]))
    response = kind(name).clean_response(content, right_response(name, content))
    found = kind(name).mark(content, response)
    assert (found.fraction, found.correctness) == (1, "right")
    keys = kind(name).option_keys(content)
    shown = kind(name).public(content, data.draw(st.permutations(keys)))
    assert kind(name).clean_response(content, response) == response
    assert kind(name).mark(content, json.loads(json.dumps(response))) == found
    assert _keys(shown) == _keys(kind(name).public(content))


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_any_response_earns_between_minus_one_and_one(name: str, data: st.DataObject) -> None:
    content = prepared(name, data.draw(CONTENTS[name]))
    raw = _some_response(name, kind(name).public(content), data)
    response = kind(name).clean_response(content, raw)
    assert kind(name).clean_response(content, response) == response
    found = kind(name).mark(content, response, data.draw(st.sampled_from(["all_or_nothing", "per_option"])))
    assert -1 <= found.fraction <= 1
    assert (found.correctness == "blank") == kind(name).is_blank(response)
    if name != "cloze":
        assert found.fraction >= 0


def _some_response(name: str, shown: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    def one_of(options: list[dict[str, Any]]) -> str:
        return data.draw(st.sampled_from([one["key"] for one in options] + [""]))

    match name:
        case "matching":
            return {"matches": {prompt["key"]: one_of(shown["choices"]) for prompt in shown["prompts"]}}
        case "ordering":
            places = st.one_of(st.none(), st.integers(1, len(shown["items"])))
            return {"places": {item["key"]: data.draw(places) for item in shown["items"]}}
        case "select_text":
            return {"choices": [one["key"] for one in shown["segments"] if data.draw(st.booleans())]}
        case "drag_text":
            return {
                "gaps": [one_of([c for c in shown["choices"] if c["group"] == gap["group"]]) for gap in shown["gaps"]]
            }
    parts: dict[str, Any] = {}
    for part in shown["parts"]:
        options = part["public"].get("options", [])
        if part["kind"] == "single_choice":
            parts[str(part["number"])] = {"choice": one_of(options)}
        elif part["kind"] == "multiple_choice":
            parts[str(part["number"])] = {"choices": [one["key"] for one in options if data.draw(st.booleans())]}
        else:
            parts[str(part["number"])] = {"text": data.draw(st.sampled_from(["", "a", "北京", "7"]))}
    return {"parts": parts}


def _keys(shown: Any) -> set[str]:
    if isinstance(shown, dict):
        return {shown["key"]} if isinstance(shown.get("key"), str) else set().union(*map(_keys, shown.values()))
    return set().union(*map(_keys, shown)) if isinstance(shown, list) else set()


# What a sitter is sent tells nothing


ASKED: dict[str, tuple[dict[str, Any], str]] = {
    "matching": (
        {"pairs": [{"html": f"left {n}", "match_html": f"choice {n}"} for n in range(4)]},
        "choices",
    ),
    "ordering": ({"items": [{"html": f"item {n}"} for n in range(4)]}, "items"),
    "drag_text": ({"choices": [{"html": f"choice {n}"} for n in range(4)], "gaps": [0]}, "choices"),
}


@pytest.mark.parametrize("name", ASKED)
def test_e27_the_right_one_takes_every_rank_among_what_is_shown(name: str) -> None:
    content, shown = ASKED[name]
    first = {"matching": "choice 0", "ordering": "item 0", "drag_text": "choice 0"}[name]
    ranks = set()
    for _n in range(200):
        ready = prepared(name, content)
        ranks.add([one["html"] for one in kind(name).public(ready)[shown]].index(first))
    assert ranks == {0, 1, 2, 3}


def test_e27_two_items_are_not_always_shown_the_wrong_way_round() -> None:
    orders = set()
    for _n in range(60):
        ready = prepared("ordering", {"items": [{"html": "first"}, {"html": "second"}]})
        orders.add(tuple(one["html"] for one in kind("ordering").public(ready)["items"]))
    assert orders == {("first", "second"), ("second", "first")}


def test_e27_an_answer_given_back_does_not_tell_the_order_by_how_it_is_written() -> None:
    content = prepared("ordering", ASKED["ordering"][0])
    given = {item["key"]: 1 for item in content["items"]}
    held = json.dumps(kind("ordering").clean_response(content, {"places": given}))
    assert held == json.dumps({"places": dict(sorted(given.items()))})


def test_e27_the_right_option_of_a_part_takes_every_rank_once_shuffled() -> None:
    options = [{"html": f"option {n}", "fraction": "1" if n == 0 else "0"} for n in range(4)]
    content = prepared("cloze", {"parts": [{"kind": "single_choice", "content": {"options": options}}]})
    ranks = set()
    for seed in range(200):
        order = shuffled_order(seed, 1, kind("cloze").option_keys(content))
        shown = kind("cloze").public(content, order)["parts"][0]["public"]["options"]
        ranks.add([one["html"] for one in shown].index("option 0"))
    assert ranks == {0, 1, 2, 3}


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_e27_keys_are_random_and_nothing_but_keys_and_texts_is_sent(name: str, data: st.DataObject) -> None:
    content = data.draw(CONTENTS[name])
    first, second = prepared(name, content), prepared(name, content)
    assert not set(kind(name).option_keys(first)) & set(kind(name).option_keys(second))
    sent = _names(kind(name).public(first))
    told = {"key", "html", "group", "number", "kind", "layout", "public", "input"}
    assert sent <= told | {"prompts", "choices", "items", "segments", "gaps", "parts", "options"}


def test_e27_the_piece_to_choose_looks_like_the_others() -> None:
    segments = [{"html": "a", "right": True, "feedback_html": "yes"}, {"html": "a", "right": False}]
    shown = kind("select_text").public(prepared("select_text", {"segments": segments}))["segments"]
    assert [{**one, "key": ""} for one in shown] == [{"key": "", "html": "a"}] * 2
    assert all(len(one["key"]) == 6 and one["key"].isalnum() for one in shown)


def _names(shown: Any) -> set[str]:
    if isinstance(shown, dict):
        return set(shown) | set().union(*map(_names, shown.values()))
    return set().union(*map(_names, shown)) if isinstance(shown, list) else set()


# What makes two questions the same


STEMS = {"select_text": "segments", "drag_text": "gaps", "cloze": "parts"}


def draft(name: str, content: dict[str, Any]) -> QuestionDraft:
    places = len(content[STEMS[name]]) if name in STEMS else 0
    return cleaned(QuestionDraft(name, "Which? " + " ".join(f"[[{n + 1}]]" for n in range(places)), content))


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_a_fingerprint_does_not_know_keys(name: str, data: st.DataObject) -> None:
    content = data.draw(CONTENTS[name])
    assert fingerprint(draft(name, content)) == fingerprint(draft(name, content))


CHANGES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "matching",
        {"pairs": [{"html": "a", "match_html": "x"}, {"html": "b", "match_html": "y"}]},
        {"pairs": [{"html": "a", "match_html": "y"}, {"html": "b", "match_html": "x"}]},
    ),
    (
        "matching",
        {"pairs": [{"html": "a", "match_html": "x"}], "distractors": [{"html": "y"}]},
        {"pairs": [{"html": "a", "match_html": "x"}], "distractors": [{"html": "z"}]},
    ),
    ("ordering", {"items": [{"html": "a"}, {"html": "b"}]}, {"items": [{"html": "b"}, {"html": "a"}]}),
    (
        "ordering",
        {"items": [{"html": "a"}, {"html": "b"}], "scoring": "exact"},
        {"items": [{"html": "a"}, {"html": "b"}], "scoring": "per_place"},
    ),
    (
        "select_text",
        {"segments": [{"html": "a", "right": True}, {"html": "b", "right": False}]},
        {"segments": [{"html": "a", "right": True}, {"html": "b", "right": True}]},
    ),
    (
        "drag_text",
        {"choices": [{"html": "a"}, {"html": "b"}], "gaps": [0]},
        {"choices": [{"html": "a"}, {"html": "b"}], "gaps": [1]},
    ),
    (
        "cloze",
        {"parts": [{"kind": "short_answer", "content": {"answers": [{"text": "a"}]}}]},
        {"parts": [{"kind": "short_answer", "content": {"answers": [{"text": "b"}]}}]},
    ),
    (
        "cloze",
        {"parts": [{"kind": "numerical", "content": {"answers": [{"value": "1", "tolerance": "0"}]}}] * 2},
        {
            "parts": [
                {"kind": "numerical", "content": {"answers": [{"value": "1", "tolerance": "0"}]}},
                {"kind": "numerical", "weight": "2", "content": {"answers": [{"value": "1", "tolerance": "0"}]}},
            ]
        },
    ),
]


@pytest.mark.parametrize(("name", "one", "other"), CHANGES)
def test_a_fingerprint_changes_with_the_meaning(name: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint(draft(name, one)) != fingerprint(draft(name, other))


def test_a_fingerprint_takes_pairs_in_any_order() -> None:
    pairs = [{"html": "a", "match_html": "x"}, {"html": "b", "match_html": "y"}]
    assert fingerprint(draft("matching", {"pairs": pairs})) == fingerprint(draft("matching", {"pairs": pairs[::-1]}))


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_a_mark_is_the_share_of_what_the_question_is_worth(name: str, data: st.DataObject) -> None:
    content = prepared(name, data.draw(CONTENTS[name]))
    response = kind(name).clean_response(content, right_response(name, content))
    assert mark(name, content, response, 2500).mark == 2500
