"""One question of a package or a Word file as a text that can be corrected, and what is read from it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.kernel.errors import Refused
from question_bank.authoring import cleaned
from question_bank.formats import own_form, sourced
from question_bank.formats.sameness import is_same
from question_bank.formats.sourced import Asked, Sourced
from tests.question_bank import making
from tests.question_bank.making import SAMPLES

DATA = Path(__file__).parents[2] / "data"
KEPT = ("title", "mark", "category", "tags", "difficulty", "explanation_html", "hints", "source", "clause", "feedback")
BARE = ("<p>", "</p>", "<br>", "<div>", "</div>")


def same(before: Any, after: Any) -> bool:
    return is_same(cleaned(before), after, KEPT)


@pytest.mark.parametrize("kind", sorted(making.CONTENTS))
@given(data=st.data())
def test_what_is_offered_to_be_corrected_says_all_of_the_question(kind: str, data: st.DataObject) -> None:
    draft = cleaned(data.draw(making.drafts(kind)))
    text = own_form.said(draft)
    found = own_form.read(text, "here", draft)
    assert found.refused == []
    if text.startswith("{") or not any(tag in str(draft) for tag in BARE):
        assert same(draft, found.questions)
    assert [one.where for one in found.questions] == ["here"]


def test_a_plain_question_is_plain_text() -> None:
    assert own_form.said(cleaned(SAMPLES["single_choice"])) == "Which?\nA. a\nB. b\n答案：A\n题型：单选题"
    assert own_form.said(cleaned(SAMPLES["cloze"])).startswith('{\n "kind": "cloze"')


def test_paragraphs_alone_are_no_reason_for_our_own_form() -> None:
    draft = cleaned(making.QuestionDraft("true_false", "<p>Is it?</p>", {"answer": True}, title="One"))
    assert own_form.said(draft).startswith("Is it?\n")
    assert own_form.read("Was it?\nAnswer: F", "here", draft).questions[0].title == "One"


@pytest.mark.parametrize("text", ["", "1. a?\nA. b\nB. c\nAnswer: A\n2. d?\nAnswer: T", "{"])
def test_anything_but_one_question_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(Refused):
        own_form.read(text, "here", None)


def test_what_is_still_wrong_says_why_at_its_place() -> None:
    wrong = json.dumps({"kind": "true_false", "stem_html": "Is it?", "content": {"answer": "perhaps"}})
    found = own_form.read(wrong, "here", None)
    assert [one.where for one in found.refused] == ["here"]
    found = own_form.read("Which?\nA. a\nB. b\nAnswer: D", "there", None)
    assert [one.where for one in found.refused] == ["there"]


# In their files


def paper(*lines: str, table: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for n, row in enumerate(table):
            for at, text in enumerate(row):
                made.cell(n, at).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(data: bytes, name: str, found: str = "", **asked: Any) -> Sourced:
    return sourced.read(data, name, Asked(**asked), found)


def test_a_paragraph_of_word_shows_its_lines_and_is_written_anew() -> None:
    data = paper("1. 火警电话？", "A. 110", "B. 119", "答案：D", "2. 天是蓝的。", "答案：对")
    found = read(data, "q.docx")
    (refused,) = found.reading.refused
    source = found.source(refused.where)
    assert source.text == "1. 火警电话？\nA. 110\nB. 119\n答案：D"
    assert source.can_be_corrected
    text = source.text.replace("答案：D", "答案：B")
    mended = read(data, "q.docx", "docx", corrections={refused.where: {"text": text}})
    assert mended.reading.refused == []
    assert [one.where for one in mended.reading.questions] == ["paragraph 5", "paragraph 1"]
    assert mended.source(refused.where).written == text
    assert mended.source(refused.where).corrected
    assert not mended.source("paragraph 5").corrected


def test_the_cells_of_a_table_in_word_are_corrected_like_any() -> None:
    data = paper("题库", table=[["题干", "A", "B", "答案"], ["一？", "甲", "乙", "D"]])
    (refused,) = read(data, "q.docx").reading.refused
    mended = read(data, "q.docx", "docx", corrections={refused.where: {"cells": {"3": "B"}}})
    assert mended.reading.refused == []
    assert mended.source(refused.where).cells == ("一？", "甲", "乙", "B")


@pytest.mark.parametrize("name", ["q-qti1/all-question-types.imscc", "q-h5p/content/content.json"])
def test_every_place_of_a_package_can_be_written_anew(name: str) -> None:
    data = (DATA / name).read_bytes()
    found = read(data, Path(name).name)
    places = [one.where for one in found.reading.questions] + [one.where for one in found.reading.refused]
    text = "Is it?\nAnswer: T"
    for where in dict.fromkeys(places):
        mended = read(data, Path(name).name, found.reading.format, corrections={where: {"text": text}})
        (draft,) = [one for one in mended.reading.questions if one.where == where]
        assert (draft.kind, draft.stem_html) == ("true_false", "Is it?")
        assert not [one for one in mended.reading.refused if one.where == where]


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused):
        read(paper("1. 天是蓝的。", "答案：对"), "q.docx", "docx", corrections={"paragraph 99": {"text": "x"}})
