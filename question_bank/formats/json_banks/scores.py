"""Scores beside the options of a JSON file: they tell what is right, or are steps of a scale: never 0, always 3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from learnhub.kernel.words import _
from question_bank.formats.json_banks.dialect_items import Item
from question_bank.formats.json_banks.option_lists import FLAG_NAMES, SCORES
from question_bank.formats.reading import Reading
from question_bank.formats.sheets.columns import columns_of


def settle_scores(reading: Reading, items: Sequence[Item]) -> None:
    """Drop the scores of a file in which some options without an answer make a scale; say it where they are keys."""
    scored = [(item, key) for item in items if (key := _key_of_scored(item))]
    if any(_is_scale(item[key]) for item, key in scored):
        for item, key in scored:
            item[key] = [{name: one[name] for name in one if name not in SCORES} for one in item[key]]
    elif any(len(_scores_of(item[key])) == 1 for item, key in scored):
        reading.warnings.append(_("The only option with a score was taken for the right one. Please check."))


def _key_of_scored(item: Item) -> str | None:
    """Under what an item without any answer has a list of options with scores."""
    columns = columns_of([str(name) for name in item])
    at = columns.fields.get("options") if columns else None
    if columns is None or at is None:
        return None
    key, values = list(item)[at], list(item.values())
    is_answered = "answer" in columns.fields and values[columns.fields["answer"]] not in (None, "", [])
    return key if not is_answered and _are_scored(item[key]) else None


def _are_scored(options: Any) -> bool:
    return (
        isinstance(options, list)
        and len(options) > 1
        and all(isinstance(one, dict) and not one.keys() & {*FLAG_NAMES} for one in options)
        and any(_scores_of(options))
    )


def _scores_of(options: Sequence[Item]) -> list[float]:
    """What each option that scores anything does."""
    found = [next((one[name] for name in SCORES if name in one), 0) for one in options]
    return [float(one) for one in found if type(one) in {int, float} and one]


def _is_scale(options: Sequence[Item]) -> bool:
    return len(set(_scores_of(options))) > 1
