"""Which objects of JSON are questions, and those whose parts stand one level below, on one level."""

from __future__ import annotations

import json
from typing import Any

from question_bank.formats.json_banks.dialect_items import RIGHT, STEMS, Item, text_within
from question_bank.formats.json_banks.option_lists import options_of_json
from question_bank.formats.sheets.columns import columns_of, named_columns, role_of

CHILDREN = ("questions", "subquestions", "sub_questions", "children", "items", "sections", "chapters", "list", "data")


def is_question(found: dict[str, Any]) -> bool:
    columns = columns_of([str(name) for name in found])
    if columns is None:
        return False
    stem = list(found.values())[columns.fields["stem"]]
    return isinstance(stem, str | int | float) and not _holds_questions(found)


def _holds_questions(found: Item) -> bool:
    """Whether a list of questions stands in an object, or one level below it."""
    inside = [one for value in found.values() if isinstance(value, dict) for one in value.items()]
    return any(
        isinstance(value, list) and value and str(name).casefold() in CHILDREN and _is_or_holds(value[0])
        for name, value in [*found.items(), *inside]
    )


def _is_or_holds(found: Any) -> bool:
    """Whether an object of a list could be a question, or a part with some."""
    if not isinstance(found, dict):
        return False
    return columns_of([str(name) for name in found]) is not None or any(isinstance(one, list) for one in found.values())


def lifted(found: Item) -> Item:
    """`{"type": …, "content": {"stem": …, "options": …}, "answer": {"correct": …}}` with all that on one level.

    So with any object inside that holds just what the question lacks; what stands outside goes first.
    """
    content = found.get("content")
    if isinstance(content, dict) and is_question(content) and not is_question(found):
        answer = found.get("answer")
        if isinstance(answer, dict) and len(answer) == 1:
            found = {**found, "answer": next(iter(answer.values()))}
        return {**{name: value for name, value in found.items() if name != "content"}, **content}
    if is_answered(found):
        return _with_inner_options(found)
    for name, inside in found.items():
        if isinstance(inside, dict) and not is_question(inside):
            outside = {one: value for one, value in found.items() if one != name}
            whole = {**{one: value for one, value in inside.items() if one not in outside}, **outside}
            if is_answered(whole):
                return whole
    return found


def _with_inner_options(found: Item) -> Item:
    """`{"stem": …, "answer": ["0"], "metas": {"choices": […]}}` with the options beside the answer."""
    if any(role_of(str(name)) == "options" for name in found) or named_columns([*map(str, found)]).options:
        return found
    lists = [
        one
        for inside in found.values()
        if isinstance(inside, dict)
        for name, one in inside.items()
        if role_of(str(name)) == "options" and len(options_of_json(one)) > 1
    ]
    return {**found, "options": lists[0]} if len(lists) == 1 else found


LONGEST_PACKED = 100_000
"""Characters of a text that may hold an object."""


def unpacked(found: Item) -> Item:
    """`{"question_type": …, "content_json": "{\\"questionText\\": …}"}` with what the text holds on the same level.

    So do tables of a database that keep a question in one cell; what stands outside goes first.
    """
    if is_question(found):
        return found
    for name, value in found.items():
        if not isinstance(value, str) or not value.lstrip().startswith("{") or len(value) > LONGEST_PACKED:
            continue
        try:
            inside = json.loads(value)
        except (ValueError, RecursionError):
            continue
        outside = {one: it for one, it in found.items() if one != name}
        whole = {**{one: it for one, it in inside.items() if one not in outside}, **outside}
        if is_question(inside) or is_answered(whole):
            return whole
    return found


def is_answered(found: Item) -> bool:
    answer = answer_in_item(found) if is_question(found) else None
    return answer not in (None, "", []) and not isinstance(answer, dict)


def answer_in_item(found: Item) -> Any:
    """What stands under the name of the answer."""
    at = named_columns([str(name) for name in found]).fields.get("answer")
    return None if at is None else list(found.values())[at]


def without_empty(found: Item) -> Item:
    """The object with the texts of objects that hold nothing else, and without empty answers beside a full one."""
    found = {
        name: text_within(value) or value if isinstance(value, dict) else value
        for name, value in found.items()
        if not _counts_none(str(name), value)
    }
    if any(isinstance(found.get(name), list) for name in ("options", "choices", "选项")):
        found = {name: _one_text(value) if name in STEMS else value for name, value in found.items()}
    full = any(name in RIGHT and value not in (None, "", []) for name, value in found.items())
    return {name: value for name, value in found.items() if not (full and value in (None, "", []) and _answers(name))}


def _counts_none(name: str, value: Any) -> bool:
    """`"answerIndex": -1` of a question without options."""
    return type(value) is int and value < 0 and "index" in name.casefold() and role_of(name) == "answer"


def _answers(name: Any) -> bool:
    return name in RIGHT or role_of(str(name)) == "answer"


def _one_text(value: Any) -> Any:
    """The lines of a question as one text; anything else as it is."""
    is_of_lines = isinstance(value, list) and value and all(isinstance(one, str) for one in value)
    return "\n".join(value) if is_of_lines else value
