"""JSON in the dialects of the field and in our own form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.authoring import cleaned
from question_bank.formats import lossless, objects, read
from question_bank.formats.listing import as_json

FOLDER = Path(__file__).parents[2] / "data" / "q-chinese"


def listed(found: Any) -> list[dict[str, Any]]:
    reading = read(json.dumps(found, ensure_ascii=False).encode(), "bank.json")
    assert not reading.refused, [str(refusal.reason) for refusal in reading.refused]
    return [as_json(draft) for draft in reading.questions]


def right(question: dict[str, Any]) -> list[str]:
    return [option["text"] for option in question["options"] if option["fraction"] > 0]


def test_questions_by_chapter_and_section() -> None:
    reading = read((FOLDER / "subjects" / "心理学.json").read_bytes(), "心理学.json")
    source = json.loads((FOLDER / "subjects" / "心理学.json").read_text(encoding="utf-8"))
    questions = [(s["type"], q) for chapter in source for s in chapter["sections"] for q in s["questions"]]
    assert len(reading.questions) + len(reading.refused) == len(questions) == 260
    by_stem = {as_json(draft)["stem"]: as_json(draft) for draft in reading.questions}
    for kind, question in questions:
        found = by_stem.get(question["content"].replace("\xa0", " ").strip())
        if kind == "判断题":
            assert found is not None
            assert found["answers"] == [question["answer"] == "√"]
        elif kind == "单选题" and found is not None:
            expected = {option["label"]: option["text"].strip() for option in question["options"]}
            assert right(found) == [expected[question["answer"]]]
        elif kind in {"名词解释", "简答题"}:
            assert found is not None
            assert found["kind"] == "essay"
    assert {draft.category for draft in reading.questions} == {"心理学"}
    reasons = [str(refusal.reason) for refusal in reading.refused]
    assert ["same letter" in reason for reason in reasons] == [True]


def test_every_question_of_the_other_subject_is_read_or_refused_with_its_place() -> None:
    reading = read((FOLDER / "subjects" / "大学语文.json").read_bytes(), "大学语文.json")
    assert len(reading.questions) + len(reading.refused) == 124
    places = {draft.where for draft in reading.questions} | {refusal.where for refusal in reading.refused}
    assert len(places) == 124
    blanks = next(draft for draft in reading.questions if "是反映" in draft.stem_html)
    assert [[a["text"] for a in blank] for blank in as_json(blanks)["answers"]] == [["1983", "一九八三"], ["时代"]]


@pytest.mark.parametrize("name", ["multiquiz-template.json", "multiquiz-template.xlsx"])
def test_the_template_reads_the_same_from_both_its_forms(name: str) -> None:
    reading = read((FOLDER / "multiquiz" / name).read_bytes(), name)
    found = [as_json(draft) for draft in reading.questions]
    assert [right(question) for question in found] == [["鸦片战争"], ["毛泽东思想"]]
    assert [len(question["options"]) for question in found] == [4, 4]


def test_an_index_of_subjects_holds_no_question() -> None:
    with pytest.raises(Refused, match="no questions"):
        read((FOLDER / "subjects.json").read_bytes(), "subjects.json")


def test_options_and_answers_in_other_shapes() -> None:
    found = listed(
        [
            {"question": "a?", "options": ["x", "y"], "answer": "y"},
            {"question": "b?", "choices": {"A": "x", "B": "y"}, "answer": ["A", "B"], "tags": ["t", "u"], "score": 2},
            {"question": "c?", "options": [{"text": "x", "isCorrect": True}, {"text": "y", "isCorrect": False}]},
            {"question": "d?", "answer": False},
            {"question": "e ___ and ___", "type": "填空", "answer": ["x", ["y", "z"]]},
        ]
    )
    assert [question["kind"] for question in found] == [
        "single_choice",
        "multiple_choice",
        "single_choice",
        "true_false",
        "fill_in",
    ]
    assert [right(question) for question in found[:3]] == [["y"], ["x", "y"], ["x"]]
    assert (found[1]["tags"], found[1]["marks"], found[3]["answers"]) == (["t", "u"], 2, [False])
    assert [[a["text"] for a in blank] for blank in found[4]["answers"]] == [["x"], ["y", "z"]]


def test_numbers_that_count_options_are_read_when_the_file_tells_from_where() -> None:
    zero = [{"question": f"q{n}", "options": ["x", "y", "z"], "correctAnswer": n} for n in range(3)]
    assert [right(question) for question in listed(zero)] == [["x"], ["y"], ["z"]]
    one = [{"question": f"q{n}", "options": ["x", "y", "z"], "correctAnswer": n} for n in (1, 3)]
    assert [right(question) for question in listed(one)] == [["x"], ["z"]]
    unclear = [{"question": "q", "options": ["x", "y", "z"], "correctAnswer": 1}]
    reading = read(json.dumps(unclear).encode(), "a.json")
    assert "from 0 or from 1" in str(reading.refused[0].reason)


def test_our_own_form_loses_nothing() -> None:
    source = [
        {
            "question": "a?",
            "options": ["x", "y"],
            "answer": "y",
            "category": "c",
            "tags": "t",
            "explanation": "<b>e</b>",
        },
        {"question": "对吗", "answer": "对", "score": 0.5, "difficulty": "难"},
    ]
    drafts = [cleaned(draft) for draft in objects.read(json.dumps(source)).questions]
    again = read(lossless.write(drafts), "x.json")
    assert not again.refused
    for before, after in zip(drafts, again.questions, strict=True):
        assert {**as_json(before), "where": ""} == {**as_json(after), "where": ""}


@pytest.mark.parametrize(
    "item",
    [
        5,
        {},
        {"kind": "essay", "stem_html": "x", "content": {"least": -1}},
        {"kind": "telepathy", "stem_html": "x"},
        {"kind": "true_false", "stem_html": "x", "content": {"answer": 1}},
        {"kind": "single_choice", "stem_html": "x", "content": {"options": [[1]]}},
        {"kind": "true_false", "stem_html": "x", "content": {"answer": True}, "role": "admin"},
        {"kind": "fill_in", "stem_html": "x", "content": {"blanks": [{"answers": [{"low": "a", "high": "b"}]}]}},
    ],
)
def test_a_faulty_item_of_our_own_form_is_refused_alone(item: Any) -> None:
    good = {"kind": "true_false", "stem_html": "x", "content": {"answer": True}}
    document = {"format": "learnhub-questions", "version": 1, "questions": [good, item]}
    reading = read(json.dumps(document).encode(), "x.json")
    assert (len(reading.questions), [refusal.where for refusal in reading.refused]) == (1, ["/questions/1"])


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"[1,2", b"{}", b"[" * 100_000, b'{"a": NaN}', b"null", b"\xff\xfe", b"hello", b"<quiz></quiz>"],
)
def test_what_holds_no_question_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data, "x.json")


@pytest.mark.parametrize("name", ["unknown", "pdf"])
def test_a_format_that_cannot_be_read_is_refused_by_name(name: str) -> None:
    with pytest.raises(Refused, match=name):
        read(b"x{T}", "x", format=name)


keys = st.sampled_from(
    ["question", "content", "options", "answer", "type", "题目", "答案", "选项A", "a", "questions", "tags", "分值"]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["A", "AB", "对", "单选题", "填空题", "___"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


@given(values)
def test_any_json_is_read_or_refused(found: Any) -> None:
    try:
        reading = read(json.dumps(found).encode(), "x.json")
    except Refused:
        return
    assert reading.questions or reading.refused
    assert all(as_json(draft)["kind"] == draft.kind for draft in reading.questions)


def test_a_topic_is_the_question_where_nothing_else_is() -> None:
    found = listed([{"topic": "哪个是草？", "options": ["A. 盐", "B. 罗勒"], "answer": "B", "type": "单选"}])
    assert [(one["stem"], right(one)) for one in found] == [("哪个是草？", ["罗勒"])]


def test_answers_counted_from_one_where_the_program_does_so() -> None:
    item = {"question": "Herb?", "answerSelectionType": "single", "answers": ["Salt", "Basil"], "correctAnswer": "2"}
    both = item | {"answerSelectionType": "multiple", "questionType": "text", "correctAnswer": [1, 2]}
    found = listed({"quizTitle": "x", "questions": [item, both]})
    assert [right(one) for one in found] == [["Basil"], ["Salt", "Basil"]]


def test_short_names_for_question_and_answers() -> None:
    found = listed(
        [{"q": "Herb?", "a": ["Salt", "Basil"], "correct": 1}, {"q": "Ore?", "a": ["Tin", "Rye"], "correct": 0}]
    )
    assert [right(one) for one in found] == [["Basil"], ["Tin"]]


def test_a_number_that_is_an_options_text_too_is_refused() -> None:
    items = [
        {"question": "Herb?", "options": ["Basil", "Salt"], "answer": 0},
        {"question": "A pair?", "options": ["1", "2", "3", "4"], "answer": 2},
    ]
    reading = read(json.dumps(items).encode(), "bank.json")
    assert len(reading.questions) == 1
    assert "both the number and the text" in str(reading.refused[0].reason)


def test_options_under_the_names_of_chinese_services() -> None:
    options = [
        {"optionKey": "A", "optionContent": "盐", "isRight": 0},
        {"optionKey": "B", "optionContent": "罗勒", "isRight": 1},
    ]
    found = listed({"data": {"list": [{"questionStem": "哪个是草？", "optionList": options}]}})
    assert [right(one) for one in found] == [["罗勒"]]


def test_hints_come_along_one_or_several() -> None:
    item = {"question": "Herb?", "options": ["Salt", "Basil"], "answer": "B"}
    found = listed([item | {"hint": "It grows."}, item | {"提示": ["绿的", "", "在园子里"]}, item | {"hints": None}])
    assert [one["hints"] for one in found] == [["It grows."], ["绿的", "在园子里"], []]
