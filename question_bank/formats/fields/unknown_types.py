"""Rows that say what they are in no known way: types that nobody knows, templates that a program fills."""

from __future__ import annotations

import re

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import blanks_in, json_list, letters_in, right_letters, truth
from question_bank.formats.fields.blanks import fills_blanks
from question_bank.formats.fields.prose import lost_its_options
from question_bank.formats.fields.rows import Row
from question_bank.formats.fields.vocabulary import KINDS_OF_MEDICINE
from question_bank.formats.reading import Reading
from question_bank.formats.sheets.columns import kind_named
from question_bank.typed_text import folded as folded_typed


def take_unknown_type(reading: Reading, row: Row) -> None:
    """What has options of which its answer names one is a single choice, whatever somebody calls it."""
    named = kind_named(row.kind) or KINDS_OF_MEDICINE.get(row.kind.upper())
    if not row.kind or row.kind.isdigit() or named not in {None, "case"} or len(row.options) < 2 or not row.answer:
        return
    if named == "case":
        row.kind, row.kind_of_section = "", None
        return
    try:
        right = right_letters(row.answer, row.options, numbered=row.numbered, first=row.first)
    except Refused:
        return
    if len(right) == 1:
        reading.warnings.append(
            _("%(where)s: the type %(name)s is not known; taken for a choice.", where=row.where, name=row.kind[:40])
        )
        row.kind = ""


_LETTER = re.compile(r"(?:^|(?<=[\s)）]))\s*[A-HＡ-Ｈ]\s*[.．、:：)）]")


def take_lost_choice(reading: Reading, row: Row) -> None:
    """A single choice whose options nobody kept, with a text for each of its blanks, is filled in; the sender hears."""
    named = kind_named(row.kind) if row.kind else None
    if (
        named not in {"choice", "single_choice"}
        or row.options
        or letters_in(row.answer)
        or truth(row.answer) is not None
    ):
        return
    if _LETTER.match(row.answer) or _LETTER.search(row.stem):
        return
    if fills_blanks(row.stem, row.answer) and not lost_its_options(row.stem, row.answer):
        row.kind = "fill_in"
        reading.warnings.append(_("%(where)s: there are no options; taken for blanks to fill in.", where=row.where))


def settle_kind(reading: Reading, row: Row) -> None:
    """Tell by the whole row what it does not say: options that count themselves, a type that nobody knows, or none."""
    row.numbered = row.numbered or _number_themselves(row)
    take_unknown_type(reading, row)
    if kind_named(row.kind) == "short_answer" and row.explanation and not (row.answer or row.options):
        row.kind = "essay"
    take_letters_for_truth(reading, row)
    take_lost_choice(reading, row)
    _take_explained(reading, row)
    _note_alternatives(reading, row)


_VERDICTS = {"A": "对", "B": "错"}


def take_letters_for_truth(reading: Reading, row: Row) -> None:
    """A and B of true/false questions whose options nobody wrote down: 对 and 错, in the order of every service."""
    named = kind_named(row.kind) if row.kind else row.kind_of_section
    if named != "true_false" or row.options or row.answer.strip().upper() not in _VERDICTS:
        return
    row.answer = _VERDICTS[row.answer.strip().upper()]
    note = _("True/false questions without options are answered with A and B; A was taken for true. Please check.")
    if note not in reading.warnings:
        reading.warnings.append(note)


def _take_explained(reading: Reading, row: Row) -> None:
    """What has an answer in words and says why, but no type, options or blanks, is read by a person who marks it."""
    if row.kind or row.kind_of_section or row.options or row.blank_answers or not (row.answer and row.explanation):
        return
    is_plain = letters_in(row.answer) is None and truth(row.answer) is None and json_list(row.answer) is None
    if is_plain and not blanks_in(row.stem) and not lost_its_options(row.stem, row.answer):
        row.kind = "essay"
        reading.warnings.append(_("%(where)s: nothing says of what kind this is; taken for an essay.", where=row.where))


def _note_alternatives(reading: Reading, row: Row) -> None:
    """Say that several texts that are not alike are all accepted for one blank: they could be parts of its answer."""
    listed = json_list(row.answer) if row.answer and not row.options and kind_named(row.kind) == "fill_in" else None
    texts = {folded_typed(str(one)) for one in listed or [] if not isinstance(one, list | dict)}
    if len(texts) > 1 and blanks_in(row.stem) == 1:
        said = "；".join(map(str, listed or []))
        reading.warnings.append(
            _("%(where)s: each of these was taken for an answer of the one blank: %(text)s", where=row.where, text=said)
        )


_NUMBER = re.compile(r"\s*(\d{1,2})\s*[.．、)）]\s*(?!\d)\S")


def _number_themselves(row: Row) -> bool:
    """Whether the texts of the options begin with their own numbers: `1. …`, `2. …`."""
    numbers = [found.group(1) for text in row.options.values() if (found := _NUMBER.match(text))]
    return len(numbers) == len(row.options) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def refuse_doubtful_truth(row: Row, said: object) -> None:
    """Refuse 0 or 1 for right or wrong where the answers of the file are numbers that count options from 0.

    The options that a program shows for a true/false question, 正确 and 错误, may be counted as well.
    """
    digits = said[0] if isinstance(said, list) and len(said) == 1 else said
    is_number = type(digits) is int or (isinstance(said, list) and str(digits) in {"0", "1"})
    if is_number and not row.options and kind_named(row.kind) == "true_false":
        raise Refused(_("The answer %(n)s may be a verdict, or count options that are not there.", n=str(digits)))


_PLACE = re.compile(r"\{([a-z]\w{0,9})\}")


def is_template(row: Row) -> bool:
    """Whether a question and its answer have places, `{a} + {b}`, that a program fills."""
    places = set(_PLACE.findall(row.stem))
    return bool(places) and any(re.search(rf"\{{[^{{}}]*\b{name}\b[^{{}}]*\}}", row.answer) for name in places)
