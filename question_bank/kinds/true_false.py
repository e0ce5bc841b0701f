"""True or false: a statement to be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.base import BLANK_OUTCOME, Content, Correctness, Outcome, Response, as_object, first, rich

_WORDS = {"true": "true", "false": "false", True: "true", False: "false"}


class TrueFalse:
    """Content: `{"answer": true, "feedback_true_html", "feedback_false_html"}`, the feedback for who chose that.

    Response: `{"choice": "true"}` or `{"choice": "false"}` (a JSON boolean is taken too). Form field: `choice`.
    """

    name = "true_false"
    label = _("True or false")

    def validate(self, content: Content) -> None:
        if not isinstance(content.get("answer"), bool):
            raise Refused(_("Say whether the statement is true or false."))

    def prepare(self, content: Content) -> Content:
        return {
            "answer": content["answer"],
            "feedback_true_html": rich(content.get("feedback_true_html")),
            "feedback_false_html": rich(content.get("feedback_false_html")),
        }

    def option_keys(self, content: Content) -> list[str]:
        return []

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {"choices": ["true", "false"]}

    def clean_response(self, content: Content, raw: Any) -> Response:
        choice = as_object(raw, "choice").get("choice")
        if choice is None or choice == "":
            return {}
        if not isinstance(choice, str | bool) or choice not in _WORDS:
            raise Refused(_("This is not an answer to this question."))
        return {"choice": _WORDS[choice]}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        return self.clean_response(content, {"choice": first(fields, "choice")})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        choice = response.get("choice")
        if choice is None:
            return BLANK_OUTCOME
        right = (choice == "true") == content["answer"]
        worth = Fraction(1 if right else 0)
        correctness = Correctness.RIGHT if right else Correctness.WRONG
        part = {
            "key": choice,
            "correctness": correctness.value,
            "fraction": str(worth),
            "feedback_html": content.get(f"feedback_{choice}_html", ""),
        }
        return Outcome(worth, correctness, [part])

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [{"key": "true" if content["answer"] else "false", "fraction": "1"}]

    def is_blank(self, response: Response | None) -> bool:
        return not response


KIND = TrueFalse()
