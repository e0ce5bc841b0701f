"""Word files as teachers make them: hidden and noted answers, boxes to click, lines below words, layouts in tables."""

from __future__ import annotations

from typing import Any

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from tests.question_bank.formats.test_docx import add_list, number
from tests.question_bank.formats.test_unseen_shapes import reasons, told
from tests.question_bank.formats.test_word_layouts import of_word

W = nsdecls("w")


def paper(*lines: str) -> Any:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def of(document: Any) -> Reading:
    return read(of_word(document), "paper.docx")


def add_table(document: Any, *rows: tuple[str, ...]) -> Any:
    table = document.add_table(rows=0, cols=max(map(len, rows)))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = text
    return table


def hidden(paragraph: Any, text: str) -> None:
    paragraph.add_run(text).font.hidden = True


def test_hidden_answers_are_read_and_other_hidden_text_is_told() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1. 哪一个？（ ")
    hidden(paragraph, "B")
    paragraph.add_run(" ）")
    for line in ("A. 甲", "B. 乙", "2. 为什么？"):
        document.add_paragraph(line)
    hidden(document.add_paragraph(), "答案：因为所以。")
    hidden(document.add_paragraph(), "编者的话")
    reading = of(document)
    assert told(reading)[0][2] == ["甲", "*乙"]
    assert len(reading.questions) == 2
    assert any("编者的话" in str(one) for one in reading.warnings)


def note(document: Any, kind: str, text: str, paragraph: Any) -> None:
    """A footnote or an endnote of a paragraph."""
    xml = f'<w:{kind}s {W}><w:{kind} w:id="2"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}></w:{kind}s>'
    type_ = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
    part = Part(PackURI(f"/word/{kind}s.xml"), type_, xml.encode(), document.part.package)
    relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}s"
    document.part.relate_to(part, relation)
    paragraph._p.append(parse_xml(f'<w:r {W}><w:{kind}Reference w:id="2"/></w:r>'))


@pytest.mark.parametrize(("text", "answer"), [("答案：B", ["甲", "*乙"]), ("B", ["甲", "*乙"])])
def test_an_endnote_may_hold_the_answer(text: str, answer: list[str]) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1. 哪一个？")
    note(document, "endnote", text, paragraph)
    for line in ("A. 甲", "B. 乙"):
        document.add_paragraph(line)
    assert told(of(document))[0][2] == answer


def test_other_notes_and_comments_are_told() -> None:
    document = paper("1. 对吗？", "答案：对")
    note(document, "footnote", "见第三章", document.paragraphs[0])
    document.add_comment(runs=document.paragraphs[0].runs, text="请核对", author="甲")
    told_of = " ".join(map(str, of(document).warnings))
    assert "见第三章" in told_of
    assert "请核对" in told_of


def box(paragraph: Any, *, checked: bool) -> None:
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    paragraph._p.append(
        parse_xml(
            f'<w:sdt {W} {w14}><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(checked)}"/></w14:checkbox></w:sdtPr>'
            f"<w:sdtContent><w:r><w:t>{'☒' if checked else '☐'}</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )


def test_boxes_to_click_answer() -> None:
    document = paper("1. 哪些？（多选）")
    for text, checked in (("甲", True), ("乙", False), ("丙", True)):
        paragraph = document.add_paragraph()
        box(paragraph, checked=checked)
        paragraph.add_run(f" {text}")
    assert told(of(document)) == [("multiple_choice", "哪些？", ["*甲", "乙", "*丙"])]


def test_a_cross_in_a_box_is_a_tick_where_others_are_empty() -> None:
    document = paper("一、单选题", "1. 哪一个？（ ）", "☐ 甲", "☒ 乙", "2. 哪个呢？（ ）", "☒ 丙", "☐ 丁")
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], ["*丙", "丁"]]


def test_of_two_verdicts_the_one_that_stands_out_answers() -> None:
    document = docx.Document()
    for n, (stem, right) in enumerate([("Iron is a metal.", True), ("Ice is warm.", False)], 1):
        paragraph = document.add_paragraph(f"{n}. {stem}  ")
        paragraph.add_run("True").bold = right
        paragraph.add_run(" / ")
        paragraph.add_run("False").bold = not right
    assert told(of(document)) == [
        ("true_false", "Iron is a metal.", [True]),
        ("true_false", "Ice is warm.", [False]),
    ]


def test_one_line_below_spaces_and_a_word_is_one_blank() -> None:
    document = paper("一、填空题")
    paragraph = document.add_paragraph("1. 首都是")
    for text in ("  ", "北京", "  "):
        run = paragraph.add_run(text)
        run.underline = True
        if text.strip():
            run.font.color.rgb = RGBColor(0xFF, 0, 0)
    paragraph.add_run("。")
    assert told(of(document)) == [("fill_in", "首都是____。", [["北京"]])]


def test_an_underlined_letter_is_the_answer_of_a_choice() -> None:
    document = docx.Document()
    document.add_paragraph("1. 广域网是").add_run(" B ").underline = True
    for line in ("A. 甲", "B. 乙"):
        document.add_paragraph(line)
    assert told(of(document))[0][2] == ["甲", "*乙"]


def test_dots_below_words_stay() -> None:
    document = docx.Document()
    run = document.add_paragraph("1. 加点字怎么读？").add_run("酝")
    run._r.get_or_add_rPr().append(parse_xml(f'<w:em {W} w:val="dot"/>'))
    document.add_paragraph("答案：yùn")
    assert of(document).questions[0].stem_html == "加点字怎么读？<em>酝</em>"


def test_lines_without_letters_of_which_one_stands_out_are_options() -> None:
    document = docx.Document()
    for n, (stem, options) in enumerate([("Which?", ("a rock", "*a tree")), ("It is the", ("*sun", "moon"))], 1):
        document.add_paragraph(f"{n}. {stem}")
        for option in options:
            document.add_paragraph().add_run(option.lstrip("*")).bold = option.startswith("*")
    assert [one[2] for one in told(of(document))] == [["a rock", "*a tree"], ["*sun", "moon"]]


def test_an_answer_in_brackets_on_a_line_of_its_own() -> None:
    document = paper("1. 谁写的？", "A. 甲", "B. 乙", "（A）", "2. 这是真的。", "（错）")
    assert [one[1:] for one in told(of(document))] == [("谁写的？", ["*甲", "乙"]), ("这是真的。", [False])]


def test_bullets_of_nothing_and_letters_behind_bullets() -> None:
    document = docx.Document()
    add_list(document, 90, ("bullet", " "))
    document.add_paragraph("1. 几层？")
    for text in ("A. 一", "B. 二", "答案：B"):
        number(document.add_paragraph(text), 90)
    document.add_paragraph("2. 几个？")
    for text in ("A. 三", "B. 四"):
        document.add_paragraph(text, style="List Bullet")
    document.add_paragraph("答案：A")
    assert [one[2] for one in told(of(document))] == [["一", "*二"], ["*三", "四"]]


def test_a_table_of_contents_is_no_part_of_the_paper() -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("一、判断题\t1", style="toc 1")
    for line in ("一、判断题", "1. 是。", "答案：对"):
        document.add_paragraph(line)
    reading = of(document)
    assert (len(reading.questions), reading.refused) == (1, [])


def test_a_form_for_scores_and_pages_are_no_part_of_a_question() -> None:
    document = paper("一、单选题", "1. 谁？", "A. 甲", "B. 乙")
    add_table(document, ("得分", "评卷人"), ("", ""))
    for line in ("第 2 页 共 3 页", "二、判断题", "2. 是。", "参考答案", "1.A 2.对"):
        document.add_paragraph(line)
    assert [one[2] for one in told(of(document))] == [["*甲", "乙"], [True]]


def test_questions_and_marks_in_a_table_with_the_key_below() -> None:
    document = docx.Document()
    add_table(document, ("题号", "题目", "分值"), ("1", "谁？\nA. 甲\nB. 乙", "3"), ("2", "几？\nA. 一\nB. 二", "2"))
    for line in ("参考答案", "1. B", "2. A"):
        document.add_paragraph(line)
    reading = of(document)
    assert [one[2] for one in told(reading)] == [["甲", "*乙"], ["*一", "二"]]
    assert [one.mark for one in reading.questions] == [3000, 2000]


def test_a_column_for_right_and_one_for_wrong() -> None:
    document = docx.Document()
    add_table(document, ("序号", "题目", "对", "错"), ("1", "甲。", "√", ""), ("2", "乙。", "", "√"))
    assert [one[2] for one in told(of(document))] == [[True], [False]]


def test_shaded_cells_answer_where_no_column_does() -> None:
    document = docx.Document()
    table = add_table(document, ("题目", "A", "B"), ("谁？", "甲", "乙"), ("几？", "一", "二"))
    for row, column in ((1, 2), (2, 1)):
        properties = table.cell(row, column)._tc.get_or_add_tcPr()
        properties.append(parse_xml(f'<w:shd {W} w:val="clear" w:fill="FFFF00"/>'))
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], ["*一", "二"]]


def test_options_by_cells_with_letters_below_or_beside() -> None:
    document = paper("1. 谁？（ B ）")
    add_table(document, ("甲", "乙"), ("A", "B"))
    document.add_paragraph("2. 几？（ C ）")
    add_table(document, ("a.", "一", "c.", "三"), ("b.", "二", "d.", "四"))
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], ["一", "二", "*三", "四"]]


def test_rows_of_a_passage_in_a_table() -> None:
    document = paper("一、完形填空（每小题1分）", "He (1)______ home and (2)______ a book.")
    add_table(document, ("1.", "A. went", "B. goes"), ("2.", "A. reads", "B. read"))
    document.add_paragraph("答案：1. A 2. B")
    (draft,) = of(document).questions
    assert (draft.kind, len(draft.content["questions"])) == ("case", 2)


def test_the_sides_of_a_matching_in_a_table() -> None:
    document = paper("一、连线题", "1. 连一连。")
    add_table(document, ("1. 甲", "A. 二"), ("2. 乙", "B. 一"))
    document.add_paragraph("答案：1-B  2-A")
    (draft,) = of(document).questions
    assert [(one["html"], one["match_html"]) for one in draft.content["pairs"]] == [("甲", "一"), ("乙", "二")]


def test_a_key_of_kinds_and_ranges_in_a_table() -> None:
    document = paper("一、单选题", "1、谁？", "A、甲  B、乙", "2、几？", "A、一  B、二", "二、判断题", "3、是。")
    document.add_paragraph("参考答案")
    add_table(document, ("题型", "题号", "答案"), ("单选题", "1-2", "BA"), ("判断题", "3-3", "√"))
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], ["*一", "二"], [True]]


def moodle_table(document: Any, code: str, *rows: tuple[str, str, str, str]) -> None:
    table = add_table(document, ("Which?", "", "", code), ("", "Default mark:", "", "2"), *rows)
    table.cell(0, 0).merge(table.cell(0, 2))


def test_tables_of_moodle_for_word() -> None:
    document = docx.Document()
    document.add_heading("Plants", 1)
    document.add_heading("Leaves", 2)
    head, told_of = ("#", "Answers", "Feedback", "Grade"), ("", "General feedback:", "So it is.", "")
    moodle_table(document, "MC", head, ("A.", "this", "Yes.", "100"), ("B.", "that", "", "0"), told_of)
    document.add_heading("Gaps", 2)
    moodle_table(document, "CL", head, ("", "", "", ""))
    reading = of(document)
    (draft,) = reading.questions
    assert told(reading) == [("single_choice", "Which?", ["*this", "that"])]
    assert (draft.mark, draft.category, draft.title) == (2000, "Plants", "Leaves")
    assert draft.explanation_html == "So it is."
    assert ["cloze" in reason for reason in reasons(reading)] == [True]


def test_a_quiz_of_text2qti_in_word() -> None:
    lines = (
        "Quiz title: Units",
        "1. Which?",
        "a) gram",
        "*b) newton",
        "2. How many?",
        "= 3 +- 1",
        "3. Say why.",
        "____",
    )
    reading = of(paper(*lines))
    assert [one.kind for one in reading.questions] == ["single_choice", "numerical", "essay"]
    assert reading.questions[0].where == "paragraph 2"


def test_tables_inside_tables_are_read_once() -> None:
    document = docx.Document()
    outer = document.add_table(rows=1, cols=1).cell(0, 0)
    outer.text = "1. 谁？（ A ）"
    inner = outer.add_table(rows=1, cols=2)
    for at, text in enumerate(("A. 甲", "B. 乙")):
        inner.cell(0, at).text = text
    assert told(of(document)) == [("single_choice", "谁？（  ）", ["*甲", "乙"])]


def test_a_plan_of_a_lesson_holds_no_questions() -> None:
    lines = ("一、教学目标", "1. 理解课文。", "二、教学过程", "1. 导入。", "三、板书设计", "背影")
    with pytest.raises(Refused, match="no questions"):
        of(paper(*lines))


def test_a_card_for_each_question_may_have_its_number() -> None:
    document = docx.Document()
    for n, (stem, answer) in enumerate([("谁？", "A"), ("几？", "B")], 1):
        add_table(document, ("题号", str(n)), ("题目", stem), ("选项A", "甲"), ("选项B", "乙"), ("正确答案", answer))
        document.add_paragraph("")
    assert [one[2] for one in told(of(document))] == [["*甲", "乙"], ["甲", "*乙"]]


def test_a_key_with_its_kinds_side_by_side() -> None:
    document = paper("一、单选题", "1. 谁？（ ）", "A.甲  B.乙", "二、判断题", "1. 是。（ ）", "参考答案")
    add_table(document, ("单选题", "", "判断题", ""), ("题号", "答案", "题号", "答案"), ("1", "B", "1", "√"))
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], [True]]


def test_letters_in_circles() -> None:
    document = paper("1. 谁？", "Ⓐ 甲   Ⓑ 乙", "答案：Ⓑ", "2. 哪些？", "□A 一  □B 二  □C 三", "答案：AC")
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], ["*一", "二", "*三"]]


def test_a_key_whose_kinds_are_merged_downwards() -> None:
    document = paper("一、单选题", "1. 谁？（ ）", "A.甲  B.乙", "2. 几？（ ）", "A.一  B.二", "答案页")
    table = add_table(document, ("单选题", "1", "2"), ("", "B", "A"))
    table.cell(0, 0).merge(table.cell(1, 0))
    assert [one[2] for one in told(of(document))] == [["甲", "*乙"], ["*一", "二"]]


def test_what_stands_outside_a_list_is_no_part_of_its_last_option() -> None:
    document = docx.Document()
    add_list(document, 91, ("decimal", "%1."), ("lowerLetter", "%2)"))
    for text, level in (
        ("Who?", 0),
        ("we", 1),
        ("*you", 1),
        ("Answer these.", None),
        ("Which?", 0),
        ("*it", 1),
        ("he", 1),
    ):
        paragraph = document.add_paragraph()
        paragraph.add_run(text.lstrip("*")).bold = text.startswith("*")
        if level is not None:
            number(paragraph, 91, level)
    reading = of(document)
    assert [one[2] for one in told(reading)] == [["we", "*you"], ["*it", "he"]]
    assert any("Answer these" in str(one) for one in reading.warnings)


def test_a_type_and_a_mark_before_a_question_in_a_table() -> None:
    document = docx.Document()
    add_table(
        document,
        ("试题", "选项", "标准答案"),
        ("单选题（2分）：谁？", "A、甲\nB、乙", "B"),
        ("判断题（3分）：是。", "", "√"),
    )
    reading = of(document)
    assert [one[1] for one in told(reading)] == ["谁？", "是。"]
    assert [one.mark for one in reading.questions] == [2000, 3000]


def test_a_verdict_that_stands_out_below_a_statement() -> None:
    document = docx.Document()
    for n, (stem, right) in enumerate([("水是湿的。", "对"), ("冰是热的。", "错")], 1):
        document.add_paragraph(f"{n}. {stem}")
        for text in ("对", "错"):
            document.add_paragraph().add_run(text).bold = text == right
    document.add_paragraph("3. 火是冷的。")
    for text in ("对", "错"):
        document.add_paragraph(text)
    reading = of(document)
    assert [one[1:] for one in told(reading)][:2] == [("水是湿的。", [True]), ("冰是热的。", [False])]
    assert told(reading)[2][0] == "essay"
    assert any("paragraph 7" in str(one) for one in reading.warnings)
