"""Accepted answers, text or number, each with its weight: the part that all typed kinds share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.fractions import decimal, fraction
from question_bank.kinds.base import Correctness, rich
from question_bank.typed_text import exact, matches

Answer = Mapping[str, Any]
"""`{"text"}`, `{"value", "tolerance"}` or `{"low", "high"}`, with `fraction` (default "1") and `feedback_html`.

With `"wildcards": true` a `*` in the text stands for anything. `"tolerance_kind"` says what a tolerance t of a value v
allows: `absolute` (the default) from v - t to v + t; `relative` a share of the value, from v - t·|v| to v + t·|v|;
`geometric` from v / (1 + t) to v · (1 + t)."""

MOST_ANSWERS = 200
TOLERANCE_KINDS = ("absolute", "relative", "geometric")


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


def bounds(answer: Answer) -> tuple[Fraction, Fraction]:
    """Lowest and highest number accepted, exactly."""
    if "value" in answer:
        value, tolerance = _exactly(answer["value"]), _exactly(answer.get("tolerance", "0"))
        kind = answer.get("tolerance_kind", "absolute")
        if kind not in TOLERANCE_KINDS:
            raise Refused(_("There is no tolerance of the kind %(name)s.", name=str(kind)[:40]))
        if tolerance < 0:
            raise Refused(_("A tolerance is not below zero."))
        if kind == "geometric":
            first, second = value / (1 + tolerance), value * (1 + tolerance)
            return min(first, second), max(first, second)
        width = tolerance * abs(value) if kind == "relative" else tolerance
        return value - width, value + width
    if "low" in answer and "high" in answer:
        return _exactly(answer["low"]), _exactly(answer["high"])
    raise Refused(_("No accepted answer is given."))


def _exactly(text: Any) -> Fraction:
    return Fraction(decimal(str(text)))


def prepare_answers(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Accepted answers as they are stored, feedback cleaned."""
    kept = []
    for answer in answers:
        stored: dict[str, Any] = {
            name: str(answer[name]) for name in ("text", "value", "tolerance", "low", "high") if name in answer
        }
        if answer.get("tolerance_kind", "absolute") != "absolute":
            stored["tolerance_kind"] = answer["tolerance_kind"]
        stored |= {"fraction": str(worth(answer)), **({"wildcards": True} if answer.get("wildcards") else {})}
        if answer.get("feedback_html"):
            stored["feedback_html"] = rich(answer["feedback_html"])
        kept.append(stored)
    return kept


def best(answers: Iterable[Answer], typed: str) -> Answer | None:
    """The accepted answer worth most among those that the typed text meets; None when it meets none.

    The wildcard `*` alone catches what no other answer met: feedback for everything else.
    """
    return _best(answers, lambda answer: _meets(answer, typed))


def best_number(answers: Iterable[Answer], value: Fraction) -> Answer | None:
    """The same for a number that was read already; answers in words are not met by it, but for `*` alone."""
    return _best(answers, lambda answer: "text" not in answer and _holds(answer, value))


def catch_all(answers: Iterable[Answer]) -> Answer | None:
    """The answer that stands for everything that no other answer meets, if there is one."""
    return _best(answers, lambda _answer: False)


def _best(answers: Iterable[Answer], is_met: Callable[[Answer], bool]) -> Answer | None:
    found: Answer | None = None
    rest: Answer | None = None
    for answer in answers:
        if answer.get("wildcards") and answer["text"] == "*":
            rest = answer
        elif is_met(answer) and (found is None or worth(answer) > worth(found)):
            found = answer
    return found or rest


def _meets(answer: Answer, typed: str) -> bool:
    if "text" in answer:
        return matches(typed, answer["text"], wildcards=bool(answer.get("wildcards")))
    value = exact(typed)
    return value is not None and _holds(answer, value)


def _holds(answer: Answer, value: Fraction) -> bool:
    low, high = bounds(answer)
    return low <= value <= high


def correctness_of(value: Fraction) -> Correctness:
    """Right, partly or wrong for a share of the mark."""
    return Correctness.RIGHT if value == 1 else Correctness.PARTLY if value > 0 else Correctness.WRONG


def shown(answer: Answer, unit: str = "") -> dict[str, Any]:
    """An accepted answer as a line of the review: `3.14 ± 0.01`, `3.14 ± 2%`, `100 ×÷ 2`, `3 … 5`, and its unit."""
    if "text" in answer:
        return {"text": str(answer["text"]), "fraction": str(worth(answer))}
    if "value" in answer:
        text = str(answer["value"]) + _shown_tolerance(answer)
    else:
        text = f"{answer['low']} … {answer['high']}"
    return {"text": f"{text} {unit}".rstrip(), "fraction": str(worth(answer))}


def _shown_tolerance(answer: Answer) -> str:
    tolerance, kind = decimal(str(answer.get("tolerance", "0"))), answer.get("tolerance_kind", "absolute")
    if not tolerance:
        return ""
    if kind == "relative":
        return f" ± {tolerance.scaleb(2).normalize():f}%"
    return f" ×÷ {1 + tolerance}" if kind == "geometric" else f" ± {answer['tolerance']}"
