"""Options in JSON that have names of their own, `{"id": 14813, "text": …}`, and answers that use those names."""

from __future__ import annotations

from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.json_banks.dialect_items import RIGHT, STEMS, Item, stem_of

_LISTS = (
    "options",
    "choices",
    "answers",
    "optionList",
    "optionsList",
    "option_list",
    "answerOptions",
    "opts",
    "items",
    "选项",
)
_IDS = (
    "id",
    "_id",
    "optionId",
    "option_id",
    "choiceId",
    "answerId",
    "answer_id",
    "uuid",
    "value",
    "key",
    "code",
    "name",
    "label",
    "序号",
)
RIGHT_IDS = (
    "correctOptionId", "correct_option_id", "correctOptionIds", "correct_option_ids", "rightOptionId", "answerId",
    "answer_id", "answerIds", "correctAnswerId", "correct_answer_id", "correctAnswerIds", "correctId", "correct_id",
    "correctIds", "correctChoiceId", "correctChoice", "rightId", "correctKey", "correct_key", "correctValue",
    "answerOptionId", "answerOptionIds", "answer_option_id", "answer_option_ids", "rightOptionIds", "right_option_id",
    "rightAnswerId", "rightAnswerIds", "correct_choice_id", "correctChoiceIds", "correct_choice_ids",
)  # fmt: skip


_LABELS = ("label", "序号")
"""What is printed before an option: where that is a number, an answer names it."""


def by_id(item: Item) -> Item | None:
    """The item with its right options flagged, where the answer names them by their ids; None for any other."""
    name = next((one for one in _LISTS if isinstance(item.get(one), list)), None)
    stem = stem_of(item)
    if name is None or stem is None or not all(isinstance(one, dict) for one in item[name]) or len(item[name]) < 2:
        return None
    keys = (*RIGHT_IDS, *RIGHT, "answers")
    key = next((one for one in keys if one in item and one != name and item[one] is not None), None)
    if key is None or isinstance(item[key], bool):
        return None
    named = [text_of_cell(one) for one in (item[key] if isinstance(item[key], list) else [item[key]])]
    options = item[name]
    of_options = next((one for one in _IDS if _are_names(options, one)), None)
    if of_options is None:
        return None
    ids = [text_of_cell(option[of_options]) for option in options]
    is_sure = key in RIGHT_IDS or not _could_count(ids) or (of_options in _LABELS and all(map(str.isdigit, ids)))
    if not named or len(set(ids)) < len(ids) or not set(named) <= set(ids) or not is_sure:
        return None
    flagged = [
        {**{one: value for one, value in option.items() if one != of_options}, "correct": id_ in named}
        for option, id_ in zip(options, ids, strict=True)
    ]
    rest = {one: value for one, value in item.items() if one not in {*STEMS, name, key}}
    return {"question": stem, **rest, "options": flagged}


def _are_names(options: list[Item], name: str) -> bool:
    """Whether all options have an id under a name, and a text beside it that is no letter of theirs."""
    if not all(_is_name(option.get(name)) for option in options):
        return False
    beside = [str(value) for option in options for one, value in option.items() if one != name and _is_text(value)]
    bare = [one.strip(" .、)") for one in beside]
    are_longer = all(len(str(option[name])) > 1 and not str(option[name]).isdigit() for option in options)
    are_numbers = are_longer and all(one.isdigit() for one in bare)
    return not beside or are_numbers or any(not (one.isascii() and len(one) == 1) for one in bare)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value) != ""


def _could_count(ids: list[str]) -> bool:
    """Whether ids are single letters or small numbers, which an answer may mean as the places of the options."""
    return all((len(one) == 1 and one.isalpha()) or (one.isdigit() and int(one) <= len(ids)) for one in ids)
