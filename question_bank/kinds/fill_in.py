"""Fill in: several blanks in the stem, each with its accepted answers; some groups of blanks in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.kinds.accepted import Answer, best, correctness_of, prepare_answers, shown, validate_answers, worth
from question_bank.kinds.base import (
    BLANK_OUTCOME,
    MOST_BLANKS,
    Content,
    Correctness,
    Outcome,
    Response,
    as_object,
    first,
    need_list,
    typed,
)

LARGEST_GROUP = 6
"""Blanks in one group whose order does not matter."""


class FillIn:
    """Content: `{"blanks": [{"answers": [{"text" or "low"/"high" or "value"/"tolerance", "fraction"}]}],
    "unordered": [[0, 1], …]}`; `unordered` names groups of blanks (from 0) whose answers may stand in any order.

    Every blank is worth the same share. Response: `{"blanks": ["…", "…"]}`. Form fields: `blank-1`, `blank-2` …
    """

    name = "fill_in"
    label = _("Fill in")

    def validate(self, content: Content) -> None:
        blanks = need_list(content, "blanks", 1, MOST_BLANKS)
        for blank in blanks:
            validate_answers(blank.get("answers"))
        seen: set[int] = set()
        for group in content.get("unordered", []):
            known = isinstance(group, list) and all(isinstance(n, int) and 0 <= n < len(blanks) for n in group)
            if not known or len(set(group)) != len(group) or seen & set(group) or not 2 <= len(group) <= LARGEST_GROUP:
                raise Refused(_("A group of blanks in any order names from two to six blanks, each once."))
            seen |= set(group)

    def prepare(self, content: Content) -> Content:
        blanks = [{"answers": prepare_answers(blank["answers"])} for blank in content["blanks"]]
        return {"blanks": blanks, **({"unordered": content["unordered"]} if content.get("unordered") else {})}

    def option_keys(self, content: Content) -> list[str]:
        return []

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        return {"blanks": len(content["blanks"])}

    def clean_response(self, content: Content, raw: Any) -> Response:
        found = as_object(raw, "blanks").get("blanks")
        if found is None:
            return {}
        if not isinstance(found, list) or len(found) > len(content["blanks"]):
            raise Refused(_("This is not an answer to this question."))
        texts = [typed(text) for text in found]
        texts += [""] * (len(content["blanks"]) - len(texts))
        return {"blanks": texts} if any(texts) else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        texts = [first(fields, f"blank-{number}") for number in range(1, len(content["blanks"]) + 1)]
        return self.clean_response(content, {"blanks": texts})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        texts = response.get("blanks")
        if not texts:
            return BLANK_OUTCOME
        met = self._met(content, texts)
        parts = [_part(n, text, answer) for n, (text, answer) in enumerate(zip(texts, met, strict=True), 1)]
        value = sum((Fraction(part["fraction"]) for part in parts), Fraction(0)) / len(parts)
        return Outcome(value, correctness_of(value), parts)

    def _met(self, content: Content, texts: list[str]) -> list[Answer | None]:
        """Per blank the accepted answer that the text meets, groups in the order that is worth most."""
        place = list(range(len(texts)))
        for group in content.get("unordered", []):
            assigned = max(permutations(group), key=lambda order: self._worth(content, texts, group, order))
            for blank, answers_of in zip(group, assigned, strict=True):
                place[blank] = answers_of
        return [_best(content, place[n], text) for n, text in enumerate(texts)]

    def _worth(self, content: Content, texts: list[str], group: list[int], order: tuple[int, ...]) -> Fraction:
        found = (_best(content, answers_of, texts[blank]) for blank, answers_of in zip(group, order, strict=True))
        return sum((worth(answer) for answer in found if answer is not None), Fraction(0))

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        return [
            {"number": n, **shown(answer)}
            for n, blank in enumerate(content["blanks"], 1)
            for answer in blank["answers"]
            if worth(answer) > 0
        ]

    def is_blank(self, response: Response | None) -> bool:
        return not response


def _best(content: Content, blank: int, text: str) -> Answer | None:
    return best(content["blanks"][blank]["answers"], text) if text else None


def _part(number: int, text: str, answer: Answer | None) -> dict[str, Any]:
    value = worth(answer) if answer is not None else Fraction(0)
    return {
        "number": number,
        "correctness": (correctness_of(value) if text else Correctness.BLANK).value,
        "fraction": str(value),
        "feedback_html": answer.get("feedback_html", "") if answer is not None else "",
    }


KIND = FillIn()
