"""Description: a text between questions; nothing is asked and nothing earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from learnhub.kernel.words import _
from question_bank.kinds.base import BLANK_OUTCOME, Content, Outcome, Response


class Description:
    """Content and response are empty."""

    name = "description"
    label = _("Description")

    def validate(self, content: Content) -> None:
        """Nothing can be wrong with nothing."""

    def prepare(self, content: Content) -> Content:
        return {}

    def option_keys(self, content: Content) -> list[str]:
        return []

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {}

    def clean_response(self, content: Content, raw: Any) -> Response:
        return {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        return {}

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        return BLANK_OUTCOME

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return []

    def is_blank(self, response: Response | None) -> bool:
        return True


KIND = Description()
