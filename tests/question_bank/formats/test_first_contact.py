"""Shapes that files drawn in the styles of Chinese platforms and teachers showed: marks in keys, verdicts, sheets."""

from __future__ import annotations

import io

import openpyxl
import pytest

from question_bank.formats import read
from question_bank.formats.reading import Reading
from tests.question_bank.formats.test_unseen_shapes import read_text, told


def of_sheets(**sheets: list[list[str | int | None]]) -> Reading:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return read(out.getvalue(), "bank.xlsx")


def test_a_key_may_say_what_each_answer_earns() -> None:
    reading = read_text(
        "一、选择题\n1. 鸟类的体温特点是（ ）\nA. 恒温  B. 变温\n2. 两栖动物有（ ）\nA. 青蛙  B. 蛇  C. 蟾蜍\n"
        "二、填空题\n3. 鱼用____呼吸。\n4. 鲸用____呼吸，生活在____里。\n"
        "答案：\n1. A（2分）\n2. AC（3分）\n3. 鳃（1分）\n4. 肺（1分）；海（2分）\n"
    )
    assert [one[2] for one in told(reading)] == [
        ["*恒温", "变温"],
        ["*青蛙", "蛇", "*蟾蜍"],
        [["鳃"]],
        [["肺"], ["海"]],
    ]
    assert [one.mark for one in reading.questions] == [2000, 3000, 1000, 3000]
    assert reading.warnings == []


@pytest.mark.parametrize("verdict", ["正确", "错误", "回答错误", "答对了"])
def test_the_verdict_of_a_platform_is_no_part_of_the_last_option(verdict: str) -> None:
    reading = read_text(
        f"1\n【单选题】(5分)\n光合作用发生在（ ）。\nA.\n线粒体\nB.\n叶绿体\n{verdict}\n本题总得分：5分\n"
        "正确答案：B\n\n"
        "2\n【单选题】(5分)\n呼吸作用发生在（ ）。\nA.\n线粒体\nB.\n细胞壁\n"
        f"{verdict}\n正确答案：A\n"
    )
    assert [one[2] for one in told(reading)] == [["线粒体", "*叶绿体"], ["*线粒体", "细胞壁"]]
    assert [one.mark for one in reading.questions] == [5000, 5000]


def test_the_line_to_write_on_may_show_its_answer() -> None:
    reading = read_text(
        "1. 我国的首都是 [单选题] *\n○A. 上海\n○B. 北京(正确答案)\n\n2. 最大的岛屿是 [填空题] *\n"
        "_________(答案：台湾岛)\n"
    )
    assert [one[2] for one in told(reading)] == [["上海", "*北京"], [["台湾岛"]]]


def test_a_sheet_may_have_nothing_but_questions_and_answers_of_blanks() -> None:
    reading = of_sheets(
        判断题=[["题干", "答案"], ["鲸是鱼", "错"]],
        填空题=[["题干", "答案1", "答案2"], ["鱼用___呼吸，鸟用___呼吸", "鳃", "肺"]],
    )
    assert (told(reading)[1], reading.warnings) == (("fill_in", "鱼用___呼吸，鸟用___呼吸", [["鳃"], ["肺"]]), [])


def test_a_column_that_may_be_what_somebody_got_is_told() -> None:
    rows: list[list[str | int | None]] = [["题目", "选项", "答案", "得分"], ["最小的质数", "A.1\nB.2", "B", 2]]
    reading = of_sheets(题库=rows)
    assert [one.mark for one in reading.questions] == [1000]
    assert ["得分" in str(one) for one in reading.warnings] == [True]
    rows[0][3] = "分值"
    assert (of_sheets(题库=rows).questions[0].mark, of_sheets(题库=rows).warnings) == (2000, [])


def test_a_key_below_a_question_with_blanks_is_a_key_and_no_answer_of_it() -> None:
    paper = "1. 鱼用____呼吸。\n2. 鸟用____呼吸。\n3. 鲸用____呼吸，生活在____里。\n答案：\n1. 鳃\n2. 肺\n3. 肺；海\n"
    assert [one[2] for one in told(read_text(paper))] == [[["鳃"]], [["肺"]], [["肺"], ["海"]]]


def test_a_line_of_something_else_among_the_answers_of_blanks_is_refused() -> None:
    reading = read_text("1. 鲸用____呼吸，生活在____里。\n答案：肺；海\n鲸是哺乳动物\n")
    assert (reading.questions, len(reading.refused)) == ([], 1)
