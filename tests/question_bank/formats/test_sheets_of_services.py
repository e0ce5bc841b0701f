"""Import templates of exam services and schools as they come back filled in: hidden sheets, answers in questions."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

from question_bank.formats import read
from tests.question_bank.formats.sheets import csv_read, listed, read_sheet, right, right_texts

HEAD = ["题目", "A", "B", "答案"]


def test_a_hidden_sheet_is_left_out_with_a_word() -> None:
    book = Workbook()
    shown = book.active
    shown.append(HEAD)
    shown.append(["首都是（ ）", "上海", "北京", "B"])
    for name, rows in (("旧题", [HEAD, ["旧的题", "甲", "乙", "A"]]), ("空", [])):
        hidden = book.create_sheet(name)
        hidden.sheet_state = "hidden"
        for row in rows:
            hidden.append(row)
    data = BytesIO()
    book.save(data)
    reading = read(data.getvalue(), "bank.xlsx")
    assert len(reading.questions) == 1
    assert [str(one) for one in reading.warnings] == ["The sheet 旧题 is hidden and was left out."]


def test_a_sheet_named_after_its_kind_has_its_answers_in_the_questions() -> None:
    reading = read_sheet(["序号", "题目"], [1, "北京是首都。（√）"], [2, "上海是首都。（×）"], name="判断题")
    assert [draft.content["answer"] for draft in reading.questions] == [True, False]


def test_options_of_a_cell_with_other_signs_between_them() -> None:
    reading = read_sheet(
        ["type", "title", "options", "answer"],
        ["single", "首都", "上海$北京$广州", "B"],
        ["multiple", "直辖市", "上海#北京#广州", "AB"],
    )
    assert [right(question) for question in listed(reading)] == [["北京"], ["上海", "北京"]]


def test_answers_as_lists_in_the_quotes_of_python() -> None:
    reading = csv_read("题目,答案\n一个是（    ），一个是（    ）。,\"['正面战场', '敌后战场']\"\n")
    blanks = reading.questions[0].content["blanks"]
    assert [blank["answers"][0]["text"] for blank in blanks] == ["正面战场", "敌后战场"]
    packed = csv_read("题目,选项,答案\n首都,\"['上海', '北京']\",B\n")
    assert right_texts(packed) == [["北京"]]


def test_a_row_that_does_not_say_what_it_asks_for_comes_in_with_a_remark() -> None:
    reading = read("题干,答案\n天为什么是蓝的？,\n地球是圆的,对\n".encode(), "bank.csv")
    assert [one.kind for one in reading.questions] == ["essay", "true_false"]
    assert [str(one) for one in reading.warnings] == [
        "line 2: nothing says what is asked for; it was taken for an essay question."
    ]
