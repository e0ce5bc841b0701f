"""Workbooks and JSON banks as people keep them: formats of cells, answers beside one another, numbered questions."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from tests.question_bank.formats.sheets import listed, read_sheet
from tests.question_bank.formats.test_unseen_shapes import reasons, told


def _bank(*items: dict[str, Any]) -> Reading:
    return read(json.dumps(items, ensure_ascii=False).encode(), "bank.json")


def _formatted(rows: list[list[Any]], formats: dict[tuple[int, int], str]) -> Reading:
    """A workbook below two empty rows and beside an empty column, with formats of cells by row and column."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("填空题")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            shape = book.add_format({"num_format": formats[at, column]}) if (at, column) in formats else None
            if isinstance(value, datetime):
                sheet.write_datetime(at + 2, column + 1, value, shape)
            else:
                sheet.write(at + 2, column + 1, value, shape)
    book.close()
    return read(out.getvalue(), "bank.xlsx")


SHOWN = [
    (0.24, "0%", "24%"),
    (0.125, "0.0%", "12.5%"),
    (0.03, "0.00%", "3.00%"),
    (datetime(1921, 7, 23), 'yyyy"年"m"月"d"日"', "1921年7月23日"),
    (datetime(1921, 7, 23), '[$-804]yyyy"年"m"月";@', "1921年7月"),
    (datetime(1921, 7, 23), "yyyy-mm-dd", "1921-07-23"),
    (1949.0, "0", "1949"),
    (0.5, '0.0"%"', "0.5"),
]


@pytest.mark.parametrize(("value", "shape", "text"), SHOWN)
def test_an_answer_is_what_its_cell_shows(value: Any, shape: str, text: str) -> None:
    reading = _formatted([["题干", "答案"], ["是____。", value]], {(1, 1): shape})
    assert told(reading) == [("fill_in", "是____。", [[text]])]


def test_options_are_what_their_cells_show() -> None:
    rows: list[list[Any]] = [
        ["题目", "选项A", "选项B", "答案", "难度"],
        ["税率是", 0.03, 0.06, "B", 0.9],
        ["几点上班？", 0.34375, 0.375, "A", 0.1],
    ]
    shapes = {(1, 1): "0%", (1, 2): "0%", (1, 4): "0%", (2, 1): "h:mm", (2, 2): "h:mm"}
    reading = _formatted(rows, shapes)
    assert [one[2] for one in told(reading)] == [["3%", "*6%"], ["*8:15", "9:00"]]
    assert [one.difficulty for one in reading.questions] == [1, 5]


def _several(**more: Any) -> dict[str, Any]:
    return {"type": "multiple", "question": "哪些是行星？", "options": ["地球", "太阳", "火星"], **more}


@pytest.mark.parametrize("name", ["answer_multi", "multiAnswer", "multiple_answers", "answersMulti", "多选答案"])
def test_the_field_for_several_answers_counts_where_the_type_is_several(name: str) -> None:
    for said in (["A", "C"], "AC"):
        assert [one[2] for one in told(_bank(_several(answer="A", **{name: said})))] == [["*地球", "太阳", "*火星"]]


def test_a_field_for_several_answers_that_says_otherwise_is_refused() -> None:
    differing = [
        _several(answer="B", answer_multi=["A", "C"]),
        {**_several(answer="A", answer_multi=["A", "C"]), "type": "single"},
    ]
    for item in differing:
        reading = _bank(item)
        assert (told(reading), len(reasons(reading))) == ([], 1)
    single = {**_several(answer="A", answer_multi=[]), "type": "single"}
    assert [one[2] for one in told(_bank(single))] == [["*地球", "太阳", "火星"]]


def test_names_with_the_word_for_a_question_before_them() -> None:
    item = {
        "questionName": "用什么测电流？",
        "questionType": "文字单选题",
        "questionChoselist": ["<p>电压表</p>", "<p>电流表</p>"],
        "questionAnswer": "B",
        "questionScore": "3",
        "questionSumscore": "1",
    }
    reading = _bank(item)
    assert [one[2] for one in told(reading)] == [["<p>电压表</p>", "*<p>电流表</p>"]]
    assert (reading.questions[0].mark, reading.warnings) == (3000, [])


@pytest.mark.parametrize("answer", ["AC: 地球;火星;", "A、C：地球；火星", "AC:地球、火星"])
def test_letters_before_the_texts_of_several_answers(answer: str) -> None:
    assert [one[2] for one in told(_bank(_several(answer=answer)))] == [["*地球", "太阳", "*火星"]]


def test_letters_before_other_texts_are_refused() -> None:
    assert told(_bank(_several(answer="AC: 地球;太阳;"))) == []


def _asked(*stems: str) -> list[str]:
    items = [{"question": stem, "options": ["甲", "乙"], "answer": "A"} for stem in stems]
    return [one["stem"] for one in map(as_json, _bank(*items).questions)]


def test_numbers_before_all_questions_of_a_list_are_cut() -> None:
    assert _asked("1、天是什么？", "2、地是什么？") == ["天是什么？", "地是什么？"]
    assert _asked("1. 天？", "2. 地？", "1. 人？") == ["天？", "地？", "人？"]


@pytest.mark.parametrize(
    "stems", [("1、天？",), ("1、天？", "地？"), ("2、天？", "3、地？"), ("1.5是几？", "2.5是几？")]
)
def test_other_numbers_stay(stems: tuple[str, ...]) -> None:
    assert _asked(*stems) == list(stems)


def test_a_type_behind_the_number_is_the_type() -> None:
    items = [
        {"题目": "1. (单选题)哪个是行星？", "选项": ["A. 地球", "B. 太阳"], "正确答案": "A: 地球;"},
        {"题目": "2. (多选题)哪个是恒星？", "选项": ["A. 地球", "B. 太阳"], "正确答案": "B: 太阳;"},
    ]
    assert told(_bank(*items)) == [
        ("single_choice", "哪个是行星？", ["*地球", "太阳"]),
        ("multiple_choice", "哪个是恒星？", ["地球", "*太阳"]),
    ]
    assert listed(_bank(*items))[0]["marks"] == 1


def _lists(found: Any) -> Reading:
    return read(json.dumps(found, ensure_ascii=False).encode(), "bank.json")


def test_an_answer_that_is_an_object_of_its_letters_and_its_text() -> None:
    several = _several(answer={"labels": ["A", "C"], "raw": "AC"})
    verdict = {"type": "true_false", "question": "地球是行星。", "answer": {"labels": [], "raw": "√"}}
    assert told(_bank(several, verdict)) == [
        ("multiple_choice", "哪些是行星？", ["*地球", "太阳", "*火星"]),
        ("true_false", "地球是行星。", [True]),
    ]


def test_a_question_with_its_options_in_one_list() -> None:
    found = {
        "单选题": [
            {"question_content": ["哪个是行星？", "A.地球", "B.太阳"], "answer": ["A"]},
            {"question_content": ["哪个是恒星？", "A.地球", "B，太阳"], "answer": ["B"]},
        ],
        "判断题": [{"question_content": ["地球是行星。"], "answer": ["正确"]}],
    }
    assert [one[2] for one in told(_lists(found))] == [["*地球", "太阳"], ["地球", "*太阳"], [True]]


def test_what_looks_like_its_neighbours_and_can_not_be_read_is_told() -> None:
    found = [
        {"question_content": ["哪个是行星？", "A.地球", "B.太阳"], "answer": ["A"]},
        {"question_content": ["哪个是恒星？", "A.地球", "C.太阳"], "answer": ["C"]},
        {"question_content": [], "answer": []},
    ]
    assert [one.where for one in _lists(found).refused] == ["/1"]


def test_pairs_of_text_and_answer_below_the_name_of_a_kind() -> None:
    found = {
        "填空题": [["标准的位置数据使用____坐标。", "笛卡尔"]],
        "判断题": [["地球是行星。", "T"], ["太阳是行星。", "F"]],
        "单选题": [["哪个是行星？A)太阳 B)地球 C)月亮", "B"]],
    }
    assert told(_lists(found)) == [
        ("fill_in", "标准的位置数据使用____坐标。", [["笛卡尔"]]),
        ("true_false", "地球是行星。", [True]),
        ("true_false", "太阳是行星。", [False]),
        ("single_choice", "哪个是行星？", ["太阳", "*地球", "月亮"]),
    ]


def test_pairs_below_other_names_are_no_questions() -> None:
    pairs = [["地球是行星。", "T"], ["太阳是行星。", "F"]]
    with pytest.raises(Refused):
        _lists({"words": pairs})


def test_options_by_letter_stand_in_the_order_of_their_letters() -> None:
    item = {"question": "哪个是行星？", "options": {"C": "月亮", "A": "太阳", "B": "地球"}, "answer": "B"}
    assert [one[2] for one in told(_bank(item))] == [["太阳", "*地球", "月亮"]]


def test_an_answer_that_counts_right_and_wrong_is_a_verdict() -> None:
    fields = {"item3": "", "item4": ""}
    items = [
        {"question": "地球是行星。", "answer": "1", "item1": "正确", "item2": "错误", **fields},
        {"question": "太阳是行星。", "answer": "2", "item1": "正确", "item2": "错误", **fields},
        {"question": "哪个是行星？", "answer": "3", "item1": "太阳", "item2": "月亮", "item3": "地球", "item4": "银河"},
    ]
    assert [one[2] for one in told(_lists({"result": items}))] == [[True], [False], ["太阳", "月亮", "*地球", "银河"]]


def test_a_question_packed_as_json_into_one_field() -> None:
    inside = {"questionText": "哪个是行星？", "options": ["A. 太阳", "B. 地球"], "correctAnswer": "B"}
    row = {"subject": "天文", "question_type": "SINGLE_CHOICE", "content_json": json.dumps(inside), "enabled": 1}
    reading = _bank(row)
    assert (told(reading), reading.questions[0].category) == (
        [("single_choice", "哪个是行星？", ["太阳", "*地球"])],
        "天文",
    )


def test_a_solution_is_written_in_own_words() -> None:
    item = {"题型": "solution", "题干": "求最小值。", "选项": {}, "答案": "最小值为 1", "解析": "配方"}
    assert [one[0] for one in told(_bank(item))] == ["essay"]


CODES = ["(单选=1,多选=2,判断=3)", "（单选1 多选2 判断3）", "(1单选 2多选 3判断)", "（请填数字：1单选，2多选，3判断）"]


@pytest.mark.parametrize("codes", CODES)
def test_codes_stand_before_or_behind_their_kinds(codes: str) -> None:
    reading = read_sheet(
        [f"题型{codes}", "题目", "选项A", "选项B", "选项C", "答案"],
        [1, "哪个是行星？", "地球", "太阳", "月亮", "A"],
        [2, "哪些会发光？", "地球", "太阳", "月亮", "B"],
        [3, "地球是行星。", None, None, None, 1],
    )
    assert [one[0] for one in told(reading)] == ["single_choice", "multiple_choice", "true_false"]


def test_answers_by_the_ids_of_options() -> None:
    options = [{"id": "o1", "text": "太阳"}, {"id": "o2", "text": "地球"}]
    item = {"questionTypeCN": "单选", "question": "哪个是行星？", "answerOptionId": ["o2"], "options": options}
    assert [one[2] for one in told(_bank(item))] == [["太阳", "*地球"]]


def test_answers_that_count_a_list_under_another_name() -> None:
    items = [
        {"title": "哪个是行星？", "type": "radio", "list": ["太阳", "地球"], "answers": [2]},
        {"title": "哪些是恒星？", "type": "checkbox", "list": ["太阳", "织女星", "地球"], "answers": [1, 2]},
    ]
    assert [one[2] for one in told(_bank(*items))] == [["太阳", "*地球"], ["*太阳", "*织女星", "地球"]]


def test_a_description_above_flagged_options_is_the_question() -> None:
    options = [
        {"isRight": False, "name": "A", "description": "太阳"},
        {"isRight": True, "name": "B", "description": "地球"},
    ]
    item = {"options": options, "description": "哪个是行星？", "startTime": 759, "questionType": "单选题"}
    assert told(_lists([{"datas": [item], "style": "QUIZ"}])) == [("single_choice", "哪个是行星？", ["太阳", "*地球"])]
