"""Types that a sheet says by numbers and never explains: what the usual orders say, where its rows bear one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.words import _
from question_bank.formats.fields.answers import blanks_in, letters_in, numbers_in, truth
from question_bank.formats.fields.rows import Row
from question_bank.formats.reading import Reading
from question_bank.formats.sheets.columns import Columns
from question_bank.formats.sheets.row_cells import row_of
from question_bank.kinds import kind

_ORDERS = (
    ("single_choice", "multiple_choice", "true_false", "fill_in", "essay"),
    ("single_choice", "multiple_choice", "fill_in", "true_false", "essay"),
    ("single_choice", "true_false", "multiple_choice", "fill_in", "essay"),
    ("true_false", "single_choice", "multiple_choice", "fill_in", "essay"),
)
_SCHEMES = [{str(n): name for n, name in enumerate(order, first)} for order in _ORDERS for first in (0, 1)]
LEAST_EVIDENT = 3
"""Codes that must be evident from their rows before the others are taken by the order."""


def with_codes_borne_out(reading: Reading, rows: Sequence[Sequence[Any]], columns: Columns) -> Columns:
    """The columns with the codes that no row makes evident, where all orders that fit the others say the same."""
    seen = _seen(rows, columns)
    evident = {code: kinds for code, kinds in seen.items() if kinds}
    if len(evident) < LEAST_EVIDENT or len(evident) == len(seen):
        return columns
    fitting = [scheme for scheme in _SCHEMES if all(kinds == {scheme.get(code)} for code, kinds in evident.items())]
    meant = {code: {scheme.get(code) for scheme in fitting} for code in seen if code not in evident}
    found = {code: str(kinds.pop()) for code, kinds in meant.items() if len(kinds) == 1 and None not in kinds}
    for code, name in found.items():
        reading.warnings.append(
            _(
                "The type %(code)s is not explained; by the order of the others it was taken for “%(name)s”.",
                code=code,
                name=kind(name).label,
            )
        )
    return replace(columns, codes=columns.codes | found)


def _seen(rows: Sequence[Sequence[Any]], columns: Columns) -> Mapping[str, set[str]]:
    """For each code, the kinds that its rows make evident; nothing where a type is no bare number."""
    seen: dict[str, set[str]] = {}
    if "kind" not in columns.fields or "stem" not in columns.fields or columns.codes:
        return seen
    for values in rows:
        row = row_of([text_of_cell(value) for value in values], columns, "")
        if not row.stem or not row.kind:
            continue
        if not row.kind.isdigit() or len(row.kind) > 1:
            return {}
        found = _evident(row)
        seen.setdefault(row.kind, set()).update([found] if found else [])
    several = {"single_choice", "multiple_choice"}
    return {code: {"multiple_choice"} if kinds == several else kinds for code, kinds in seen.items()}


def _evident(row: Row) -> str | None:
    """The kind that a row can only be: a choice by its options, a verdict or the text of a blank by its answer."""
    letters = letters_in(row.answer) or []
    if len(row.options) > 1:
        if all(truth(text) is not None for text in row.options.values()):
            return "true_false"
        known = bool(letters) and set(letters) <= set(row.options)
        count = len(letters) if known else len(numbers_in(row.answer) or []) if row.numbered else 0
        return ("multiple_choice" if count > 1 else "single_choice") if count else None
    if truth(row.answer) is not None and row.answer not in {"0", "1"}:
        return "true_false"
    return "fill_in" if row.answer and blanks_in(row.stem) else None
