"""Matching: prompts are given choices; each prompt is worth its share."""

from __future__ import annotations

from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.kinds import kind
from question_bank.marking import mark
from tests.question_bank.kinds.samples import prepared

MATCHING = kind("matching")
CAPITALS = {
    "pairs": [
        {"html": "France", "match_html": "Paris"},
        {"html": "Japan", "match_html": "Tokyo"},
        {"html": "Île-de-France", "match_html": "Paris"},
    ],
    "distractors": [{"html": "Rome"}, {"html": "Paris"}],
}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"pairs": []},
        {"pairs": "France"},
        {"pairs": [{"html": "France", "match_html": " "}]},
        {"pairs": [{"html": "", "match_html": "Paris"}, {"html": "Japan", "match_html": "Tokyo"}]},
        {"pairs": [{"html": "France", "match_html": "Paris"}]},
        {"pairs": [{"html": "France", "match_html": "Paris"}], "distractors": [{"html": "Paris"}]},
        {"pairs": [{"html": "France", "match_html": "Paris"}], "distractors": [{"html": ""}]},
        {"pairs": [{"html": "France", "match_html": "Paris"}], "distractors": "Rome"},
        {"pairs": [{"html": str(n), "match_html": str(n)} for n in range(61)]},
    ],
)
def test_what_can_not_be_asked_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        MATCHING.validate(content)


def test_prompts_that_share_a_choice_are_shown_it_once() -> None:
    content = prepared("matching", CAPITALS)
    shown = MATCHING.public(content)
    assert sorted(one["html"] for one in shown["choices"]) == ["Paris", "Rome", "Tokyo"]
    assert [one["html"] for one in shown["prompts"]] == ["France", "Japan", "Île-de-France"]


@pytest.mark.parametrize(
    ("given", "earned", "verdict"),
    [
        (("Paris", "Tokyo", "Paris"), 900, "right"),
        (("Paris", "Rome", "Paris"), 600, "partly"),
        (("Tokyo", "Tokyo", None), 300, "partly"),
        (("Rome", "Rome", "Rome"), 0, "wrong"),
        ((None, None, None), 0, "blank"),
    ],
)
def test_each_prompt_earns_its_share(given: tuple[str | None, ...], earned: int, verdict: str) -> None:
    content = prepared("matching", CAPITALS)
    key_of = {one["html"]: one["key"] for one in MATCHING.public(content)["choices"]}
    matches = {p["key"]: key_of[text] for p, text in zip(content["pairs"], given, strict=True) if text}
    found = mark("matching", content, MATCHING.clean_response(content, {"matches": matches}), 900)
    assert (found.mark, found.correctness) == (earned, verdict)


def test_fields_of_a_form_give_the_same_response_as_json() -> None:
    content = prepared("matching", CAPITALS)
    prompt, choice = content["pairs"][1]["key"], content["pairs"][1]["match_key"]
    assert MATCHING.response_from_fields(content, {f"match-{prompt}": [choice]}) == {"matches": {prompt: choice}}
    assert MATCHING.response_from_fields(content, {f"match-{prompt}": [""]}) == {}


@pytest.mark.parametrize(
    "raw",
    [
        {"matches": []},
        {"matches": {"nobody": "x"}},
        {"matches": "Paris"},
        {"choice": "x"},
        {"matches": {"PROMPT": "nothing"}},
        {"matches": {"PROMPT": 5}},
        {"matches": {"PROMPT": ["CHOICE"]}},
        {"matches": {"PROMPT": "PROMPT"}},
    ],
)
def test_a_malformed_response_is_refused(raw: dict[str, Any]) -> None:
    content = prepared("matching", CAPITALS)
    prompt = content["pairs"][0]["key"]
    if isinstance(raw.get("matches"), dict) and "PROMPT" in raw["matches"]:
        given = raw["matches"]["PROMPT"]
        raw = {"matches": {prompt: prompt if given == "PROMPT" else given}}
    with pytest.raises(Refused):
        MATCHING.clean_response(content, raw)


def test_the_right_answer_names_each_prompt_with_its_choice() -> None:
    told = MATCHING.right_answer(prepared("matching", CAPITALS))
    assert [(one["prompt_html"], one["html"]) for one in told] == [
        ("France", "Paris"),
        ("Japan", "Tokyo"),
        ("Île-de-France", "Paris"),
    ]
