"""Workbooks and CSV in every layout of the field."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import read
from question_bank.formats.listing import as_json
from tests.question_bank.formats.sheets import WIDE, Sheets, listed, read_sheet, right, workbook


def test_the_wide_layout() -> None:
    found = listed(
        read_sheet(
            WIDE,
            ["哪个？", "单选题", "甲", "乙", "丙", "丁", None, None, "B", "因为", "宪法", "难", 2],
            ["哪些？", "多选题", "甲", "乙", "丙", "丁", None, None, "A,C", None, "宪法/总纲", "易", 1.5],
            ["对吗？", "判断题", None, None, None, None, None, None, "√", None, None, None, None],
            ["一是____，二是____。", "填空题", None, None, None, None, None, None, "甲；乙/已", None, None, None, None],
        )
    )
    assert [q["kind"] for q in found] == ["single_choice", "multiple_choice", "true_false", "fill_in"]
    assert (right(found[0]), found[0]["marks"], found[0]["explanation"], found[0]["category"]) == (
        ["乙"],
        2,
        "因为",
        "宪法",
    )
    assert (found[0]["difficulty"], found[0]["where"]) == (5, "Sheet1!2")
    assert (right(found[1]), found[1]["options"][0]["fraction"], found[1]["marks"]) == (["甲", "丙"], 0.5, 1.5)
    assert found[1]["category"] == "宪法/总纲"
    assert found[2]["answers"] == [True]
    assert [[a["text"] for a in blank] for blank in found[3]["answers"]] == [["甲"], ["乙", "已"]]


def test_a_column_of_hints_is_read() -> None:
    found = listed(
        read_sheet(
            ["题目", "A", "B", "答案", "提示"],
            ["哪个？", "甲", "乙", "B", "看第二个"],
            ["哪个好？", "甲", "乙", "A", None],
        )
    )
    assert [one["hints"] for one in found] == [["看第二个"], []]


@pytest.mark.parametrize(
    ("answer", "letters"),
    [
        ("A,B", "AB"), ("AB", "AB"), ("A;B", "AB"), ("A、B", "AB"), ("A B", "AB"), ("ab", "AB"), ("ＡＢ", "AB"),
        ("Ａ，Ｂ", "AB"),
        ("A|C", "AC"), ("C,A", "AC"), ("甲;丙", "AC"), ("甲、丙", "AC"), ('["A","C"]', "AC"), ("A.甲", "A"),
        ("(B)", "B"), ("ABCD", "ABCD"),
    ],
)  # fmt: skip
def test_answers_are_written_in_many_ways(answer: str, letters: str) -> None:
    found = listed(
        read_sheet(["题目", "题型", "A", "B", "C", "D", "答案"], ["问？", "不定项选择", "甲", "乙", "丙", "丁", answer])
    )
    texts = dict(zip("ABCD", "甲乙丙丁", strict=True))
    assert sorted(right(found[0])) == sorted(texts[letter] for letter in letters)


@pytest.mark.parametrize(
    "answer", ["对", "正确", "是", "同意", "√", "T", "t", "true", "TRUE", 1, 1.0, True, "正确；√", "Ｔ", " 对 "]
)
def test_true_in_every_spelling(answer: Any) -> None:
    assert listed(read_sheet(["题目", "题型", "答案"], ["问？", "判断题", answer]))[0]["answers"] == [True]


@pytest.mark.parametrize(
    "answer", ["错", "错误", "否", "不同意", "×", "F", "false", "FALSE", 0, 0.0, False, "错误；×", "✗"]
)
def test_false_in_every_spelling(answer: Any) -> None:
    assert listed(read_sheet(["题目", "题型", "答案"], ["问？", "判断", answer]))[0]["answers"] == [False]


def test_a_coded_type_is_read_as_its_header_says() -> None:
    found = listed(
        read_sheet(
            ["问题", "题型（0单选,1判断,2多选）", "选项A", "选项B", "选项C", "选项D", "答案"],
            ["一？", 0, "甲", "乙", "丙", "丁", "A"],
            ["二？", 1.0, None, None, None, None, "错"],
            ["三？", 2, "甲", "乙", "丙", "丁", "A,B"],
        )
    )
    assert [q["kind"] for q in found] == ["single_choice", "true_false", "multiple_choice"]


def test_one_sheet_per_type_with_decorated_headers_and_titles_above() -> None:
    header = ["题目（必填）", "选项A（必填）", "选项B（必填）", "选项C", "选项D", "正确选项（必填）", "解析"]
    sheets: Sheets = {
        "说明": [["请按模板填写"], ["不要改动表头"]],
        "单选题": [["题库导入模板"], [], header, ["一？", "甲", "乙", None, None, "b", "析"]],
        "多选题": [header, ["二？", "甲", "乙", "丙", "", "AC"]],
        "判断题": [["题目（必填）", "正确选项（必填）", "解析"], ["三？", "错误"]],
        "填空题": [["题目（必填）", "答案（必填）"], ["首都是（  ）。", "北京"]],
        "简答题": [["题目（必填）", "答案"], ["论？", "略"]],
        "空表": [],
    }
    reading = read(workbook(sheets), "a.xlsx")
    kinds = [draft.kind for draft in reading.questions]
    assert kinds == ["single_choice", "multiple_choice", "true_false", "fill_in", "essay"]
    wheres = ["单选题!4", "多选题!2", "判断题!2", "填空题!2", "简答题!2"]
    assert [draft.where for draft in reading.questions] == wheres
    assert reading.questions[4].content["marker_html"] == "略"
    assert right(as_json(reading.questions[0])) == ["乙"]


def test_the_topic_may_come_first() -> None:
    found = listed(
        read_sheet(
            ["科目", "知识点", "题目", "A", "B", "C", "D", "答案"],
            ["党史", "一大", "何年？", 1919, 1920, 1921.0, 1922, "C"],
        )
    )
    assert (found[0]["category"], right(found[0]), found[0]["kind"]) == ("党史/一大", ["1921"], "single_choice")


def test_a_flag_per_option() -> None:
    header = ["content", "type"]
    for n in range(1, 5):
        header += [f"option{n}", f"isCorrect{n}"]
    found = listed(
        read_sheet(
            [*header, "correctAnswer(对/错)", "explanation"],
            ["Which?", "single", "a", 0, "b", 1, "c", 0, "d", 0, None, "why"],
            ["Which two?", "multiple", "a", "TRUE", "b", "FALSE", "c", "TRUE", None, None, None, None],
            ["Is it?", "tf", None, None, None, None, None, None, None, None, "错", None],
        )
    )
    assert [right(q) for q in found[:2]] == [["b"], ["a", "c"]]
    assert [q["kind"] for q in found] == ["single_choice", "multiple_choice", "true_false"]
    assert (found[2]["answers"], found[0]["explanation"]) == ([False], "why")


@pytest.mark.parametrize(
    "options",
    [
        "A.甲|B.乙|C.丙",
        "A、甲\nB、乙\nC、丙",
        "甲;乙;丙",
        "A.甲 B.乙 C.丙",
        '["甲","乙","丙"]',
        '[{"label":"A","text":"甲"},{"label":"B","text":"乙"},{"label":"C","text":"丙"}]',
        '{"A":"甲","B":"乙","C":"丙"}',
        "Ａ．甲；Ｂ．乙；Ｃ．丙",
    ],
)
def test_options_in_one_cell(options: str) -> None:
    header = [
        "题库ID",
        "题干",
        "选项",
        "标准答案",
        "类型(1判断 2单选 3多选 4填空 5简答)",
        "难易程度(易中难)",
        "填空数",
        "知识点",
    ]
    reading = read_sheet(
        header,
        [7, "哪？", options, "B", 2, "中", None, "点"],
        [7, "___与___", None, "甲|乙", 4, "易", 2, "点"],
        [7, "论", None, "略", 5, "难"],
    )
    found = [as_json(draft) for draft in reading.questions]
    assert [option["text"] for option in found[0]["options"]] == ["甲", "乙", "丙"]
    assert (right(found[0]), found[0]["kind"], found[1]["kind"]) == (["乙"], "single_choice", "fill_in")
    assert (found[2]["kind"], reading.refused) == ("essay", [])


def test_english_headers_with_options_in_one_cell() -> None:
    found = listed(
        read_sheet(
            ["questionText", "type", "options", "correctAnswers", "tags"],
            ["Which?", "multiple_choice", "red;green;blue", "red;blue", "a, b"],
        )
    )
    assert (right(found[0]), found[0]["tags"]) == (["red", "blue"], ["a", "b"])


def test_the_kind_follows_from_the_answer_where_nobody_says_it() -> None:
    found = listed(
        read_sheet(
            ["题目", "选项A", "选项B", "选项C", "正确答案"],
            ["一？", "甲", "乙", "丙", "A"],
            ["二？", "甲", "乙", "丙", "AC"],
            ["三？", None, None, None, "对"],
            ["四是（  ）。", None, None, None, "肆"],
            ["下列正确的是（ Ｃ ）", "甲", "乙", "丙", None],
        )
    )
    assert [q["kind"] for q in found] == ["single_choice", "multiple_choice", "true_false", "fill_in", "single_choice"]
    assert right(found[4]) == ["丙"]
    assert "Ｃ" not in found[4]["stem"]


@pytest.mark.parametrize(
    "row",
    [
        ["问？", "单选题", "甲", "乙", "E"],
        ["问？", "单选题", "甲", "乙", ""],
        ["问？", "单选题", "甲", "乙", "AB"],
        ["问？", "单选题", "甲", "乙", "丙"],
        ["问？", "单选题", "甲", None, "A"],
        ["问？", "判断题", None, None, "也许"],
        ["问？", "判断题", None, None, "C"],
        ["问？", "单选题", "甲", "甲", "A"],
        ["问？", "怪题", "甲", "乙", "AB"],
        ["一___二___", "填空题", None, None, "甲|乙|丙"],
        ["", "单选题", "甲", "乙", "A"],
        ["问？", "单选题", "甲", "乙", "1"],
    ],
)
def test_a_faulty_row_costs_only_itself(row: list[Any]) -> None:
    header = ["题目", "题型", "选项A", "选项B", "答案"]
    reading = read_sheet(header, ["好？", "单选题", "甲", "乙", "A"], row, ["也好？", "单选题", "甲", "乙", "B"])
    assert [draft.where for draft in reading.questions] == ["Sheet1!2", "Sheet1!4"]
    assert [refusal.where for refusal in reading.refused] == ["Sheet1!3"]


def test_a_tag_that_is_asked_about_stays_visible() -> None:
    found = listed(
        read_sheet(
            ["题目", "A", "B", "C", "答案"],
            ["段落用哪个标签？", "<p>", "<br>", "<b>粗</b>", "A"],
            ["a < b & c", "1", "x<y", "2", "B"],
        )
    )
    assert [option["text"] for option in found[0]["options"]] == ["<p>", "<br>", "<b>粗</b>"]
    assert (found[1]["stem"], right(found[1])) == ("a < b & c", ["x<y"])


def test_the_same_bank_on_three_sheets_is_listed_once() -> None:
    rows = [["题目", "A", "B", "答案"], ["一？", "甲", "乙", "A"], ["二？", "甲", "乙", "B"]]
    reading = read(workbook({"全部": rows, "第一次": rows, "备份": rows}), "x.xlsx")
    assert (len(reading.questions), len(reading.warnings)) == (2, 4)


def test_a_sheet_that_claims_all_columns_is_read() -> None:
    wide: list[Any] = ["题目", "A", "B", "答案"] + [None] * 16_378 + ["x"]
    reading = read(workbook({"s": [wide, ["一？", "甲", "乙", "A"]]}), "x.xlsx")
    assert len(reading.questions) == 1


def bomb(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(workbook({"s": [["题目", "A", "B", "答案"], ["一？", "甲", "乙", "A"]]})))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.namelist():
            target.writestr(item, body if item == name else source.read(item))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
XML = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    "data",
    [
        bomb(SHEET, b" " * (60 << 20)),
        bomb(
            SHEET, XML % b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        bomb(SHEET, XML % b'<row r="1"><c r="A1"><v>1</v></c></row><row r="99999"><c r="XFD99999"><v>1</v></c></row>'),
        bomb(SHEET, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'),
        b"PK\x03\x04 not a zip",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
    ],
)
def test_a_bomb_or_a_broken_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data, "x.xlsx")
