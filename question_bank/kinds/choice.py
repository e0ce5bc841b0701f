"""Options with weights: the part that single and multiple choice share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.fractions import fraction
from question_bank.kinds.base import MOST_OPTIONS, Content, Response, need_list, new_key, rich


class Choice:
    """Content: `{"options": [{"key", "html", "fraction", "feedback_html"}], "negative": false}`.

    `fraction` is the exact share of the mark that choosing the option is worth, as a string. Below zero it only takes
    marks away (down to zero) unless `negative` is true.
    """

    def validate(self, content: Content) -> None:
        options = need_list(content, "options", 2, MOST_OPTIONS)
        for option in options:
            if not isinstance(option.get("html"), str) or not option["html"].strip():
                raise Refused(_("An option has no text."))
            worth = weight(option)
            if abs(worth.numerator) > worth.denominator:
                raise Refused(_("A weight lies between -1 and 1."))
        if not any(weight(option).numerator > 0 for option in options):
            raise Refused(_("No option is marked as right."))

    def prepare(self, content: Content) -> Content:
        taken: set[str] = set()
        options = []
        for option in content["options"]:
            html = rich(option["html"])
            if not html.strip():
                raise Refused(_("An option has no text."))
            options.append(
                {
                    "key": new_key(taken),
                    "html": html,
                    "fraction": str(weight(option)),
                    "feedback_html": rich(option.get("feedback_html")),
                }
            )
        return {"options": options, **({"negative": True} if content.get("negative") else {})}

    def option_keys(self, content: Content) -> list[str]:
        return [option["key"] for option in content["options"]]

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        by_key = {option["key"]: option["html"] for option in content["options"]}
        shown = [key for key in order or by_key if key in by_key]
        return {"options": [{"key": key, "html": by_key[key]} for key in shown]}

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [
            {"key": option["key"], "html": option["html"], "fraction": option["fraction"]}
            for option in content["options"]
            if weight(option) > 0
        ]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def weight(option: Mapping[str, Any]) -> Fraction:
    """What choosing the option is worth."""
    return fraction(option.get("fraction", "0"))


def known_key(content: Content, raw: Any) -> str:
    """The key of an option of this question; Refused for anything else."""
    if not isinstance(raw, str) or all(option["key"] != raw for option in content["options"]):
        raise Refused(_("This option does not belong to the question."))
    return raw
