"""Sheets of rows: the header found wherever it stands, each row below it read, each fault kept to its row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import cleaned
from question_bank.formats.answers import first_number
from question_bank.formats.cells import flags_of_json, options_in_one_cell, with_wrong, without_label
from question_bank.formats.columns import Columns, as_choices, columns_of, columns_of_roles, kind_named, plain, roles_of
from question_bank.formats.reading import AS_SENT, Cells, Changes, Reading, Refusal, Table
from question_bank.formats.rich_text import html_of
from question_bank.formats.rows import Row, draft_of
from question_bank.formats.structured import case_of

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
    return _with_row_below(rows, *best) if best else None


def _with_row_below(rows: Sequence[Sequence[str]], at: int, columns: Columns) -> tuple[int, Columns]:
    """A header in two rows, 选项 above A, B, C: the lower row names what the upper one leaves open."""
    if at + 1 >= len(rows):
        return at, columns
    above, below = rows[at], rows[at + 1]
    width = max(len(above), len(below))
    cells = [(below[n] if n < len(below) else "") or (above[n] if n < len(above) else "") for n in range(width)]
    both = columns_of(cells)
    named = both is not None and set(columns.fields) - {"options"} <= set(both.fields) and len(both.options) >= 2
    return (at + 1, both) if both and named and both.worth > columns.worth else (at, columns)


def read_sheet(
    reading: Reading, name: str, rows: Sequence[Sequence[Any]], place: Sequence[str], changes: Changes = AS_SENT
) -> bool:
    """Add the questions of a sheet to the reading; whether it is a table of questions at all.

    `place` says where each row stands in the file, `changes` what somebody told about its columns and cells.
    """
    head = [[text_of_cell(value) for value in row] for row in rows[:HEADER_WITHIN]]
    found = _told(reading, name, head, changes)
    if found is None:
        return False
    at, columns = found
    if "stem" not in columns.fields:
        return True
    heads = tuple(head[at])
    cases = _Cases(reading)
    sheet_kind = kind_named(name) if name else None
    at_kind = columns.fields.get("kind", len(heads))
    kinds = (text_of_cell(row[at_kind]) for row in rows[at + 1 :] if at_kind < len(row))
    columns = replace(columns, codes=as_choices(kinds) | columns.codes)
    counting = _first(reading, heads, columns, list(_counting(rows[at + 1 :], columns)))
    for number, values in enumerate(rows[at + 1 :], at + 1):
        if not any(value not in (None, "") for value in values):
            continue
        cells = _mended([text_of_cell(value) for value in values], changes.cells.get(place[number], {}))
        if not any(cells):
            continue
        section = _section(cells, columns)
        if section:
            sheet_kind = section
            continue
        if _is_header_again(cells, columns) or (number == at + 1 and _is_note(cells)):
            continue
        row = _row(cells, columns, place[number])
        row.kind_of_section, row.first = sheet_kind, counting
        reading.sources[row.where] = Cells(name, heads, tuple(cells))
        cases.take(row)
    cases.close()
    return True


def _told(reading: Reading, name: str, head: Sequence[Sequence[str]], changes: Changes) -> tuple[int, Columns] | None:
    """The header and its columns, as found or as told by hand; the table is noted with them.

    Where the heads say nothing and nobody told, the table is noted at the desk, with no question in it.
    """
    found = find_header(head)
    by_hand = changes.columns.get(name)
    if found is None and by_hand is None and not changes.at_desk:
        return None
    at = found[0] if found else _fullest(head)
    if at is None:
        return None
    columns = found[1] if found else Columns({})
    if by_hand is not None:
        columns = columns_of_roles(by_hand, columns)
    reading.tables.append(Table(name, tuple(head[at]), roles_of(columns)))
    return at, columns


def _fullest(head: Sequence[Sequence[str]]) -> int | None:
    """The first of the rows that have most cells filled; None for a sheet that is no table."""
    filled = [sum(map(bool, row)) for row in head]
    most = max(filled, default=0)
    return filled.index(most) if most > 1 else None


def _mended(cells: list[str], mended: Mapping[int, str]) -> list[str]:
    for at, text in mended.items():
        cells += [""] * (at + 1 - len(cells))
        cells[at] = text
    return cells


class _Cases:
    """Rows one after the other: those that name the same material make one case, the others stand alone."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.rows: list[Row] = []

    def take(self, row: Row) -> None:
        """The next row; it ends the case above it unless it names the same material."""
        if not row.stem and not row.answer and not row.options:
            return
        if self.rows and self.rows[0].material != row.material:
            self.close()
        if row.material:
            self.rows.append(row)
            return
        try:
            self.reading.questions.append(draft_of(row))
        except Refused as error:
            self.reading.refuse(row.where, error)

    def close(self) -> None:
        """The case that is open becomes a question."""
        rows, self.rows = self.rows, []
        drafts = []
        for number, row in enumerate(rows, 1):
            try:
                drafts.append(cleaned(draft_of(row)))
            except Refused as error:
                why = _("Question %(n)s of the case (%(where)s): %(why)s", n=number, where=row.where, why=error.message)
                self.reading.refused.append(Refusal(rows[0].where, why))
                return
        if drafts:
            case = case_of(html_of(rows[0].material, "auto"), drafts, rows[0].where)
            self.reading.questions.append(replace(case, source=drafts[0].source, clause=drafts[0].clause))


def _section(cells: Sequence[str], columns: Columns) -> str | None:
    """`一、单选题（每题2分）` alone in a row sets the kind of what follows."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 1 or len(filled[0]) > 40:
        return None
    return kind_named(filled[0]) if re.match(r"[一二三四五六七八九十\d]+\s*[、.．]|.{2,5}题", filled[0]) else None


def _is_header_again(cells: Sequence[str], columns: Columns) -> bool:
    again = columns_of(cells)
    return again is not None and again.fields == columns.fields and again.worth >= 3


_CHOICES = {None, "choice", "single_choice", "multiple_choice"}
_NOTE = re.compile(r"[(（]\s*(?:required|optional|default|必填|选填|可选|非必填)", re.IGNORECASE)


def _is_note(cells: Sequence[str]) -> bool:
    """The row below the header in which a template explains its columns: `(required)`, `（选填）`."""
    return sum(_NOTE.search(cell) is not None for cell in cells) >= 3


def _first(
    reading: Reading, heads: Sequence[str], columns: Columns, asked: Sequence[tuple[str, Mapping[str, str]]]
) -> int | None:
    """How the answers count the options (see `first_number`), with a warning where 1 is no more than usual."""
    first = first_number(asked, numbered=False)
    if first is None and columns.numbered:
        first = first_number(asked, numbered=True)
        if first is not None and "index" in plain(heads[columns.fields["answer"]]):
            reading.warnings.append(_("The answers count the options; they were taken to count from 1. Please check."))
    return first


def _counting(rows: Sequence[Sequence[Any]], columns: Columns) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The answer and the options of each choice of a table, as far as the kind or the answer tells."""
    for values in rows:
        cells = [text_of_cell(value) for value in values]
        if _is_note(cells):
            continue
        row = _row(cells, columns, "")
        said = kind_named(columns.codes.get(row.kind, row.kind)) if row.kind else "choice"
        if said in _CHOICES and len(row.options) > 1 and row.answer and not row.flags:
            yield row.answer, row.options


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
    if columns.wrong and not options and cell("answer"):
        options, flags = with_wrong(cell("answer"), [cells[at] for at in columns.wrong if at < len(cells)])
    categories = sorted(
        (columns.fields[name], cell(name)) for name in ("category", "category2") if name in columns.fields
    )
    tags, path = cell("tags"), [cell("subject"), *(text for _at, text in categories)]
    return Row(
        where=where,
        stem=cell("stem"),
        kind=cell("kind"),
        material=cell("material"),
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
