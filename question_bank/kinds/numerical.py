"""Numerical: one typed number, in a unit where units are asked for, compared in exact fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank import quantities
from question_bank.fractions import fraction
from question_bank.kinds.accepted import (
    Answer,
    best_number,
    catch_all,
    correctness_of,
    shown,
    worth,
)
from question_bank.kinds.base import BLANK_OUTCOME, Content, Correctness, Outcome, Response, as_object, first, typed
from question_bank.kinds.short_answer import ShortAnswer

MOST_FIGURES = 20


@dataclass(frozen=True)
class _Found:
    """An accepted answer that was met, what it is worth, and what it lost marks for: "unit", "figures"."""

    answer: Answer
    value: Fraction
    lost: tuple[str, ...] = ()


class Numerical(ShortAnswer):
    """Content: `{"answers": [{"value", "tolerance", "tolerance_kind"} or {"low", "high"}, with "fraction" and
    "feedback_html"]}` (see `accepted.Answer`); with units `"units": [{"unit": "m", "factor": "1"}, …]`,
    `"unit_penalty": "1/10"`, `"unit_input": "text"` or `"choice"`; and `"significant": {"figures": 3,
    "penalty": "1/10"}`.

    Numbers are strings, exact decimals; a factor may be a fraction too. The typed number times the factor of its unit
    is compared. Without `unit_penalty` the unit may be left out, but another one is wrong. With it a missing unit, or
    one that does not fit a number that does, loses that share of what the answer is worth; "1" makes the unit
    necessary. A number with other than the asked significant figures loses the share `penalty`. Both are taken off what
    is earned, one after the other.

    Response: `{"text": "3.14 m"}` as typed, or `{"text": "3.14", "unit": "m"}` where the unit is chosen. Form fields:
    `text`, `unit`.
    """

    name = "numerical"
    label = _("Numerical")
    numeric = True

    def validate(self, content: Content) -> None:
        super().validate(content)
        quantities.validate_units(content)
        asked = content.get("significant")
        if asked is None:
            return
        figures = asked.get("figures") if isinstance(asked, dict) else None
        if not isinstance(figures, int) or isinstance(figures, bool) or not 1 <= figures <= MOST_FIGURES:
            raise Refused(_("Significant figures are a number between 1 and %(n)s.", n=MOST_FIGURES))
        if not 0 <= fraction(asked.get("penalty", "1")) <= 1:
            raise Refused(_("What wrong figures cost lies between 0 and 1."))

    def prepare(self, content: Content) -> Content:
        kept = {**super().prepare(content), **quantities.prepare_units(content)}
        if content.get("significant"):
            asked = content["significant"]
            kept["significant"] = {"figures": asked["figures"], "penalty": str(fraction(asked.get("penalty", "1")))}
        return kept

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        if content.get("unit_input") == "choice":
            return {"input": "number", "units": [one["unit"] for one in content["units"]]}
        return {"input": "number"}

    def clean_response(self, content: Content, raw: Any) -> Response:
        chosen = content.get("unit_input") == "choice"
        given = as_object(raw, "text", *(["unit"] if chosen else []))
        text, unit = typed(given.get("text")), typed(given.get("unit"))
        if unit and unit not in [one["unit"] for one in content["units"]]:
            raise Refused(_("This is not an answer to this question."))
        return {"text": text, **({"unit": unit} if unit else {})} if text else {}

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        unit = {"unit": first(fields, "unit")} if content.get("unit_input") == "choice" else {}
        return self.clean_response(content, {"text": first(fields, "text"), **unit})

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        if not response.get("text"):
            return BLANK_OUTCOME
        found = _found(content, response)
        if found is None:
            return Outcome(Fraction(0), Correctness.WRONG)
        part = {
            "number": 1,
            "correctness": correctness_of(found.value).value,
            "fraction": str(found.value),
            "feedback_html": found.answer.get("feedback_html", ""),
            **({"lost": list(found.lost)} if found.lost else {}),
        }
        return Outcome(found.value, correctness_of(found.value), [part])

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        unit = quantities.base_unit(content.get("units", []))
        return [shown(answer, unit) for answer in content["answers"] if worth(answer) > 0]


def _found(content: Content, response: Response) -> _Found | None:
    """The accepted answer that earns most, and what is taken off it; the answer for everything else if none is met."""
    units, answers = content.get("units", []), content["answers"]
    read = quantities.read(response["text"], [one["unit"] for one in units])
    if read is None or (read.unit and not units):
        return _rest(answers)
    candidates = [_fitting(content, read, response.get("unit", "")), _unfitting(content, read)]
    found = max((one for one in candidates if one is not None), key=lambda one: one.value, default=None)
    return _rest(answers) if found is None else _with_figures(content, found, read.written)


def _rest(answers: list[Answer]) -> _Found | None:
    answer = catch_all(answers)
    return None if answer is None else _Found(answer, worth(answer))


def _fitting(content: Content, read: quantities.Quantity, chosen: str) -> _Found | None:
    """The number in the unit that was typed or chosen; without a unit only where it may be left out."""
    unit = read.unit or quantities.folded_unit(chosen)
    if chosen and unit != quantities.folded_unit(chosen):
        return None
    factors = {"": Fraction(1)} if content.get("unit_penalty") is None or not content.get("units") else {}
    factors |= quantities.factors(content.get("units", []))
    return _met(content, read.value * factors[unit]) if unit in factors else None


def _unfitting(content: Content, read: quantities.Quantity) -> _Found | None:
    """The number as it is, with the share for a missing or wrong unit taken off, where that is how it is marked."""
    if content.get("unit_penalty") is None or not content.get("units"):
        return None
    met, share = _met(content, read.value), fraction(content["unit_penalty"])
    return None if met is None else _Found(met.answer, met.value * (1 - share), ("unit",) if share else ())


def _met(content: Content, value: Fraction) -> _Found | None:
    met = best_number([answer for answer in content["answers"] if "text" not in answer], value)
    return None if met is None else _Found(met, worth(met))


def _with_figures(content: Content, found: _Found, written: str) -> _Found:
    asked = content.get("significant")
    if not asked:
        return found
    least_most = quantities.figures(written)
    if least_most is not None and least_most[0] <= asked["figures"] <= least_most[1]:
        return found
    return _Found(found.answer, found.value * (1 - fraction(asked["penalty"])), (*found.lost, "figures"))


KIND = Numerical()
