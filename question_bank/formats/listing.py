"""Drafts as the dry run prints them: so that a reader can be checked against another program's reading."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.rich_text import shown
from question_bank.fractions import fraction
from question_bank.kinds.accepted import bounds


def as_json(draft: QuestionDraft) -> dict[str, Any]:
    """One question: texts as an author would type them (HTML only where there is markup), weights as numbers.

    `answers` holds the right options' texts, or true/false, or per accepted text or number an object with its
    fraction; of a fill-in, a list of those per blank.
    """
    draft = cleaned(draft)
    return {
        "kind": draft.kind,
        "title": draft.title,
        "stem": shown(draft.stem_html),
        "options": [_option(option) for option in draft.content.get("options", [])],
        "answers": _answers(draft),
        "marks": _number(Fraction(draft.mark, 1000)),
        "category": draft.category,
        "tags": list(draft.tags),
        "difficulty": draft.difficulty,
        "source": draft.source,
        "clause": draft.clause,
        "explanation": shown(draft.explanation_html),
        "where": draft.where,
        "id": draft.external_id,
    }


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else round(float(value), 7)


def _option(option: dict[str, Any]) -> dict[str, Any]:
    found = {"text": shown(option["html"]), "fraction": _number(fraction(option["fraction"]))}
    return found | ({"feedback": shown(option["feedback_html"])} if option.get("feedback_html") else {})


def _answers(draft: QuestionDraft) -> list[Any]:
    content = draft.content
    if "options" in content:
        return [shown(option["html"]) for option in content["options"] if fraction(option["fraction"]) > 0]
    if "answer" in content:
        return [content["answer"]]
    if "blanks" in content:
        return [[_accepted(answer) for answer in blank["answers"]] for blank in content["blanks"]]
    return [_accepted(answer) for answer in content.get("answers", [])]


def _accepted(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"fraction": _number(fraction(answer.get("fraction", "1")))}
    if "text" in answer:
        found["text"] = answer["text"]
    else:
        low, high = bounds(answer)
        found |= {"low": float(low), "high": float(high)}
        if "value" in answer:
            found |= {"value": float(answer["value"]), "tolerance": float(answer.get("tolerance", "0"))}
    return found | ({"feedback": shown(answer["feedback_html"])} if answer.get("feedback_html") else {})
