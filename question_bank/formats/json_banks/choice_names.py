"""What the types of a JSON file mean: `multiple_choice` in English, and types that are names of something else."""

from __future__ import annotations

import re

from question_bank.formats.fields.vocabulary import KINDS_OF_MEDICINE
from question_bank.formats.json_banks.dialect_items import INDEX, Item
from question_bank.formats.json_banks.recognising import answer_in_item, is_answered
from question_bank.formats.sheets.columns import as_choices, columns_of, kind_named

_CODE = re.compile(r"[A-Za-z]{0,2}[-_]?\d{1,3}|[A-Za-z]")
"""`K1`: a type that says nothing but to the program that wrote it."""


def name_choices(items: list[Item]) -> None:
    """Let `multiple_choice` mean what it means in this file (see `as_choices`).

    Where the types of all questions are names of something else, they say what the questions are about.
    """
    _part_single(items)
    named = [(item, key) for item in items if (key := key_of_kind(item)) and isinstance(item[key], str) and item[key]]
    types = [item[key] for item, key in named]
    means = as_choices(types)
    if named and not any(kind_named(one) or one.isdigit() or one in KINDS_OF_MEDICINE for one in types):
        for item, key in named:
            if is_answered(item) or item.get("options"):
                if not _CODE.fullmatch(item[key]):
                    item.setdefault("category", item[key])
                item[key] = ""
        return
    for item, key in named:
        item[key] = means.get(item[key], item[key])


def key_of_kind(item: Item) -> str | None:
    columns = columns_of([str(name) for name in item])
    at = columns.fields.get("kind") if columns else None
    return list(item)[at] if at is not None else None


def kind_in(item: Item) -> str:
    """What an object says that its kind is."""
    key = key_of_kind(item)
    return str(item[key]) if key else ""


def _part_single(items: list[Item]) -> None:
    """Let `multiple` be a choice with one right answer where `multi` has lists of them, and it never does."""
    answers: dict[str, list[bool]] = {}
    for item in items:
        if (said := kind_in(item)) and kind_named(said) == "multiple_choice":
            answers.setdefault(said, []).append(isinstance(item.get(INDEX, answer_in_item(item)), list))
    if not any(all(are_lists) for are_lists in answers.values()):
        return
    single = {said for said, are_lists in answers.items() if not any(are_lists)}
    for item in items:
        key = key_of_kind(item)
        if key and item[key] in single:
            item[key] = "choice"
