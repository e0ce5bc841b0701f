"""Rows of delimited text with more cells than the head has names: a comma stands in a text without quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import truth
from question_bank.formats.fields.rows import Row
from question_bank.formats.sheets.columns import kind_named

_NAMED = {"choice", "single_choice", "multiple_choice", "true_false", None}


def is_rare(below: Sequence[Sequence[Any]], width: int) -> bool:
    """Whether most rows have no cell beyond the head: those that have are then no notes in columns without names."""
    longer = [row for row in below if _beyond([text_of_cell(value) for value in row], width)]
    return 2 * len(longer) <= len(below)


def _beyond(cells: Sequence[str], width: int) -> list[str]:
    return [cell for cell in cells[width:] if cell]


def settle_overflow(row: Row, cells: Sequence[str], width: int, last: str) -> None:
    """Add what stands beyond the head to the explanation, where that is the last column and the answer is in its place.

    Refused where nothing shows that the cells before it stand under their names.
    """
    beyond = _beyond(cells, width)
    if not beyond:
        return
    kind = kind_named(row.codes.get(row.kind, row.kind)) if row.kind else row.kind_of_section
    names = row.options or truth(row.answer) is not None
    if kind not in _NAMED or not names:
        raise Refused(
            _("The row has more cells than the head has names: put the text with the sign that parts them in quotes.")
        )
    if last == "explanation":
        row.explanation = ",".join([row.explanation, *beyond])
