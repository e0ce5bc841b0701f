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


def test_texts_in_two_languages_are_read_in_one() -> None:
    options = [{"text_ko": "호밀", "text_en": "rye", "isCorrect": True}, {"text_ko": "참", "text_en": "oak"}]
    found = _read([{"question_ko": "어느?", "question_en": "Which?", "answerOptions": options}])
    one = as_json(found.questions[0])
    assert (one["stem"], one["answers"]) == ("Which?", ["rye"])
    assert [str(told) for told in found.warnings] == ["The texts stand in several languages; en was read."]
    hindi = {"question_hi": "कौन?", "question_en": "Which?", "option_a": "rye", "option_b": "oak"}
    assert _all([{**hindi, "correct_answer": "A"}]) == [("single_choice", ["rye"])]


def test_questions_called_phrases_are_read() -> None:
    found = [
        {"type": "CHOICE", "phrase": "Which?", "correctAnswer": "rye", "answerOptions": ["oak", "rye"]},
        {"type": "FREE_INPUT", "phrase": "What?", "correctAnswer": "rye"},
        {"type": "SORT", "phrase": "By age", "correctAnswer": ["a", "b"], "answerOptions": ["b", "a"]},
    ]
    typed = [{"fraction": 1, "text": "rye"}]
    assert _all(found) == [("single_choice", ["rye"]), ("short_answer", typed), ("ordering", ["a", "b"])]


def _numbered(right: str, *options: str) -> dict[str, Any]:
    return {"questionTitle": "How many?", "rightAnswer": right} | {f"option{n}": t for n, t in enumerate(options, 1)}


def test_a_digit_among_answers_that_are_texts_is_a_text() -> None:
    texts = [_numbered("127", "100", "127"), _numbered("rye", "rye", "oak")]
    assert _all([*texts, _numbered("2", "2", "1", "8")])[2] == ("single_choice", ["2"])
    refused = _read([texts[0], _numbered("2", "2", "1", "8"), _numbered("1", "2", "1", "8")]).refused
    assert len(refused) == 2


def test_wrong_options_may_be_called_false() -> None:
    assert _all([{"Q": "Which?", "rightAnswer": "rye", "false1": "oak", "false2": "tin"}]) == [
        ("single_choice", ["rye"])
    ]


def test_a_slider_of_kahoot_is_a_number() -> None:
    within = {"start": 0, "end": 10, "step": 1, "correct": 4, "tolerance": 1}
    found = {"questions": [{"type": "slider", "question": "How many?", "time": 10000, "choiceRange": within}]}
    one = as_json(_read(found).questions[0])
    assert (one["kind"], one["answers"][0]["low"], one["answers"][0]["high"]) == ("numerical", 3, 5)
    del within["correct"]
    assert [str(one.reason) for one in _read(found).refused] == ["The question has no answer."]
