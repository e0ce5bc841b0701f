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


def _trivia(stem: str, kind: str, right: str, *wrong: str) -> list[dict[str, Any]]:
    return [{"type": kind, "question": stem, "correct_answer": right, "incorrect_answers": list(wrong)}]


ENCODED = (
    _trivia("Which%20is%20100%25%20rye%3F", "multiple", "Rye%20bread", "Oak", "Tin%20%26%20ore"),
    _trivia("Which+is+100%25+rye%3F", "multiple", "Rye+bread", "Oak", "Tin+%26+ore"),
    _trivia("V2hpY2ggaXMgMTAwJSByeWU/", "bXVsdGlwbGU=", "UnllIGJyZWFk", "T2Fr", "VGluICYgb3Jl"),
)


@pytest.mark.parametrize("found", ENCODED)
def test_encoded_texts_of_open_trivia_are_decoded(found: Any) -> None:
    one = as_json(_read({"response_code": 0, "results": found}).questions[0])
    assert (one["stem"], one["answers"]) == ("Which is 100% rye?", ["Rye bread"])
    assert [option["text"] for option in one["options"]] == ["Rye bread", "Oak", "Tin & ore"]


def test_a_percent_in_a_question_is_no_code() -> None:
    one = as_json(_read(_trivia("Is 100%25 a number?", "multiple", "no", "yes", "both")).questions[0])
    assert one["stem"] == "Is 100%25 a number?"


def test_a_nested_question_keeps_its_text() -> None:
    parts = [{"type": "Select", "content": "Which?", "options": ["rye", "oak"], "answer": "A"}]
    assert [kind for kind, _ in _all([{"type": "Nested", "content": "A short text.", "questions": parts}])] == ["case"]


def test_what_stands_for_an_answer_is_none() -> None:
    assert _all([{"type": "short-answer", "content": "何为粮食？", "answer": "略"}]) == [("essay", [])]
    reading = _read([{"type": "填空题", "content": "粮食有____。", "answer": "（略）"}])
    assert [str(one.reason) for one in reading.refused] == ["The question has no answer."]


def _react(*answers: str) -> list[dict[str, Any]]:
    more = {"answerSelectionType": "single", "correctAnswer": "2", "questionType": "text"}
    return [{"question": "Rye is a tree.", "answers": list(answers), **more}]


def _quizizz(*texts: str) -> list[dict[str, Any]]:
    options = [{"text": text} for text in texts]
    structure = {"kind": "MCQ", "query": {"text": "Rye is a tree."}, "options": options, "answer": 1}
    return [{"type": "MCQ", "structure": structure}]


@pytest.mark.parametrize("found", [_react("True", "False"), _quizizz("对", "错"), _trivia("?", "multiple", "错", "对")])
def test_a_choice_of_true_and_false_is_no_choice(found: Any) -> None:
    assert _all(found) == [("true_false", [False])]


@pytest.mark.parametrize(
    "found", [_react("tin", "oak"), _quizizz("tin", "oak"), _trivia("?", "multiple", "oak", "tin")]
)
def test_other_choices_of_two_are_choices(found: Any) -> None:
    assert _all(found) == [("single_choice", ["oak"])]
