"""The fields of an object in the data of a file, by names for somebody to tell what they hold.

A field is named by the keys that lead to it (`content › title`), with `[]` behind a list of objects:
`options[] › text`. Behind one that has its objects by their ids, `options[]` alone is the ids. An object in which no
list stands can be told as a whole, too: options by ids that are others in each question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from question_bank.formats.json_banks.recognising import LONGEST_PACKED

STEP = " › "
EACH = "[]"
LONGEST_FIELD = 200
"""Characters of a name; what is called by more is a text."""
_DEEPEST_FIELD = 3
_LABEL = re.compile(r"[A-Za-z\d]\d?|[^\W\d_a-zA-Z]")


def items_in(found: Any) -> list[Any] | None:
    """The objects of a list, or of an object that has them by their ids; None for anything else."""
    if isinstance(found, list):
        return found if any(isinstance(one, dict | list) for one in found) else None
    if not isinstance(found, dict) or len(found) < 2 or not all(isinstance(one, dict) for one in found.values()):
        return None
    first, *others = (set(one) for one in found.values())
    alike = len(first) > 1 and all(2 * len(first & other) >= max(len(first), len(other)) for other in others)
    return list(found.values()) if alike else None


def is_within(field: str) -> bool:
    """Whether a field is one of the objects of a list within an object."""
    return EACH in field


def fields_of(item: Any) -> Iterator[tuple[str, Any]]:
    """The names of an object's fields, and what they hold; of an object inside first the whole."""
    if isinstance(item, list):
        item = {str(n): value for n, value in enumerate(item, 1)}
    if isinstance(item, dict):
        yield from _fields_of(item, "", 1)


def _fields_of(item: Mapping[str, Any], above: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, packed in item.items():
        name, value = f"{above}{key}", _opened(packed)
        if len(name) > LONGEST_FIELD:
            continue
        if inside := _objects_in(value):
            if are_options(inside):
                yield from _fields_within(name, value, inside)
            continue
        yield name, value
        if isinstance(value, dict) and depth < _DEEPEST_FIELD and not is_by_letter(value):
            yield from _fields_of(value, f"{name}{STEP}", depth + 1)


def _fields_within(name: str, value: Any, items: list[dict[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    """What each of the objects of a list has under the same name."""
    if isinstance(value, dict):
        yield f"{name}{EACH}", list(value)
    found = [{key: one for key, one in _fields_of(item, "", 2) if not isinstance(one, dict)} for item in items]
    for key in dict.fromkeys(key for one in found for key in one):
        yield f"{name}{EACH}{STEP}{key}", [one.get(key) for one in found]


def _opened(value: Any) -> Any:
    """What a text holds that is an object, or a list of objects, written as JSON; anything else as it is."""
    if not isinstance(value, str) or len(value) > LONGEST_PACKED or not re.match(r"\s*(?:\[\s*)?\{\s*\"", value):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _objects_in(value: Any) -> list[dict[str, Any]]:
    items = items_in(value) or []
    return items if all(isinstance(one, dict) for one in items) else []


def is_by_letter(value: Mapping[str, Any]) -> bool:
    """Whether an object has texts by letters or numbers, as options are: one field."""
    return bool(value) and all(
        _LABEL.fullmatch(str(key)) and not isinstance(one, dict | list) for key, one in value.items()
    )


def are_options(items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the objects of a list within a question could be its options: none has a list of anything inside."""
    values = [value for item in items for value in item.values()]
    values += [one for value in values if isinstance(value, dict) for one in value.values()]
    return not any(isinstance(value, list) and value for value in values)
