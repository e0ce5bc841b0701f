"""What H5P says beside its questions: tips (hints here), feedback on the whole, and what each question earns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.authoring import LARGEST_MARK, QuestionDraft
from question_bank.formats.hints import as_many_as_fit

Params = dict[str, Any]
LONGEST_NAME = 60
"""Characters of what a tip is about that stand before it."""
_RIGHT = (True, "true", "True", "1")
_TELLS_SCORE = re.compile(r"[@:%](?:score|total|max|num|percent|final)", re.IGNORECASE).search
"""The figures that H5P puts in: `@score`, `@percent`, `:numcorrect`, `:maxscore`."""
LONGEST_PRAISE = 30
"""Bytes of `Well done!`, which is said of any answer and explains none; 20 of a word or two without the mark."""


def hints_of(tips: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Hints of pairs: the name of what a tip is about (empty: the whole question), and the tip as HTML."""
    return as_many_as_fit(_named(name, tip) for name, tip in tips if text_of(tip).strip() or "<img" in tip)


def _named(name: str, tip: str) -> str:
    name = " ".join(text_of(name).split())[:LONGEST_NAME]
    if not name:
        return tip
    shown = name.replace("&", "&amp;").replace("<", "&lt;")
    return f"<em>{shown}</em>: {tip}"


def places_of(tips: Iterable[str], count: int) -> list[tuple[str, str]]:
    """Tips of blanks, each named by the number of its blank where there are several."""
    return [(f"[{n}]" if count > 1 else "", tip) for n, tip in enumerate(tips, 1)]


def overall(params: Params) -> tuple[str, Message | None]:
    """Feedback for any score at all, which explains the question; a warning where there is some for a part of them.

    What only tells the score (`You got @score of @total points`) says nothing.
    """
    ranges = params.get("overallFeedback")
    ranges = ranges.get("overallFeedback") if isinstance(ranges, dict) else ranges
    texts = [one for one in ranges if isinstance(one, dict)] if isinstance(ranges, list) else []
    said = [one for one in texts if str(one.get("feedback") or "").strip() and not _TELLS_SCORE(str(one["feedback"]))]
    if len(said) == len(texts) == 1 and said[0].get("from") in {0, None} and said[0].get("to") in {100, None}:
        feedback = str(said[0]["feedback"]).strip()
        plain = " ".join(text_of(feedback).split())
        if not _explains_nothing(plain):
            return feedback, None
        return "", _("The feedback “%(what)s” explains nothing and was left out.", what=plain)
    return "", _("Feedback that depends on the score was left out.") if said else None


def _explains_nothing(text: str) -> bool:
    """Whether a text is what stands before a score, or a few words such as praise."""
    if text.endswith((":", "：")):
        return True
    is_cry = text.endswith(("!", "！"))
    most_words, most_bytes = (3, LONGEST_PRAISE) if is_cry else (2, 20)
    few = len(re.findall(r"\w+", text)) <= most_words and len(text.encode()) <= most_bytes
    return few and not any(map(str.isdigit, text))


def mark_of(name: str, params: Params, draft: QuestionDraft) -> int:
    """Thousandths: the most points that the content type gives for the question."""
    points = _points(name, params, draft)
    return min(int(points * 1000), LARGEST_MARK) if points > 0 else 1000


def _points(name: str, params: Params, draft: QuestionDraft) -> Decimal:
    if name == "H5P.Essay":
        return _of_keywords(params)
    own = _number(params.get("maxScore" if name == "H5P.FreeTextQuestion" else "weight"), Decimal(1))
    if draft.kind == "multiple_choice" and name == "H5P.DragQuestion":
        right = sum(1 for one in draft.content["options"] if one["fraction"] != "0")
        return Decimal(1 if _behaves(params, "singlePoint") else right)
    if draft.kind == "multiple_choice":
        answers = params.get("answers") or params.get("options") or []
        weights = [_number(one.get("weight"), Decimal(1)) for one in answers if one.get("correct") in _RIGHT]
        return own if _behaves(params, "singlePoint") or not weights else sum(weights, Decimal(0))
    if _behaves(params, "singlePoint"):
        return Decimal(1)
    if draft.kind == "ordering" and name == "H5P.SortParagraphs":
        items = len(draft.content["items"])
        return Decimal(items - 1 if draft.content.get("scoring") == "adjacent_pairs" else items)
    places = {
        "fill_in": lambda content: len(content["blanks"]),
        "cloze": lambda content: len(content["parts"]),
        "drag_text": lambda content: len(content["gaps"]),
        "matching": lambda content: len(content["pairs"]),
        "select_text": lambda content: sum(1 for one in content["segments"] if one["right"]),
    }.get(draft.kind)
    return Decimal(places(draft.content)) if places else own


def _of_keywords(params: Params) -> Decimal:
    """The points of all keywords, or the share of them that is enough for full marks."""
    total = Decimal(0)
    for one in params.get("keywords") or []:
        told = one.get("options") if isinstance(one, dict) else None
        if isinstance(told, dict):
            total += _number(told.get("points"), Decimal(0)) * _number(told.get("occurrences"), Decimal(1))
    behaviour = params.get("behaviour")
    share = behaviour.get("percentageMastering") if isinstance(behaviour, dict) else None
    return total * _number(share, Decimal(100)) / 100


def _behaves(params: Params, name: str) -> bool:
    """Whether a setting is on; the first versions have it beside the question."""
    behaviour = params.get("behaviour")
    return bool((behaviour.get(name) if isinstance(behaviour, dict) else params.get(name)) is True)


def _number(value: Any, usual: Decimal) -> Decimal:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    found = Decimal(str(value)) if is_number else usual
    return found if found.is_finite() and 0 <= found <= 1000 else usual
