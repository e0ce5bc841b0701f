"""Single choice: one option is chosen; options may be worth a part of the mark."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from learnhub.kernel.words import _
from question_bank.kinds.base import BLANK_OUTCOME, Content, Correctness, Outcome, Response, as_object, first
from question_bank.kinds.choice import Choice, known_key, weight


class SingleChoice(Choice):
    """Response: `{"choice": key}`. Form field: `choice`."""

    name = "single_choice"
    label = _("Single choice")

    def clean_response(self, content: Content, raw: Any) -> Response:
        choice = as_object(raw, "choice").get("choice")
        return {"choice": known_key(content, choice)} if choice not in (None, "") else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        return self.clean_response(content, {"choice": first(fields, "choice")})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        chosen = next((o for o in content["options"] if o["key"] == response.get("choice")), None)
        if chosen is None:
            return BLANK_OUTCOME
        worth = weight(chosen)
        if worth < 0 and not content.get("negative"):
            worth = Fraction(0)
        correctness = Correctness.RIGHT if worth == 1 else Correctness.PARTLY if worth > 0 else Correctness.WRONG
        part = {
            "key": chosen["key"],
            "correctness": correctness.value,
            "fraction": str(worth),
            "feedback_html": chosen.get("feedback_html", ""),
        }
        return Outcome(worth, correctness, [part])


KIND = SingleChoice()
