"""The lists of objects in the data of a file, and the fields of their objects, for somebody to tell what they hold.

A list is named by the keys that lead to it (`chapters/questions`; empty for the file's own), a field by the keys that
lead to it within an object (`content › title`), with `[]` behind a list of objects: `options[] › text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.json_banks.json_fields import texts_of
from question_bank.formats.json_banks.option_lists import FLAG_NAMES, LABEL_NAMES, TEXT_NAMES
from question_bank.formats.reading import Changes, Table
from question_bank.formats.sheets.columns import columns_of, kind_named, named_columns, role_of, roles_of
from question_bank.formats.sheets.sheet_heads import LONGEST_CODE, MOST_CODES

DEEPEST = 30
STEP = " › "
EACH = "[]"
LOOKED_AT = 300
"""Objects of a list whose fields are looked at."""
MOST_LISTS = 20
LONGEST_SAMPLE = 80
"""Characters."""
_DEEPEST_FIELD = 3


def below(name: str, key: str) -> str:
    """The name of the list under a key."""
    return f"{name}/{key}" if name else key


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
    """The names of an object's fields, and what they hold."""
    if isinstance(item, list):
        item = {str(n): value for n, value in enumerate(item, 1)}
    if isinstance(item, dict):
        yield from _fields_of(item, "", 1)


def _fields_of(item: Mapping[str, Any], above: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in item.items():
        name = f"{above}{key}"
        inside = _objects_in(value)
        if inside:
            if are_options(inside):
                keys = dict.fromkeys(str(one) for item_ in inside for one in item_)
                yield from ((f"{name}{EACH}{STEP}{one}", [item_.get(one) for item_ in inside]) for one in keys)
        elif isinstance(value, dict) and depth < _DEEPEST_FIELD and not _is_by_letter(value):
            yield from _fields_of(value, f"{name}{STEP}", depth + 1)
        else:
            yield name, value


def value_at(item: Any, field: str) -> Any:
    """What a field of an object holds; of a list of objects what each of them does. None where there is no such."""
    return dict(fields_of(item)).get(field)


def _objects_in(value: Any) -> list[dict[str, Any]]:
    items = items_in(value) or []
    return items if all(isinstance(one, dict) for one in items) else []


def _is_by_letter(value: Mapping[str, Any]) -> bool:
    """Whether an object has texts by letters or numbers, as options are: one field."""
    return bool(value) and all(len(str(key)) < 3 and not isinstance(one, dict | list) for key, one in value.items())


def are_options(items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the objects of a list within a question could be its options: none has anything inside."""
    return all(not isinstance(value, dict | list) for item in items for value in item.values())


def _are_questions(items: Iterable[Any]) -> bool:
    """Whether the objects of a list within another could be questions: they have something inside, or much to say."""
    return any(
        isinstance(item, dict)
        and (
            len(item) > 3
            or any(isinstance(value, dict | list) and value for value in item.values())
            or columns_of([str(name) for name in item]) is not None
        )
        for item in items
    )


def lists_of(found: Any, changes: Changes) -> list[Table]:
    """The lists of objects that may be questions, what their fields hold, and what they were told to hold."""
    lists: dict[str, list[Any]] = {}
    _gather(found, "", lists, 0)
    tables = [_table(name, items, changes) for name, items in lists.items()]
    return [table for table in tables if table.heads][:MOST_LISTS]


def _gather(found: Any, name: str, lists: dict[str, list[Any]], depth: int) -> None:
    if depth > DEEPEST or not isinstance(found, dict | list):
        return
    items = items_in(found)
    if items is None:
        inside = found.items() if isinstance(found, dict) else ()
        for key, value in inside:
            _gather(value, below(name, str(key)), lists, depth + 1)
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
    for key, value in item.items() if isinstance(item, dict) else ():
        inside = items_in(value)
        if inside is None and isinstance(value, dict):
            _gather_within(value, below(name, str(key)), lists, depth + 1)
        elif inside is not None and _are_questions(inside):
            _gather(value, below(name, str(key)), lists, depth + 1)


def _table(name: str, items: list[Any], changes: Changes) -> Table:
    samples: dict[str, str] = {}
    values: dict[str, list[str]] = {}
    for item in items:
        for field, value in fields_of(item):
            if not samples.get(field):
                samples[field] = sample(value)
            if isinstance(value, str | int) and len(values.setdefault(field, [])) < LOOKED_AT:
                values[field].append(text_of_cell(value))
    heads = tuple(samples)
    told = changes.fields.get(name)
    by_head = _suggested(heads) if told is None else told
    roles = {at: by_head[head] for at, head in enumerate(heads) if by_head.get(head)}
    codes = [one for head, role in by_head.items() if role == "kind" for one in values.get(head, [])]
    means = changes.kinds.get(name, {})
    unknown = [
        one
        for one in dict.fromkeys(codes)
        if 0 < len(one) <= LONGEST_CODE and (one in means or kind_named(one) is None)
    ]
    kinds = {one: means.get(one, "") for one in unknown[:MOST_CODES]}
    return Table(name, heads, roles, tuple(samples.values()), kinds, is_told=told is not None)


def sample(value: Any) -> str:
    """The beginning of what a field holds, to tell it by."""
    text = (
        " | ".join(text_of_cell(one) for one in value if not isinstance(one, dict | list))
        if (isinstance(value, list))
        else texts_of(value)
    )
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SAMPLE else f"{text[:LONGEST_SAMPLE]}…"


def _suggested(heads: tuple[str, ...]) -> dict[str, str]:
    """What the names of fields say that they hold, as far as they are known."""
    plain = [head for head in heads if STEP not in head]
    found = {plain[at]: role for at, role in roles_of(named_columns(plain)).items() if not role.startswith("flag:")}
    for head in heads:
        above, _step, last = head.rpartition(STEP)
        if not above:
            continue
        if above.endswith(EACH):
            role = "flag" if last in FLAG_NAMES else "options" if last in TEXT_NAMES else ""
            role = role or ("label" if last in LABEL_NAMES else "")
        else:
            role = role_of(last)
        if role and (role not in found.values() or role == "blank"):
            found[head] = role
    return found
