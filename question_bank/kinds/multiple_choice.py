"""Multiple choice: every right option is to be chosen; three ways to mark what is partly right."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.base import BLANK_OUTCOME, Content, Correctness, Outcome, Response, as_object
from question_bank.kinds.choice import Choice, known_key, weight

MARKINGS = ("all_or_nothing", "half_for_partly", "per_option")
"""The ways to mark: everything or nothing; half when some are right and none wrong; the sum of the weights."""


class MultipleChoice(Choice):
    """Response: `{"choices": [key, …]}` in the author's order. Form field: `choice`, once per box ticked."""

    name = "multiple_choice"
    label = _("Multiple choice")

    def clean_response(self, content: Content, raw: Any) -> Response:
        choices = as_object(raw, "choices").get("choices")
        if choices is None:
            return {}
        if not isinstance(choices, list) or len(choices) > 4 * len(content["options"]):
            raise Refused(_("This is not an answer to this question."))
        chosen = {known_key(content, key) for key in choices}
        kept = [key for key in self.option_keys(content) if key in chosen]
        return {"choices": kept} if kept else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        return self.clean_response(content, {"choices": [key for key in fields.get("choice", []) if key]})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        chosen = set(response.get("choices", []))
        if not chosen:
            return BLANK_OUTCOME
        picked = [option for option in content["options"] if option["key"] in chosen]
        right = {option["key"] for option in content["options"] if weight(option) > 0}
        hits, misses = len(chosen & right), len(chosen - right)
        complete = chosen == right
        worth = Fraction(1) if complete else Fraction(0)
        if multiple_marking == "half_for_partly" and not complete and hits and not misses:
            worth = Fraction(1, 2)
        elif multiple_marking == "per_option":
            worth = min(_sum_of_weights(content, picked), Fraction(1))
        correctness = Correctness.RIGHT if complete else Correctness.PARTLY if hits else Correctness.WRONG
        return Outcome(worth, correctness, [_part(option) for option in picked])


def _sum_of_weights(content: Content, picked: list[dict[str, Any]]) -> Fraction:
    """Wrong options without a weight of their own take back as much as a right one gives, so that ticking every
    box earns nothing; with weights from the author, those alone count."""
    weighted = any(weight(option) < 0 for option in content["options"])
    right = sum(1 for option in content["options"] if weight(option) > 0)
    total = Fraction(0)
    for option in picked:
        worth = weight(option)
        total += worth if worth or weighted else -Fraction(1, right)
    floor = Fraction(-1) if content.get("negative") else Fraction(0)
    return max(total, floor)


def _part(option: dict[str, Any]) -> dict[str, Any]:
    worth = weight(option)
    return {
        "key": option["key"],
        "correctness": (Correctness.RIGHT if worth > 0 else Correctness.WRONG).value,
        "fraction": str(worth),
        "feedback_html": option.get("feedback_html", ""),
    }


KIND = MultipleChoice()
