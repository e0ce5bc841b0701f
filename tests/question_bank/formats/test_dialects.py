"""JSON of other programs: each dialect as it is meant, and what can't be told refused one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json

FOLDER = Path(__file__).parents[2] / "data" / "q-chinese"


def read_json(document: Any) -> Reading:
    return read(json.dumps(document).encode(), "quiz.json")


def options(reading: Reading) -> list[list[str]]:
    assert not reading.refused, [str(one.reason) for one in reading.refused]
    listed = [as_json(draft)["options"] for draft in reading.questions]
    return [[("*" if one["fraction"] > 0 else "") + one["text"] for one in found] for found in listed]


SHAPES: list[dict[str, Any]] = [
    {"question": "q", "options": ["x", "y", "z"], "answer": "y"},
    {"question": "q", "options": ["x", "y", "z"], "answer": "B"},
    {"question": "q", "options": {"A": "x", "B": "y", "C": "z"}, "answer": "B"},
    {"question": "q", "options": ["A. x", "B. y", "C. z"], "answer": ["B"]},
    {"q": "q", "choices": ["x", "y", "z"], "correct": "y"},
    {"text": "q", "options": ["x", "y", "z"], "correctAnswer": "y"},
    {"question": "q", "answers": ["x", "y", "z"], "correctAnswer": "y"},
    {"question": "q", "answers": [{"text": t, "correct": t == "y"} for t in "xyz"]},
    {"question": "q", "options": [{"text": t, "isCorrect": t == "y"} for t in "xyz"]},
    {"question": "q", "A": "x", "B": "y", "C": "z", "answer": "B"},
    {"question": "q", "answers": {f"answer_{a}": b for a, b in zip("abc", "xyz", strict=True)} | {"answer_d": None},
     "correct_answers": {"answer_a_correct": "false", "answer_b_correct": "true", "answer_c_correct": "false"}},
    {"type": "quiz", "question": "q", "choices": [{"answer": t, "correct": t == "y"} for t in "xyz"], "time": 20000},
    {"structure": {"kind": "MCQ", "query": {"text": "<p>q</p>"}, "options": [{"text": t} for t in "xyz"], "answer": 1}},
    {"type": "radiogroup", "name": "q", "choices": ["x", {"value": 2, "text": "y"}, "z"], "correctAnswer": 2},
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_a_choice(shape: dict[str, Any]) -> None:
    reading = read_json([shape])
    assert options(reading) == [["x", "*y", "z"]]
    assert (reading.questions[0].kind, reading.questions[0].stem_html) == ("single_choice", "q")


def test_right_and_wrong_answers_apart_with_entities() -> None:
    one = {
        "type": "multiple",
        "question": "&quot;CPU&quot;?",
        "correct_answer": "B &amp; C",
        "incorrect_answers": ["D", "E"],
    }
    two = {"type": "boolean", "question": "So?", "correct_answer": "False", "incorrect_answers": ["True"]}
    reading = read_json({"results": [one, two]})
    assert options(reading) == [["*B & C", "D", "E"], []]
    assert [draft.kind for draft in reading.questions] == ["single_choice", "true_false"]
    assert as_json(reading.questions[0])["stem"] == '"CPU"?'


@pytest.mark.parametrize(("answers", "right"), [([0, 2], "ac"), ([1, 3], "ac")])
def test_the_whole_file_says_where_counting_begins(answers: list[int], right: str) -> None:
    reading = read_json([{"question": f"q{n}", "options": ["a", "b", "c"], "answer": n} for n in answers])
    assert ["".join(t[1:] for t in one if t[0] == "*") for one in options(reading)] == list(right)


def test_where_nothing_says_it_each_question_is_refused_unless_the_name_is_an_index() -> None:
    reading = read_json([{"question": "q", "options": ["a", "b", "c"], "answer": 1}])
    assert ["from 0 or from 1" in str(one.reason) for one in reading.refused] == [True]
    reading = read_json([{"question": "q", "options": ["a", "b", "c"], "correctIndex": 1}])
    assert options(reading) == [["a", "*b", "c"]]
    assert ["count from 0" in str(one) for one in reading.warnings] == [True]


def test_other_kinds() -> None:
    reading = read_json(
        [
            {
                "type": "open_ended",
                "question": "q",
                "choices": [{"answer": "x", "correct": True}, {"answer": "y", "correct": True}],
            },
            {
                "type": "jumble",
                "question": "q",
                "choices": [{"answer": "1", "correct": True}, {"answer": "2", "correct": True}],
            },
            {"type": "ranking", "name": "r", "choices": ["a", "b"], "correctAnswer": ["b", "a"]},
            {"type": "checkbox", "name": "c", "choices": [1, 2, 3], "correctAnswer": [1, 3]},
            {"type": "boolean", "name": "b", "correctAnswer": False},
            {"question": "m", "pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}]},
            {
                "passage": "Once",
                "questions": [
                    {"question": "T?", "answer": True},
                    {"question": "q", "options": ["a", "b"], "answer": "b"},
                ],
            },
        ]
    )
    assert not reading.refused
    assert [one.kind for one in reading.questions] == [
        "short_answer", "ordering", "ordering", "multiple_choice", "true_false", "matching", "case",
    ]  # fmt: skip
    assert [one["html"] for one in reading.questions[2].content["items"]] == ["b", "a"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"type": "survey", "question": "q", "choices": [{"answer": "x", "correct": True}]}, "survey is not known"),
        ({"type": "radiogroup", "name": "q", "choices": ["a", "b"]}, "no answer"),
        ({"type": "radiogroup", "name": "q", "choices": ["a", "b"], "correctAnswer": "c"}, "none of the options"),
        ({"question": "q", "options": ["a", "b"], "answer": "C"}, "not there"),
        (
            {"passage": "p", "questions": [{"question": "q", "options": ["a", "b"], "answer": "C"}]},
            "Question 1 of the case",
        ),
    ],
)
def test_what_cannot_be_told_is_refused(item: dict[str, Any], reason: str) -> None:
    reading = read_json([item, {"question": "q", "options": ["a", "b"], "answer": "B"}])
    assert [(one.where, reason in str(one.reason)) for one in reading.refused] == [("/0", True)]
    assert len(reading.questions) == 1


def test_every_question_of_the_corpus_is_read_or_refused() -> None:
    counts = {}
    for file in sorted(FOLDER.rglob("*.json")):
        if file.name != "subjects.json":
            reading = read(file.read_bytes(), file.name)
            counts[file.stem] = (len(reading.questions), len(reading.refused))
    assert counts == {"multiquiz-template": (2, 0), "大学语文": (113, 11), "心理学": (259, 1)}
