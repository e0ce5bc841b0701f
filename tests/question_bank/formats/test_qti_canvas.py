"""What Canvas packs around its questions: two forms of a quiz, banks, surveys, links, pictures of formulas."""

from __future__ import annotations

import io
import zipfile

import pytest

from question_bank.formats import read
from question_bank.formats.reading import Reading
from tests.question_bank.formats.test_qti_first import choice, equal, field, html, item, one, picture, rules, when
from tests.question_bank.formats.test_qti_places import drawn

RIGHT = rules(when(equal("a")))


def packed(**files: str | bytes) -> Reading:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return read(out.getvalue(), "export.imscc")


def held(*inner: str, holder: str = "assessment", ident: str = "g1", title: str = "Quiz") -> str:
    return f'<questestinterop><{holder} ident="{ident}" title="{title}">{"".join(inner)}</{holder}></questestinterop>'


def question(stem: str = "Which?", **fields: str) -> str:
    return item(html(stem) + choice("a", "b"), RIGHT, kind="multiple_choice_question", **fields)


def said(reading: Reading) -> list[str]:
    return [str(warning) for warning in reading.warnings]


@pytest.mark.parametrize("folder", ["", "Course export/"])
def test_a_quiz_in_both_forms_is_read_once_from_the_richer_one(folder: str) -> None:
    poor = item(html("Which?") + choice("a", "b"), RIGHT, cc_profile="cc.multiple_choice.v0p1")
    reading = packed(
        **{
            f"{folder}g1/assessment_qti.xml": held(poor),
            f"{folder}non_cc_assessments/g1.xml.qti": held(question(points_possible="3.0")),
        }
    )
    assert [draft.mark for draft in reading.questions] == [3000]


def test_pictures_of_one_name_are_told_apart_by_their_folders() -> None:
    left, right = picture(), drawn((3, 3))
    stem = (
        '<p><img src="$IMS-CC-FILEBASE$/unfiled/image.png"> or <img src="$IMS-CC-FILEBASE$/More%20here/image.png"></p>'
    )
    reading = packed(
        **{
            "top/g1/g1.xml": held(question(stem)),
            "top/web_resources/unfiled/image.png": left,
            "top/web_resources/More here/image.png": right,
        }
    )
    assert not reading.warnings
    assert list(reading.files.values()) == [left, right]


def test_banks_and_entries_of_banks_that_are_not_there_are_told() -> None:
    def drawing(bank: str) -> str:
        return (
            f'<section ident="s" title="Some"><selection_ordering><selection><sourcebank_ref>{bank}</sourcebank_ref>'
            "<selection_number>2</selection_number></selection></selection_ordering></section>"
        )

    entry = '<bankentry_item sourcebank_ref="{}" item_ref="{}" points_possible="2.0"/>'
    quiz = held(drawing("b1"), drawing("b9"), entry.format("b1", "i"), entry.format("b9", "i9"))
    bank = held(question(), holder="objectbank", ident="b1", title="Birds")
    reading = packed(**{"g1/g1.xml": quiz, "non_cc_assessments/b1.xml.qti": bank})
    assert len(reading.questions) == 1
    assert said(reading) == [
        "“Some” draws 2 questions from the bank Birds.",
        "“Some” draws 2 questions from the bank b9, which is not in the file.",
        "i9 is only named in the file, not contained in it.",
    ]


def test_a_survey_is_called_one() -> None:
    meta = "<quiz><title>How was it?</title><quiz_type>survey</quiz_type></quiz>"
    reading = packed(**{"g1/g1.xml": held(question()), "g1/assessment_meta.xml": meta})
    assert said(reading) == ["“How was it?” is a survey: its right answers may mean nothing."]
    graded = meta.replace("survey", "assignment")
    assert not packed(**{"g1/g1.xml": held(question()), "g1/assessment_meta.xml": graded}).warnings


@pytest.mark.parametrize("more", ["", ' x-canvaslms-safe-mathml="<math><mi>x</mi><mo>></mo><mn>2</mn></math>"'])
def test_an_inequality_in_a_picture_of_a_formula_stays_whole(more: str) -> None:
    tex = f'<img class="equation_image" title="x>2" src="/equation_images/x%253E2" alt="LaTeX: x>2"{more}'
    drafts = [
        one(html(f"<p>If {tex}{kept}> then?</p>") + choice("a", "b"), RIGHT)
        for kept in ("", ' data-equation-content="x>2"')
    ]
    assert [draft.stem_html for draft in drafts] == [r"If \(x&gt;2\) then?"] * 2


def test_links_into_the_course_are_left_out_and_told() -> None:
    stem = (
        '<p>Read <a href="$IMS-CC-FILEBASE$/a.pdf?canvas_download=1">the <b>story</b></a>, '
        '<a href="%24WIKI_REFERENCE%24/pages/x">week 1</a> and <a href="https://example.org/?a>b">this</a>.</p>'
    )
    reading = packed(**{"g1/g1.xml": held(question(stem))})
    stem = reading.questions[0].stem_html
    assert stem.startswith('Read the <b>story</b>, week 1 and <a href="https://example.org/?a&gt;b" ')
    assert [line.partition(": ")[2] for line in said(reading)] == [
        "The link “the story” leads into the course of the file and is left out.",
        "The link “week 1” leads into the course of the file and is left out.",
    ]


def test_a_formula_with_one_set_of_values_keeps_its_points_and_feedback() -> None:
    after = (
        "<itemproc_extension><calculated><var_sets><var_set><var name='x'>4</var><answer>16.0</answer></var_set>"
        "</var_sets></calculated></itemproc_extension>"
        f'<itemfeedback ident="general_fb"><flow_mat>{html("Side squared.")}</flow_mat></itemfeedback>'
    )
    found = one(html("[x] squared?") + field(), kind="calculated_question", after=after, points_possible="2.5")
    assert (found.mark, found.explanation_html) == (2500, "Side squared.")
