"""Questions as practice apps fetch them: the options are `accessories`, the answer a `choice` that counts from 0."""

from __future__ import annotations

import re
from typing import Any

from question_bank.formats.json_banks.dialect_items import Item, flagged, kept, stem_of
from question_bank.formats.sheets.columns import kind_named

_ANSWERS = ("correctAnswer", "answer")


def with_accessories(item: Item) -> Item | None:
    """`{"content": …, "accessories": [{"options": […]}], "correctAnswer": {"choice": "0,2"}}` in the flat form.

    Of a true/false question, which has no options, choice 1 is true and 0 false.
    """
    said = next((item[name] for name in _ANSWERS if isinstance(item.get(name), dict) and "choice" in item[name]), None)
    stem = stem_of(item)
    if said is None or stem is None or not isinstance(item.get("accessories"), list):
        return None
    choice = str(said["choice"])
    if not re.fullmatch(r"\d{1,2}(?:\s*,\s*\d{1,2})*", choice):
        return None
    places, texts = {int(one) for one in choice.split(",")}, _options(item["accessories"])
    rest = {"question": stem, "explanation": item.get("solution") or "", **kept(item, "type")}
    if not texts and kind_named(str(item.get("type", ""))) == "true_false" and places <= {0, 1} and len(places) == 1:
        return {**rest, "answer": str(bool(places.pop())).casefold()}
    if max(places) >= len(texts):
        return None
    kind = {"type": ""} if str(rest.get("type", "")).isdigit() else {}
    return {**rest, **kind, "options": flagged(texts, places)}


def _options(found: list[Any]) -> list[str]:
    if found and all(isinstance(one, str) for one in found):
        return found
    lists = [one["options"] for one in found if isinstance(one, dict) and isinstance(one.get("options"), list)]
    return lists[0] if len(lists) == 1 and all(isinstance(one, str) for one in lists[0]) else []
