"""Questions in JSON of what belongs together: pairs, two lists and an answer, options with both sides."""

from __future__ import annotations

import re
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.json_banks.dialect_items import RIGHT, Item, kept, kind_said, task_of

_SIDES = (
    ("left", "right"),
    ("prompt", "match"),
    ("term", "definition"),
    ("question", "answer"),
    ("key", "value"),
    ("premise", "response"),
)


_PAIRS = ("pairs", "matches", "matchingPairs", "matching_pairs", "配对")


def with_pairs(item: Item) -> Item | None:
    """A question of what belongs together, with its pairs as the options."""
    pairs = next((item[name] for name in _PAIRS if isinstance(item.get(name), list | dict)), None)
    stem = task_of(item)
    if isinstance(pairs, dict) and _list_of(item, _COLUMNS[0]) and _list_of(item, _COLUMNS[1]):
        pairs = _by_places(item, pairs)
    pairs = pairs or _matched(item) or _paired_options(item)
    if not pairs or stem is None:
        return None
    pairs = [list(one) for one in pairs.items()] if isinstance(pairs, dict) else pairs
    sides = [_sides(one) for one in pairs]
    if not all(sides):
        raise Refused(_("The pairs can't be told: write each as left → right."))
    return {
        "question": stem,
        "type": "matching",
        "options": [*(f"{a} → {b}" for a, b in filter(None, sides)), *_left_over(item, sides)],
        **kept(item),
    }


_SAID = ("answer", "correctPairs", "correctMatches", "correctAnswers", "answers")


def _matched(item: Item) -> list[Any]:
    """The pairs of two lists, as an object from the one side to the other or a list of places says."""
    left, right = (_list_of(item, names) for names in _COLUMNS)
    said = next((item[name] for name in _SAID if name in item), None)
    if isinstance(said, dict) and sorted(map(str, said)) == sorted(map(str, left)):
        return [list(one) for one in said.items()]
    if isinstance(said, list) and left and len(said) == len(left) and all(isinstance(one, dict) for one in said):
        texts = {text_of_cell(one) for one in left if isinstance(one, str | int)}
        return said if {pair[0] for one in said if (pair := _sides(one))} == texts else []
    if isinstance(said, dict) and left and right and all(isinstance(one, str | int) for one in said.values()):
        said = ", ".join(f"{name}-{value}" for name, value in said.items())
    if isinstance(said, str) and left and right:
        return _named_pairs(said, [*map(_with_own_label, left)], [*map(_with_own_label, right)])
    if not isinstance(said, list) or not left or not all(isinstance(one, list) and len(one) == 2 for one in said):
        return []
    named = [(a, b) for a, b in said if type(a) is int and type(b) is int]
    pairs = [[left[a], right[b]] for a, b in named if 0 <= a < len(left) and 0 <= b < len(right)]
    return pairs if len(pairs) == len(said) == len(left) else []


def _left_over(item: Item, sides: list[tuple[str, str] | None]) -> list[str]:
    """What stands on the right side and belongs to nothing, where the pairs name the others by their texts."""
    right = [text_of_cell(one) for one in _list_of(item, _COLUMNS[1]) if isinstance(one, str | int)]
    named = {pair[1] for pair in sides if pair}
    return [f" → {text}" for text in right if text not in named] if named <= set(right) else []


def _by_places(item: Item, said: dict[str, Any]) -> list[Any]:
    """The pairs that `{"0": 1, "1": 0}` says of two lists, by their places or their texts."""
    left, right = ([text_of_cell(one) for one in _list_of(item, names)] for names in _COLUMNS)
    places = [(str(a), b) for a, b in said.items()]
    if sorted(a for a, _b in places) == sorted(left) and all(b in right for _a, b in places):
        return [list(one) for one in places]
    are_places = sorted(a for a, _b in places) == sorted(map(str, range(len(left))))
    if not are_places or not all(type(b) is int and 0 <= b < len(right) for _a, b in places):
        raise Refused(_("The pairs can't be told: write each as left → right."))
    return [[left[int(a)], right[b]] for a, b in places]


def _paired_options(item: Item) -> list[Any]:
    """Options of a matching question that have both sides; an answer that counts them says that they stand in order."""
    options = _list_of(item, ("options", "items", "choices"))
    said = next((item[name] for name in RIGHT if item.get(name) not in (None, "", [])), None)
    in_order = said is None or said in [list(range(first, first + len(options))) for first in (0, 1)]
    are_pairs = kind_said(item) == "matching" and in_order and all(isinstance(one, dict) for one in options)
    return options if are_pairs and options and all(map(_sides, options)) else []


_LABELLED = re.compile(r"\s*[(（]?([A-Za-z]|\d{1,2})[)）]?\s*[.．、:：)）]\s*(?=\S)")
_PAIR = re.compile(r"\s*([A-Za-z]|\d{1,2})\s*(?:[-–—=:：→]|->)?\s*([A-Za-z]|\d{1,2})\s*(?:[,，;；、\s]|$)")


def _named_pairs(said: str, left: list[Any], right: list[Any]) -> list[Any]:
    """`A-2, B-1` between lists whose texts begin with those letters and numbers; none unless each left one is named."""
    sides = [
        {found.group(1): str(one)[found.end() :] for one in side if (found := _LABELLED.match(str(one)))}
        for side in (left, right)
    ]
    pairs = _PAIR.findall(said) if _PAIR.sub("", said) == "" else []
    is_whole = len(sides[0]) == len(left) == len(pairs) and len(sides[1]) == len(right)
    if not is_whole or {a for a, _b in pairs} != set(sides[0]) or not {b for _a, b in pairs} <= set(sides[1]):
        return []
    return [[sides[0][a], sides[1][b]] for a, b in pairs]


def _with_own_label(one: Any) -> Any:
    """`{"id": "a", "text": "cat"}` as `a. cat`."""
    is_labelled = isinstance(one, dict) and isinstance(one.get("text"), str) and isinstance(one.get("id"), str | int)
    return f"{one['id']}. {one['text']}" if is_labelled else one


def _list_of(item: Item, names: tuple[str, ...]) -> list[Any]:
    return next((item[name] for name in names if isinstance(item.get(name), list)), [])


_COLUMNS = (
    ("left", "leftColumn", "leftItems", "left_items", "columnA", "premises", "terms"),
    ("right", "rightColumn", "rightItems", "right_items", "columnB", "responses", "definitions"),
)


def _sides(pair: Any) -> tuple[str, str] | None:
    if isinstance(pair, list) and len(pair) == 2:
        return text_of_cell(pair[0]), text_of_cell(pair[1])
    if isinstance(pair, dict):
        for left, right in _SIDES:
            if left in pair and right in pair:
                return text_of_cell(pair[left]), text_of_cell(pair[right])
    return None
