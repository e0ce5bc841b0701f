"""Accepted answers, text or number, each with its weight: the part that all typed kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.fractions import decimal, fraction
from question_bank.kinds.base import Correctness, rich
from question_bank.typed_text import matches, number

Answer = Mapping[str, Any]
"""`{"text"}`, `{"value", "tolerance"}` or `{"low", "high"}`, with `fraction` (default "1") and `feedback_html`.

With `"wildcards": true` a `*` in the text stands for anything."""

MOST_ANSWERS = 200


def validate_answers(answers: Any, *, numeric_only: bool = False) -> None:
    """Refused unless this is a list of accepted answers, one of them worth something."""
    if not isinstance(answers, list) or not answers or len(answers) > MOST_ANSWERS:
        raise Refused(_("No accepted answer is given."))
    for answer in answers:
        if not isinstance(answer, dict):
            raise Refused(_("No accepted answer is given."))
        _validate_answer(answer, numeric_only)
    if not any(worth(answer) > 0 for answer in answers):
        raise Refused(_("No accepted answer is worth any marks."))


def _validate_answer(answer: Answer, numeric_only: bool) -> None:
    if not 0 <= worth(answer) <= 1:
        raise Refused(_("The weight of an accepted answer lies between 0 and 1."))
    text = answer.get("text")
    if text is not None:
        if not isinstance(text, str) or not text.strip() or (numeric_only and text != "*"):
            raise Refused(_("An accepted answer is empty."))
        return
    low, high = bounds(answer)
    if low > high:
        raise Refused(_("The range begins above its end."))


def worth(answer: Answer) -> Fraction:
    """What the answer is worth as a share of the mark."""
    return fraction(answer.get("fraction", "1"))


def bounds(answer: Answer) -> tuple[Decimal, Decimal]:
    """Lowest and highest number accepted."""
    if "value" in answer:
        value, tolerance = decimal(str(answer["value"])), decimal(str(answer.get("tolerance", "0")))
        if tolerance < 0:
            raise Refused(_("A tolerance is not below zero."))
        return value - tolerance, value + tolerance
    if "low" in answer and "high" in answer:
        return decimal(str(answer["low"])), decimal(str(answer["high"]))
    raise Refused(_("No accepted answer is given."))


def prepare_answers(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Accepted answers as they are stored, feedback cleaned."""
    kept = []
    for answer in answers:
        stored: dict[str, Any] = {
            name: str(answer[name]) for name in ("text", "value", "tolerance", "low", "high") if name in answer
        }
        stored |= {"fraction": str(worth(answer)), **({"wildcards": True} if answer.get("wildcards") else {})}
        if answer.get("feedback_html"):
            stored["feedback_html"] = rich(answer["feedback_html"])
        kept.append(stored)
    return kept


def best(answers: Iterable[Answer], typed: str) -> Answer | None:
    """The accepted answer worth most among those that the typed text meets; None when it meets none.

    The wildcard `*` alone catches what no other answer met: feedback for everything else.
    """
    found: Answer | None = None
    catch_all: Answer | None = None
    for answer in answers:
        if answer.get("wildcards") and answer["text"] == "*":
            catch_all = answer
        elif _meets(answer, typed) and (found is None or worth(answer) > worth(found)):
            found = answer
    return found or catch_all


def _meets(answer: Answer, typed: str) -> bool:
    if "text" in answer:
        return matches(typed, answer["text"], wildcards=bool(answer.get("wildcards")))
    value = number(typed)
    if value is None:
        return False
    low, high = bounds(answer)
    return low <= value <= high


def correctness_of(value: Fraction) -> Correctness:
    """Right, partly or wrong for a share of the mark."""
    return Correctness.RIGHT if value == 1 else Correctness.PARTLY if value > 0 else Correctness.WRONG


def shown(answer: Answer) -> dict[str, Any]:
    """An accepted answer as a line of the review."""
    if "text" in answer:
        text = str(answer["text"])
    elif "value" in answer:
        tolerance = str(answer.get("tolerance", "0"))
        text = str(answer["value"]) + (f" ± {tolerance}" if decimal(tolerance) else "")
    else:
        text = f"{answer['low']} … {answer['high']}"
    return {"text": text, "fraction": str(worth(answer))}
