"""Word files whose text stands in a page beside them, as programs of the web make them from HTML."""

from __future__ import annotations

import quopri
import time
from typing import Any

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from learnhub.kernel.errors import Refused
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from question_bank.formats.word_chunks import body_of
from tests.question_bank.formats.test_unseen_shapes import told
from tests.question_bank.formats.test_word_layouts import of_word

CHUNK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"


def with_page(document: Any, data: bytes, name: str = "page.html", kind: str = "text/html") -> None:
    part = Part(PackURI(f"/word/{name}"), kind, data, document.part.package)
    relation = document.part.relate_to(part, CHUNK)
    chunk = parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="{relation}"/>')
    document.element.body.insert(len(document.element.body) - 1, chunk)


def reading_of(markup: str, encoding: str = "utf-8") -> Reading:
    document = docx.Document()
    with_page(document, f"<!DOCTYPE html><html><body>{markup}</body></html>".encode(encoding))
    return read(of_word(document), "paper.docx")


QUESTIONS = "<h2>一、单选题</h2><p>1. 甲（ ）</p><p>A. 一<br>B. 二</p><p>答案：<b>B</b></p>"


def test_the_questions_of_a_page_are_read() -> None:
    assert [one[2] for one in told(reading_of(QUESTIONS))] == [["一", "*二"]]
    assert [one[2] for one in told(reading_of(QUESTIONS, "gb18030"))] == [["一", "*二"]]


def test_a_page_in_the_dress_of_a_mail() -> None:
    body = quopri.encodestring(f"<html><body>{QUESTIONS}</body></html>".encode()).decode()
    mail = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n----b\r\n'
        'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        f"{body}\r\n----b--\r\n"
    )
    document = docx.Document()
    with_page(document, mail.encode(), "page.mht", "message/rfc822")
    assert [one[2] for one in told(read(of_word(document), "paper.docx"))] == [["一", "*二"]]


@pytest.mark.parametrize(
    "option",
    [
        '<span style="font-size:12pt;color: #ff0000">B. 二</span>',
        '<font color="red">B. 二</font>',
        '<span style="background-color: rgb(255, 255, 0)">B. 二</span>',
        "<strong>B. 二</strong>",
    ],
)
def test_what_stands_out_in_a_page_is_right(option: str) -> None:
    reading = reading_of(f"<div>1. 甲（ ）</div><div>A. 一</div><div>{option}</div><div>C. 三</div>")
    assert [one[2] for one in told(reading)] == [["一", "*二", "三"]]


def test_tables_and_lists_of_a_page() -> None:
    rows = "<tr><th>题目<th>选项A<th>选项B<th>答案<tr><td>甲<td>一<td>二<td>B"
    assert [one[2] for one in told(reading_of(f"<table>{rows}</table>"))] == [["一", "*二"]]
    reading = reading_of("<p>判断题</p><ol><li>水是湿的。（√）</li><li>火是冷的。（×）</li></ol>")
    assert [one[2] for one in told(reading)] == [[True], [False]]


def test_raised_signs_stay_and_lost_pictures_are_told() -> None:
    reading = reading_of('<p>1. x<sup>2</sup>是（ B ）<img src="a.png"></p><p>A. 一 B. 二</p>')
    assert "<sup>2</sup>" in reading.questions[0].stem_html
    assert any("picture" in str(one) for one in reading.warnings)


def test_text_of_another_kind_is_told() -> None:
    document = docx.Document()
    document.add_paragraph("1. 水是湿的。（√）")
    with_page(document, b"{\\rtf1 }", "page.rtf", "application/rtf")
    reading = read(of_word(document), "paper.docx")
    assert (len(reading.questions), len(reading.warnings)) == (1, 1)


@pytest.mark.parametrize("piece", ["<span>", "<td>", "<table><tr><td>", "<!--", "<a", "<p>"])
def test_a_page_of_tags_left_open_takes_no_time(piece: str) -> None:
    began = time.process_time()
    body_of(f"<html><body>{piece * 50_000}1. 甲</body>".encode())
    assert time.process_time() - began < 5


def test_no_question_in_a_page_is_said() -> None:
    with pytest.raises(Refused):
        reading_of("<p>你好</p>")


def test_a_label_before_a_question_is_no_part_of_it() -> None:
    document = docx.Document()
    for line in ("1、问：什么是甲？", "答：甲是乙。", "2、问：什么是丙？", "答：丙是丁。"):
        document.add_paragraph(line)
    read_back = [as_json(one) for one in read(of_word(document), "paper.docx").questions]
    assert [(one["stem"], one["for_marker"]["text"]) for one in read_back] == [
        ("什么是甲？", "甲是乙。"),
        ("什么是丙？", "丙是丁。"),
    ]
