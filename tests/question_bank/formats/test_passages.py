"""Passages with numbered gaps whose options stand in rows below: each becomes a case, a question for each gap."""

from __future__ import annotations

import docx
import pytest

from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from tests.question_bank.formats.test_unseen_shapes import read_text
from tests.question_bank.formats.test_word_layouts import of_word

ROWS = "1. A. get   B. gets   C. got\n2. A. go   B. gone   C. goes\n"


def asked(reading: Reading) -> list[tuple[str, list[str]]]:
    """Stem and right option of each question of the only case."""
    assert [draft.kind for draft in reading.questions] == ["case"], reading.refused
    return [
        (one["stem_html"], [option["html"] for option in one["content"]["options"] if option["fraction"] == "1"])
        for one in reading.questions[0].content["questions"]
    ]


@pytest.mark.parametrize("gaps", ["__1__ __2__", "(1) (2)", "【1】 【2】", "____(1)____ ____(2)____"])
def test_each_row_asks_for_the_gap_of_its_number(gaps: str) -> None:
    first, second = gaps.split(" ")
    text = f"一、完形填空（每小题2分）\nTom {first} up early.\n\nHe {second} to school.\n\n{ROWS}\n参考答案\n1-2 BC\n"
    reading = read_text(text)
    assert asked(reading) == [("(1)", ["gets"]), ("(2)", ["goes"])]
    assert [one["mark"] for one in reading.questions[0].content["questions"]] == [2000, 2000]
    assert "He " in reading.questions[0].stem_html


def test_a_passage_without_a_heading_is_known_by_its_gaps() -> None:
    reading = read_text(f"Tom __1__ up early. He __2__ to school.\n{ROWS}答案：1.B 2.C\n")
    assert asked(reading) == [("(1)", ["gets"]), ("(2)", ["goes"])]


def test_questions_after_the_passage_stand_alone_again() -> None:
    text = f"Tom __1__ up early. He __2__ to school.\n{ROWS}3. 天空是什么颜色？\nA. 蓝\nB. 绿\n答案：1.B 2.C 3.A\n"
    assert [draft.kind for draft in read_text(text).questions] == ["case", "single_choice"]


def test_gaps_without_a_row_for_each_make_no_case() -> None:
    reading = read_text(f"Tom __1__ up early, __2__ to school and __3__ home.\n{ROWS}答案：1.B 2.C\n")
    assert [draft.kind for draft in reading.questions if draft.kind == "case"] == []


def test_word_may_set_the_rows_as_a_table() -> None:
    document = docx.Document()
    document.add_paragraph("完形填空")
    document.add_paragraph("Tom __1__ up early. He __2__ to school.")
    table = document.add_table(rows=2, cols=3)
    for at, row in enumerate([["1. A. get", "B. gets", "C. got"], ["2. A. go", "B. gone", "C. goes"]]):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    document.add_paragraph("参考答案：1. B  2. C")
    assert asked(read(of_word(document), "a.docx")) == [("(1)", ["gets"]), ("(2)", ["goes"])]


def test_gaps_that_lost_their_line_are_numbers_alone() -> None:
    reading = read_text(
        "五、完形填空\nTom is a 1 boy. He likes 2 best.\n1. A. kind  B. kinds\n2. A. swim  B. swimming\n答案：1-2 AB\n"
    )
    (case,) = [as_json(one) for one in reading.questions]
    assert [one["answers"] for one in case["questions"]] == [["kind"], ["swimming"]]
    assert case["stem"] == "Tom is a 1 boy. He likes 2 best."


def test_other_numbers_make_no_gaps() -> None:
    text = "五、完形填空\nTom is 12. He has 2 dogs.\n1. A. kind  B. kinds\n2. A. swim  B. swimming\n答案：1-2 AB\n"
    reading = read_text(text)
    assert (reading.questions, len(reading.refused)) == ([], 2)
