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


def test_an_object_on_each_line() -> None:
    lines = [
        {"title": "甲", "options": ["A. 一", "B. 二"], "answer": "B", "type": "radio"},
        {"title": "乙", "type": "judge", "answer": "0"},
    ]
    reading = read("\n".join(json.dumps(one) for one in lines).encode(), "bank.json")
    assert [as_json(one)["answers"] for one in reading.questions] == [["二"], [False]]
    assert [one.where for one in reading.questions] == ["/0", "/1"]


def test_question_sets_that_measure_programs() -> None:
    arc = {
        "question": {"stem": "q", "choices": [{"text": "x", "label": "1"}, {"text": "y", "label": "2"}]},
        "answerKey": "2",
    }
    agi = {"passage": None, "question": "q", "options": ["(A)x", "(B)y"], "label": "B", "answer": None}
    assert options(read_json([arc, agi])) == [["x", "*y"], ["x", "*y"]]
    race = {"article": "t", "questions": ["a?", "b?"], "options": [["x", "y"], ["v", "w"]], "answers": ["B", "A"]}
    (case,) = [as_json(one) for one in read_json(race).questions]
    assert [one["answers"] for one in case["questions"]] == [["y"], ["v"]]


def test_options_that_are_true_or_false_by_themselves() -> None:
    assert options(read_json([{"question": "q", "answers": {"x": False, "y": True, "z": True}}])) == [["x", "*y", "*z"]]


def test_answers_that_are_also_accepted_and_several_indices() -> None:
    typed = {"question": "q?", "type": "text", "answer": "Gosling", "alternatives": ["James Gosling"]}
    chosen = {"question": "q", "options": ["x", "y", "z"], "correctIndices": [0, 2]}
    reading = read_json([typed, chosen])
    found = [as_json(one) for one in reading.questions]
    assert [one["text"] for one in found[0]["answers"]] == ["Gosling", "James Gosling"]
    assert found[1]["answers"] == ["x", "z"]


def test_items_beside_their_order() -> None:
    asked = {"type": "ordering", "question": "q", "items": ["b", "a", "c"], "answer": ["a", "b", "c"]}
    assert [as_json(one)["answers"] for one in read_json([asked]).questions] == [["a", "b", "c"]]


def test_the_title_of_a_part_names_the_kind_of_its_questions() -> None:
    part = {"title": "三、简答题", "questions": [{"no": 3, "stem": "为什么", "answer": "因为"}]}
    assert [one.kind for one in read_json({"sections": [part]}).questions] == ["essay"]


def test_a_number_that_may_count_or_be_a_text_is_refused() -> None:
    reading = read_json([{"question": "q", "options": ["3", "6", "0"], "answer": 0}])
    assert (len(reading.refused), reading.questions) == (1, [])
    assert options(read_json([{"question": "q", "options": [3, 6, 0], "answer": 0}])) == [["3", "6", "*0"]]


def test_options_with_titles_and_a_standard_answer() -> None:
    among = [{"optionTitle": letter, "optionContent": text} for letter, text in (("A", "x"), ("B", "y"))]
    asked = {"questionTitle": "q", "questionType": "单选题", "optionList": among, "standardAnswer": "B"}
    assert options(read_json({"questionList": [asked]})) == [["x", "*y"]]


def test_items_that_an_answer_counts_from_one() -> None:
    signs = {"question": "让行", "item1": "正确", "item2": "错误", "item3": "", "answer": "1", "explains": "e"}
    limits = {"question": "限速", "item1": "30", "item2": "50", "item3": "60", "answer": "2"}
    found = [as_json(one) for one in read_json({"list": [signs, limits]}).questions]
    assert [(one["kind"], one["answers"]) for one in found] == [("true_false", [True]), ("single_choice", ["50"])]


def test_pairs_as_an_object() -> None:
    asked = {"type": "matching", "question": "q", "pairs": {"DNA": "genes", "ATP": "energy"}}
    (pairs,) = [as_json(one)["answers"] for one in read_json([asked]).questions]
    assert [(one["text"], one["match"]) for one in pairs] == [("DNA", "genes"), ("ATP", "energy")]


def test_groups_name_kinds_and_contents_hold_options() -> None:
    group = {"groupName": "问答题", "items": [{"content": "简述潮汐", "answer": "月球引力", "score": 10}]}
    assert [one.kind for one in read_json({"groups": [group]}).questions] == ["essay"]
    lights = [{"title": "红灯", "content": {"A": "停", "B": "行"}, "answer": "A"}]
    assert options(read_json(lights)) == [["*停", "行"]]
