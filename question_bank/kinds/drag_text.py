"""Drag into text: gaps in a text are filled from a set of choices, which come in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.accepted import correctness_of
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    MOST_OPTIONS,
    Content,
    Correctness,
    Outcome,
    Response,
    as_object,
    first,
    need_list,
    new_key,
    rich,
)
from question_bank.kinds.in_text import MOST_PLACES

MOST_GROUPS = 20


class DragText:
    """Content: `{"choices": [{"key", "html", "group": 1, "unlimited": false}], "gaps": [0, 2, …]}`.

    `gaps[n]` is the number (from 0) of the choice that belongs into the gap `[[n + 1]]` of the stem; a gap takes
    choices of that choice's group only. A choice that fills several gaps is unlimited: formats say so, a sitter is not
    told, and any choice may be taken for several gaps. Choices of equal text and group are worth the same. Every gap is
    worth the same share. Response: `{"gaps": [key or "", …]}`. Form fields: `gap-1`, `gap-2` …
    """

    name = "drag_text"
    label = _("Drag into text")

    def places(self, content: Content) -> int:
        return len(content["gaps"])

    def validate(self, content: Content) -> None:
        choices = need_list(content, "choices", 1, MOST_OPTIONS)
        for choice in choices:
            if not isinstance(choice.get("html"), str) or not choice["html"].strip():
                raise Refused(_("A choice has no text."))
            group = choice.get("group", 1)
            if not isinstance(group, int) or isinstance(group, bool) or not 1 <= group <= MOST_GROUPS:
                raise Refused(_("A group is a number from 1 to %(n)s.", n=MOST_GROUPS))
        gaps = content.get("gaps")
        if not isinstance(gaps, list) or not 1 <= len(gaps) <= MOST_PLACES:
            raise Refused(_("The text has no gap."))
        if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < len(choices) for n in gaps):
            raise Refused(_("A gap has no choice that belongs there."))

    def prepare(self, content: Content) -> Content:
        taken: set[str] = set()
        return {
            "choices": [
                {
                    "key": new_key(taken),
                    "html": rich(choice["html"]),
                    "group": choice.get("group", 1),
                    "unlimited": bool(choice.get("unlimited")) or content["gaps"].count(n) > 1,
                }
                for n, choice in enumerate(content["choices"])
            ],
            "gaps": list(content["gaps"]),
        }

    def option_keys(self, content: Content) -> list[str]:
        return sorted(choice["key"] for choice in content["choices"])

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        by_key = {choice["key"]: choice for choice in content["choices"]}
        shown = [key for key in order or self.option_keys(content) if key in by_key]
        told = ("key", "html", "group")
        return {
            "choices": [{name: by_key[key][name] for name in told} for key in shown],
            "gaps": [
                {"number": n, "group": content["choices"][at]["group"]} for n, at in enumerate(content["gaps"], 1)
            ],
        }

    def clean_response(self, content: Content, raw: Any) -> Response:
        gaps = as_object(raw, "gaps").get("gaps")
        if gaps is None:
            return {}
        if not isinstance(gaps, list) or len(gaps) > len(content["gaps"]):
            raise Refused(_("This is not an answer to this question."))
        group_of = {choice["key"]: choice["group"] for choice in content["choices"]}
        kept = []
        given = ["" if key is None else key for key in gaps] + [""] * (len(content["gaps"]) - len(gaps))
        for at, key in zip(content["gaps"], given, strict=True):
            if not isinstance(key, str) or (key and group_of.get(key) != content["choices"][at]["group"]):
                raise Refused(_("This option does not belong to the question."))
            kept.append(key)
        return {"gaps": kept} if any(kept) else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        given = [first(fields, f"gap-{number}") for number in range(1, len(content["gaps"]) + 1)]
        return self.clean_response(content, {"gaps": given})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        given = response.get("gaps")
        if not given:
            return BLANK_OUTCOME
        by_key = {choice["key"]: choice for choice in content["choices"]}
        parts = []
        for number, (at, key) in enumerate(zip(content["gaps"], given, strict=True), 1):
            parts.append(_part(number, content["choices"][at], by_key.get(key)))
        value = sum((Fraction(part["fraction"]) for part in parts), Fraction(0)) / len(parts)
        return Outcome(value, correctness_of(value), parts)

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [
            {"number": number, "html": content["choices"][at]["html"]} for number, at in enumerate(content["gaps"], 1)
        ]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def _part(number: int, wanted: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    is_right = given is not None and (given["html"], given["group"]) == (wanted["html"], wanted["group"])
    verdict = Correctness.BLANK if given is None else Correctness.RIGHT if is_right else Correctness.WRONG
    return {
        "number": number,
        "correctness": verdict.value,
        "fraction": "1" if is_right else "0",
        "feedback_html": "",
    }


KIND = DragText()
