"""Rows that say what they are in no known way: types that nobody knows, templates that a program fills."""

from __future__ import annotations

import re

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.answers import right_letters
from question_bank.formats.columns import kind_named
from question_bank.formats.reading import Reading
from question_bank.formats.rows import Row
from question_bank.formats.vocabulary import KINDS_OF_MEDICINE


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


_PLACE = re.compile(r"\{([a-z]\w{0,9})\}")


def is_template(row: Row) -> bool:
    """Whether a question and its answer have places, `{a} + {b}`, that a program fills."""
    places = set(_PLACE.findall(row.stem))
    return bool(places) and any(re.search(rf"\{{[^{{}}]*\b{name}\b[^{{}}]*\}}", row.answer) for name in places)
