"""Numbers that quiz games let people slide to, or guess within a range."""

from __future__ import annotations

from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.json_banks.dialect_items import Item, stem_of


def in_range(item: Item) -> Item | None:
    """Kahoot's slider with what it may be off, or ClassQuiz's range, as a number; None for anything else."""
    stem, said = stem_of(item), item.get("type")
    if stem is None or not isinstance(said, str):
        return None
    if said.casefold() == "slider":
        return {"question": stem, "type": "numerical", "answer": _around(item.get("choiceRange", item))}
    within = item.get("answers")
    if said.casefold() == "range" and isinstance(within, dict):
        low, high = _number(within.get("min_correct")), _number(within.get("max_correct"))
        return {"question": stem, "type": "numerical", "answer": f"{low}~{high}"}
    return None


def _around(within: Item) -> str:
    return f"{_number(within.get('correct'))}±{_number(within.get('tolerance') or 0)}"


def _number(found: Any) -> int | float:
    if type(found) not in {int, float}:
        raise Refused(_("The question has no answer."))
    number: int | float = found
    return number
