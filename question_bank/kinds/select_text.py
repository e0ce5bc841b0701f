"""Select in text: pieces of a text may be chosen, some of them are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.accepted import correctness_of
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    Content,
    Correctness,
    Outcome,
    Response,
    as_object,
    need_list,
    new_key,
    rich,
)
from question_bank.kinds.in_text import MOST_PLACES


class SelectText:
    """Content: `{"segments": [{"key", "html", "right": true, "feedback_html"}]}`; `[[n]]` in the stem is segment n.

    Every right piece is worth the same share; a wrong one takes back as much, down to nothing. Response:
    `{"choices": [key, …]}` in the order of the text. Form field: `choice`, once per piece chosen.
    """

    name = "select_text"
    label = _("Select in text")

    def places(self, content: Content) -> int:
        return len(content["segments"])

    def validate(self, content: Content) -> None:
        segments = need_list(content, "segments", 1, MOST_PLACES)
        if not all(isinstance(one.get("html"), str) and one["html"].strip() for one in segments):
            raise Refused(_("A piece to choose has no text."))
        if not any(one.get("right") is True for one in segments):
            raise Refused(_("No piece of the text is marked as right."))

    def prepare(self, content: Content) -> Content:
        taken: set[str] = set()
        return {
            "segments": [
                {
                    "key": new_key(taken),
                    "html": rich(one["html"]),
                    "right": one.get("right") is True,
                    "feedback_html": rich(one.get("feedback_html")),
                }
                for one in content["segments"]
            ]
        }

    def option_keys(self, content: Content) -> list[str]:
        return []

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {"segments": [{"key": one["key"], "html": one["html"]} for one in content["segments"]]}

    def clean_response(self, content: Content, raw: Any) -> Response:
        choices = as_object(raw, "choices").get("choices")
        if choices is None:
            return {}
        known = [one["key"] for one in content["segments"]]
        if not isinstance(choices, list) or len(choices) > 4 * len(known):
            raise Refused(_("This is not an answer to this question."))
        if not all(isinstance(key, str) and key in known for key in choices):
            raise Refused(_("This option does not belong to the question."))
        kept = [key for key in known if key in choices]
        return {"choices": kept} if kept else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        return self.clean_response(content, {"choices": [key for key in fields.get("choice", []) if key]})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        chosen = set(response.get("choices", []))
        if not chosen:
            return BLANK_OUTCOME
        picked = [one for one in content["segments"] if one["key"] in chosen]
        right = sum(1 for one in content["segments"] if one["right"])
        hits = sum(1 for one in picked if one["right"])
        value = max(Fraction(0), Fraction(hits - (len(picked) - hits), right))
        verdict = Correctness.PARTLY if hits and value < 1 else correctness_of(value)
        return Outcome(value, verdict, [_part(one) for one in picked])

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [{"key": one["key"], "html": one["html"]} for one in content["segments"] if one["right"]]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def _part(segment: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": segment["key"],
        "correctness": (Correctness.RIGHT if segment["right"] else Correctness.WRONG).value,
        "fraction": "1" if segment["right"] else "0",
        "feedback_html": segment.get("feedback_html", ""),
    }


KIND = SelectText()
