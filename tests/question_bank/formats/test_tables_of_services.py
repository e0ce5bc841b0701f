"""Tables as programs and services write them: encodings, odd headers, answers that count, orders, pairs, cases."""

from __future__ import annotations

from typing import Any

import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import read
from tests.question_bank.formats.sheets import csv_of, csv_read, listed, read_sheet, right, right_texts, workbook


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


def test_a_template_with_questions_inside_questions() -> None:
    heads = ["目录", "题目类型", "大题题干", "小题题型", "小题题干", "正确答案", "A", "B"]
    found = listed(
        read_sheet(
            heads,
            ["一", "单选题", "甲？", "", "", "B", "一", "二"],
            ["一", "阅读理解", "材料。", "单选题", "问一？", "A", "一", "二"],
            ["一", "阅读理解", "材料。", "判断题", "问二。", "对", "", ""],
        )
    )
    assert [one["kind"] for one in found] == ["single_choice", "case"]
    assert [one["kind"] for one in found[1]["questions"]] == ["single_choice", "true_false"]


def test_the_stem_of_the_whole_alone_is_the_stem() -> None:
    heads = ["目录", "题目类型", "大题题干", "正确答案", "选项数", "选项A", "选项B"]
    rows = ["一", "单选题", "甲？", "B", 2, "一", "二"], ["一", "填空题", "首都是____。", "北京", 1, "", ""]
    reading = read_sheet(heads, *rows)
    assert [(one["kind"], one["stem"]) for one in listed(reading)] == [
        ("single_choice", "甲？"),
        ("fill_in", "首都是____。"),
    ]
    assert not reading.warnings


def test_single_and_several_blanks_by_name() -> None:
    heads = ["题目", "题型", "选项1", "选项2", "答案"]
    blanks = read_sheet(heads, ["首都是__。", "单项填空", "", "", "北京"], ["__和__", "多项填空", "", "", "甲;乙"])
    assert [one["kind"] for one in listed(blanks)] == ["fill_in", "fill_in"]
    assert not read_sheet(heads, ["He __.", "单项填空", "", "", "A"]).questions
    assert listed(read_sheet(heads, ["He __.", "单项填空", "goes", "go", "A"]))[0]["kind"] == "single_choice"


def test_heads_with_notes_behind_a_dash() -> None:
    heads = [None, "Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 - max 75 characters"]
    found = listed(read_sheet([*heads, "Correct answer(s) - choose at least one"], [1, "q?", "x", "y", "2"]))
    assert right(found[0]) == ["y"]


def test_options_of_a_fill_in_are_its_answers_where_the_service_says_so() -> None:
    heads = ["Question Text", "Question Type", "Option 1", "Option 2", "Correct Answer"]
    found = listed(read_sheet(heads, ["2+2 is ____", "Fill-in-the-Blank", "4", "four", ""]))
    assert [one["text"] for one in found[0]["answers"][0]] == ["4", "four"]
    found = listed(read_sheet(heads, ["Formula of water", "Fill-in-the-Blank", "H2O", "HOH", ""]))
    assert [one["text"] for one in found[0]["answers"][0]] == ["H2O", "HOH"]


def test_places_for_blanks_as_services_write_them() -> None:
    rows = (["题型", "题目", "答案"], ["填空题", "首都是[填空1]，最大城市是[填空2]", "北京;上海"])
    assert [[one["text"] for one in blank] for blank in listed(read_sheet(*rows))[0]["answers"]] == [["北京"], ["上海"]]


def test_answers_beside_what_is_correct_are_options() -> None:
    found = listed(read_sheet(["question", "answers", "correct"], ["q?", "red|green|blue", "green"]))
    assert right(found[0]) == ["green"]


def test_a_sheet_without_a_header_beside_others_is_told() -> None:
    rows = {"题": [["题目", "答案"], ["对吗？", "对"]], "别的": [["一", "二"], ["三", "四"]], "说明": [["请勿改表头"]]}
    reading = read(workbook(rows), "x.xlsx")
    assert (len(reading.questions), len(reading.warnings), "别的" in str(reading.warnings[0])) == (1, 1, True)


@pytest.mark.parametrize(
    ("heads", "answer"),
    [
        (["问题", "答案A", "答案B", "正确答案"], "答案B"),
        (["问题", "选项A", "选项B", "答案"], "选项B"),
        (["Question", "Choice A", "Choice B", "Correct Choice"], "B"),
    ],
)
def test_options_and_answers_under_other_names(heads: list[str], answer: str) -> None:
    assert right(listed(read_sheet(heads, ["哪个？", "甲", "乙", answer]))[0]) == ["乙"]


def test_options_in_one_cell_with_dashes_behind_their_letters() -> None:
    found = listed(read_sheet(["试题", "试题类型", "可选项", "答案"], ["哪些？", "多选题", "A-甲;B-乙;C-丙", "A;C"]))
    assert right(found[0]) == ["甲", "丙"]


def test_a_sheet_of_cases_and_a_type_that_says_case() -> None:
    heads = ["材料", "题型", "题目", "选项", "答案"]
    rows = [["起火。", "案例题", "属于？", "A.一般\nB.重大", "A"], ["起火。", "", "应上报", "", "对"]]
    found = listed(read(workbook({"案例题": [heads, *rows]}), "x.xlsx"))
    assert [[one["kind"] for one in case["questions"]] for case in found] == [["single_choice", "true_false"]]
