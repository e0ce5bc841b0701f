"""Options in JSON whose names count them, `choice0` … or `{"1": …}`, and answers that count them otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.json_banks.dialect_items import INDEX, Item
from question_bank.formats.sheets.columns import columns_of

_NAME = re.compile(r"([A-Za-z_]*?(?:option|choice|answer|opt)|选项)[_-]?(\d{1,2})", re.IGNORECASE)
BOTH = 2
"""Options that may be true and false: then 0 may be a verdict."""
_Counted = tuple[Item, list[str], int]
"""A question, the names of its options (none where they stand in an object of their own), and the first one's number.

Options by letters have none: -1.
"""


def gather_counted(items: Sequence[Item]) -> None:
    """Make a list of options that are counted from 0, or from 1 where an answer of the file is 0.

    So too where options have letters and all answers are numbers. An answer that counts from 0 as the names do becomes
    a letter, unless one of the file counts beyond the last name.
    """
    counted = [found for item in items if (found := _counted(item))]
    from_nought = [one for one in counted if one[2] == 0]
    from_one = [one for one in counted if one[2] == 1]
    lettered = [one for one in counted if one[2] < 0]
    if any(0 in _numbers(item, names) and len(_texts(item, names)) > BOTH for item, names, _first in from_one):
        for item, names, _first in from_one:
            _gather(item, names)
    if all(_numbers(item, names) for item, names, _first in lettered):
        for item, names, _first in lettered:
            _gather(item, names)
    is_beyond = any(len(_texts(item, names)) in _numbers(item, names) for item, names, _first in from_nought)
    for item, names, _first in from_nought:
        numbers = [] if is_beyond else _numbers(item, names)
        _gather(item, names)
        key = _key_of_answer(item)
        if numbers and key and max(numbers) < len(item["options"]):
            item[key] = "".join(chr(65 + number) for number in numbers)


def _counted(item: Item) -> _Counted | None:
    options = item.get("options")
    if isinstance(options, dict):
        first = _first_of([str(name) for name in options])
        return None if first is None else (item, [], first)
    if options:
        return None
    found = [(name, mark) for name in item if (mark := _NAME.fullmatch(str(name)))]
    first = _first_of([mark.group(2) for _name, mark in found])
    if first is not None and len({mark.group(1) for _name, mark in found}) == 1:
        return item, [name for name, _mark in found], first
    columns = columns_of([str(name) for name in item])
    if columns is None or columns.numbered or _first_of(list(columns.options)) is None:
        return None
    return item, [list(item)[at] for at in columns.options.values()], -1


def _first_of(names: list[str]) -> int | None:
    """The number of the first name where they count on from 0 or 1; -1 where they are A, B …; else None."""
    if len(names) > 1 and [name.upper() for name in names] == [chr(65 + n) for n in range(len(names))]:
        return -1
    runs = [[str(n) for n in range(first, first + len(names))] for first in (0, 1)]
    return int(names[0]) if len(names) > 1 and names in runs else None


def _texts(item: Item, names: list[str]) -> list[Any]:
    texts = [item[name] for name in names] if names else list(item["options"].values())
    return [text for text in texts if text not in (None, "")]


def _gather(item: Item, names: list[str]) -> None:
    texts = _texts(item, names)
    for name in names:
        del item[name]
    item["options"] = texts


def _key_of_answer(item: Item) -> str | None:
    if INDEX in item:
        return INDEX
    columns = columns_of([str(name) for name in item])
    at = columns.fields.get("answer") if columns else None
    return None if at is None else list(item)[at]


def _numbers(item: Item, names: list[str]) -> list[int]:
    """The whole numbers of an answer; none where one is the text of an option."""
    key = _key_of_answer(item)
    said = item[key] if key else None
    found = [text_of_cell(one) for one in (said if isinstance(said, list) else [said]) if not isinstance(one, bool)]
    texts = {text_of_cell(one) for one in _texts(item, names)}
    are_numbers = found and all(re.fullmatch("[0-9]{1,2}", one) for one in found)
    return [int(one) for one in found] if are_numbers and not texts & set(found) else []
