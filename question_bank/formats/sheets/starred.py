"""iSpring's sheets: answers side by side below `Answer 1` …, a star before the right ones, types as short codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from learnhub.kernel.cells import text_of_cell
from question_bank.formats.sheets.columns import Columns

_CODES = {
    "MC": "single_choice",
    "MR": "multiple_choice",
    "TF": "true_false",
    "TI": "short_answer",
    "SEQ": "ordering",
    "MG": "matching",
    "NUMG": "numerical",
    "IS": "description",
}
_CHOSEN = {"MC", "MR", "TF"}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def with_stars_told(
    rows: Sequence[Sequence[Any]], at: int, columns: Columns
) -> tuple[Sequence[Sequence[Any]], Columns]:
    """The rows with a column of answers that says what the stars say, and the columns with the answers as options."""
    places, fields = columns.blank_answers[: len(_LETTERS)], columns.fields
    if "kind" not in fields or "answer" in fields or columns.options or len(places) < 2 or at < 0:
        return rows, columns
    below = [[text_of_cell(cell) for cell in row] for row in rows[at + 1 :]]
    width = max(map(len, rows[at:]))
    below = [[*row, *[""] * (width + 1 - len(row))] for row in below]
    codes = [row[fields["kind"]].upper() for row in below if fields["kind"] < width and row[fields["kind"]]]
    if not codes or not set(codes) <= set(_CODES) or not any(_is_starred(row, places) for row in below):
        return rows, columns
    for row in below:
        row[width] = _answer(row, row[fields["kind"]].upper(), places)
    told = replace(
        columns,
        fields={**fields, "answer": width},
        options=dict(zip(_LETTERS, places, strict=False)),
        blank_answers=[],
        codes=_CODES | {code.lower(): name for code, name in _CODES.items()},
    )
    head = [*rows[at], *[""] * (width + 1 - len(rows[at]))]
    return [*rows[:at], head, *below], told


def _is_starred(row: Sequence[str], places: Sequence[int]) -> bool:
    return any(place < len(row) and row[place].startswith("*") for place in places)


def _answer(row: list[str], code: str, places: Sequence[int]) -> str:
    """The letters of the starred texts, which lose their stars; the number of a question for one."""
    if code == "NUMG" and places[0] < len(row):
        return row[places[0]].removeprefix("=").replace("..", "~")
    if code not in _CHOSEN:
        return ""
    right = [letter for letter, place in zip(_LETTERS, places, strict=False) if row[place].startswith("*")]
    for place in places:
        row[place] = row[place].removeprefix("*").lstrip()
    return "".join(right)
