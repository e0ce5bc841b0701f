"""The teachers' GIFT files read exactly as their expected reading says."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from learnhub.kernel.markup import text_of
from question_bank.authoring import cleaned
from question_bank.formats import gift, gift_syntax
from question_bank.formats.gift_syntax import Answer, Item, Text

FOLDER = Path(__file__).parents[2] / "data" / "q-gift"
FILES = sorted(FOLDER.glob("*.gift"))
KINDS = {
    "MC": {"single_choice", "multiple_choice"},
    "Short": {"short_answer"},
    "TF": {"true_false"},
    "Numerical": {"numerical"},
    "Description": {"description"},
    "Matching": {"matching"},
    "Essay": {"essay"},
}


def expected(file: Path) -> list[dict[str, Any]]:
    found = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return [question for question in found if question["type"] != "Category"]


def text(found: Text | None) -> dict[str, str] | None:
    return None if found is None else {"format": found.format, "text": found.text}


def weight(answer: Answer) -> float | None:
    return None if answer.weight is None else float(answer.weight)


def number(answer: Answer) -> dict[str, Any]:
    match answer.number:
        case ("high-low", low, high):
            return {"type": "high-low", "numberHigh": float(high), "numberLow": float(low)}
        case ("range", value, tolerance):
            return {"type": "range", "number": float(value), "range": float(tolerance)}
        case ("simple", value):
            return {"type": "simple", "number": float(value)}
    return {"format": "moodle", "text": "*"}


def as_expected(item: Item, like: dict[str, Any]) -> dict[str, Any]:
    """The item in the words of the expected reading."""
    told: dict[str, Any] = {
        "id": item.id,
        "tags": item.tags or None,
        "type": item.type,
        "title": item.title,
        "stem": text(item.stem),
        "hasEmbeddedAnswers": item.embedded,
        "globalFeedback": text(item.general_feedback),
    }
    if item.type == "TF":
        told |= {
            "isTrue": item.is_true,
            "trueFeedback": text(item.feedbacks[0]),
            "falseFeedback": text(item.feedbacks[1]),
        }
    elif item.type == "Numerical" and isinstance(like["choices"], dict):
        told["choices"] = number(item.answers[0])
    elif item.type in {"MC", "Short", "Numerical"}:
        told["choices"] = [
            {
                "isCorrect": answer.right,
                "weight": weight(answer),
                "text": number(answer) if item.type == "Numerical" else text(answer.text),
                "feedback": text(answer.feedback),
            }
            for answer in item.answers
        ]
    return told


def without_type_of_text(question: dict[str, Any]) -> dict[str, Any]:
    question = {"id": None, "tags": None, "globalFeedback": None, **question}
    question.pop("matchPairs", None)
    if question["type"] == "Description" or question["type"] == "Essay":
        question.setdefault("globalFeedback", None)
    return question


def test_the_corpus_is_here() -> None:
    assert len(FILES) == 51


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_parsed_as_expected(file: Path) -> None:
    items = [gift_syntax.parse(block) for block in gift_syntax.blocks(file.read_text(encoding="utf-8"))]
    wanted = [without_type_of_text(question) for question in expected(file)]
    assert [item.type for item in items] == [question["type"] for question in wanted]
    for item, question in zip(items, wanted, strict=True):
        assert as_expected(item, question) == question


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_becomes_drafts(file: Path) -> None:
    wanted = expected(file)
    reading = gift.read(file.read_text(encoding="utf-8"))
    assert not reading.refused
    assert len(reading.questions) == len(wanted)
    for draft, question in zip(reading.questions, wanted, strict=True):
        cleaned(draft)
        assert draft.kind in KINDS[question["type"]]
        assert draft.title == (question["title"] or "")
        for_words = question["stem"]["text"]
        if question["stem"]["format"] == "moodle":
            assert text_of(draft.stem_html) == " ".join(for_words.split())
        if question["type"] == "MC":
            for option, choice in zip(draft.content["options"], question["choices"], strict=True):
                percent = 100 * choice["isCorrect"] if choice["weight"] is None else choice["weight"]
                assert abs(float(Fraction(option["fraction"])) - percent / 100) < 1e-5
        if question["type"] == "Matching":
            pairs = draft.content["pairs"]
            told = [(text_of(pair["html"]), text_of(pair["match_html"])) for pair in pairs]
            told += [("", text_of(other["html"])) for other in draft.content.get("distractors", [])]
            pairs_wanted = [(one["subquestion"]["text"], one["subanswer"]) for one in question["matchPairs"]]
            assert sorted(told) == sorted((text_of(left), right) for left, right in pairs_wanted)


def test_a_category_holds_for_what_follows() -> None:
    source = "$CATEGORY: $course$/top/Law/Civil\n\nA?{T}\n\n$CATEGORY: $course$/top/History//Art\nB?{F}\n"
    reading = gift.read(source)
    assert [draft.category for draft in reading.questions] == ["Law/Civil", "History／Art"]
