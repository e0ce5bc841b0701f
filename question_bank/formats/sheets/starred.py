"""Sheets with a star before the right options and no column of answers: iSpring's with its short codes, Thinkific's."""

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
    if at < 0 or "answer" in fields or columns.flags or columns.wrong:
        return rows, columns
    if columns.options:
        return _with_options_starred(rows, at, columns)
    if "kind" not in fields or len(places) < 2:
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


def _with_options_starred(
    rows: Sequence[Sequence[Any]], at: int, columns: Columns
) -> tuple[Sequence[Sequence[Any]], Columns]:
    """The same for columns that are options already; where every text has a star, it says nothing.

    Nor does it where most rows have none: there the star is of a program, `*p` among `&p` and `p`.
    """
    width, letters = max(map(len, rows[at:])), columns.options
    below = [[text_of_cell(cell) for cell in row] + [""] * (width + 1 - len(row)) for row in rows[at + 1 :]]
    starred = [row for row in below if _is_starred(row, list(letters.values()))]
    texts = [[row[place] for place in letters.values() if row[place]] for row in starred]
    choices = [row for row in below if sum(bool(row[place]) for place in letters.values()) > 1]
    if (
        not starred
        or 2 * len(starred) <= len(choices)
        or any(all(text.startswith("*") for text in several) for several in texts)
    ):
        return rows, columns
    for row in starred:
        row[width] = "".join(letter for letter, place in letters.items() if row[place].startswith("*"))
        for place in letters.values():
            row[place] = row[place].removeprefix("*").lstrip()
    kind = columns.fields.get("kind", width)
    codes = {row[kind]: "single_choice" for row in starred if row[kind].upper() == "SA"}
    if any(row[kind] in codes and not row[width] for row in below):
        codes = {}
    head = [*rows[at], *[""] * (width + 1 - len(rows[at]))]
    told = replace(columns, fields={**columns.fields, "answer": width}, codes=columns.codes | codes)
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
