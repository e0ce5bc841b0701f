"""Texts in JSON that are to be put in order, and every way in which the order is said."""

from __future__ import annotations

import re
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.json_banks.dialect_items import RIGHT, Item, kept, kind_said, task_of
from question_bank.formats.json_banks.option_lists import options_of_json

_LISTS = ("items", "options", "choices", "answerOptions", "orderItems", "order_items", "steps", "elements", "选项")
_ORDERS = ("correctOrder", "correct_order", "rightOrder", "correctSequence", "correct_sequence", "order", "sequence")
_PLACES = (
    "order",
    "position",
    "correctPosition",
    "correct_position",
    "correctOrder",
    "correct_order",
    "sequence",
    "顺序",
)
_BETWEEN = re.compile(r"→|->|=>|[>,，、;；|\n]")
_IDS = ("id", "key", "label", "value", "code", "letter")


def in_order(item: Item) -> Item | None:
    """A question of an order with its texts in the right one; Refused where it says an order that can't be told."""
    items = next((item[name] for name in _LISTS if isinstance(item.get(name), list)), None)
    stem = task_of(item)
    if stem is None or not items or len(items) < 2 or kind_said(item) != "ordering":
        return None
    named = next((name for name in (*_ORDERS, *RIGHT) if item.get(name) not in (None, "", [])), None)
    said = _parted(item[named]) if named in _ORDERS else item[named] if named else None
    texts = list(options_of_json(items).values())
    if len(texts) < len(items):
        return None
    order = _by_own_places(items, texts) if said is None else _told(said, items, texts)
    if said is None and order is None and items is item.get("orderItems", item.get("order_items")):
        order = texts
    if order is None and said is not None and not isinstance(said, str):
        raise Refused(_("The answer is written in a way that is not known here."))
    if order is None:
        return None
    return {"question": stem, "type": "ordering", "options": order, "answer": "", **kept(item)}


def _parted(said: Any) -> Any:
    """`C → A → B` and `CAB` as lists."""
    if not isinstance(said, str):
        return said
    parts = [one.strip() for one in _BETWEEN.split(said) if one.strip()]
    return parts if len(parts) > 1 else list(said.strip())


def _by_own_places(items: list[Any], texts: list[str]) -> list[str] | None:
    """The order that each text says of itself: `{"text": …, "position": 2}`."""
    for name in _PLACES:
        places = [one.get(name) if isinstance(one, dict) else None for one in items]
        if _are_places(places):
            return [text for _place, text in sorted(zip(places, texts, strict=True))]
    return None


def _told(said: Any, items: list[Any], texts: list[str]) -> list[str] | None:
    """The order that a list of texts, of the texts' ids or of their places says."""
    if not isinstance(said, list) or len(said) != len(texts):
        return None
    named = [text_of_cell(one) for one in said]
    if sorted(named) == sorted(texts):
        return named
    for name in _IDS:
        ids = [text_of_cell(one.get(name)) if isinstance(one, dict) else "" for one in items]
        if len(set(ids)) == len(ids) and sorted(ids) == sorted(named):
            return [texts[ids.index(one)] for one in named]
    if _are_places(said):
        return [texts[one - min(said)] for one in said]
    letters = [chr(65 + n) for n in range(len(texts))]
    return [texts[letters.index(one.upper())] for one in named] if sorted(map(str.upper, named)) == letters else None


def _are_places(found: list[Any]) -> bool:
    """Whether whole numbers are those from 0 or from 1 on, each once."""
    return all(type(one) is int for one in found) and sorted(found) in (
        list(range(len(found))),
        list(range(1, len(found) + 1)),
    )
