"""Texts, pictures and encodings of Moodle XML."""

from __future__ import annotations

import base64

import pytest

from learnhub.kernel.errors import Refused
from question_bank import media
from question_bank.authoring import QuestionDraft
from question_bank.formats import read
from question_bank.formats.listing import as_json
from question_bank.formats.moodle import exported
from question_bank.formats.writing import write
from tests.question_bank.formats.moodle_questions import PNG, answer, one, question, quiz


def test_hints_come_along_with_their_pictures_and_empty_ones_do_not() -> None:
    file = f'<file name="a.png" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
    hints = (
        '<hint format="html"><text>Look <![CDATA[<img src="@@PLUGINFILE@@/a.png" alt="a square">]]></text>'
        f"{file}</hint>"
        '<hint format="html"><text></text><clearwrong/></hint><hint format="plain_text"><text>a < b</text></hint>'
    ).replace("a < b", "a &lt; b")
    reading = quiz(question("multichoice", answer("100", "a") + answer("0", "b") + hints))
    assert as_json(reading.questions[0])["hints"] == [
        f'Look <img src="{media.address(str(media.name_of(PNG)))}" alt="a square">',
        "a < b",
    ]
    assert reading.warnings == []


def test_formats_of_texts() -> None:
    assert one("essay", text="a <b>b</b>\nc", format="html")["stem"] == "a <b>b</b>\nc"
    assert one("essay", text="a < b\nc", format="moodle_auto_format")["stem"] == "a < b\nc"
    assert one("essay", text="<b>a</b>", format="plain_text")["stem"] == "<b>a</b>"
    assert one("essay", text="a **b**", format="markdown")["stem"] == "a <strong>b</strong>"
    text = "<questiontext><text><p>a<br/>b</p></text></questiontext>"
    unquoted = f"<quiz><question type='essay'><name>N</name>{text}</question></quiz>"
    draft = exported.read(unquoted.encode()).questions[0]
    assert (draft.title, as_json(draft)["stem"]) == ("N", "<p>a<br>b</p>")


def test_pictures_come_along_under_the_name_of_their_content() -> None:
    name = media.name_of(PNG) or ""
    encoded = base64.b64encode(PNG).decode()
    source = (
        '<quiz><question type="essay"><questiontext format="html"><text><![CDATA['
        '<img src="@@PLUGINFILE@@/a%20b.png" alt="x"><img src="@@PLUGINFILE@@/gone.png">'
        f'<img src="data:image/png;base64,{encoded}"><a href="@@PLUGINFILE@@/c.svg">c</a>]]></text>'
        f'<file name="a b.png" path="/" encoding="base64">{encoded}</file>'
        '<file name="c.svg" path="/" encoding="base64">PHN2Zy8+</file></questiontext></question></quiz>'
    )
    reading = read(source.encode(), "x.xml")
    assert reading.files == {name: PNG}
    assert reading.questions[0].stem_html.count(media.address(name)) == 2
    assert ["gone.png" in str(w) or "c.svg" in str(w) for w in reading.warnings] == [True, True]
    assert all(str(warning).startswith("line 1") for warning in reading.warnings)


def test_pictures_go_out_with_their_bytes() -> None:
    name = media.name_of(PNG) or ""
    draft = QuestionDraft("essay", f'<img src="{media.address(name)}" alt="x">')
    written = write([draft], "moodle-xml", {name: PNG})
    assert b"@@PLUGINFILE@@" in written.data
    assert read(written.data, "x.xml").files == {name: PNG}
    assert not written.left_out


def test_a_picture_that_is_missing_leaves_its_words_or_its_name() -> None:
    stem = (
        '<p>Leave by <img class="x" src="@@PLUGINFILE@@/exit.png" alt="the green door">,'
        ' not by <img src="@@PLUGINFILE@@/lift.png" alt="">.</p>'
    )
    text = (
        f'<quiz><question type="truefalse"><questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        "</question></quiz>"
    )
    reading = read(text.encode(), "q.xml")
    assert reading.questions[0].stem_html == "<p>Leave by [the green door], not by [lift.png].</p>"
    assert [str(one.params["where"]) for one in reading.warnings] == ["line 1", "line 1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "windows-1252"])
def test_encodings_that_are_declared_or_told_by_the_bytes(encoding: str) -> None:
    said = "été" if encoding == "windows-1252" else "法律 é"
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16"}.get(encoding, encoding)
    source = f'<?xml version="1.0" encoding="{declared}"?>\n<quiz>{question("essay", text=said)}</quiz>'
    assert read(source.encode(encoding), "x.xml").questions[0].stem_html == said


def test_an_encoding_that_is_declared_wrongly_is_asked_about_and_taken_when_named() -> None:
    source = f'<?xml version="1.0" encoding="UTF-8"?><quiz>{question("essay", text="C’est l’été")}</quiz>'.encode(
        "cp1252"
    )
    with pytest.raises(Refused) as caught:
        read(source, "x.xml")
    assert caught.value.details["ask"] == "encoding"
    assert read(source, "x.xml", encoding="windows-1252").questions[0].stem_html == "C’est l’été"
