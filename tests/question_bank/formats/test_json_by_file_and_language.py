"""JSON whose kind is the name of its file, whose fields end in a language, and answers of blanks that it hides."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.formats import Reading, read
from question_bank.formats.fields.option_labels import without_labels
from question_bank.formats.listing import as_json


def _read(found: Any, name: str = "bank.json") -> Reading:
    return read(json.dumps(found, ensure_ascii=False).encode(), name)


def _answers(found: Any, name: str = "bank.json") -> list[tuple[str, list[Any]]]:
    return [(one["kind"], one["answers"]) for one in map(as_json, _read(found, name).questions)]


def _blanks(answer: str) -> list[list[str]]:
    found = _read([{"题目": "本河的源头是 。", "答案": answer}], "填空题.json")
    return [[text["text"] for text in blank] for one in map(as_json, found.questions) for blank in one["answers"]]


OPEN = [{"题目": "铁会生锈。", "答案": "A"}, {"题目": "铁比水轻。", "答案": "B"}]


@pytest.mark.parametrize("name", ["判断题.json", "第一章 判断题(2).json", "下载/判断题.json"])
def test_the_name_of_a_file_says_what_its_questions_leave_open(name: str) -> None:
    assert _answers(OPEN, name) == [("true_false", [True]), ("true_false", [False])]


@pytest.mark.parametrize("name", ["判断题答案.json", "单选题.json", "选择判断题.json", "text.json"])
def test_a_name_that_says_less_leaves_them_refused(name: str) -> None:
    reading = _read(OPEN, name)
    assert not reading.questions
    assert len(reading.refused) == 2


def test_what_a_question_says_counts_before_the_name_of_its_file() -> None:
    found = [{"题型": "单选题", "题目": "哪个？", "选项": {"A": "锡", "B": "铁"}, "答案": "B"}]
    assert _answers(found, "判断题.json") == [("single_choice", ["铁"])]
    assert _answers({"单选题": [{"题目": "哪个？", "选项": {"A": "锡", "B": "铁"}, "答案": "B"}]}, "填空题.json") == [
        ("single_choice", ["铁"])
    ]


def test_one_letter_in_a_file_of_multiple_choices_is_one() -> None:
    found = [{"题目": "哪些？", "选项": {"A": "锡", "B": "铁", "C": "燕麦"}, "答案": "C"}]
    assert _answers(found, "多选题.json") == [("multiple_choice", ["燕麦"])]


def test_another_word_for_verdicts() -> None:
    assert _answers({"判定题": OPEN}) == [("true_false", [True]), ("true_false", [False])]


def test_texts_far_apart_fill_blanks_that_are_not_shown() -> None:
    assert _blanks("青山  绿水  蓝天") == [["青山"], ["绿水"], ["蓝天"]]
    assert _blanks("New  York") == [["New  York"]]
    assert not _blanks("《山海经》  山海经")


def test_a_number_in_figures_and_in_words_is_said_twice() -> None:
    assert _blanks("3或三") == [["3", "三"]]
    assert _blanks("三或四") == [["三或四"]]


@pytest.mark.parametrize("answer", ["B", "ACD"])
def test_letters_of_lost_options_are_no_answer_in_own_words(answer: str) -> None:
    part = {"题目": "桩身完整时波形如何？", "答案": answer}
    reading = _read({"综合题": [{"题目": "某工程用桩。", "子题目": [part]}]})
    assert not reading.questions
    assert "there are no options" in str(reading.refused[0].reason)
    assert _answers({"简答题": [{"题目": "铁为何生锈？", "答案": "氧化"}]})[0][0] == "essay"


def _case(answer: str) -> dict[str, Any]:
    first = {"题目": "筛孔为几？", "选项": {"A": "2", "B": "5"}, "答案": "A"}
    return {"题目": "某工程用桩。", "子题目": [first, {"题目": "桩底必有反射。", "答案": answer}]}


def test_a_passage_keeps_its_questions() -> None:
    reading = _read({"判定题": OPEN, "综合题": [_case("B")]})
    case = as_json(reading.questions[-1])
    assert (case["kind"], case["stem"]) == ("case", "某工程用桩。")
    assert [one["answers"] for one in case["questions"]] == [["2"], [False]]
    assert len(reading.warnings) == 1


def test_without_verdicts_elsewhere_the_letter_of_a_part_costs_its_case() -> None:
    reading = _read({"综合题": [_case("B")]})
    assert not reading.questions
    assert "Question 2 of the case" in str(reading.refused[0].reason)


def test_keys_of_the_right_options() -> None:
    options = [{"key": "A", "text": "锡"}, {"key": "B", "text": "铁"}, {"key": "C", "text": "铜"}]
    found = [{"question": "哪些是金属？", "options": options, "answer_keys": ["A", "B"], "type": "multiple"}]
    assert _answers(found) == [("multiple_choice", ["锡", "铁"])]


def _in_languages(**more: Any) -> dict[str, Any]:
    return {"id": 1, "stem_en": None, "stem_zh": None, "options_en": None, "options_zh": None} | more


def test_fields_that_end_in_a_language() -> None:
    joined = _in_languages(stem_zh="1.哪个是金属？\nA.锡\nB.麦\nC.木", correct_answer="A")
    reading = _read([joined])
    assert [as_json(one)["answers"] for one in reading.questions] == [["锡"]]
    assert not reading.warnings
    both = _in_languages(
        stem_en="Which?", stem_zh="哪个？", options_en=["tin", "rye"], options_zh=["锡", "麦"], answer="B"
    )
    reading = _read([both])
    assert [(as_json(one)["stem"], as_json(one)["answers"]) for one in reading.questions] == [("哪个？", ["麦"])]
    assert ["zh was read" in str(one) for one in reading.warnings] == [True]


def test_a_letter_typed_twice_is_no_text_of_an_option() -> None:
    assert without_labels({"A": "A.锡", "B": "B.铁", "C": "C.铜", "D": "C.木"})["D"] == "木"
    assert without_labels({"A": "A.锡", "B": "B.铁", "C": "C.铜", "D": "木"})["D"] == "木"
    assert without_labels({"A": "A.锡", "B": "A.铁"})["B"] == "A.铁"
