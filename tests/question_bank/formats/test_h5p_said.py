"""What H5P says beside its questions: points, tips, feedback; nothing of it is lost without a word."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from question_bank.formats.listing import as_json
from question_bank.media import ADDRESS
from tests.question_bank.formats.test_h5p import choices, dragged, only, read_h5p


def answer(text: str, correct: bool, **told: str) -> dict[str, Any]:
    return {"text": f"<div>{text}</div>", "correct": correct, "tipsAndFeedback": told}


def test_tips_and_feedback_of_options() -> None:
    answers = [
        answer("Red", True, tip="<p>The colour of blood</p>", chosenFeedback="Yes", notChosenFeedback=""),
        answer("Green", False, tip="", chosenFeedback="Mixed", notChosenFeedback="Well done"),
    ]
    reading = read_h5p("H5P.MultiChoice", {"question": "Which is primary?", "answers": answers})
    found = reading.questions[0]
    assert found.hints == ("<em>Red</em>: The colour of blood",)
    assert [one["feedback_html"] for one in found.content["options"]] == ["Yes", "Mixed"]
    assert ["not chosen" in str(one) for one in reading.warnings] == [True]


@pytest.mark.parametrize(
    ("library", "content", "hints"),
    [
        ("H5P.Blanks", {"text": "Fill", "questions": ["The *sun:a star* is hot."]}, ("a star",)),
        (
            "H5P.Blanks",
            {"text": "Fill", "questions": ["*a* *b:two*", "*c:three*"]},
            ("<em>[2]</em>: two", "<em>[3]</em>: three"),
        ),
        ("H5P.DragText", {"taskDescription": "Drag", "textField": "A *cat:purrs* and *dog*"}, ("<em>[1]</em>: purrs",)),
        ("H5P.Summary", {"intro": "i", "summaries": [{"summary": ["r", "w"], "tip": "<p>think</p>"}]}, ("think",)),
        ("H5P.Flashcards", {"cards": [{"text": "2+2", "answer": "4", "tip": "count"}]}, ("count",)),
        (
            "H5P.Crossword",
            {
                "words": [
                    {
                        "clue": "Capital of Peru",
                        "answer": "Lima",
                        "extraClue": {"library": "H5P.AdvancedText 1.1", "params": {"text": "<p>a bean</p>"}},
                    }
                ]
            },
            ("a bean",),
        ),
        (
            "H5P.AdvancedBlanks",
            {"content": {"blanksText": "ice is ___", "blanksList": [{"correctAnswerText": "cold", "hint": "not hot"}]}},
            ("not hot",),
        ),
    ],
)
def test_tips_become_hints(library: str, content: Any, hints: tuple[str, ...]) -> None:
    reading = read_h5p(library, content)
    assert ([one.hints for one in reading.questions], reading.warnings[1:]) == ([hints], [])


def test_tips_of_places_become_hints_and_their_feedback_is_told() -> None:
    content = dragged(["Bee", "Trout"], [("Air", [0]), ("Water", [1])])
    zones = content["question"]["task"]["dropZones"]
    zones[0]["tipsAndFeedback"] = {"tip": "<p>It flies</p>", "feedbackOnCorrect": "", "feedbackOnIncorrect": "No"}
    reading = read_h5p("H5P.DragQuestion", content)
    assert reading.questions[0].hints == ("<em>Air</em>: It flies",)
    assert ["single places" in str(one) for one in reading.warnings] == [True]


def test_more_tips_than_hints_share_the_last_one() -> None:
    text = " ".join(f"*w{n}:tip{n}*" for n in range(13))
    found = only("H5P.Blanks", {"text": "Fill", "questions": [text]})
    assert len(found.hints) == 10
    assert [f"tip{n}" in found.hints[-1] for n in (8, 9, 12)] == [False, True, True]


def test_a_picture_in_a_tip_comes_along() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    answers = [answer("a", True, tip='<p><img src="images/p.png"></p>'), answer("b", False)]
    reading = read_h5p("H5P.MultiChoice", {"question": "Which?", "answers": answers}, p=out.getvalue())
    assert f"{ADDRESS}{next(iter(reading.files))}" in reading.questions[0].hints[0]


def test_feedback_for_any_score_explains_and_for_a_part_of_them_is_told() -> None:
    said = [{"from": 0, "to": 100, "feedback": "Whales breathe air."}]
    reading = read_h5p("H5P.MultiChoice", choices("a", "b", overallFeedback=said))
    assert (reading.questions[0].explanation_html, reading.warnings) == ("Whales breathe air.", [])
    said = [{"from": 0, "to": 50, "feedback": "Again"}, {"from": 51, "to": 100, "feedback": "Good"}]
    reading = read_h5p("H5P.MultiChoice", choices("a", "b", overallFeedback=said))
    assert reading.questions[0].explanation_html == ""
    assert ["depends on the score" in str(one) for one in reading.warnings] == [True]
    assert not read_h5p("H5P.MultiChoice", choices("a", "b", overallFeedback=[{"from": 0, "to": 100}])).warnings


KEYWORDS = [{"keyword": "k", "options": {"points": 2, "occurrences": 2}}, {"keyword": "l", "options": {"points": 6}}]


@pytest.mark.parametrize(
    ("library", "content", "mark"),
    [
        ("H5P.MultiChoice", choices("a", "b"), 1000),
        ("H5P.MultiChoice", choices("a", "b", weight=4), 4000),
        ("H5P.MultiChoice", choices("a", "b", "c", right=(0, 2)), 2000),
        (
            "H5P.MultiChoice",
            choices("a", "b", "c", right=(0, 2), behaviour={"type": "multi", "singlePoint": True}),
            1000,
        ),
        ("H5P.TrueFalse", {"question": "q", "correct": "true"}, 1000),
        ("H5P.Blanks", {"text": "t", "questions": ["*a* *b*", "*c*"]}, 3000),
        ("H5P.DragText", {"taskDescription": "t", "textField": "*a* and *b*", "distractors": "*c*"}, 2000),
        ("H5P.MarkTheWords", {"taskDescription": "t", "textField": "I *run* and *jump* now"}, 2000),
        ("H5P.SortParagraphs", {"taskDescription": "t", "paragraphs": ["<p>1</p>", "<p>2</p>", "<p>3</p>"]}, 3000),
        ("H5P.DragQuestion", dragged(["Bee", "Trout"], [("Air", [0]), ("Water", [1])]), 2000),
        ("H5P.Essay", {"taskDescription": "t", "keywords": KEYWORDS}, 10000),
        ("H5P.Essay", {"taskDescription": "t", "keywords": KEYWORDS, "behaviour": {"percentageMastering": 50}}, 5000),
        ("H5P.Essay", {"taskDescription": "t", "keywords": []}, 1000),
    ],
)
def test_a_question_earns_what_h5p_gives_for_it(library: str, content: Any, mark: int) -> None:
    assert [one.mark for one in read_h5p(library, content).questions] == [mark]


def test_a_marked_word_may_hold_the_signs_that_elsewhere_begin_a_tip() -> None:
    found = only("H5P.MarkTheWords", {"taskDescription": "Times?", "textField": "At *12:30* or *and/or* never"})
    assert as_json(found)["stem"].count("[[") == 5
    assert [one["html"] for one in found.content["segments"] if one["right"]] == ["12:30", "and/or"]
