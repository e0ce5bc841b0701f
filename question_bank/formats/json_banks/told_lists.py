"""The lists of objects in the data of a file, for somebody to tell what the fields of their objects hold.

A list is named by the keys that lead to it (`chapters/questions`; empty for the file's own). Where an object has
nothing but lists that are alike, a chapter under each key, they are one: `chapters/*`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.json_banks.json_fields import texts_of
from question_bank.formats.json_banks.option_lists import FLAG_NAMES, LABEL_NAMES, TEXT_NAMES
from question_bank.formats.json_banks.told_fields import EACH, STEP, fields_of, is_by_letter, items_in
from question_bank.formats.reading import Changes, Table
from question_bank.formats.sheets.columns import columns_of, kind_named, named_columns, role_of, roles_of
from question_bank.formats.sheets.sheet_heads import LONGEST_CODE, MOST_CODES

DEEPEST = 30
EVERY = "*"
LOOKED_AT = 20_000
"""Objects of a list whose fields are looked at: codes of kinds often come one after the other."""
MOST_LISTS = 20
MOST_FIELDS = 200
"""Fields of a list that are listed."""
LONGEST_SAMPLE = 80
"""Characters."""
_MOST_KEYS = 12
"""Keys of an object within a question, from which on they are ids, if they are others in each."""


def below(name: str, key: str) -> str:
    """The name of the list under a key."""
    return f"{name}/{key}" if name else key


def steps_in(found: Mapping[str, Any]) -> dict[str, str]:
    """By its keys, under what an object has its lists: the key, or `*` where all of them are alike."""
    inside = [value for value in found.values() if isinstance(value, dict | list)]
    lists = [one for one in inside if isinstance(one, list)]
    if len(lists) == len(inside) > 1:
        first, *others = map(_names_in, lists)
        if first and all(4 * len(first & one) >= 3 * max(len(first), len(one)) for one in others):
            return dict.fromkeys(found, EVERY)
    return {key: str(key) for key in found}


def _names_in(items: list[Any]) -> set[str]:
    return {name for one in islice(items, MOST_LISTS) if isinstance(one, dict) for name in one}


_ASKS = re.compile(r"[?？]\s*$|_{3}|[（(]\s*[）)]")


def _are_questions(items: Iterable[Any]) -> bool:
    """Whether the objects of a list within another could be questions: they have something inside, much to say, or
    ask something."""
    return any(
        isinstance(item, dict)
        and (
            len(item) > 3
            or any(isinstance(value, dict | list) and value for value in item.values())
            or any(isinstance(value, str) and _ASKS.search(value[-1000:]) for value in item.values())
            or columns_of([str(name) for name in item]) is not None
        )
        for item in items
    )


def lists_of(found: Any, changes: Changes) -> list[Table]:
    """The lists of objects that may be questions, what their fields hold, and what they were told to hold."""
    lists: dict[str, list[Any]] = {}
    _gather(found, "", lists, 0)
    tables = (_table(name, items, changes) for name, items in lists.items())
    return list(islice((table for table in tables if table.heads), MOST_LISTS))


def _gather(found: Any, name: str, lists: dict[str, list[Any]], depth: int) -> None:
    if depth > DEEPEST or not isinstance(found, dict | list):
        return
    items = items_in(found)
    if items is None:
        if isinstance(found, dict):
            steps = steps_in(found)
            for key, value in found.items():
                _gather(value, below(name, steps[key]), lists, depth + 1)
        return
    kept = lists.setdefault(name, [])
    for item in items:
        if len(kept) == LOOKED_AT:
            return
        if isinstance(item, list) and any(isinstance(one, dict) for one in item):
            _gather(item, name, lists, depth + 1)
        elif isinstance(item, dict | list):
            kept.append(item)
            _gather_within(item, name, lists, depth)


def _gather_within(item: Any, name: str, lists: dict[str, list[Any]], depth: int) -> None:
    """The lists within an object of a list, without those that can only be the options of a question."""
    steps = steps_in(item) if isinstance(item, dict) else {}
    for key, step in steps.items():
        value = item[key]
        inside = items_in(value)
        if inside is None and isinstance(value, dict) and depth < DEEPEST:
            _gather_within(value, below(name, step), lists, depth + 1)
        elif inside is not None and _are_questions(inside):
            _gather(value, below(name, step), lists, depth + 1)


class _Fields:
    """The fields of the objects of a list: the first that each holds, and what could be codes of kinds."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.samples: dict[str, str] = {}
        self.codes: dict[str, dict[str, None]] = {}
        self._objects: dict[str, _Objects] = {}
        self._whole: tuple[str, ...] = ()
        for item in items:
            for name, value in fields_of(item):
                self._take(name, value)
        for name, found in self._objects.items():
            if found.have_ids:
                self._keep_whole(name)
            elif f"{name}{STEP}" not in self._whole:
                self.samples.pop(name, None)

    def _take(self, name: str, value: Any) -> None:
        if name.startswith(self._whole) or (name not in self.samples and len(self.samples) >= MOST_FIELDS):
            return
        if not self.samples.get(name):
            self.samples[name] = sample(value)
        if isinstance(value, str | int) and len(code := text_of_cell(value)) <= LONGEST_CODE:
            codes = self.codes.setdefault(name, {})
            if code and len(codes) < MOST_FIELDS:
                codes[code] = None
        elif isinstance(value, dict) and value and not is_by_letter(value):
            found = self._objects.setdefault(name, _Objects())
            found.take(value)
            if found.have_ids and len(found.keys) > _MOST_KEYS:
                self._keep_whole(name)

    def _keep_whole(self, name: str) -> None:
        """One field for an object inside, instead of one for each of its keys."""
        if f"{name}{STEP}" not in self._whole:
            self._whole += (f"{name}{STEP}",)
            self.samples = {head: one for head, one in self.samples.items() if not head.startswith(self._whole)}


@dataclass
class _Objects:
    """What stands under a field that holds an object: the keys of all of them, and how many the longest has."""

    keys: set[str] = field(default_factory=set)
    longest: int = 0
    count: int = 0

    def take(self, value: Mapping[str, Any]) -> None:
        self.keys.update(islice(value, MOST_FIELDS))
        self.longest, self.count = max(self.longest, len(value)), self.count + 1

    @property
    def have_ids(self) -> bool:
        """Whether the keys are others in each: ids of options, and no names of fields."""
        return self.count > 1 and len(self.keys) >= 2 * self.longest


def _table(name: str, items: list[Any], changes: Changes) -> Table:
    fields = _Fields(items)
    heads = tuple(fields.samples)
    told = changes.fields.get(name)
    by_head = _suggested(heads) if told is None else told
    roles = {at: by_head[head] for at, head in enumerate(heads) if by_head.get(head)}
    codes = dict.fromkeys(one for head, role in by_head.items() if role == "kind" for one in fields.codes.get(head, ()))
    means = changes.kinds.get(name, {})
    unknown = [one for one in codes if one in means or kind_named(one) is None]
    kinds = {one: means.get(one, "") for one in unknown[:MOST_CODES]}
    return Table(name, heads, roles, tuple(fields.samples.values()), kinds, is_told=told is not None)


def sample(value: Any) -> str:
    """The beginning of what a field holds, to tell it by."""
    parts = value if isinstance(value, list) else [value]
    text = " | ".join(texts_of(one) for one in islice(parts, LONGEST_SAMPLE))
    text = " ".join(text[: 20 * LONGEST_SAMPLE].split())
    return text if len(text) <= LONGEST_SAMPLE else f"{text[:LONGEST_SAMPLE]}…"


def _suggested(heads: tuple[str, ...]) -> dict[str, str]:
    """What the names of fields say that they hold, as far as they are known."""
    plain = [head for head in heads if STEP not in head and EACH not in head]
    found = {plain[at]: role for at, role in roles_of(named_columns(plain)).items() if not role.startswith("flag:")}
    for head in heads:
        above, _step, last = head.rpartition(STEP)
        if head.endswith(EACH):
            role = "label"
        elif not above:
            continue
        elif above.endswith(EACH):
            role = "flag" if last in FLAG_NAMES else "options" if last in TEXT_NAMES else ""
            role = role or ("label" if last in LABEL_NAMES else "")
        else:
            role = role_of(last)
        if role and (role not in found.values() or role == "blank"):
            found[head] = role
    return found
