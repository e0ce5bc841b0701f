"""How the answers of a JSON file count the options: from 0, from 1, by the options' own numbers, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import truth
from question_bank.formats.json_banks.accepted import of_each_blank, texts_of_objects, without_paragraph
from question_bank.formats.json_banks.dialect_items import INDEX, Item
from question_bank.formats.json_banks.option_lists import options_of_json
from question_bank.formats.sheets.columns import Columns, columns_of

BOTH = 2
SURE = 2
"""Answers that can be nothing but places before the others of a file, which could be texts as well, are such too."""


def first_index(items: Sequence[Item]) -> int | None:
    """0 or 1: how the file counts options where answers are whole numbers; None when it can't be told."""
    bases: set[int] = set()
    for item in items:
        columns = columns_of([str(name) for name in item])
        if columns is None or "options" not in columns.fields:
            continue
        options = list(item.values())[columns.fields["options"]]
        answer = (
            item[INDEX]
            if INDEX in item
            else list(item.values())[columns.fields["answer"]]
            if "answer" in columns.fields
            else None
        )
        if not isinstance(options, list) or len(options) < 2 or _are_flags(answer, options):
            continue
        for place in _places_in(answer, options):
            if place == 0:
                bases.add(0)
            elif place == len(options):
                bases.add(1)
    return bases.pop() if len(bases) == 1 else None


def are_verdicts(item: Item) -> bool:
    """Whether the options of a question are true and false: 0 and 1 may be verdicts then, and count nothing."""
    columns = columns_of([str(name) for name in item])
    at = columns.fields.get("options") if columns else None
    texts = [] if at is None else list(options_of_json(list(item.values())[at]).values())
    return len(texts) == BOTH and sorted(map(str, map(truth, texts))) == ["False", "True"]


def _places_in(answer: Any, options: list[Any]) -> list[int]:
    """The numbers of an answer that count the options; of several whole numbers all do, where one of them has to."""
    numbers = answer if isinstance(answer, list) else [answer]
    places = [place for one in numbers if (place := _counts(one, options)) is not None]
    are_whole = len(set(map(str, numbers))) == len(numbers) > 1 and all(type(one) is int for one in numbers)
    return list(numbers) if places and are_whole else places


def take_for_numbers(items: Sequence[Item]) -> None:
    """Make numbers of answers in digits where all answers of choices are such, and one at least is no option's text.

    Then each counts the options, also one that is the text of an option by chance.
    """
    asked: list[tuple[Item, str]] = []
    are_sure = False
    for item in items:
        columns = columns_of([str(name) for name in item])
        if columns is None or not {"options", "answer"} <= set(columns.fields):
            continue
        options, key = list(item.values())[columns.fields["options"]], list(item)[columns.fields["answer"]]
        if not isinstance(options, list) or len(options) < 2:
            continue
        if not isinstance(item[key], str) or not re.fullmatch("[0-9]{1,2}", item[key]):
            return
        asked.append((item, key))
        are_sure = are_sure or _counts(item[key], options) is not None
    for item, key in asked if are_sure else []:
        item[key] = int(item[key])


def take_numbers_for_places(items: Sequence[Item], base: int | None) -> None:
    """Make letters of whole numbers that are the text of an option too, where all answers of a file count the options.

    Two at least have to count for certain, and as many as do not; one answer of another sort leaves all as they are.
    """
    doubtful: list[tuple[Item, str, int]] = []
    sure = 0
    for item in items if base is not None else ():
        columns = columns_of([str(name) for name in item])
        if columns is None or not {"options", "answer"} <= set(columns.fields):
            continue
        options, key = list(item.values())[columns.fields["options"]], list(item)[columns.fields["answer"]]
        numbers = item[key] if isinstance(item[key], list) else [item[key]]
        if not isinstance(options, list) or len(options) < 2 or isinstance(item[key], bool):
            continue
        if not all(type(one) is int and 0 <= one - (base or 0) < len(options) for one in numbers):
            return
        if all(_counts(one, options) is not None for one in numbers):
            sure += 1
        elif len(numbers) == 1:
            doubtful.append((item, key, numbers[0] - (base or 0)))
    for item, key, place in doubtful if sure >= max(SURE, len(doubtful)) else ():
        item[key] = chr(65 + place)


def take_texts_for_texts(items: Sequence[Item]) -> None:
    """Make letters of digits that are the text of an option, where every answer of the file is such a text.

    Options stand in fields called by numbers, `option1` …, which digits could count as well; two answers at least, and
    as many as the doubtful, have to be no such number.
    """
    doubtful: list[tuple[Item, str, str]] = []
    sure = 0
    for item in items:
        columns = columns_of([str(name) for name in item])
        if columns is None or not columns.numbered or len(columns.options) < 2 or "answer" not in columns.fields:
            continue
        values, key = list(item.values()), list(item)[columns.fields["answer"]]
        said = text_of_cell(item[key])
        named = [letter for letter, at in columns.options.items() if text_of_cell(values[at]) == said]
        if len(named) != 1:
            return
        if re.fullmatch("[0-9]{1,2}", said) and int(said) <= len(columns.options):
            doubtful.append((item, key, named[0]))
        else:
            sure += 1
    for item, key, letter in doubtful if sure >= max(SURE, len(doubtful)) else ():
        item[key] = letter


SURE_LETTERS = "\0letters"
"""Where a question holds the letters of its right options, that are no texts of others for certain."""


def take_letters_for_letters(items: Sequence[Item]) -> None:
    """Note that a letter which is the text of another option too is a letter, where all answers of a file are such.

    Two at least have to be the text of no option, and as many as are.
    """
    doubtful: list[tuple[Item, list[str]]] = []
    sure = 0
    for item in items:
        columns = columns_of([str(name) for name in item])
        if columns is None or "answer" not in columns.fields:
            continue
        options = _texts_of(item, columns)
        if len(options) < 2:
            continue
        letters = list(text_of_cell(list(item.values())[columns.fields["answer"]]).strip())
        if not letters or not set(letters) <= set(options):
            return
        if {text.strip() for text in options.values()} & set(letters):
            doubtful.append((item, letters))
        else:
            sure += 1
    for item, letters in doubtful if sure >= max(SURE, len(doubtful)) else ():
        item[SURE_LETTERS] = letters


def _texts_of(item: Item, columns: Columns) -> dict[str, str]:
    """The options by their letters, in fields of their own or in one."""
    values = list(item.values())
    if columns.options and not columns.numbered:
        return {letter: text_of_cell(values[at]) for letter, at in columns.options.items() if text_of_cell(values[at])}
    return options_of_json(values[columns.fields["options"]]) if "options" in columns.fields else {}


def _counts(number: Any, options: list[Any]) -> int | None:
    """The answer as a whole number, unless it is the text of an option; None for anything else."""
    if isinstance(number, str):
        number = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    texts = {text_of_cell(one) for one in options if not isinstance(one, dict)} | set(options_of_json(options).values())
    return None if str(number) in texts else number


def answer_in(answer: Any, options: Any, base: int | None) -> str:
    """The answer as text; a whole number that counts options becomes its letter."""
    if isinstance(options, dict):
        names = [str(name).strip() for name in options]
        said = [answer] if not isinstance(answer, list) else answer
        if said and all(isinstance(one, str | int) and str(one).strip() in names for one in said):
            named = [names.index(str(one).strip()) for one in said]
            return ",".join(chr(65 + at) if _are_long(names) else names[at] for at in named)
    if _are_flags(answer, options):
        return ",".join(chr(65 + n) for n, one in enumerate(answer) if one)
    if isinstance(answer, list) and not options and (texts := texts_of_objects(answer)):
        answer = texts
    if isinstance(answer, list):
        if any(isinstance(one, dict) for one in answer):
            raise Refused(_("The answer is written in a way that is not known here."))
        places = _places(answer, options, base)
        found = places or [_counted(one, options, base) for one in answer]
        return json.dumps([str(one) if type(one) in {int, float} else one for one in found], ensure_ascii=False)
    if isinstance(answer, dict) and not options and (blanks := of_each_blank(answer)):
        return json.dumps(blanks, ensure_ascii=False)
    if isinstance(answer, dict):
        raise Refused(_("The answer is written in a way that is not known here."))
    text = text_of_cell(_counted(answer, options, base))
    return text if options else without_paragraph(text)


def right_by_place(answer: Any, options: Any, base: int | None) -> list[str] | None:
    """The letters that whole numbers count, where options are letters themselves: C may be the third, or the text C."""
    if base is None or not isinstance(options, list) or not any(_is_letter(one) for one in options):
        return None
    numbers = answer if isinstance(answer, list) else [answer]
    if not numbers or not all(type(one) is int and 0 <= one - base < len(options) for one in numbers):
        return None
    return [chr(65 + one - base) for one in numbers]


def _is_letter(option: Any) -> bool:
    return isinstance(option, str) and len(option.strip()) == 1 and option.strip().isalpha()


def _are_flags(answer: Any, options: Any) -> bool:
    """Whether an answer says of each option whether it is right."""
    are_both = isinstance(answer, list) and isinstance(options, list) and len(answer) == len(options) > 1
    if not are_both or not any(answer):
        return False
    are_digits = len(answer) > BOTH and all(type(one) is int and one in {0, 1} for one in answer)
    return are_digits or all(isinstance(one, bool) for one in answer)


def _are_long(names: Sequence[str]) -> bool:
    """Whether names of options are no letters of theirs: numbers, `option1`."""
    return any(not name[:1].isalpha() or (len(name) > 1 and name[1].isalnum()) for name in names)


def _places(answer: list[Any], options: Any, base: int | None) -> list[str]:
    """The letters of a list of whole numbers of which one at least is no option's text: then all count the options."""
    if base is None or not isinstance(options, list) or not all(type(one) is int for one in answer):
        return []
    texts = set(options_of_json(options).values())
    if all(str(one) in texts for one in answer) or not all(0 <= one - base < len(options) for one in answer):
        return []
    return [chr(65 + one - base) for one in answer]


def _counted(answer: Any, options: Any, base: int | None) -> Any:
    _refuse_number_or_text(answer, options, base)
    place = _counts(answer, options) if isinstance(options, list) and options else None
    if place is None:
        return answer
    if base is None:
        raise Refused(_("The answer %(n)s counts the options, but from 0 or from 1?", n=answer))
    if not 0 <= place - base < len(options):
        raise Refused(_("The answer %(n)s is none of the options.", n=answer))
    return chr(65 + place - base)


def _refuse_number_or_text(answer: Any, options: Any, base: int | None) -> None:
    """A number (no text in quotes) that counts the options, and is the text of another one.

    Where nothing else in the file counts, only options in quotes make it doubtful: `["3", "6", "0"]` with the answer 0.
    """
    if isinstance(answer, bool) or not isinstance(answer, int) or not isinstance(options, list):
        return
    bases = (base,) if base is not None else (0, 1) if all(isinstance(one, str) for one in options) else ()
    texts = list(options_of_json(options).values())
    for first in bases:
        if 0 <= answer - first < len(options) and str(answer) in texts and texts[answer - first] != str(answer):
            raise Refused(_("The answer %(answer)s is both the number and the text of an option.", answer=answer))
