"""Fields of a question in JSON as the texts that they hold, however they are written there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.fields.option_labels import without_labels
from question_bank.formats.json_banks.option_lists import flags_of_json, options_of_json
from question_bank.formats.papers.shapes import answer_of
from question_bank.formats.sheets.cells import options_in_one_cell
from question_bank.formats.sheets.columns import Columns


def named_option(columns: Columns, names: Sequence[str], answer: Any) -> Any:
    """The answer; its letter where it is the name of the field in which an option stands: `"answer_4"`."""
    letters = {names[at]: letter for letter, at in columns.options.items()}
    return letters.get(answer, answer) if isinstance(answer, str) and len(answer) > 1 else answer


def settled(said: Any, second: Any, options: Any) -> Any:
    """An answer that counts the options from nobody knows where; the letter of a second one that agrees with it.

    The second is a letter, or the text of an option.
    """
    texts = list(options_of_json(options).values()) if type(said) is int and isinstance(second, str) else []
    if texts.count(second) == 1 and texts.index(second) in (said, said - 1):
        return chr(65 + texts.index(second))
    also = answer_of(second) if type(said) is int and isinstance(second, str) else None
    letter = re.match(r"[A-H](?![A-Za-z])", also.text) if also else None
    return also.text if also and letter and ord(letter.group()) - 65 in (said, said - 1) else said


def texts_of(found: Any) -> str:
    """The texts in a value, one below the other: some programs part an explanation into points and words."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        return "\n".join(filter(None, map(texts_of, found)))
    return text_of_cell(found)


def hints_in(found: Any) -> list[str]:
    """The hints in a value: a list of them, or one."""
    return [text for one in (found if isinstance(found, list) else [found]) if (text := texts_of(one))]


def tag_of(found: Any) -> str:
    """A tag, written as a text or as an object with its name."""
    return text_of_cell(found.get("name")) if isinstance(found, dict) else str(found)


def options_in(columns: Columns, values: list[Any], packed: Any) -> tuple[dict[str, str], list[str]]:
    """The options by letter and the letters of those flagged as right, in fields of their own or packed in one."""
    options = {letter: text_of_cell(values[at]) for letter, at in sorted(columns.options.items())}
    options = without_labels({letter: text for letter, text in options.items() if text})
    flags = [letter for letter, at in columns.flags.items() if values[at] in (True, 1, "1", "true")]
    if not options and packed:
        if isinstance(packed, str):
            return options_in_one_cell(packed), flags
        return options_of_json(packed), flags or flags_of_json(packed)
    return options, flags
