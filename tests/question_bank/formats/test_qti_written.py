"""A package of QTI 2.1 that is written reads back as what was written, kind by kind."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats import qti, read
from question_bank.formats.sameness import plain
from question_bank.formats.writing import write
from question_bank.kinds import KINDS
from tests.question_bank.making import SAMPLES, drafts

AROUND = ("kind", "stem_html", "title", "mark", "category", "tags", "difficulty", "explanation_html")


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(st.data())
def test_every_kind_comes_back_as_it_was_written(kind: str, data: st.DataObject) -> None:
    made = replace(data.draw(drafts(kind)), difficulty=data.draw(st.integers(1, 5)))
    try:
        before = cleaned(made)
    except Refused:
        return
    written = write([before], "qti")
    assert not written.left_out
    reading = read(written.data, "questions.zip")
    assert not reading.refused
    assert not reading.warnings
    (after,) = map(cleaned, reading.questions)
    assert [getattr(after, name) for name in AROUND] == [getattr(before, name) for name in AROUND]
    assert plain(after.content) == plain(before.content)


def test_many_questions_lie_in_one_package_each_in_its_own_file() -> None:
    written = write(list(SAMPLES.values()), "qti")
    with zipfile.ZipFile(io.BytesIO(written.data)) as archive:
        names = archive.namelist()
    assert {"imsmanifest.xml", "assessment.xml"} <= set(names)
    assert sum(1 for name in names if name.startswith("items/")) == len(SAMPLES)
    assert [draft.kind for draft in read(written.data, "x.zip").questions] == list(SAMPLES)


def test_the_table_of_what_is_carried_says_what_is_read_and_written() -> None:
    for kind, draft in SAMPLES.items():
        assert qti.CARRIES[kind].written == (not write([draft], "qti").left_out)


def test_pictures_lie_beside_the_items_that_show_them() -> None:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    name = f"{hashlib.sha256(out.getvalue()).hexdigest()}.png"
    draft = QuestionDraft("essay", f'Look: <img src="/bank-files/{name}" alt="x">', {})
    written = write([draft], "qti", {name: out.getvalue()})
    reading = read(written.data, "x.zip")
    assert reading.questions[0].stem_html == draft.stem_html
    assert reading.files == {name: out.getvalue()}
    assert [str(one.reason) for one in write([draft], "qti").left_out] == [
        "A picture or recording of the question is not at hand."
    ]


def test_what_qti_cannot_say_is_left_out_and_named() -> None:
    blanks = [{"answers": [{"text": "a"}]}, {"answers": [{"text": "b"}]}]
    unordered = QuestionDraft("fill_in", "____ ____", {"blanks": blanks, "unordered": [[0, 1]]}, title="unordered")
    control = QuestionDraft("essay", "a\x0bb", {}, title="control")
    fine = QuestionDraft("essay", "fine", {})
    written = write([unordered, control, fine], "qti")
    assert [(one.where, str(one.reason)) for one in written.left_out] == [
        ("unordered", "Blanks in any order can't be written as qti."),
        ("control", "A text holds characters that XML has no way to write."),
    ]
    assert len(read(written.data, "x.zip").questions) == 1


def test_two_packages_of_the_same_questions_are_the_same_bytes() -> None:
    drafts_ = [cleaned(draft) for draft in SAMPLES.values()]
    assert write(drafts_, "qti").data == write(drafts_, "qti").data
