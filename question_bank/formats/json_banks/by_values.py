"""JSON of programs that nobody knows: what its fields are follows from what they hold, in all records of a list.

A field is taken only where no other one could be it, and where what it holds agrees in every record: the answer names
some of the options, the question is another text each time. Anything less is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import folded, text_of_cell
from question_bank.formats.fields.answers import letters_in
from question_bank.formats.json_banks.dialect_items import Item
from question_bank.formats.json_banks.option_lists import FLAG_NAMES, flags_of_json, options_of_json
from question_bank.formats.json_banks.unnamed import could_be_options
from question_bank.formats.sheets.columns import Columns, kind_named, named_columns, role_of

TOLD = "\0told"
"""Under this key a record carries the names of the fields that were told by what they hold: no file has it."""
SHORTEST_STEM = 5
"""Characters of a text that can be a question."""
_OF_SOMEBODY = re.compile(
    "user|my|your|student|given|wrong|chosen|select|default|level|grade|我的|学生|用户|难度|等级", re.I
)
_POINTS = re.compile(r"https?://|^[\w./-]+\.(?:png|jpe?g|gif|mp3|mp4|webp|svg)$|^\d[\d:T. /-]*$", re.IGNORECASE)


def told_by_values(records: Sequence[Any]) -> list[Item] | None:
    """The records of a list under names that are known; None where they can't be told for certain."""
    items = [one for one in records if isinstance(one, dict)]
    if len(items) < 2 or len(items) < len(records):
        return None
    shared = [name for name in items[0] if all(name in item for item in items)]
    known = named_columns([str(name) for name in shared])
    claimed = {shared[at] for role, at in known.fields.items() if role not in {"stem", "options", "answer"}}
    free = [name for name in shared if name not in claimed and not _OF_SOMEBODY.search(str(name))]
    options = _options(items, free, known, shared)
    answer = _answer(items, [name for name in free if name != options], options, known, shared)
    stem = _stem(items, [name for name in free if name not in (options, answer)], known, shared)
    if stem is None or answer is None or options is None:
        return None
    names = {stem: "question", answer: "answer", options: "options"}
    told = ", ".join(name for name, role in names.items() if name != role)
    return [_renamed(item, names) | {TOLD: told} for item in items]


def _renamed(item: Item, names: dict[str, str]) -> Item:
    return {names.get(name, name): value for name, value in item.items()}


def _known(role: str, known: Columns, shared: Sequence[str]) -> str | None:
    return shared[known.fields[role]] if role in known.fields else None


def _options(items: list[Item], free: list[str], known: Columns, shared: list[str]) -> str | None:
    if said := _known("options", known, shared):
        return said
    found = [name for name in free if all(could_be_options(name, item[name]) for item in items)]
    return found[0] if len(found) == 1 and not known.options else None


def _answer(items: list[Item], free: list[str], options: str | None, known: Columns, shared: list[str]) -> str | None:
    if said := _known("answer", known, shared):
        return said
    names = [name for name in free if len({str(item[name]) for item in items}) > 1]
    found = [name for name in names if options and all(_names(item[name], item[options]) for item in items)]
    return found[0] if len(found) == 1 else None


def _names(value: Any, options: Any) -> bool:
    """Whether a value names some of the options, by their letters or texts."""
    texts = options_of_json(options)
    said = [text_of_cell(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    if not said or len(texts) < 2:
        return False
    by_text = {*map(folded, said)} <= {*map(folded, texts.values())}
    letters = [letters_in(one) for one in said]
    return by_text or all(one is not None and set(one) <= set(texts) for one in letters)


def _stem(items: list[Item], free: list[str], known: Columns, shared: list[str]) -> str | None:
    if said := _known("stem", known, shared):
        return said
    found = [name for name in free if _are_stems([item[name] for item in items])]
    asks = [item for item in items if len(found) == 1 and ASKS.search(item[found[0]])]
    return found[0] if 2 * len(asks) >= len(items) else None


def _are_stems(values: Sequence[Any]) -> bool:
    texts = [one.strip() for one in values if isinstance(one, str)]
    if len(texts) < len(values) or len(set(texts)) < len(texts):
        return False
    return all(len(text) >= SHORTEST_STEM and not _POINTS.search(text) for text in texts)


ASKS = re.compile(
    r"[?？]|[(（【][\s\u3000]*[)）】]|_{2,}|[:：]\s*$|哪|什么|多少|怎样|如何|下列|以下|(?:的|有|是|为|包括|属于)[。]?\s*$"
)
"""What a text has that asks: names of things, which are in lists with options as well, have nothing of it."""
_PAIRS = ({"1", "0"}, {"true", "false"}, {"y", "n"}, {"yes", "no"}, {"是", "否"}, {"对", "错"}, {"t", "f"})
_CHOICES = {"choice", "single_choice", "multiple_choice"}
_YES = {"1", "true", "y", "yes", "是", "对", "t"}


def flag_by_values(items: Sequence[Item]) -> str:
    """Flag the options that a name of their own says to be right; that name, or nothing where there is none.

    It has to say so in all choices of a file, of each at least one option and not all, of single choices one alone, and
    not the same one each time. Where all questions have the same options, they are a scale that counts.
    """
    asked = [item for item in map(_with_options_named, items) if _is_unanswered(item)]
    lists = [item["options"] for item in asked]
    if len({frozenset(options_of_json(one).values()) for one in lists}) < 2:
        return ""
    shared = set(lists[0][0]).intersection(*(option for options in lists for option in options))
    names = [name for name in shared if name not in FLAG_NAMES and _says(asked, name)]
    if len(names) != 1:
        return ""
    for item in asked:
        item["options"] = [
            {**{key: value for key, value in one.items() if key != names[0]}, "correct": _is_yes(one[names[0]])}
            for one in item["options"]
        ]
    return str(names[0])


def _with_options_named(item: Item) -> Item:
    """The item itself, its list of options under that name."""
    named = [name for name, value in item.items() if isinstance(value, list) and role_of(str(name)) == "options"]
    if len(named) == 1 and "options" not in item:
        item["options"] = item.pop(named[0])
    return item


def _is_unanswered(item: Item) -> bool:
    options = item.get("options")
    if not isinstance(options, list) or len(options) < 2 or not all(isinstance(one, dict) for one in options):
        return False
    if (said := _kind_of(item)) and not said.isdigit() and kind_named(said) not in _CHOICES:
        return False
    known = named_columns([str(name) for name in item])
    at = known.fields.get("answer")
    return (
        "stem" in known.fields
        and (at is None or list(item.values())[at] in (None, "", []))
        and not flags_of_json(options)
    )


def _says(items: Sequence[Item], name: str) -> bool:
    places = []
    for item in items:
        said = [str(one[name]).strip().casefold() for one in item["options"]]
        if set(said) not in _PAIRS:
            return False
        right = [n for n, one in enumerate(said) if one in _YES]
        if kind_named(_kind_of(item)) == "single_choice" and len(right) != 1:
            return False
        places.append(right)
    return any(one != places[0] for one in places)


def _is_yes(value: Any) -> bool:
    return str(value).strip().casefold() in _YES


def _kind_of(item: Item) -> str:
    at = named_columns([str(name) for name in item]).fields.get("kind")
    return str(list(item.values())[at]) if at is not None else ""
