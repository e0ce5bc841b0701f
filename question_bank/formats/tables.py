"""Sheets of rows: the header found wherever it stands, each row below it read, each fault kept to its row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from question_bank.formats.cells import flags_of_json, options_in_one_cell, without_label
from question_bank.formats.columns import Columns, columns_of, kind_named
from question_bank.formats.reading import Reading
from question_bank.formats.rows import Row, draft_of

HEADER_WITHIN = 40
"""Rows in which the header is looked for: titles and notes may stand above it."""
_YES = {"1", "true", "yes", "y", "t", "是", "对", "正确", "√", "✓", "right", "correct"}


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """The row that names most columns among the first ones, and what it names."""
    best: tuple[int, Columns] | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        found = columns_of(row)
        if found is not None and (best is None or found.worth > best[1].worth):
            best = (at, found)
    return best


def read_sheet(reading: Reading, name: str, rows: Sequence[Sequence[Any]], place: Sequence[str]) -> bool:
    """Add the questions of a sheet to the reading; whether it is a table of questions at all.

    `place` says where each row stands in the file.
    """
    head = [[text_of_cell(value) for value in row] for row in rows[:HEADER_WITHIN]]
    found = find_header(head)
    if found is None:
        return False
    at, columns = found
    sheet_kind = kind_named(name) if name else None
    for number, values in enumerate(rows[at + 1 :], at + 1):
        if not any(value not in (None, "") for value in values):
            continue
        cells = [text_of_cell(value) for value in values]
        if not any(cells):
            continue
        section = _section(cells, columns)
        if section:
            sheet_kind = section
            continue
        if _is_header_again(cells, columns):
            continue
        row = _row(cells, columns, place[number])
        row.kind_of_section = sheet_kind
        _read_row(reading, row, cells)
    return True


def _read_row(reading: Reading, row: Row, cells: Sequence[str]) -> None:
    if not row.stem and not row.answer and not row.options:
        return
    try:
        reading.questions.append(draft_of(row))
    except Refused as error:
        reading.refuse(row.where, error)


def _section(cells: Sequence[str], columns: Columns) -> str | None:
    """`一、单选题（每题2分）` alone in a row sets the kind of what follows."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 1 or len(filled[0]) > 40:
        return None
    return kind_named(filled[0]) if re.match(r"[一二三四五六七八九十\d]+\s*[、.．]|.{2,5}题", filled[0]) else None


def _is_header_again(cells: Sequence[str], columns: Columns) -> bool:
    again = columns_of(cells)
    return again is not None and again.fields == columns.fields and again.worth >= 3


def _row(cells: Sequence[str], columns: Columns, where: str) -> Row:
    def cell(name: str) -> str:
        at = columns.fields.get(name)
        return cells[at] if at is not None and at < len(cells) else ""

    options = {
        letter: without_label(cells[at], letter)
        for letter, at in sorted(columns.options.items())
        if at < len(cells) and cells[at]
    }
    flags = [letter for letter, at in sorted(columns.flags.items()) if at < len(cells) and _says_yes(cells[at])]
    packed = cell("options")
    if packed and not options:
        options = options_in_one_cell(packed)
        flags = flags or _flags_in(packed)
    categories = sorted(
        (columns.fields[name], cell(name)) for name in ("category", "category2") if name in columns.fields
    )
    tags, path = cell("tags"), [cell("subject"), *(text for _at, text in categories)]
    return Row(
        where=where,
        stem=cell("stem"),
        kind=cell("kind"),
        answer=cell("answer"),
        explanation=cell("explanation"),
        category="/".join(dict.fromkeys(level for level in path if level)) or (tags if not categories else ""),
        tags=tags,
        difficulty=cell("difficulty"),
        mark=cell("mark"),
        source=cell("source"),
        options=options,
        flags=flags if columns.flags or flags else None,
        blank_answers=[cells[at] for at in columns.blank_answers if at < len(cells) and cells[at]],
        blanks=cell("blanks"),
        numbered=columns.numbered,
        codes=columns.codes,
    )


def _says_yes(text: str) -> bool:
    return text.casefold() in _YES


def _flags_in(packed: str) -> list[str]:
    if packed.lstrip()[:1] != "[":
        return []
    try:
        return flags_of_json(json.loads(packed))
    except (ValueError, RecursionError):
        return []


def places(name: str, count: int, first: int = 1) -> Iterator[str]:
    """Where the rows of a sheet stand: `单选题!5` is row 5 of that sheet."""
    for number in range(first, first + count):
        yield f"{name}!{number}" if name else f"line {number}"
