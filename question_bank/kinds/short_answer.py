"""Short answer: one typed text, compared with the accepted ones exactly but for widths, spaces and punctuation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from learnhub.kernel.words import Message, _
from question_bank.kinds.accepted import best, correctness_of, prepare_answers, shown, validate_answers, worth
from question_bank.kinds.base import BLANK_OUTCOME, Content, Correctness, Outcome, Response, as_object, first, typed


class ShortAnswer:
    """Content: `{"answers": [{"text", "fraction", "feedback_html", "wildcards": false}]}`.

    Response: `{"text": "…"}`. Form field: `text`.
    """

    name = "short_answer"
    label: Message = _("Short answer")
    numeric = False

    def validate(self, content: Content) -> None:
        validate_answers(content.get("answers"), numeric_only=self.numeric)

    def prepare(self, content: Content) -> Content:
        return {"answers": prepare_answers(content["answers"])}

    def option_keys(self, content: Content) -> list[str]:
        return []

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {"input": "number" if self.numeric else "text"}

    def clean_response(self, content: Content, raw: Any) -> Response:
        text = typed(as_object(raw, "text").get("text"))
        return {"text": text} if text else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        return self.clean_response(content, {"text": first(fields, "text")})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        text = response.get("text")
        if not text:
            return BLANK_OUTCOME
        met = best(content["answers"], text)
        if met is None:
            return Outcome(correctness=Correctness.WRONG, fraction=worth({"fraction": "0"}))
        value = worth(met)
        part = {
            "number": 1,
            "correctness": correctness_of(value).value,
            "fraction": str(value),
            "feedback_html": met.get("feedback_html", ""),
        }
        return Outcome(value, correctness_of(value), [part])

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [shown(answer) for answer in content["answers"] if worth(answer) > 0]

    def is_blank(self, response: Response | None) -> bool:
        return not response


KIND = ShortAnswer()
