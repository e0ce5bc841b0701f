"""Workbooks and CSV in every layout of the field."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
import xlsxwriter

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json

Sheets = dict[str, Sequence[Sequence[Any]]]


def workbook(sheets: Sheets) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
    book.close()
    return out.getvalue()


def read_sheet(*rows: Sequence[Any], name: str = "Sheet1") -> Reading:
    return read(workbook({name: rows}), "bank.xlsx")


def listed(reading: Reading) -> list[dict[str, Any]]:
    assert not reading.refused, [str(refusal.reason) for refusal in reading.refused]
    return [as_json(draft) for draft in reading.questions]


def right(question: dict[str, Any]) -> list[str]:
    return [option["text"] for option in question["options"] if option["fraction"] > 0]


WIDE = ["题干", "题型", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F", "答案", "解析", "知识点", "难度", "分值"]


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
        ["问？", "判断题", None, None, "A"],
        ["问？", "单选题", "甲", "甲", "A"],
        ["问？", "怪题", "甲", "乙", "A"],
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


def csv_of(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_csv_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    rows = [
        ["题目", "题型", "选项A", "选项B", "选项C", "正确答案"],
        ["问题，一\n两行；三", "多选题", "甲", "乙", "丙", "A、B"],
        ["二？", "判断题", "", "", "", "×"],
    ]
    found = listed(read(csv_of(rows, delimiter).encode(encoding), "bank.csv"))
    assert (right(found[0]), found[0]["stem"], found[1]["answers"]) == (["甲", "乙"], "问题，一\n两行；三", [False])
    assert [q["where"] for q in found] == ["line 2", "line 4"]


def test_zero_width_and_no_break_spaces_do_not_hide_a_header() -> None:
    found = listed(
        read("\ufeff\u200b题\u00a0目,选项 A,选项Ｂ,答 案\n\u200b一？\u00a0,甲,乙\u200b,Ｂ\n".encode(), "x.csv")
    )
    assert (found[0]["stem"], right(found[0])) == ("一？", ["乙"])


def test_a_table_without_a_header_is_refused() -> None:
    for data in (workbook({"s": [["一", "二"], ["三", "四"]]}), b"a,b,c\n1,2,3\n"):
        with pytest.raises(Refused):
            read(data, "x.xlsx")


def test_a_header_may_have_two_rows() -> None:
    rows = (["题型", "题干", "选项", None, None, "正确答案"], [None, None, "A", "B", "C", None])
    found = listed(read_sheet(*rows, ["单选题", "哪？", "甲", "乙", "丙", "B"]))
    assert (right(found[0]), found[0]["stem"]) == (["乙"], "哪？")


@pytest.mark.parametrize("options", ["A.甲B.乙C.丙", "A．甲 B．乙 C．丙", "(A)甲\n(B)乙\n(C)丙"])
def test_options_close_together_in_one_cell(options: str) -> None:
    found = listed(read_sheet(["题目", "选项", "答案"], ["哪些？", options, "AC"]))
    assert right(found[0]) == ["甲", "丙"]


@pytest.mark.parametrize("answer", ["答案：C", "正确答案:C", "C。", "（C）", "【C】"])
def test_an_answer_may_be_dressed(answer: str) -> None:
    assert right(listed(read_sheet(["题目", "A", "B", "C", "答案"], ["哪？", "甲", "乙", "丙", answer]))[0]) == ["丙"]


@pytest.mark.parametrize(
    ("cells", "items"),
    [
        (["甲", "乙", "丙", "CAB"], "丙甲乙"),
        (["甲", "乙", "丙", "3-1-2"], "丙甲乙"),
        (["甲", "乙", "丙", "丙→甲→乙"], "丙甲乙"),
        (["甲", "乙", "丙", None], "甲乙丙"),
        ([None, None, None, "丙→甲→乙"], "丙甲乙"),
    ],
)
def test_orders(cells: list[Any], items: str) -> None:
    reading = read_sheet(["题干", "题型", "选项A", "选项B", "选项C", "答案"], ["排一排", "排序题", *cells])
    assert ["".join(one["html"] for one in draft.content["items"]) for draft in reading.questions] == [items]


def test_a_choice_between_orders_stays_a_choice() -> None:
    row = ["①甲②乙的顺序", "排序题", "①②", "②①", "B"]
    assert right(listed(read_sheet(["题干", "题型", "选项A", "选项B", "答案"], row))[0]) == ["②①"]


@pytest.mark.parametrize(
    ("stem", "cells"),
    [
        ("连一连", ["甲→一", "乙→二", None]),
        ("连一连", ["甲|一", "乙|二", None]),
        ("连一连", [None, None, "甲-一；乙-二"]),
        ("连一连 ①一 ②二", ["甲", "乙", "A-1；B-2"]),
        ("连一连 (1)甲 (2)乙", ["一", "二", "1-A, 2-B"]),
    ],
)
def test_pairs(stem: str, cells: list[Any]) -> None:
    reading = read_sheet(["题干", "题型", "选项A", "选项B", "答案"], [stem, "匹配题", *cells])
    assert not reading.refused, str(reading.refused[0].reason)
    pairs = [(one["html"], one["match_html"]) for one in reading.questions[0].content["pairs"]]
    assert (pairs, reading.questions[0].stem_html) == ([("甲", "一"), ("乙", "二")], "连一连")


@pytest.mark.parametrize(
    ("kind", "answer", "reason"),
    [("排序题", "AB", "each item"), ("匹配题", "甲乙", "left → right"), ("简答题", "A", "has no options")],
)
def test_orders_pairs_and_essays_that_cannot_be_told(kind: str, answer: str, reason: str) -> None:
    header = ["题干", "题型", "选项A", "选项B", "选项C", "答案"]
    reading = read_sheet(header, ["问", kind, "甲", "乙", "丙", answer])
    assert [reason in str(one.reason) for one in reading.refused] == [True], reading.refused


def test_rows_of_one_material_make_a_case() -> None:
    header = ["材料", "题干", "题型", "A", "B", "答案", "分值"]
    reading = read_sheet(
        header,
        ["长文", "一？", "单选题", "甲", "乙", "A", 2],
        ["长文", "二？", "判断题", None, None, "对", 3],
        [None, "三？", "判断题", None, None, "错", 1],
        ["别的", "四？", "单选题", "甲", "乙", "C", 1],
    )
    assert [(draft.kind, draft.mark) for draft in reading.questions] == [("case", 5000), ("true_false", 1000)]
    assert ["Sheet1!5" in str(one.reason) for one in reading.refused] == [True]


def csv_read(text: str) -> Reading:
    return read(text.encode(), "bank.csv")


def right_texts(reading: Reading) -> list[list[str]]:
    return [
        [option["text"] for option in question["options"] if option["fraction"] > 0] for question in listed(reading)
    ]


def test_numbered_answers_beside_the_right_one_are_options() -> None:
    reading = csv_read(
        "Question,Answer 1,Answer 2,Answer 3,Answer 4,Time limit (sec),Correct answer(s)\n"
        'Which are even?,2,3,4,5,20,"1,3"\nA dozen?,10,12,,,20,2\nWhich herb?,Basil,Salt,Sugar,Oil,20,1\n'
    )
    assert [draft.kind for draft in reading.questions] == ["multiple_choice", "single_choice", "single_choice"]
    assert right_texts(reading) == [["2", "4"], ["12"], ["Basil"]]


def test_a_number_of_the_file_is_not_its_name() -> None:
    reading = csv_read(
        "Question #,Question Text,Answer 1,Answer 2,Correct Answer(s)\n7,Which is a herb?,Basil,Salt,1\n"
    )
    assert [question["stem"] for question in listed(reading)] == ["Which is a herb?"]


def test_answers_that_count_from_nought_say_so_for_the_whole_table() -> None:
    rows = "Question,Option1,Option2,Option3,Correct Answer Index\nHerb?,Salt,Basil,Oil,1\nGrain?,Rye,Tin,Ash,0\n"
    assert right_texts(csv_read(rows)) == [["Basil"], ["Rye"]]


def test_an_index_that_could_count_from_either_end_is_warned_of() -> None:
    reading = csv_read("Question,Option1,Option2,Option3,Correct Answer Index\nHerb?,Basil,Salt,Oil,1\n")
    assert right_texts(reading) == [["Basil"]]
    assert "from 1" in str(reading.warnings[0])


def test_wrong_answers_stand_in_columns_of_their_own() -> None:
    rows = (
        "Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2 (Optional)\n"
        "Herb?,Basil,Salt,Oil\nOre?,Tin,Rye,\n"
    )
    assert right_texts(csv_read(rows)) == [["Basil"], ["Tin"]]
    assert [len(question["options"]) for question in listed(csv_read(rows))] == [3, 2]


def test_names_of_columns_may_have_underscores() -> None:
    rows = "skill,type,question,option_a,option_b,correct_answer\nx,Multiple Choice,Herb?,Salt,Basil,Basil\n"
    assert right_texts(csv_read(rows)) == [["Basil"]]


def test_a_template_explains_its_columns_below_the_header() -> None:
    reading = csv_read(
        "Question Text,Question Type,Option 1,Option 2,Correct Answer\n"
        '"Text\n(required)","Type\n(default is Multiple Choice)",One (required),Two (optional),"Number\n(1-5)"\n'
        "Herb?,Multiple Choice,Salt,Basil,2\nThe herb is ____,Fill-in-the-Blank,Basil,,\n"
    )
    assert [draft.kind for draft in reading.questions] == ["single_choice", "fill_in"]
    assert not reading.refused


def test_true_or_false_by_the_number_of_the_option() -> None:
    rows = "Question,Type,Option 1,Option 2,Correct Answer\nRain is dry.,TRUE_FALSE,False,True,1\n"
    assert [draft.content["answer"] for draft in csv_read(rows).questions] == [False]


def test_a_fill_in_with_options_that_the_answer_does_not_name_is_refused() -> None:
    reading = csv_read(
        "题型,题干,选项A,选项B,选项C,选项D,答案,分值\n填空,一打有___个,,,,12,2,\n单选,哪个是草?,盐,罗勒,,,B,2\n"
    )
    assert len(reading.questions) == 1
    assert "none of the options" in str(reading.refused[0].reason)


def test_blanks_that_can_be_cut_in_two_ways_are_refused() -> None:
    reading = csv_read("题型,题干,答案\n填空,一打是____，一双是____,十二；二|两\n填空,一双是____,二；两\n")
    assert len(reading.questions) == 1
    assert len(reading.refused) == 1


def test_a_function_in_the_stem_is_no_answer() -> None:
    reading = csv_read("question,A,B,C,D,answer\nWhat is f(b) for f(x)=2x?,2b,b,2,0,\n")
    assert not reading.questions


@pytest.mark.parametrize(("beside", "kind"), [("essay", "single_choice"), ("single_choice", "multiple_choice")])
def test_multiple_choice_with_one_right_answer_means_what_the_file_means_by_it(beside: str, kind: str) -> None:
    other = "Ore?,single_choice,Tin,Rye,A" if beside == "single_choice" else "Why?,essay,,,"
    rows = f"question,type,A,B,answer\nHerb?,multiple_choice,Salt,Basil,B\n{other}\n"
    assert csv_read(rows).questions[0].kind == kind
