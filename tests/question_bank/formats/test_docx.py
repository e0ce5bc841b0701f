"""Word files: lists that number themselves, marked answers, tables, pictures, and what is told of the rest."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor
from PIL import Image

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from question_bank.media import ADDRESS

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paper(*lines: str) -> Document:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def read_docx(document: Document) -> Reading:
    return read(saved(document), "paper.docx")


def options(question: dict[str, Any]) -> list[str]:
    return [("*" if one["fraction"] > 0 else "") + one["text"] for one in question["options"]]


def number(paragraph: Any, num_id: int, level: int = 0) -> None:
    numbered = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(numbered))


def add_list(document: Document, name: int, *levels: tuple[str, str]) -> None:
    """A list of its own: per level the format and the text of its numbers."""
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (fmt, text) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}">{inner}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>'))


def test_numbers_and_letters_of_lists_are_in_no_text() -> None:
    document = docx.Document()
    add_list(document, 90, ("chineseCounting", "%1、"), ("decimal", "%2."), ("upperLetter", "%3."))
    for text, level in (
        ("单选题（每题2分）", 0), ("哪一个？", 1), ("甲", 2), ("乙", 2), ("哪个呢？", 1), ("丙", 2), ("丁", 2),
        ("判断题", 0), ("对吗？", 1),
    ):  # fmt: skip
        number(document.add_paragraph(text), 90, level)
        if text in {"乙", "丁"}:
            document.add_paragraph("答案：B")
    document.add_paragraph("答案：错")
    reading = read_docx(document)
    found = [as_json(draft) for draft in reading.questions]
    assert [(one["kind"], one["marks"]) for one in found] == [("single_choice", 2)] * 2 + [("true_false", 1)]
    assert [options(one) for one in found[:2]] == [["甲", "*乙"], ["丙", "*丁"]]


@pytest.mark.parametrize("look", ["bold", "red", "underline", "highlight"])
def test_a_marked_option_is_the_right_one(look: str) -> None:
    document = paper("1. 哪一个？", "A. 甲")
    run = document.add_paragraph().add_run("B. 乙")
    if look == "red":
        run.font.color.rgb = RGBColor(0xFF, 0, 0)
    elif look == "highlight":
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    else:
        setattr(run.font, look, True)
    assert options(as_json(read_docx(document).questions[0])) == ["甲", "*乙"]


def test_what_is_bold_everywhere_marks_nothing() -> None:
    document = paper("1. 哪一个？")
    for text in ("A. 甲", "B. 乙"):
        document.add_paragraph().add_run(text).bold = True
    assert ["no answer" in str(one.reason) for one in read_docx(document).refused] == [True]


def test_options_stand_side_by_side_and_below_soft_breaks() -> None:
    document = paper("1. 哪一个？（ B ）", "A. 甲\tB. 乙\tC. 丙")
    paragraph = document.add_paragraph("2. 哪个呢？")
    paragraph.add_run().add_break()
    paragraph.add_run("A．甲")
    paragraph.add_run().add_break()
    paragraph.add_run("B．乙")
    document.add_paragraph("答案：A")
    assert [options(as_json(one)) for one in read_docx(document).questions] == [["甲", "*乙", "丙"], ["*甲", "乙"]]


def test_lines_below_spaces_are_blanks_and_lines_below_words_may_be_answers() -> None:
    document = paper("一、填空题")
    paragraph = document.add_paragraph("1. 国歌是")
    paragraph.add_run("      ").underline = True
    document.add_paragraph("答案：义勇军进行曲")
    paragraph = document.add_paragraph("2. 首都是")
    paragraph.add_run("北京").underline = True
    paragraph.add_run("。")
    found = [as_json(one) for one in read_docx(document).questions]
    assert [one["stem"] for one in found] == ["国歌是____", "首都是____。"]
    assert [one["answers"][0][0]["text"] for one in found] == ["义勇军进行曲", "北京"]


def test_raised_lowered_and_underlined_letters_stay() -> None:
    paragraph = (document := docx.Document()).add_paragraph("1. H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O 与 10")
    paragraph.add_run("3").font.superscript = True
    paragraph.add_run("的")
    paragraph.add_run("划线").underline = True
    paragraph.add_run("字？")
    document.add_paragraph("答案：x<y")
    stem = read_docx(document).questions[0].stem_html
    assert stem == "H<sub>2</sub>O 与 10<sup>3</sup>的<u>划线</u>字？"


def test_pictures_stand_where_they_stood() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    document = docx.Document()
    paragraph = document.add_paragraph("1. 看图 ")
    paragraph.add_run().add_picture(io.BytesIO(out.getvalue()))
    for text in ("A. 甲", "B. 乙", "答案：A"):
        document.add_paragraph(text)
    reading = read_docx(document)
    assert list(reading.files.values()) == [out.getvalue()]
    assert f'src="{ADDRESS}{next(iter(reading.files))}"' in reading.questions[0].stem_html


def test_a_formula_is_written_in_a_line_and_told() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1. 求 ")
    paragraph._p.append(
        parse_xml(
            f"<m:oMath {MATH}><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
            "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
        )
    )
    document.add_paragraph("答案：甲")
    reading = read_docx(document)
    assert reading.questions[0].stem_html == "求 1/2x<sup>2</sup>"
    assert ["formula" in str(one) for one in reading.warnings] == [True]


def test_limits_and_systems_of_equations_are_written_in_a_line() -> None:
    document = docx.Document()

    def letters(text: str) -> str:
        return f"<m:e><m:r><m:t>{text}</m:t></m:r></m:e>"

    below = f"<m:limLow>{letters('lim')}<m:lim><m:r><m:t>n</m:t></m:r></m:lim></m:limLow>"
    of_n = f"<m:func><m:fName>{below}</m:fName>{letters('2n')}</m:func>"
    equations = f"<m:eqArr>{letters('x+y=3')}{letters('x-y=1')}</m:eqArr>"
    for number, what in enumerate((of_n, equations), 1):
        paragraph = document.add_paragraph(f"{number}. 求 ")
        paragraph._p.append(parse_xml(f"<m:oMath {MATH}>{what}</m:oMath>"))
        document.add_paragraph("答案：甲")
    assert [one.stem_html for one in read_docx(document).questions] == [
        "求 lim<sub>n</sub> 2n",
        "求 x+y=3; x-y=1",
    ]


def test_tracked_changes_and_text_boxes() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("1. ")
    w = nsdecls("w")
    paragraph._p.append(parse_xml(f"<w:ins {w}><w:r><w:t>新</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {w}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
    box = f"<w:r {w}><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    paragraph._p.append(parse_xml(box))
    document.add_paragraph("答案：甲")
    reading = read_docx(document)
    assert [one.stem_html for one in reading.questions] == ["新"]
    assert ["text box" in str(one) for one in reading.warnings] == [True]


def test_a_table_of_questions_and_a_table_of_a_layout() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=4)
    for at, text in enumerate(["题目", "A", "B", "答案", "哪个", "甲", "乙", "B"]):
        table.cell(at // 4, at % 4).text = text
    document.add_paragraph("2. 哪个呢")
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(["A. 甲", "B. 乙", "C. 丙", "D. 丁"]):
        table.cell(at // 2, at % 2).text = text
    document.add_paragraph("答案：C")
    reading = read_docx(document)
    assert [options(as_json(one)) for one in reading.questions] == [["甲", "*乙"], ["甲", "乙", "*丙", "丁"]]
    assert reading.questions[0].where == "table 1, row 2"


def test_a_key_in_a_table_answers_the_questions_above() -> None:
    document = paper("一、判断题", "1. 甲", "2. 乙")
    table = document.add_table(rows=2, cols=3)
    for at, text in enumerate(["题号", "1", "2", "答案", "√", "×"]):
        table.cell(at // 3, at % 3).text = text
    assert [one.content["answer"] for one in read_docx(document).questions] == [True, False]


def test_an_old_word_file_is_refused_with_what_to_do() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600)
    with pytest.raises(Refused, match=r"save it as \.docx"):
        read(old, "paper.doc")


def rewritten(data: bytes, name: str, change: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            text = before.read(info.filename)
            after.writestr(info.filename, change(text) if info.filename == name else text)
    return out.getvalue()


def test_entities_and_broken_packages_are_refused() -> None:
    data = saved(paper("1. 问"))
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'
    with pytest.raises(Refused, match="entities"):
        read(rewritten(data, "word/document.xml", lambda _text: entity), "x.docx")
    with pytest.raises(Refused):
        read(rewritten(data, "word/document.xml", lambda text: text[:200]), "x.docx")


def test_an_archive_of_twenty_thousand_entries_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        for n in range(20_000):
            archive.writestr(f"word/media/{n}", "")
    with pytest.raises(Refused, match="20001"):
        read(out.getvalue(), "x.docx", "docx")
