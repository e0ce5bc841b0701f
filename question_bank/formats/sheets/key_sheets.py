"""Workbooks whose answers stand on a sheet of their own, by number, or whose rows hold one option each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.workbooks import Sheet
from question_bank.formats.sheets.columns import named_columns, plain

Rows = Sequence[Sequence[Any]]
_NUMBERS = {"题号", "序号", "编号", "no", "no.", "number", "#", "id", "题目编号", "questionid", "questionno"}
HEADER_WITHIN = 10


def with_answers(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets, those of questions with the answers that a sheet of numbers and answers has for every one of them."""
    keys = [(sheet, found) for sheet in sheets if (found := _answers(sheet.rows or []))]
    if len(keys) != 1:
        return list(sheets)
    key, answers = keys[0]
    out = [sheet if sheet is key else _answered(sheet, answers) for sheet in sheets]
    return [sheet for sheet in out if sheet is not key] if out != list(sheets) else out


def _header(rows: Rows, role: str, without: set[str]) -> tuple[int, int, int] | None:
    """The row, the column of numbers and the column of a role, in a header that names no role of `without`."""
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        cells = [text_of_cell(cell) for cell in row]
        found = named_columns(cells)
        number = next((n for n, cell in enumerate(cells) if plain(cell) in _NUMBERS), None)
        if number is not None and role in found.fields and not without & set(found.fields):
            return at, number, found.fields[role]
    return None


def _answers(rows: Rows) -> dict[str, str]:
    header = _header(rows, "answer", {"stem"})
    if header is None:
        return {}
    at, number, answer = header
    pairs = [(_cell(row, number), _cell(row, answer)) for row in rows[at + 1 :]]
    pairs = [(name, said) for name, said in pairs if name and said]
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {}


def _answered(sheet: Sheet, answers: dict[str, str]) -> Sheet:
    rows = sheet.rows or []
    header = _header(rows, "stem", {"answer"})
    if header is None:
        return sheet
    at, number, stem = header
    asked = [_cell(row, number) for row in rows[at + 1 :] if _cell(row, stem)]
    if not asked or len(set(asked)) < len(asked) or not set(asked) <= set(answers):
        return sheet
    width = max(len(row) for row in rows)
    whole = [[*row, *[""] * (width - len(row))] for row in rows]
    whole[at].append("答案")
    for row in whole[at + 1 :]:
        row.append(answers.get(_cell(row, number), ""))
    return replace(sheet, rows=whole)


def _cell(row: Sequence[Any], at: int) -> str:
    return text_of_cell(row[at]) if at < len(row) else ""
