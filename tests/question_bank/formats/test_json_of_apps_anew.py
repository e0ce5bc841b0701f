"""JSON of quiz apps: types by other names, choices that are verdicts, and marks left before a question."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.formats import read
from question_bank.formats.listing import as_json


def _read(found: Any, name: str = "bank.json") -> Any:
    return read(json.dumps(found, ensure_ascii=False).encode(), name)


def _all(found: Any) -> list[tuple[str, list[Any]]]:
    """Of each question the kind and the answers."""
    reading = _read(found)
    assert not reading.refused
    return [(one["kind"], one["answers"]) for one in map(as_json, reading.questions)]


def _kahoot(*choices: tuple[str, bool]) -> dict[str, Any]:
    said = [{"answer": text, "correct": right} for text, right in choices]
    return {"questions": [{"type": "quiz", "question": "Rye is a grass.", "time": 20000, "choices": said}]}


def test_a_kahoot_of_true_and_false_asks_whether_it_is_so() -> None:
    assert _all(_kahoot(("True", True), ("False", False))) == [("true_false", [True])]
    assert _all(_kahoot(("对", False), ("错", True))) == [("true_false", [False])]
    assert _all(_kahoot(("True", True), ("Unknown", False))) == [("single_choice", ["True"])]


@pytest.mark.parametrize("said", ["input", "text_input"])
def test_what_is_typed_in_is_a_short_answer(said: str) -> None:
    found = [{"question": "Which grain?", "type": said, "correctAnswer": "rye"}]
    assert _all(found) == [("short_answer", [{"fraction": 1, "text": "rye"}])]


@pytest.mark.parametrize(
    ("stem", "shown"),
    [("** 哪种粮食？( )", "哪种粮食？( )"), ("**Which** grain?", "**Which** grain?"), ("** a ** b?", "** a ** b?")],
)
def test_stars_that_a_number_left_behind_are_no_part_of_a_question(stem: str, shown: str) -> None:
    reading = _read([{"content": stem, "options": ["rye", "oak"], "answer": "A"}])
    assert as_json(reading.questions[0])["stem"] == shown
