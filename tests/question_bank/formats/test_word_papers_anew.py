"""Word papers read anew: keys in text boxes, questions all of whose options are right, texts between questions."""

from __future__ import annotations

import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import RGBColor

from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told
from tests.question_bank.formats.test_word_as_teachers_write import W, of, paper


def test_a_key_in_a_text_box() -> None:
    document = paper("1. 哪一个？（ ）", "A. 甲\tB. 乙", "2. 哪个呢？（ ）", "A. 丙\tB. 丁", "【参考答案】")
    box = f"<w:r {W}><w:pict><w:txbxContent><w:p><w:r><w:t>1-2：BA</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    document.add_paragraph()._p.append(parse_xml(box))
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], ["*丙", "丁"]]


def test_all_options_stand_out_where_that_is_how_the_part_is_answered() -> None:
    def read_with(*right: str) -> list[list[str]]:
        document = paper("一、多选题")
        for n, letters in enumerate(right, 1):
            document.add_paragraph(f"{n}. 哪些？（ ）")
            for letter in "ABC":
                run = document.add_paragraph().add_run(f"{letter}. 选{letter}")
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW if letter in letters else None
        return [one[2] for one in told(of(document))]

    assert read_with("AC", "ABC") == [["*选A", "选B", "*选C"], ["*选A", "*选B", "*选C"]]
    assert read_with("ABC", "ABC") == []
    assert read_with("AC", "", "ABC") == [["*选A", "选B", "*选C"]]


def test_a_text_for_the_next_numbers_below_options() -> None:
    reading = read_text(
        "一、材料分析题\n阅读下面的材料，完成1～2题。\n水往低处流。\n"
        "1．水去哪里（ ）\nA．上\tB．下\n2．谁流（ ）\nA．水\tB．山\n"
        "阅读材料，回答3～4题。\n山在高处。\n3．山在哪里（ ）\nA．高处\tB．低处\n4．谁在（ ）\nA．水\tB．山\n"
        "参考答案\n1．B 2．A 3．A 4．B\n"
    )
    first, second = reading.questions
    assert (first.stem_html, second.stem_html) == (
        "阅读下面的材料，完成1～2题。<br>水往低处流。",
        "阅读材料，回答3～4题。<br>山在高处。",
    )
    assert [len(one.content["questions"]) for one in reading.questions] == [2, 2]
    assert reasons(reading) == []


def test_true_and_false_answered_by_letter_and_text() -> None:
    reading = read_text(
        "1. Ice is cold.\nA) True\nB) False\nAnswer: A) True\n2. Ice is hot.\nA) True\nB) False\nAnswer: B) False\n"
    )
    assert told(reading) == [("true_false", "Ice is cold.", [True]), ("true_false", "Ice is hot.", [False])]


@pytest.mark.parametrize("text_after", ["", "甲"])
def test_only_the_letter_of_the_right_option_stands_out(text_after: str) -> None:
    document = paper("1. 哪一个？（ ）")
    for letter, text in (("A", "甲"), ("B", "乙"), ("C", "丙")):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(letter)
        run.bold = letter != "A"
        run.font.color.rgb = RGBColor(0xFF, 0, 0) if letter == "B" or text_after else None
        paragraph.add_run(f"．{text}{text_after}")
    right = [] if text_after else [["甲", "*乙", "丙"]]
    assert [one[2] for one in told(of(document))] == right
