"""Essay: a text of some length, marked by a person, with a rubric if there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds import rubric
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    Content,
    Correctness,
    Outcome,
    Response,
    as_object,
    first,
    rich,
    typed,
)

LONGEST_ESSAY = 50_000
"""Characters."""
MOST_WORDS = 20_000


class Essay:
    """Content: `{"least": 0, "most": 0, "template": "", "marker_html": "", "rubric": […]}`, all of it optional.

    `least` and `most` are words (a Chinese character counts as one; 0: no limit), told to the member and not enforced;
    `template` is what the field holds at first; `marker_html` is for the marker's eyes. Response: `{"text": "…"}`, its
    line breaks kept. Form field: `text`.
    """

    name = "essay"
    label = _("Essay")

    def validate(self, content: Content) -> None:
        least, most = content.get("least", 0), content.get("most", 0)
        if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= MOST_WORDS for n in (least, most)):
            raise Refused(_("A number of words lies between 0 and %(n)s.", n=MOST_WORDS))
        if most and least > most:
            raise Refused(_("The least number of words lies above the most."))
        if not isinstance(content.get("template", ""), str) or len(content.get("template", "")) > LONGEST_ESSAY:
            raise Refused(_("An answer has at most %(n)s characters.", n=LONGEST_ESSAY))
        rubric.validate(content.get("rubric", []))

    def prepare(self, content: Content) -> Content:
        return {
            "least": content.get("least", 0),
            "most": content.get("most", 0),
            "template": content.get("template", "").replace("\0", "").replace("\r\n", "\n"),
            "marker_html": rich(content.get("marker_html")),
            "rubric": rubric.prepare(content.get("rubric", [])),
        }

    def option_keys(self, content: Content) -> list[str]:
        return []

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {"input": "essay", **{name: content[name] for name in ("least", "most", "template", "rubric")}}

    def clean_response(self, content: Content, raw: Any) -> Response:
        text = typed(as_object(raw, "text").get("text"), LONGEST_ESSAY).replace("\r\n", "\n")
        is_untouched = text == content["template"].strip()
        return {"text": text} if text and not is_untouched else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        return self.clean_response(content, {"text": first(fields, "text")})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        return Outcome(Fraction(0), Correctness.BY_HAND) if response.get("text") else BLANK_OUTCOME

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return []

    def is_blank(self, response: Response | None) -> bool:
        return not response


KIND = Essay()
