"""Word papers read anew: keys in text boxes, questions all of whose options are right, texts between questions."""

from __future__ import annotations

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import RGBColor

from question_bank.formats import read
from tests.question_bank.formats.test_docx import add_list, number
from tests.question_bank.formats.test_unseen_shapes import read_text, reasons, told
from tests.question_bank.formats.test_word_as_teachers_write import W, add_table, of, paper


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


def test_a_key_below_question_and_answer() -> None:
    document = paper("1. Which?", "(a) this   (b) that", "II. State whether each is true or false.", "2. Ice is hot.")
    document.add_paragraph("Answer Key")
    add_table(document, ("Question", "Answer"), ("1", "(b)"), ("2", "False"))
    assert [one[2] for one in told(of(document))] == [["this", "*that"], [False]]


def test_a_number_is_no_statement() -> None:
    reading = read(b"Question,Answer\n1,True\n2,False\n", "key.csv")
    assert (reading.questions, len(reading.refused)) == ([], 2)


def test_only_the_letter_is_underlined() -> None:
    document = paper("1. 哪一个？（ ）")
    for letter, text in (("A", "甲"), ("B", "乙")):
        paragraph = document.add_paragraph()
        paragraph.add_run(letter).underline = letter == "B"
        paragraph.add_run(f". {text}")
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"]]


def test_points_inside_an_answer_of_a_key_are_no_answers_of_their_own() -> None:
    reading = read_text(
        "一、问答题\n1. 水为什么会流？\n2. 冰为什么会化？\n参考答案：\n一、问答题\n1. 答：有四点：\n（1）水重；\n"
        "（2）地斜；（3）无墙；（4）无岸。\n2. 答：天热。\n"
    )
    assert [one.content["marker_html"] for one in reading.questions] == [
        "有四点：<br>（1）水重；<br>（2）地斜；（3）无墙；（4）无岸。",
        "天热。",
    ]


def test_raised_digits_of_an_answer_are_typed_as_such() -> None:
    document = paper("一、填空题", "1. 光速约为____米每秒。")
    document.add_paragraph("答案：3×10").add_run("8").font.superscript = True
    document.add_paragraph("2. 水是____。")
    paragraph = document.add_paragraph("答案：H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O")
    assert [one[2] for one in told(of(document))] == [[["3×10⁸"]], [["H₂O"]]]


def test_raised_digits_of_an_underlined_answer_are_typed_as_such() -> None:
    document = paper("一、填空题")
    paragraph = document.add_paragraph("1. 光速约为")
    for text in ("3×10", "8"):
        paragraph.add_run(text).underline = True
    paragraph.runs[-1].font.superscript = True
    paragraph.add_run("米每秒。")
    assert [one[2] for one in told(of(document))] == [[["3×10⁸"]]]


def test_letters_with_a_semicolon_behind_them() -> None:
    reading = read_text("1. 哪些？\nA. 甲\nB. 乙\nC. 丙\n正确答案: AC;\n")
    assert told(reading) == [("multiple_choice", "哪些？", ["*甲", "乙", "*丙"])]


def test_english_parts_by_their_tasks() -> None:
    reading = read_text(
        "I. Choose the correct answer.\n1. Which?\na) this\nb) that\n"
        "II. State whether the following are true or false.\n"
        "2. Ice is hot.\nIII. Fill in the blanks.\n3. The sun is a ____.\n4. Which are so?\nI. Ice\nII. Complete rest\n"
        "A. I\nB. II\nAnswer Key\n1. b\n2. F\n3. star\n4. A\n"
    )
    assert told(reading)[:3] == [
        ("single_choice", "Which?", ["this", "*that"]),
        ("true_false", "Ice is hot.", [False]),
        ("fill_in", "The sun is a ____.", [["star"]]),
    ]
    assert told(reading)[3][1] == "Which are so?\nI. Ice\nII. Complete rest"


def test_a_heading_of_word_ends_the_question_above() -> None:
    document = docx.Document()
    for name, stem in (("物理", "水在哪里？"), ("生物", "鱼在哪里？")):
        document.add_paragraph(name, style="Heading 1")
        for line in (f"1. {stem}", "A. 上", "B. 下", "答案：B"):
            document.add_paragraph(line)
    reading = of(document)
    assert [one[1:] for one in told(reading)] == [("水在哪里？", ["上", "*下"]), ("鱼在哪里？", ["上", "*下"])]
    assert [one.explanation_html for one in reading.questions] == ["", ""]
    assert ["生物" in str(one) for one in reading.warnings] == [False, True]


def test_sides_without_numbers_in_a_table() -> None:
    document = paper("一、匹配题", "1. 配一配。")
    add_table(document, ("李白", "A. 茅屋"), ("杜甫", "B. 将进酒"))
    document.add_paragraph("答案：李白-B，杜甫-A")
    (draft,) = of(document).questions
    assert [(one["html"], one["match_html"]) for one in draft.content["pairs"]] == [
        ("李白", "将进酒"),
        ("杜甫", "茅屋"),
    ]


def test_how_a_wrong_statement_is_put_right_explains_the_answer() -> None:
    reading = read_text("一、判断题\n（×）1. 冰是热的。\n改正：冰是冷的。\n（√）2. 火是热的。\n")
    assert told(reading) == [("true_false", "冰是热的。", [False]), ("true_false", "火是热的。", [True])]
    assert reading.questions[0].explanation_html == "冰是冷的。"


def test_numbers_by_chapter_and_place_that_word_counts() -> None:
    document = docx.Document()
    add_list(document, 90, ("decimal", "%1"), ("decimal", "%1.%2"))
    for name, stems in (("物理", ("水在哪里？", "火在哪里？")), ("生物", ("鱼在哪里？",))):
        number(document.add_paragraph(name, style="Heading 1"), 90)
        for stem in stems:
            number(document.add_paragraph(stem), 90, 1)
            for line in ("A. 上", "B. 下", "答案：B"):
                document.add_paragraph(line)
    reading = of(document)
    assert [one[1:] for one in told(reading)] == [
        (stem, ["上", "*下"]) for stem in ("水在哪里？", "火在哪里？", "鱼在哪里？")
    ]
    assert [one.category for one in reading.questions] == ["物理", "物理", "生物"]
    assert reasons(reading) == []
