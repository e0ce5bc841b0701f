"""Lines and words of a paper that say what a question earns: its mark, no part of an option or an answer."""

from __future__ import annotations

import docx
import pytest

from question_bank.formats import read
from tests.question_bank.formats.test_unseen_shapes import read_text, told
from tests.question_bank.formats.test_word_layouts import of_word

STEM = "1. 下列属于哺乳动物的是（ ）\n"
OPTIONS = "A. 鲸\nB. 鲨鱼\nC. 海龟\n"
NEXT = "2. 月球自己发光。（ ）\n答案：错\n"
READ = [
    ("single_choice", "下列属于哺乳动物的是（ ）", ["*鲸", "鲨鱼", "海龟"]),
    ("true_false", "月球自己发光。（ ）", [False]),
]
LINES = (
    "本题得分上限：5分",
    "得分上限：5",
    "【得分上限】5",
    "最高得分：5分",
    "满分：5分",
    "本题满分5分",
    "（满分5分）",
    "（5分）",
    "本小题共5分",
    "分值 5分",
    "题目总分：5",
    "Maximum score: 5",
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    "paper",
    [
        STEM + OPTIONS + "答案：A\n{}\n" + NEXT,
        STEM + OPTIONS + "{}\n答案：A\n" + NEXT,
        STEM + "{}\n" + OPTIONS + "答案：A\n" + NEXT,
        STEM + OPTIONS + "答案：A\n解析：鲸用肺呼吸。\n{}\n\n" + NEXT,
    ],
)
def test_a_line_about_the_mark_is_the_mark(line: str, paper: str) -> None:
    reading = read_text(paper.format(line))
    assert told(reading) == READ
    assert [one.mark for one in reading.questions] == [5000, 1000]
    assert (reading.refused, reading.warnings) == ([], [])
    assert line not in reading.questions[0].explanation_html


@pytest.mark.parametrize(
    "paper",
    [
        STEM.strip() + "（得分上限：5分）\n" + OPTIONS + "答案：A\n",
        STEM.strip() + " 本题满分：5分\n" + OPTIONS + "答案：A\n",
        STEM.strip() + "  5分\n" + OPTIONS + "答案：A\n",
        STEM.replace("1. ", "1.（本题满分5分）") + OPTIONS + "答案：A\n",
        STEM + OPTIONS + "答案：A（5分）\n",
        STEM + OPTIONS + "答案：A  得分上限：5分\n",
    ],
)
def test_a_mark_behind_a_question_or_an_answer_is_the_mark(paper: str) -> None:
    reading = read_text(paper)
    assert told(reading) == READ[:1]
    assert ([one.mark for one in reading.questions], reading.warnings) == ([5000], [])
    assert reading.questions[0].explanation_html == ""


def test_marks_above_the_numbers_are_of_the_questions_below_them() -> None:
    paper = f"本题满分：5分\n{STEM}{OPTIONS}答案：A\n\n本题满分：2分\n{NEXT}"
    assert [one.mark for one in read_text(paper).questions] == [5000, 2000]
    paper = f"分值：5\n{STEM}{OPTIONS}答案：A\n分值：2\n{NEXT}"
    assert [one.mark for one in read_text(paper).questions] == [5000, 2000]


@pytest.mark.parametrize("line", ["总分：100分", "最高分：98", "平均分：76.5分"])
def test_what_a_whole_paper_or_those_who_sat_it_earned_is_told_and_left_out(line: str) -> None:
    reading = read_text(f"{STEM}{OPTIONS}{line}\n答案：A\n{NEXT}")
    assert (told(reading), [one.mark for one in reading.questions]) == (READ, [1000, 1000])
    assert [line in str(one) for one in reading.warnings] == [True]


@pytest.mark.parametrize(
    "paper", [f"满分：100分\n{STEM}{OPTIONS}答案：A\n{NEXT}", f"{STEM}{OPTIONS}答案：A\n{NEXT}\n满分：100分\n"]
)
def test_the_total_of_a_paper_is_no_mark_of_its_first_or_last_question(paper: str) -> None:
    reading = read_text(paper)
    assert [one.mark for one in reading.questions] == [1000, 1000]
    assert ["满分：100分" in str(one) for one in reading.warnings] == [True]


def test_two_marks_of_a_question_are_told() -> None:
    reading = read_text(f"{STEM}{OPTIONS}答案：A\n分值：2分\n得分上限：5分\n")
    assert [one.mark for one in reading.questions] == [2000]
    assert ["two marks, 2 and 5" in str(one) for one in reading.warnings] == [True]


def test_a_figure_that_answers_is_no_mark() -> None:
    reading = read_text("1. 百分制考试满分为____。\n答案：\n满分100分\n")
    assert [one.mark for one in reading.questions] == [1000]
    assert "100" in str(told(reading))


def test_the_total_of_a_case_that_its_questions_do_not_add_up_to_is_told() -> None:
    reading = read_text(
        "一、阅读材料，回答问题（20分）\n材料：鲸生活在海里，用肺呼吸，每隔一段时间要浮出水面换气，胎生哺乳。\n"
        "(1) 鲸用什么呼吸？（ ）\nA. 肺\nB. 鳃\n答案：A\n(2) 鲸是鱼。（ ）\n答案：错\n"
    )
    assert [(one.kind, one.mark) for one in reading.questions] == [("case", 2000)]
    assert ["20 marks" in str(one) for one in reading.warnings] == [True]


def test_the_line_is_the_mark_in_word_and_the_column_in_a_sheet() -> None:
    document = docx.Document()
    for line in (STEM + OPTIONS + "答案：A\n本题得分上限：5分\n" + NEXT).splitlines():
        document.add_paragraph(line)
    reading = read(of_word(document), "a.docx")
    assert (told(reading), [one.mark for one in reading.questions]) == (READ, [5000, 1000])
    table = "题型,题干,选项A,选项B,答案,本题得分上限\n单选题,哪个发光？,太阳,月亮,A,5分\n"
    assert [one.mark for one in read_text(table, "bank.csv").questions] == [5000]
