"""Blanks in JSON that are objects of their own, beside a text with their places: `___(1)___`, `{{b1}}`, `_1_`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.fields.answers import blanks_in
from question_bank.formats.json_banks.dialect_items import RIGHT, STEMS, Item, kept
from question_bank.formats.json_banks.stray_fields import says_accepted

_LISTS = ("blanks", "gaps", "slots", "fills", "blankList", "填空", "空格")
_IDS = ("id", "blankId", "blank_id", "index", "position", "key", "number", "no", "slot", "序号")
_TEXTS = (
    "textWithBlanks", "text_with_blanks", "clozeText", "cloze_text", "template", "sentence", "passage", "body", *STEMS,
)  # fmt: skip
_PLACE = re.compile(
    r"\{\{\s*(?P<a>[^{}]{0,80}?)\s*\}\}|\[\[\s*(?P<b>[^\[\]]{0,80}?)\s*\]\]|_+\s*[(（]?\s*(?P<c>[A-Za-z]?\d{1,2})\s*[)）]?\s*_+"
    r"|\[\s*(?P<d>(?:blank[_ ]?)?\d{1,2})\s*\](?=\W|$)|_{2,}"
)
"""The place of a blank, with its name where it has one."""


def with_blank_list(item: Item) -> Item | None:
    """`{"template": "Sarah is _1_ …", "blanks": [{"blankId": 1, "answer": "tall"}]}` in the flat form.

    One blank with options is a choice; None unless one text alone has a place for each of the blanks.
    """
    name = next((one for one in _LISTS if isinstance(item.get(one), list) and item[one]), None)
    blanks = item[name] if name else []
    if not blanks or not all(isinstance(one, dict) for one in blanks):
        return None
    accepted = [_accepted(one) for one in blanks]
    texts = [(one, item[one]) for one in _TEXTS if isinstance(item.get(one), str) and _has(item[one], len(blanks))]
    if not all(accepted) or len({text for _name, text in texts}) != 1:
        return None
    named, text = texts[0]
    order = _order(text, blanks)
    stem = _PLACE.sub("____", text)
    above = next((item[one] for one in STEMS if one != named and _asks(item.get(one), text)), "")
    base = {"question": f"{above}\n{stem}" if above else stem, **kept(item)}
    options = [one["options"] for one in blanks if isinstance(one.get("options"), list) and one["options"]]
    if options:
        return {**base, "options": options[0], "answer": accepted[0][0]} if len(blanks) == 1 else None
    if blanks_in(base["question"]) != len(blanks):
        return None
    return {**base, "type": "fill_in", "answer": [accepted[at] for at in order]}


def _has(text: str, count: int) -> bool:
    return len(_PLACE.findall(text)) == count


def _asks(value: Any, text: str) -> bool:
    """Whether a value is a text that says what to do with the one that has the blanks."""
    return isinstance(value, str) and bool(value.strip()) and value != text and not _PLACE.search(value)


def _accepted(blank: Item) -> list[str]:
    """Every text that a blank accepts, the right one first."""
    right = [text for name in blank if name in RIGHT for text in _texts(blank[name])]
    also = [text for name in blank if says_accepted(name) for text in _texts(blank[name])]
    return list(dict.fromkeys([*right, *also]))


def _texts(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [text_of_cell(one) for one in found if isinstance(one, str | int | float) and text_of_cell(one)]


def _order(text: str, blanks: Sequence[Item]) -> list[int]:
    """Which blank stands at each place: as the places name them, else one after the other."""
    places = [next((one for one in found.groups() if one), "") for found in _PLACE.finditer(text)]
    for name in _IDS:
        ids = [text_of_cell(one.get(name)) for one in blanks]
        if len(set(ids)) == len(ids) and sorted(places) == sorted(ids):
            return [ids.index(place) for place in places]
    return list(range(len(blanks)))
