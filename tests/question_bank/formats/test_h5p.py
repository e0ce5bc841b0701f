"""H5P: packages and contents alone; each content type as it is meant, others refused by name."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from learnhub.kernel.errors import Refused
from question_bank.authoring import QuestionDraft
from question_bank.formats import Reading, read
from question_bank.formats.listing import as_json
from question_bank.media import ADDRESS

FOLDER = Path(__file__).parents[2] / "data" / "q-h5p"


def package(library: str, content: Any, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("h5p.json", json.dumps({"title": "t", "mainLibrary": library}))
        archive.writestr("content/content.json", json.dumps(content))
        for name, data in files.items():
            archive.writestr(f"content/images/{name}.png", data)
    return out.getvalue()


def read_h5p(library: str, content: Any, **files: bytes) -> Reading:
    return read(package(library, content, **files), "x.h5p")


def only(library: str, content: Any) -> QuestionDraft:
    reading = read_h5p(library, content)
    assert not reading.refused, [str(one.reason) for one in reading.refused]
    assert len(reading.questions) == 1
    return reading.questions[0]


def choices(*texts: str, right: tuple[int, ...] = (0,), **more: Any) -> dict[str, Any]:
    answers = [{"text": f"<div>{text}</div>\n", "correct": n in right} for n, text in enumerate(texts)]
    return {"question": "<p>Which?</p>\n", "answers": answers, **more}


def options(draft: QuestionDraft) -> list[tuple[str, Any]]:
    return [(one["text"], one["fraction"]) for one in as_json(draft)["options"]]


def test_multiple_choice() -> None:
    found = only("H5P.MultiChoice", choices("a", "b", "c"))
    assert (found.kind, found.stem_html, options(found)) == ("single_choice", "Which?", [("a", 1), ("b", 0), ("c", 0)])
    found = only("H5P.MultiChoice", choices("a", "b", "c", right=(0, 2)))
    assert (found.kind, options(found)) == ("multiple_choice", [("a", 0.5), ("b", 0), ("c", 0.5)])
    assert only("H5P.MultiChoice", choices("a", "b", behaviour={"type": "multi"})).kind == "multiple_choice"
    found = only("H5P.MultiChoice", choices("a", "b", "c", right=(0, 1), behaviour={"type": "single"}))
    assert (found.kind, options(found)[:2]) == ("single_choice", [("a", 1), ("b", 1)])


def test_one_point_for_everything_or_nothing_is_said() -> None:
    behaviour = {"type": "auto", "singlePoint": True}
    reading = read_h5p("H5P.MultiChoice", choices("a", "b", "c", right=(0, 2), behaviour=behaviour))
    assert [one.mark for one in reading.questions] == [1000]
    assert ["only when all is right" in str(one) for one in reading.warnings] == [True]
    assert not read_h5p("H5P.MultiChoice", choices("a", "b", behaviour=behaviour)).warnings


@pytest.mark.parametrize(("word", "answer"), [("true", True), ("false", False)])
def test_true_or_false(word: str, answer: bool) -> None:
    assert only("H5P.TrueFalse", {"question": "<p>So?</p>", "correct": word}).content["answer"] is answer


def test_blanks_take_alternatives_and_tips_as_hints() -> None:
    content = {"text": "<p>Fill</p>", "questions": ["<p>The *sun/star:tip* is *hot*.</p>", "<p>2 ** 3 is *km\\/h*</p>"]}
    reading = read_h5p("H5P.Blanks", content)
    found = reading.questions[0]
    texts = [[one["text"] for one in blank["answers"]] for blank in found.content["blanks"]]
    assert texts == [["sun", "star"], ["hot"], ["km/h"]]
    assert found.stem_html == "<p>Fill</p><p>The ____ is ____.</p><p>2 * 3 is ____</p>"
    assert (found.hints, found.mark, reading.warnings) == (("<em>[1]</em>: tip",), 3000, [])


def test_dragged_words_with_distractors() -> None:
    found = only(
        "H5P.DragText", {"taskDescription": "Drag", "textField": "The *cat* sat\non a *mat*", "distractors": "*dog*"}
    )
    assert found.stem_html == "<p>Drag</p>The [[1]] sat<br>on a [[2]]"
    assert ([one["html"] for one in found.content["choices"]], found.content["gaps"]) == (["cat", "mat", "dog"], [0, 1])


def test_marked_words() -> None:
    found = only("H5P.MarkTheWords", {"taskDescription": "Verbs", "textField": "<p>I *run* and jump.</p>"})
    pieces = [(one["html"], one["right"]) for one in found.content["segments"]]
    assert pieces == [("I", False), ("run", True), ("and", False), ("jump.", False)]


def test_marked_words_of_a_long_text_come_in_groups() -> None:
    words = " ".join(f"w{n}" for n in range(80))
    reading = read_h5p("H5P.MarkTheWords", {"taskDescription": "Find", "textField": f"<p>{words}. It *is* so.</p>"})
    assert [one["html"] for one in reading.questions[0].content["segments"]][1:] == ["It ", "is", "so."]
    assert ["groups" in str(one) for one in reading.warnings] == [True]


@pytest.mark.parametrize(
    ("library", "content"),
    [
        (
            "H5P.SingleChoiceSet",
            {"choices": [{"question": "q", "answers": ["r", "w"]}, {"question": "p", "answers": ["r", "w"]}]},
        ),
        ("H5P.Summary", {"intro": "i", "summaries": [{"summary": ["r", "w"]}, {"summary": ["r", "w"]}]}),
    ],
)
def test_of_these_the_first_is_right(library: str, content: Any) -> None:
    reading = read_h5p(library, content)
    assert [options(one) for one in reading.questions] == [[("r", 1), ("w", 0)]] * 2
    assert len({one.where for one in reading.questions}) == 2


def test_orders_essays_and_cards() -> None:
    found = only("H5P.SortParagraphs", {"taskDescription": "Sort", "paragraphs": ["<p>1</p>", "<p>2</p>"]})
    assert (found.kind, [one["html"] for one in found.content["items"]]) == ("ordering", ["1", "2"])
    reading = read_h5p(
        "H5P.Essay", {"taskDescription": "Write", "keywords": [{"keyword": "k"}], "solution": {"sample": "s"}}
    )
    assert "s" in reading.questions[0].content["marker_html"]
    assert "keywords" in str(reading.warnings[0])
    found = only("H5P.Flashcards", {"cards": [{"text": "2+2", "answer": "4/four"}]})
    assert [one["text"] for one in found.content["answers"]] == ["4", "four"]


@pytest.mark.parametrize(
    ("library", "wrap"),
    [
        ("H5P.QuestionSet", lambda one: {"questions": [one]}),
        ("H5P.InteractiveVideo", lambda one: {"interactiveVideo": {"assets": {"interactions": [{"action": one}]}}}),
        ("H5P.CoursePresentation", lambda one: {"presentation": {"slides": [{"elements": [{"action": one}]}]}}),
        ("H5P.Column", lambda one: {"content": [{"content": one}]}),
        (
            "H5P.InteractiveBook",
            lambda one: {"chapters": [{"library": "H5P.Column 1.1", "params": {"content": [{"content": one}]}}]},
        ),
        ("H5P.BranchingScenario", lambda one: {"branchingScenario": {"content": [{"type": one}]}}),
    ],
)
def test_questions_inside_of_others(library: str, wrap: Any) -> None:
    inner = wrap({"library": "H5P.TrueFalse 1.8", "params": {"question": "q", "correct": "true"}})
    assert only(library, inner).kind == "true_false"


def test_others_are_refused_by_name_and_place() -> None:
    text = {"library": "H5P.AdvancedText 1.1", "params": {"text": "hello"}}
    reading = read_h5p("H5P.QuestionSet", {"questions": [text, {"library": "H5P.ArithmeticQuiz 1.13", "params": {}}]})
    assert [(one.where, "H5P.ArithmeticQuiz" in str(one.reason)) for one in reading.refused] == [("/questions/1", True)]
    assert "H5P.AdvancedText" in str(reading.warnings[0])


def test_pictures_come_along_and_missing_ones_are_told() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    media = {"type": {"library": "H5P.Image 1.1", "params": {"file": {"path": "images/p.png"}, "alt": 'a "b"'}}}
    reading = read_h5p("H5P.MultiChoice", choices("a", "b", media=media), p=out.getvalue())
    assert f'src="{ADDRESS}{next(iter(reading.files))}"' in reading.questions[0].stem_html
    reading = read_h5p("H5P.MultiChoice", choices("a", "b", media=media))
    assert ["images/p.png" in str(one) for one in reading.warnings] == [True]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (choices("a", "b", behaviour={"type": "auto"}), "single_choice"),
        ({"question": "q", "correct": "true", "l10n": {}}, "true_false"),
        ({"text": "t", "questions": ["a *b*"], "behaviour": {}}, "fill_in"),
        ({"library": "H5P.Essay 1.5", "params": {"taskDescription": "w"}}, "essay"),
    ],
)
def test_a_content_alone_is_known_by_its_shape(content: Any, kind: str) -> None:
    reading = read(json.dumps(content).encode(), "content.json")
    assert (reading.format, [one.kind for one in reading.questions]) == ("h5p", [kind])


def test_malformed_contents_cost_only_themselves() -> None:
    bad = {"library": "H5P.MultiChoice 1.14", "params": {"question": "q", "answers": "none"}}
    good = {"library": "H5P.TrueFalse 1.8", "params": {"question": "q", "correct": "true"}}
    reading = read_h5p("H5P.QuestionSet", {"questions": [bad, good]})
    assert ([one.where for one in reading.refused], len(reading.questions)) == (["/questions/0"], 1)


def test_a_nest_is_refused() -> None:
    data = package("H5P.Column", {})
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        after.writestr("h5p.json", before.read("h5p.json"))
        after.writestr("content/content.json", deep)
    with pytest.raises(Refused):
        read(out.getvalue(), "x.h5p")


def test_a_package_of_another_program_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("h5p.json", "content/content.json"):
            archive.write(FOLDER / name, name)
    reading = read(out.getvalue(), "h5p-test.h5p")
    assert [(one.kind, one.stem_html, one.content["answer"]) for one in reading.questions] == [
        ("true_false", "Is this false?", False)
    ]


def dragged(elements: list[str], zones: list[tuple[str, list[int]]]) -> dict[str, Any]:
    texts = [{"type": {"library": "H5P.AdvancedText 1.1", "params": {"text": f"<p>{one}</p>"}}} for one in elements]
    places = [{"label": f"<div>{name}</div>", "correctElements": [str(n) for n in right]} for name, right in zones]
    return {"question": {"settings": {}, "task": {"elements": texts, "dropZones": places}}}


def test_things_are_matched_with_their_places() -> None:
    listed = as_json(only("H5P.DragQuestion", dragged(["Bee", "Bat", "Trout"], [("Air", [0, 1]), ("Water", [2])])))
    assert [(one["text"], one["match"]) for one in listed["answers"]] == [
        ("Bee", "Air"),
        ("Bat", "Air"),
        ("Trout", "Water"),
    ]


def test_places_are_matched_with_things_where_some_belong_nowhere() -> None:
    listed = as_json(only("H5P.DragQuestion", dragged(["Bee", "Trout", "Stone"], [("Air", [0]), ("Water", [1])])))
    assert [(one["text"], one["match"]) for one in listed["answers"]] == [("Air", "Bee"), ("Water", "Trout")]
    assert [one["text"] for one in listed["options"]] == ["Bee", "Trout", "Stone"]


def test_things_that_belong_nowhere_are_left_out_where_places_take_several() -> None:
    reading = read_h5p("H5P.DragQuestion", dragged(["Bee", "Bat", "Stone", "Trout"], [("Air", [0, 1]), ("Water", [3])]))
    listed = as_json(reading.questions[0])
    assert [(one["text"], one["match"]) for one in listed["answers"]] == [
        ("Bee", "Air"),
        ("Bat", "Air"),
        ("Trout", "Water"),
    ]
    assert "What belongs to none of its places was left out." in str(reading.warnings[0])


@pytest.mark.parametrize(
    "zones", [[("", [0]), ("Water", [1])], [("Air", [0, 1]), ("Water", [1])], [("Air", [0]), ("Water", [7])]]
)
def test_what_a_matching_cannot_ask_is_refused(zones: list[tuple[str, list[int]]]) -> None:
    reading = read_h5p("H5P.DragQuestion", dragged(["Bee", "Trout"], zones))
    assert (len(reading.refused), reading.questions) == (1, [])


def test_a_crossword_asks_for_each_of_its_words() -> None:
    reading = read_h5p("H5P.Crossword", {"words": [{"clue": "Capital of Peru", "answer": "Lima"}]})
    assert [as_json(one)["answers"][0]["text"] for one in reading.questions] == ["Lima"]
