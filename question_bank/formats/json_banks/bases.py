"""From where the answers of a JSON file count the options, and what its sender hears of that."""

from __future__ import annotations

from collections.abc import Sequence

from learnhub.kernel.words import _
from question_bank.formats.json_banks.counting import are_verdicts, first_index
from question_bank.formats.json_banks.dialect_items import INDEX, Item
from question_bank.formats.json_banks.explained import first_index_explained
from question_bank.formats.reading import Reading

_COUNTED = _("The answers count the options; they were taken to count from 0. Please check.")


def base_of(reading: Reading, items: Sequence[Item]) -> int | None:
    """From where the answers count the options: as one of them tells for certain, or as the explanations show."""
    if (base := first_index(items)) is not None:
        if base == 0 and first_index([item for item in items if not are_verdicts(item)]) is None:
            reading.warnings.append(_COUNTED)
        return base
    if (base := first_index_explained(items)) is not None:
        told = _("The answers count the options from %(n)s, as the explanations show. Please check.", n=base)
        reading.warnings.append(told)
    elif any(INDEX in item for item in items):
        base = 0
        reading.warnings.append(_COUNTED)
    return base
