"""H5P as editors and tools write it: tags and spaces between asterisks, tasks elsewhere, praise for everybody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from question_bank.authoring import QuestionDraft
from question_bank.formats.h5p import looks_like_text, read_text
from question_bank.formats.listing import as_json
from question_bank.formats.reading import Reading
from tests.question_bank.formats.test_h5p import dragged, only, read_h5p


def alone(reading: Reading) -> QuestionDraft:
    assert (len(reading.questions), reading.refused) == (1, [])
    return reading.questions[0]


def listed(library: str, content: dict[str, Any]) -> dict[str, Any]:
    return as_json(only(library, content))


@pytest.mark.parametrize(
    ("text", "answers", "hints"),
    [
        ("Snow is *<strong>white</strong>*.", [["white"]], ()),
        (
            'Sky: *<span style="color:blue">blue</span>/azure:not <em>red</em>*',
            [["blue", "azure"]],
            ("not <em>red</em>",),
        ),
        ("Ice is *&nbsp;cold&nbsp;*.", [["cold"]], ()),
        ("A <strong>*bee</strong>* flies", [["bee"]], ()),
        ("Half is *1\\/2*", [["1/2"]], ()),
    ],
)
def test_tags_between_asterisks_part_no_answers(text: str, answers: list[list[str]], hints: tuple[str, ...]) -> None:
    found = only("H5P.Blanks", {"text": "Fill", "questions": [f"<p>{text}</p>"]})
    assert [[one["text"] for one in blank["answers"]] for blank in found.content["blanks"]] == answers
    assert found.hints == hints


def test_a_tag_with_a_colon_is_no_tip_of_a_dragged_word() -> None:
    text = 'Go to *<span style="color:red">red</span>* and *blue::a colour*'
    found = only("H5P.DragText", {"taskDescription": "Drag", "textField": text})
    assert [one["html"] for one in found.content["choices"]] == ["<span>red</span>", "blue"]
    assert found.hints == ("<em>[2]</em>: a colour",)


def test_fixed_spaces_are_no_words_to_mark() -> None:
    found = listed(
        "H5P.MarkTheWords", {"taskDescription": "Mark", "textField": "<p>&nbsp;*Bee*,&nbsp;stone&nbsp;*Ant*</p>"}
    )
    assert [one["text"] for one in found["options"]] == ["Bee", "stone", "Ant"]


@pytest.mark.parametrize(
    "praise",
    ["Well done!", "Good", "<p>Gut gemacht!</p>", "你的得分：", "做得好！", "Your score:", "Bravo !"],
)
def test_praise_for_any_score_explains_nothing_and_is_told(praise: str) -> None:
    content = {"question": "2+2?", "answers": [{"text": "4", "correct": True}, {"text": "5", "correct": False}]}
    feedback = [{"from": 0, "to": 100, "feedback": praise}]
    reading = read_h5p("H5P.MultiChoice", {**content, "overallFeedback": feedback})
    assert alone(reading).explanation_html == ""
    assert ["explains nothing" in str(one) for one in reading.warnings] == [True]


@pytest.mark.parametrize(
    "said", ["Two and two make four.", "看课本第三页的加法表。", "Four, as two pairs are!", "Page 3!"]
)
def test_what_explains_is_kept(said: str) -> None:
    content = {"question": "2+2?", "answers": [{"text": "4", "correct": True}, {"text": "5", "correct": False}]}
    reading = read_h5p("H5P.MultiChoice", {**content, "overallFeedback": [{"from": 0, "to": 100, "feedback": said}]})
    assert (alone(reading).explanation_html, reading.warnings) == (said, [])


def test_feedback_in_a_group_of_its_own_is_told() -> None:
    ranges = [{"from": 0, "to": 50, "feedback": "Read it again"}, {"from": 51, "to": 100, "feedback": "Yes"}]
    content = {"question": "Q", "correct": "true", "overallFeedback": {"overallFeedback": ranges}}
    reading = read_h5p("H5P.TrueFalse", content)
    assert ["depends on the score" in str(one) for one in reading.warnings] == [True]


def test_true_and_false_as_numbers_and_their_feedback_beside_the_settings() -> None:
    content = {"question": "Ice is cold", "correct": 1, "feedbackOnCorrect": "Yes", "feedbackOnWrong": "Feel it"}
    found = only("H5P.TrueFalse", content)
    told = {"answer": True, "feedback_true_html": "Yes", "feedback_false_html": "Feel it"}
    assert {name: found.content[name] for name in told} == told


def test_the_task_of_blanks_and_of_drags_stands_where_other_types_have_it() -> None:
    filled = only("H5P.Blanks", {"taskDescription": "<p>Complete</p>", "questions": ["<p>*Ice* is cold</p>"]})
    assert filled.stem_html == "<p>Complete</p><p>____ is cold</p>"
    content = dragged(["Bee", "Trout"], [("Air", [0]), ("Water", [1])])
    content["question"]["settings"] = {"taskDescription": "Where do they live?"}
    assert "Where do they live?" in only("H5P.DragQuestion", content).stem_html


@pytest.mark.parametrize("library", ["H5P.MarkTheWords", "H5P.DragText"])
def test_a_text_that_stands_in_the_task(library: str) -> None:
    found = only(library, {"taskDescription": "<p>A *bee* flies</p>"})
    assert found.stem_html.count("[[") == (3 if library == "H5P.MarkTheWords" else 1)


@pytest.mark.parametrize("library", ["H5P.MarkTheWords", "H5P.DragText"])
def test_a_text_without_asterisks_is_refused(library: str) -> None:
    reading = read_h5p(library, {"taskDescription": "Do it", "textField": "A bee flies"})
    assert ["no word between asterisks" in str(one.reason) for one in reading.refused] == [True]


def test_cards_under_the_name_of_dialogs() -> None:
    found = only("H5P.Flashcards", {"dialogs": [{"text": "<p>2+2</p>", "answer": "<p>4</p>"}]})
    assert (found.kind, found.content["answers"]) == ("short_answer", [{"text": "4", "fraction": "1"}])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"textField": "A *bee*", "taskDescription": "t", "behaviour": {"instantFeedback": False}}, "drag_text"),
        ({"textField": "A *bee*", "taskDescription": "t", "distractors": "*ant*"}, "drag_text"),
        ({"textField": "A *bee*", "taskDescription": "t", "behaviour": {"showScorePoints": True}}, "select_text"),
        ({"textField": "A *bee*", "taskDescription": "t", "missedAnswer": "Missed"}, "select_text"),
        ({"text": "Fill", "questions": ["A *bee*"]}, "fill_in"),
        ({"cards": [{"text": "Bee", "answer": "Biene", "tip": "buzz"}]}, "short_answer"),
        ({"question": "Bees fly", "correct": "true", "behaviour": {}}, "true_false"),
        ({**dragged(["Bee", "Ant"], [("Air", [0]), ("Soil", [1])]), "correct": "Solution"}, "matching"),
    ],
)
def test_contents_alone_are_told_by_their_fields(content: dict[str, Any], kind: str) -> None:
    assert alone(read_text(json.dumps(content))).kind == kind


@pytest.mark.parametrize(
    "content",
    [
        {"text": "A passage", "questions": ["Who?", "When?"]},
        {"textField": "A *bee*", "taskDescription": "t", "behaviour": {"enableRetry": True}},
        {"question": "Which?", "correct": "B", "behaviour": {}},
        {"cards": [{"text": "Bee", "answer": "Biene", "suit": "hearts"}]},
    ],
)
def test_what_may_be_something_else_is_no_h5p(content: dict[str, Any]) -> None:
    assert not looks_like_text(json.dumps(content))
