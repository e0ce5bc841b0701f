"""Cloze: a text with parts in it, each a small question of its own: choices, a typed word, a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.fractions import fraction
from question_bank.kinds import multiple_choice, numerical, short_answer, single_choice
from question_bank.kinds.accepted import correctness_of
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    Content,
    Correctness,
    Kind,
    Outcome,
    Response,
    as_object,
    need_list,
    order_within,
    within,
)
from question_bank.kinds.in_text import MOST_PLACES

PARTS: dict[str, Kind] = {
    kind.name: kind for kind in (single_choice.KIND, multiple_choice.KIND, short_answer.KIND, numerical.KIND)
}
"""The kinds that a part can have."""
LAYOUTS = ("inline", "vertical", "horizontal")
"""How a part's options stand: a list to open in the line, one below the other, side by side."""


class Cloze:
    """Content: `{"parts": [{"kind", "weight": "1", "layout": "inline", "content": {…}}]}`; `[[n]]` stands for part n.

    `weight` is an exact positive number, and a part's share of the mark is its weight over their sum. Options of parts
    are shuffled like those of a choice: all their keys stand in one order. Response: `{"parts": {"1": {…}, …}}`, each
    as its kind has it. Form fields: `part-1-text`, `part-2-choice` …
    """

    name = "cloze"
    label = _("Cloze")

    def places(self, content: Content) -> int:
        return len(content["parts"])

    def validate(self, content: Content) -> None:
        for part in need_list(content, "parts", 1, MOST_PLACES):
            if part.get("kind") not in PARTS or not isinstance(part.get("content"), dict):
                raise Refused(_("A part of a cloze is a choice, a short answer or a number."))
            if not 0 < fraction(part.get("weight", "1")) <= 1000:
                raise Refused(_("The weight of a part lies above 0."))
            if part.get("layout", "inline") not in LAYOUTS:
                raise Refused(_("There is no such layout of options."))
            PARTS[part["kind"]].validate(part["content"])

    def prepare(self, content: Content) -> Content:
        return {
            "parts": [
                {
                    "kind": part["kind"],
                    "weight": str(fraction(part.get("weight", "1"))),
                    "layout": part.get("layout", "inline"),
                    "content": PARTS[part["kind"]].prepare(part["content"]),
                }
                for part in content["parts"]
            ]
        }

    def option_keys(self, content: Content) -> list[str]:
        return [key for part in content["parts"] for key in PARTS[part["kind"]].option_keys(part["content"])]

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {
            "parts": [
                {
                    "number": number,
                    "kind": part["kind"],
                    "layout": part["layout"],
                    "public": _public(part, order),
                }
                for number, part in enumerate(content["parts"], 1)
            ]
        }

    def clean_response(self, content: Content, raw: Any) -> Response:
        given = as_object(raw, "parts").get("parts")
        if given is None:
            return {}
        numbers = {str(n): part for n, part in enumerate(content["parts"], 1)}
        if not isinstance(given, dict) or set(given) - set(numbers):
            raise Refused(_("This is not an answer to this question."))
        kept = {}
        for number, part in numbers.items():
            response = PARTS[part["kind"]].clean_response(part["content"], given.get(number))
            if response:
                kept[number] = response
        return {"parts": kept} if kept else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        given = {
            str(n): PARTS[part["kind"]].response_from_fields(part["content"], within(fields, f"part-{n}-"))
            for n, part in enumerate(content["parts"], 1)
        }
        return self.clean_response(content, {"parts": given})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        given = response.get("parts")
        if not given:
            return BLANK_OUTCOME
        total = sum((fraction(part["weight"]) for part in content["parts"]), Fraction(0))
        value, parts, verdicts = Fraction(0), [], set()
        for number, part in enumerate(content["parts"], 1):
            found = PARTS[part["kind"]].mark(part["content"], given.get(str(number), {}), multiple_marking)
            value += found.fraction * fraction(part["weight"]) / total
            verdicts.add(found.correctness)
            parts.append(_part(number, found))
        is_partly = value <= 0 and verdicts & {Correctness.RIGHT, Correctness.PARTLY}
        return Outcome(value, Correctness.PARTLY if is_partly else correctness_of(value), parts)

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [
            {**one, "number": number}
            for number, part in enumerate(content["parts"], 1)
            for one in PARTS[part["kind"]].right_answer(part["content"])
        ]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def _public(part: Mapping[str, Any], order: Sequence[str] | None) -> dict[str, Any]:
    kind, content = PARTS[part["kind"]], part["content"]
    return kind.public(content, order_within(kind, content, order))


def _part(number: int, found: Outcome) -> dict[str, Any]:
    return {
        "number": number,
        "correctness": found.correctness.value,
        "fraction": str(found.fraction),
        "feedback_html": "".join(part.get("feedback_html", "") for part in found.parts),
    }


KIND = Cloze()
