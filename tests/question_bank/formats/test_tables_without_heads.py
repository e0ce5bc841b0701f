"""Tables whose columns nobody named: told by what stands in them where that can be nothing else, refused otherwise."""

from __future__ import annotations

import docx
import pytest

from learnhub.kernel.errors import Refused
from question_bank.formats import read
from tests.question_bank.formats.sheets import workbook
from tests.question_bank.formats.test_unseen_shapes import told
from tests.question_bank.formats.test_word_layouts import of_word

ROWS = [["春天之后是什么季节", "秋天", "夏天", "冬天", "B"], ["一周里有几个工作日", "五", "六", "七", "A"]]
TOLD = [
    ("single_choice", "春天之后是什么季节", ["秋天", "*夏天", "冬天"]),
    ("single_choice", "一周里有几个工作日", ["*五", "六", "七"]),
]


def test_a_sheet_without_a_head_is_told_by_its_cells_and_the_sender_hears_of_it() -> None:
    reading = read(workbook({"题": ROWS}), "a.xlsx")
    assert told(reading) == TOLD
    assert [one.params["where"] for one in reading.warnings] == ["题"]
    assert {one: reading.warnings[0].params[one] for one in ("stem", "options", "answer")} == {
        "stem": "A",
        "options": "B C D",
        "answer": "E",
    }


def test_unknown_names_above_the_columns_say_no_less() -> None:
    rows = [["第几题", "考核点", "甲", "乙", "丙", "结论"], *([n, *row] for n, row in enumerate(ROWS, 1))]
    assert told(read(workbook({"题": rows}), "a.xlsx")) == TOLD


def test_the_right_option_may_be_written_out() -> None:
    rows = [["Frage", "eins", "zwei", "Lösung"], ["Was ist rot?", "Gurke", "Tomate", "Tomate"]]
    rows += [["Was ist grün?", "Gurke", "Rose", "Gurke"]]
    assert [one[2] for one in told(read(workbook({"Q": rows}), "a.xlsx"))] == [["Gurke", "*Tomate"], ["*Gurke", "Rose"]]


def test_a_known_head_is_completed_by_the_cells_below_it() -> None:
    rows = [["题目", "甲", "乙", "丙", "应选"], *ROWS]
    assert told(read(workbook({"题": rows}), "a.xlsx")) == TOLD


def test_verdicts_beside_sentences_are_true_and_false() -> None:
    rows = [["地球绕着太阳转。", "对"], ["月亮自己会发光。", "错"]]
    assert [one[2] for one in told(read(workbook({"判断题": rows}), "a.xlsx"))] == [[True], [False]]


def test_a_list_of_people_with_grades_is_no_table_of_questions() -> None:
    people = [["姓名", "科室", "等级"], ["张三", "综合科", "A"], ["李四", "人事科", "B"]]
    with pytest.raises(Refused):
        read(workbook({"名单": people}), "a.xlsx")


def test_two_columns_that_could_both_be_the_key_are_not_guessed_at() -> None:
    rows = [[row[0], degree, *row[1:]] for row, degree in zip(ROWS, "BA", strict=True)]
    with pytest.raises(Refused):
        read(workbook({"题": [["问", "级", "一", "二", "三", "钥"], *rows]}), "a.xlsx")


def test_one_row_alone_is_too_little() -> None:
    with pytest.raises(Refused):
        read(workbook({"题": ROWS[:1]}), "a.xlsx")


@pytest.mark.parametrize("sign", ["\t", "|", ","])
def test_lines_of_a_text_cut_by_one_sign_are_such_a_table(sign: str) -> None:
    rows = [*ROWS, ["水在几度时会结成冰", "零度", "十度", "百度", "A"]]
    text = "\n".join(sign.join(row) if sign != "|" else f"| {' | '.join(row)} |" for row in rows)
    assert told(read(text.encode(), "a.txt"))[:2] == TOLD


def test_a_table_of_word_needs_no_head_either() -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=5)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert told(read(of_word(document), "a.docx")) == TOLD


def test_merged_cells_of_word_stand_for_each_of_their_rows() -> None:
    document = docx.Document()
    rows = [["题库", "", ""], ["题型", "题干", "答案"], ["判断题", "水往低处流。", "对"], ["", "火比水冷。", "错"]]
    table = document.add_table(rows=4, cols=3)
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    table.cell(0, 0).merge(table.cell(0, 2))
    table.cell(2, 0).merge(table.cell(3, 0))
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [[True], [False]]


def test_options_may_stand_below_one_head_and_nothing_beside_it() -> None:
    rows = [["题目", "选项", "", "", "答案"], ["哪个是水果", "A.白菜", "B.苹果", "C.土豆", "B"]]
    assert told(read(workbook({"题": rows}), "a.xlsx")) == [("single_choice", "哪个是水果", ["白菜", "*苹果", "土豆"])]


def test_answers_on_a_sheet_of_their_own_belong_to_the_questions_by_number() -> None:
    asked = [["题号", "题目", "A", "B"], [1, "一加一得几", "一", "二"], [2, "二加二得几", "四", "五"]]
    key = [["题号", "答案"], [2, "A"], [1, "B"]]
    assert [one[2] for one in told(read(workbook({"题目": asked, "答案": key}), "a.xlsx"))] == [
        ["一", "*二"],
        ["*四", "五"],
    ]


def test_a_key_without_an_answer_for_every_question_is_no_key() -> None:
    asked = [["题号", "题目", "A", "B"], [1, "一加一得几", "一", "二"], [2, "二加二得几", "四", "五"]]
    reading = read(workbook({"题目": asked, "答案": [["题号", "答案"], [1, "B"]]}), "a.xlsx")
    assert (reading.questions, len(reading.refused)) == ([], 2)


def test_a_paper_in_one_column_is_read_line_by_line() -> None:
    rows = [["1. 太阳从哪边升起？"], ["A. 东边"], ["B. 西边"], ["答案：A"], ["2. 鱼住在水里。（√）"]]
    reading = read(workbook({"试卷": rows}), "a.xlsx")
    assert [one[2] for one in told(reading)] == [["*东边", "西边"], [True]]
    assert [one.where for one in reading.questions] == ["试卷!1", "试卷!5"]


def test_option_two_names_the_second_option() -> None:
    rows = [["Question", "Option 1", "Option 2", "Correct Option"], ["2+3=?", "4", "5", "Option 2"]]
    assert told(read(workbook({"Q": rows}), "a.xlsx")) == [("single_choice", "2+3=?", ["4", "*5"])]


def test_a_key_in_two_pairs_of_columns() -> None:
    document = docx.Document()
    for n in (1, 2, 3, 4):
        for line in (f"{n}. 第{n}个问题？", "A. 甲", "B. 乙"):
            document.add_paragraph(line)
    document.add_paragraph("答案表")
    table = document.add_table(rows=3, cols=4)
    for at, row in enumerate([["题号", "答案", "题号", "答案"], ["1", "A", "3", "B"], ["2", "B", "4", "A"]]):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [
        ["*甲", "乙"],
        ["甲", "*乙"],
        ["甲", "*乙"],
        ["*甲", "乙"],
    ]


def test_a_long_sheet_without_a_head_is_read_to_its_end() -> None:
    rows = [[f"第{n}个问题问的是什么", "甲", "乙", "丙", "ABC"[n % 3]] for n in range(300)]
    reading = read(workbook({"题": rows}), "a.xlsx")
    assert (len(reading.questions), reading.refused) == (300, [])


def test_a_heading_above_the_header_says_kind_and_mark() -> None:
    rows = [["一、单选题（每题2分）"], ["题目", "A", "B", "答案"], ["哪个暖", "冬", "春", "B"]]
    reading = read(workbook({"题": rows}), "a.xlsx")
    assert [(draft.kind, draft.mark) for draft in reading.questions] == [("single_choice", 2000)]


def test_a_shorter_header_above_a_longer_one_keeps_its_questions() -> None:
    rows = [["题目", "A", "B", "答案"], ["哪个暖", "冬", "春", "B"], ["题目", "A", "B", "C", "答案"]]
    rows += [["哪些冷", "冬", "雪", "春", "AB"]]
    assert [one[1] for one in told(read(workbook({"题": rows}), "a.xlsx"))] == ["哪个暖", "哪些冷"]


def test_a_key_of_ranges_in_a_table() -> None:
    document = docx.Document()
    for n in range(1, 5):
        for line in (f"{n}. 第{n}个问题？", "A. 甲", "B. 乙"):
            document.add_paragraph(line)
    document.add_paragraph("答案")
    table = document.add_table(rows=2, cols=2)
    for at, row in enumerate([["1-2", "AB"], ["3-4", "BA"]]):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    reading = read(of_word(document), "a.docx")
    assert [one[2][0].startswith("*") for one in told(reading)] == [True, False, False, True]


@pytest.mark.parametrize("again", ["偶数是哪个", ""])
def test_a_row_for_each_option(again: str) -> None:
    rows = [["题目", "选项", "是否正确"], ["偶数是哪个", "一", "否"], [again, "二", "是"], ["奇数是哪个", "三", "是"]]
    reading = read(workbook({"题": [*rows, ["奇数是哪个", "四", "否"]]}), "a.xlsx")
    assert (told(reading), reading.refused) == (
        [("single_choice", "偶数是哪个", ["一", "*二"]), ("single_choice", "奇数是哪个", ["*三", "四"])],
        [],
    )


def test_a_table_of_word_with_a_question_and_its_answer_below_it() -> None:
    document = docx.Document()
    rows = [["1", "甲指什么？ A.一 B.二"], ["答案", "B"], ["2", "乙指什么？ A.一 B.二"], ["答案", "A"]]
    table = document.add_table(rows=0, cols=2)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [["一", "*二"], ["*一", "二"]]


def test_the_name_of_a_sheet_may_say_the_mark() -> None:
    reading = read(
        workbook({"单选题（每题2分）": [["题目", "A", "B", "答案"], ["哪个暖", "冬", "春", "选B"]]}), "a.xlsx"
    )
    assert [(draft.mark, one[2]) for draft, one in zip(reading.questions, told(reading), strict=True)] == [
        (2000, ["冬", "*春"])
    ]


def test_a_number_beyond_the_options_is_the_text_of_one() -> None:
    rows = [["题目", "选项一", "选项二", "答案"], ["二加二得几", "3", "4", "4"]]
    assert [one[2] for one in told(read(workbook({"题": rows}), "a.xlsx"))] == [["3", "*4"]]
