"""Canvas exports of other people read as their quizzes say, question by question."""

from __future__ import annotations

from pathlib import Path

import pytest

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft
from question_bank.formats import read
from question_bank.formats.listing import as_json

FOLDER = Path(__file__).parents[2] / "data" / "q-qti1"


def questions(name: str) -> list[QuestionDraft]:
    return read((FOLDER / name).read_bytes(), name).questions


def test_every_kind_that_canvas_exports_is_read_or_refused_with_its_reason() -> None:
    reading = read((FOLDER / "all-question-types.imscc").read_bytes(), "all-question-types.imscc")
    assert [(draft.kind, draft.category) for draft in reading.questions] == [
        (kind, f"ALL QUESTION TYPES QUIZ{below}")
        for kind, below in (
            ("single_choice", "/Multiple Choice Questions"),
            ("true_false", "/True False Questions"),
            ("multiple_choice", "/Multiple Answer Questions"),
            ("cloze", "/Multiple Dropdown Question"),
            ("matching", "/Matching Type Question"),
            ("numerical", "/Numerical Answer Question"),
            ("essay", ""),
            ("description", ""),
            ("file_upload", "/FILE UPLOAD QUESTION"),
        )
    ]
    assert [(one.where, str(one.reason)) for one in reading.refused] == [
        (
            "non_cc_assessments/iaa8f9f400b29e514ea8d28fd7ed067f4.xml.qti#7",
            "A formula question with values drawn for each member has no counterpart here.",
        )
    ]


def test_feedback_of_canvas_goes_to_the_options_it_is_for() -> None:
    question = as_json(questions("all-question-types.imscc")[0])
    assert question["explanation"] == "alright"
    assert question["answers"] == ["3"]
    assert [option["feedback"] for option in question["options"]] == [
        "<p>too bad</p><p>add 2</p>",
        "<p>too bad</p><p>add 1</p>",
        "<p>nice job</p><p>good!</p>",
        "<p>too bad</p><p>subtract 1</p>",
    ]


def test_dropdowns_matches_and_margins_of_canvas_keep_their_answers() -> None:
    found = questions("all-question-types.imscc")
    dropdowns = found[3]
    assert dropdowns.stem_html == "Roses are [[1]], violets are [[2]]"
    right = [
        [option["html"] for option in part["content"]["options"] if option["fraction"] == "1"]
        for part in dropdowns.content["parts"]
    ]
    assert right == [["RED"], ["BLUE"]]
    assert [(pair["html"], pair["match_html"]) for pair in found[4].content["pairs"]] == [
        ("Toyota", "Corolla"),
        ("Honda", "Civic"),
        ("Mitsubishi", "Lancer"),
    ]
    assert [one["html"] for one in found[4].content["distractors"]] == ["Model X,", "Escape,", "Impala"]
    assert as_json(found[5])["answers"] == [
        {"fraction": 1, "low": 33.32, "high": 33.34, "value": 33.33, "tolerance": 0.01}
    ]


def test_a_quiz_that_canvas_packs_twice_is_read_once_and_groups_are_told() -> None:
    reading = read((FOLDER / "grouptest.zip").read_bytes(), "grouptest.zip")
    group = [draft for draft in reading.questions if draft.category == "Grouped questions/Group 1"]
    assert [(draft.kind, draft.mark) for draft in group] == [
        ("true_false", 3000),
        ("essay", 3000),
        ("multiple_choice", 3000),
    ]
    assert len(reading.questions) == 16
    assert "“Group 1” draws 2 of its questions; here all of them come in." in [str(one) for one in reading.warnings]
    assert {str(one.reason) for one in reading.refused} == {
        "An option has no text.",
        "The question has no text.",
    }


def test_a_course_without_a_quiz_is_refused_as_that() -> None:
    with pytest.raises(Refused, match="no questions"):
        questions("single-page.imscc")
