"""Drafts as the dry run prints them: so that a reader can be checked against another program's reading."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from question_bank.authoring import QuestionDraft, cleaned
from question_bank.formats.rich_text import shown
from question_bank.fractions import fraction
from question_bank.kinds.accepted import bounds

Listed = dict[str, Any]
Content = dict[str, Any]


def as_json(draft: QuestionDraft) -> Listed:
    """One question: texts as an author would type them (HTML only where there is markup), weights as numbers.

    `options` holds what can be chosen or moved, each with the share of the mark that it is worth in its place.
    `answers` holds the right options' texts, or true/false, or per accepted text or number an object with its
    fraction; per blank, gap or part of a text a list of those or the text that belongs there; the items of an order
    from first to last; the pairs of a matching as `{"text", "match"}`. Parts of a cloze stand under `parts`, the
    questions of a case under `questions`, each listed as a question is; what a marker needs under `for_marker`.
    """
    draft = cleaned(draft)
    return {
        "kind": draft.kind,
        "title": draft.title,
        "stem": shown(draft.stem_html),
        **_asked(draft.kind, draft.content),
        "marks": _number(Fraction(draft.mark, 1000)),
        "category": draft.category,
        "tags": list(draft.tags),
        "difficulty": draft.difficulty,
        "source": draft.source,
        "clause": draft.clause,
        "explanation": shown(draft.explanation_html),
        "hints": [shown(hint) for hint in draft.hints],
        "where": draft.where,
        "id": draft.external_id,
    }


def _asked(kind: str, content: Content) -> Listed:
    return {"options": [], "answers": [], **_SHAPES[kind](content)}


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else round(float(value), 7)


def _texts(items: list[Content], name: str = "html") -> list[str]:
    return [shown(item[name]) for item in items]


def _choice(content: Content) -> Listed:
    options = content["options"]
    right = [option for option in options if fraction(option["fraction"]) > 0]
    return {"options": [_option(option, fraction(option["fraction"])) for option in options], "answers": _texts(right)}


def _option(option: Content, worth: Fraction) -> Listed:
    found = {"text": shown(option["html"]), "fraction": _number(worth)}
    return found | ({"feedback": shown(option["feedback_html"])} if option.get("feedback_html") else {})


def _true_false(content: Content) -> Listed:
    return {"answers": [content["answer"]]}


def _fill_in(content: Content) -> Listed:
    unordered = {"unordered": content["unordered"]} if content.get("unordered") else {}
    return {"answers": [[_accepted(one) for one in blank["answers"]] for blank in content["blanks"]], **unordered}


def _typed(content: Content) -> Listed:
    more: Listed = {
        name: content[name] for name in ("units", "unit_penalty", "unit_input", "significant") if name in content
    }
    return {"answers": [_accepted(answer) for answer in content["answers"]], **more}


def _accepted(answer: Content) -> Listed:
    found: Listed = {"fraction": _number(fraction(answer.get("fraction", "1")))}
    if "text" in answer:
        found["text"] = answer["text"]
    else:
        low, high = bounds(answer)
        found |= {"low": float(low), "high": float(high)}
        if "value" in answer:
            found |= {"value": float(answer["value"]), "tolerance": float(answer.get("tolerance", "0"))}
        if answer.get("tolerance_kind", "absolute") != "absolute":
            found["tolerance_kind"] = answer["tolerance_kind"]
    return found | ({"feedback": shown(answer["feedback_html"])} if answer.get("feedback_html") else {})


def _matching(content: Content) -> Listed:
    pairs = content["pairs"]
    belongs = [pair["match_html"] for pair in pairs]
    choices = [*dict.fromkeys(belongs), *(one["html"] for one in content.get("distractors", []))]
    return {
        "options": [_option({"html": html}, Fraction(belongs.count(html), len(pairs))) for html in choices],
        "answers": [{"text": shown(pair["html"]), "match": shown(pair["match_html"])} for pair in pairs],
    }


def _ordering(content: Content) -> Listed:
    items = content["items"]
    return {
        "options": [_option(item, Fraction(1, len(items))) for item in items],
        "answers": _texts(items),
        "scoring": content["scoring"],
    }


def _select_text(content: Content) -> Listed:
    segments = content["segments"]
    right = [one for one in segments if one["right"]]
    share = Fraction(1, len(right))
    return {"options": [_option(one, share if one["right"] else -share) for one in segments], "answers": _texts(right)}


def _drag_text(content: Content) -> Listed:
    choices, gaps = content["choices"], content["gaps"]
    return {
        "options": [
            {
                **_option(choice, Fraction(gaps.count(n), len(gaps))),
                "group": choice["group"],
                "unlimited": choice["unlimited"],
            }
            for n, choice in enumerate(choices)
        ],
        "answers": [shown(choices[at]["html"]) for at in gaps],
    }


def _cloze(content: Content) -> Listed:
    parts = [
        {
            "kind": part["kind"],
            "weight": _number(fraction(part["weight"])),
            "layout": part["layout"],
            **_asked(part["kind"], part["content"]),
        }
        for part in content["parts"]
    ]
    return {"answers": [part["answers"] for part in parts], "parts": parts}


def _by_hand(content: Content) -> Listed:
    kept = {name: value for name, value in content.items() if name not in {"marker_html", "rubric"}}
    rubric = [
        {
            "title": criterion["title"],
            "levels": [
                {"text": one["text"], "points": _number(fraction(one["points"]))} for one in criterion["levels"]
            ],
        }
        for criterion in content["rubric"]
    ]
    return {**kept, "for_marker": {"text": shown(content["marker_html"]), "rubric": rubric}}


def _case(content: Content) -> Listed:
    questions = [
        {
            "kind": question["kind"],
            "stem": shown(question["stem_html"]),
            **_asked(question["kind"], question["content"]),
            "marks": _number(Fraction(question["mark"], 1000)),
        }
        for question in content["questions"]
    ]
    return {"answers": [question["answers"] for question in questions], "questions": questions}


_SHAPES: dict[str, Callable[[Content], Listed]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "fill_in": _fill_in,
    "short_answer": _typed,
    "numerical": _typed,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "select_text": _select_text,
    "drag_text": _drag_text,
    "essay": _by_hand,
    "file_upload": _by_hand,
    "case": _case,
    "description": lambda content: {},
}
