"""Word files in the layouts that people make for questions: keys in tables, a table for each question, bullets."""

from __future__ import annotations

import io

import docx

from question_bank.formats import read
from tests.question_bank.formats.test_unseen_shapes import told


def of_word(build: docx.document.Document) -> bytes:
    out = io.BytesIO()
    build.save(out)
    return out.getvalue()


def test_a_key_in_a_table_answers_every_part_of_the_paper() -> None:
    document = docx.Document()
    for line in ("一、单选题", "1、甲（  ）", "A、一\tB、二", "二、多选题", "2、乙（  ）", "A、一\tB、二\tC、三"):
        document.add_paragraph(line)
    for line in ("三、判断题", "3、丙。（  ）", "参考答案"):
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=4)
    for at, (number, answer) in enumerate([("题号", "答案"), ("1", "A"), ("2", "ABC"), ("3", "错")]):
        table.cell(0, at).text, table.cell(1, at).text = number, answer
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [
        ["*一", "二"],
        ["*一", "*二", "*三"],
        [False],
    ]


def test_a_table_for_each_question_with_names_beside_its_parts() -> None:
    document = docx.Document()
    for stem, kind, options, answer in (("甲？", "单选题", ["一", "二"], "A"), ("乙？", "多选题", ["一", "二"], "AB")):
        rows = [("题干", stem), ("题型", kind), *zip("AB", options, strict=True), ("答案", answer), ("解析", "略")]
        table = document.add_table(rows=0, cols=2)
        for name, value in rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = name, value
        document.add_paragraph("")
    reading = read(of_word(document), "a.docx")
    assert told(reading) == [("single_choice", "甲？", ["*一", "二"]), ("multiple_choice", "乙？", ["*一", "*二"])]


def test_options_counted_downwards_in_a_table() -> None:
    document = docx.Document()
    document.add_paragraph("1. 哪一个？（ B ）")
    table = document.add_table(rows=2, cols=2)
    for n, text in enumerate(("A. 甲", "C. 丙", "B. 乙", "D. 丁")):
        table.cell(n // 2, n % 2).text = text
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [["甲", "*乙", "丙", "丁"]]


def test_bullets_of_word_may_be_options() -> None:
    document = docx.Document()
    document.add_paragraph("What is the unit of current?", style="List Number")
    for text in ("Volt", "Ampere", "Ohm"):
        document.add_paragraph(style="List Bullet").add_run(text).bold = text == "Ampere"
    document.add_paragraph("Which unit has force?", style="List Number")
    for text in ("newton", "joule"):
        document.add_paragraph(text, style="List Bullet")
    document.add_paragraph("Answer: newton")
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [
        ["Volt", "*Ampere", "Ohm"],
        ["*newton", "joule"],
    ]


def test_a_table_of_word_without_a_header() -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    for row in [("1", "是？\nA．甲\nB．乙", "A"), ("2", "有？\nA．甲\nB．乙", "AB"), ("3", "须整改。", "√")]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [["*甲", "乙"], ["*甲", "*乙"], [True]]


def test_an_underlined_answer_in_brackets() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1. 几声内？（")
    paragraph.add_run("B").underline = True
    paragraph.add_run("）")
    for text in ("A. 一声", "B. 三声", "2. 对吗？（对）"):
        document.add_paragraph(text)
    assert told(read(of_word(document), "a.docx"))[0] == ("single_choice", "几声内？（  ）", ["一声", "*三声"])


def test_a_column_of_questions_with_their_options() -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=3)
    for row in [("题型", "题目及选项", "正确答案"), ("单选题", "不能测量（）\nA.体温 B.沸水 C.火焰", "C")]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert [one[2] for one in told(read(of_word(document), "a.docx"))] == [["体温", "沸水", "*火焰"]]


def paper_with_key(*grids: list[list[str]], above: str = "参考答案") -> bytes:
    """Two choices and a verdict, a heading, and tables below it."""
    document = docx.Document()
    for line in (
        "一、选择题",
        "1．甲（  ）",
        "A．一    B．二",
        "2．乙（  ）",
        "A．一    B．二",
        "二、判断题",
        "3．丙。（  ）",
        above,
    ):
        document.add_paragraph(line)
    for grid in grids:
        table = document.add_table(rows=len(grid), cols=len(grid[0]))
        for at, row in enumerate(grid):
            for n, text in enumerate(row):
                table.cell(at, n).text = text
        document.add_paragraph("")
    return of_word(document)


ANSWERED = [["一", "*二"], ["*一", "二"], [False]]


def test_a_key_with_a_row_for_each_question() -> None:
    grid = [["题号", "答案", "解析"], ["1", "B", "见课本"], ["2", "A", ""], ["3", "×", "不对"]]
    for above in ("答案及解析", "这是下面的答案。"):
        reading = read(paper_with_key(grid, above=above), "a.docx")
        assert [one[2] for one in told(reading)] == ANSWERED
        assert [draft.explanation_html for draft in reading.questions] == ["见课本", "", "不对"]


def test_numbers_above_letters_without_heads() -> None:
    assert [
        one[2] for one in told(read(paper_with_key([["1", "2"], ["B", "A"]], [["3", "4"], ["×", "√"]]), "a.docx"))
    ] == (ANSWERED)


def test_a_key_whose_head_is_a_kind() -> None:
    reading = read(
        paper_with_key([["选择题", "1", "2"], ["", "B", "A"], ["判断题", "3", "4"], ["", "×", "√"]]), "a.docx"
    )
    assert [one[2] for one in told(reading)] == ANSWERED


def test_a_table_whose_head_is_a_kind() -> None:
    document = docx.Document()
    table = document.add_table(rows=0, cols=2)
    for row in [("单选题", "答案"), ("1. 约为（ ）\nA. 101\nB. 10", "A"), ("2. 单位是（ ）\nA. 焦\nB. 牛", "B")]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    assert told(read(of_word(document), "a.docx")) == [
        ("single_choice", "约为（ ）", ["*101", "10"]),
        ("single_choice", "单位是（ ）", ["焦", "*牛"]),
    ]
