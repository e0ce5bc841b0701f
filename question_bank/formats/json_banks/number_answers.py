"""Numbers in JSON that answer a question as objects: values, values with a margin, ranges."""

from __future__ import annotations

from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.json_banks.dialect_items import Item, kind_said
from question_bank.formats.json_banks.option_lists import FLAG_NAMES
from question_bank.formats.sheets.columns import role_of

_VALUES = ("value", "exact", "number", "answer")
_MARGINS = ("margin", "tolerance", "error_margin", "errorMargin")
_ENDS = (("start", "end"), ("min", "max"), ("low", "high"), ("from", "to"))


def with_number_said(item: Item) -> Item:
    """`{"type": "numeric", "answers": [{"type": "value", "value": 3, "correct": true}]}` with `3` as its answer.

    Objects that say they are wrong, or hold no number, are what is told to those who answer so.
    """
    name = next((one for one, value in item.items() if role_of(str(one)) == "answer" and _are_objects(value)), None)
    if name is None or kind_said(item) != "numerical":
        return item
    objects = item[name] if isinstance(item[name], list) else [item[name]]
    said = [text for one in objects if _is_right(one) and (text := _number_in(one))]
    return {**item, name: said[0]} if len(said) == 1 else item


def _are_objects(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
    )


def _is_right(one: Item) -> bool:
    flags = [one[name] for name in FLAG_NAMES if isinstance(one.get(name), bool)]
    return all(flags) and one.get("weight") != 0


def _number_in(one: Item) -> str:
    """The number that an object holds, as `3`, `3±0.1` or `2~4`; empty when it holds none."""
    ends = one.get("range")
    if not isinstance(ends, list):
        ends = next(([one[low], one[high]] for low, high in _ENDS if _is_number(one.get(low))), [])
    if "range" in str(one.get("type") or one.get("numerical_answer_type") or "range") and len(ends) == 2:
        return "~".join(map(text_of_cell, ends)) if all(map(_is_number, ends)) else ""
    value = next((one[name] for name in _VALUES if _is_number(one.get(name))), None)
    margin = next((one[name] for name in _MARGINS if _is_number(one.get(name)) and one[name]), None)
    if value is None:
        return ""
    return text_of_cell(value) + (f"±{text_of_cell(margin)}" if margin is not None else "")


def _is_number(value: Any) -> bool:
    return type(value) in {int, float}
