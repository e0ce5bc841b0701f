"""Headers of sheets: the row that names the columns, wherever it stands, and what the cells tell where it says less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.words import _
from question_bank.formats.json_banks.stray_fields import is_worth, names_mark
from question_bank.formats.reading import Changes, Reading, Table
from question_bank.formats.sheets.columns import (
    Columns,
    columns_of,
    columns_of_roles,
    kind_named,
    named_columns,
    roles_of,
)
from question_bank.formats.sheets.other_columns import note_pictures, with_scores
from question_bank.formats.sheets.unheaded import columns_of_cells, completed

HEADER_WITHIN = 40
"""Rows in which the header is looked for: titles and notes may stand above it."""


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """The row that names most columns among the first ones, and what it names."""
    best: tuple[int, Columns] | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        found = columns_of(row)
        if found is not None and (best is None or found.worth > best[1].worth):
            best = (at, found)
    if best is None:
        return None
    at, columns = _with_row_below(rows, *_first_whole(rows, *best))
    return at, _spread(rows[at], rows[at + 1 :], columns)


def _first_whole(rows: Sequence[Sequence[str]], at: int, columns: Columns) -> tuple[int, Columns]:
    """The first of several headers, each above questions of its own, instead of the longest."""
    whole = ((n, found) for n, row in enumerate(rows[:at]) if (found := other_header(row, columns_of(row))) is not None)
    return next(whole, (at, columns))


def _spread(head: Sequence[str], below: Sequence[Sequence[str]], columns: Columns) -> Columns:
    """`选项` above the first of several columns, and nothing above the others: each holds an option."""
    first = columns.fields.get("options")
    if first is None:
        return columns
    width = max((len(row) for row in below), default=0)
    end = next((at for at in range(first + 1, width) if at < len(head) and head[at]), width)
    used = [at for at in range(first, end) if any(at < len(row) and row[at] for row in below)]
    if len(used) < 2:
        return columns
    fields = {name: at for name, at in columns.fields.items() if name != "options"}
    return replace(columns, fields=fields, options={chr(65 + n): at for n, at in enumerate(used[:26])})


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


def told(reading: Reading, name: str, head: Sequence[Sequence[str]], changes: Changes) -> tuple[int, Columns] | None:
    """The header and its columns, as found or as told by hand; the table is noted with them.

    Where the heads say nothing and nobody told, the table is noted at the desk, with no question in it.
    """
    found = find_header(head) or _of_questions(name, head)
    by_hand = changes.columns.get(name)
    found = found if by_hand is not None else _by_cells(reading, name, head, found)
    if found is None and by_hand is None and not changes.at_desk:
        return None
    at = found[0] if found else _fullest(head)
    if at is None:
        return None
    columns = found[1] if found else Columns({})
    if by_hand is not None:
        columns = columns_of_roles(by_hand, columns)
    else:
        rows = head[max(at, 0) :]
        columns = _with_kind(reading, rows, _with_mark(reading, rows, columns))
        if at >= 0:
            columns = with_scores(reading, name, rows, columns)
            note_pictures(reading, name, rows, columns)
    samples = next((tuple(row) for row in head[at + 1 :] if sum(map(bool, row)) > 1), ())
    is_told = by_hand is not None
    reading.tables.append(Table(name, heads_of(head, at), roles_of(columns), samples, is_told=is_told))
    return at, columns


MOST_CODES = 20
"""Codes of kinds that are listed to be told."""
LONGEST_CODE = 40
"""Characters; what is longer is a text."""


def with_kinds_told(
    reading: Reading, rows: Sequence[Sequence[Any]], columns: Columns, told: Mapping[str, str]
) -> Columns:
    """The columns with what somebody told of the codes of kinds; the table just noted lists those nobody knows."""
    at = columns.fields.get("kind")
    if at is None:
        return columns
    known = {code: kind for code, kind in told.items() if kind}
    said = dict.fromkeys(text_of_cell(row[at]) for row in rows if at < len(row))
    codes = [
        one
        for one in said
        if 0 < len(one) <= LONGEST_CODE and (one in told or kind_named(columns.codes.get(one, one)) is None)
    ]
    kinds = {code: known.get(code, "") for code in codes[:MOST_CODES]}
    reading.tables[-1] = replace(reading.tables[-1], kinds=kinds)
    return replace(columns, codes=columns.codes | known)


def _with_mark(reading: Reading, rows: Sequence[Sequence[str]], columns: Columns) -> Columns:
    """The columns with the one of what each question is worth, under a head of its own; the sender hears of it."""
    taken = {*roles_of(columns), *columns.fields.values(), *columns.wrong}
    heads = {at: head for at, head in enumerate(rows[0]) if "stem" in columns.fields and at not in taken}
    found = [at for at, head in heads.items() if names_mark(head) and _are_marks(rows[1:], at)]
    if "mark" in columns.fields or len(found) != 1:
        return columns
    reading.warnings.append(_("Told by what they hold: the fields %(names)s. Please check.", names=rows[0][found[0]]))
    return replace(columns, fields={**columns.fields, "mark": found[0]})


def _with_kind(reading: Reading, rows: Sequence[Sequence[str]], columns: Columns) -> Columns:
    """The columns with the one that holds nothing but names of types (单选题), under a head of its own, and a note."""
    taken = {*roles_of(columns), *columns.fields.values(), *columns.wrong}
    free = [at for at in range(len(rows[0])) if "stem" in columns.fields and at not in taken]
    found = [at for at in free if _are_kinds(rows[1:], at)]
    if "kind" in columns.fields or len(found) != 1:
        return columns
    reading.warnings.append(_("Told by what they hold: the fields %(names)s. Please check.", names=rows[0][found[0]]))
    return replace(columns, fields={**columns.fields, "kind": found[0]})


def _are_kinds(rows: Sequence[Sequence[str]], at: int) -> bool:
    said = [row[at] if at < len(row) else "" for row in rows if any(row)]
    return len(said) > 1 and all(one.endswith("题") and kind_named(one) is not None for one in said)


def _are_marks(rows: Sequence[Sequence[str]], at: int) -> bool:
    said = [row[at] for row in rows if at < len(row) and row[at]]
    return bool(said) and all(map(is_worth, said))


def _of_questions(name: str, head: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """A header with the question only, on a sheet named after a kind (判断题): the answers stand in the questions."""
    if kind_named(name) is None:
        return None
    rows = [(at, named_columns(row)) for at, row in enumerate(head) if 1 < sum(map(bool, row)) < 5]
    return next(((at, columns) for at, columns in rows if set(columns.fields) == {"stem", "ignored"}), None)


def heads_of(head: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    """The names of the columns; empty ones for a table that begins with its first question."""
    width = max(len(row) for row in head)
    return (*head[at], *[""] * (width - len(head[at]))) if at >= 0 else ("",) * width


def _by_cells(
    reading: Reading, name: str, head: Sequence[Sequence[str]], found: tuple[int, Columns] | None
) -> tuple[int, Columns] | None:
    """The header and its columns; what the header leaves open is told by the cells, and the sender hears of it."""
    if found is None:
        told = columns_of_cells(head)
    else:
        at, columns = found
        is_open = not ({"answer"} & set(columns.fields) or columns.flags or columns.blank_answers)
        is_open = is_open or not (columns.options or "options" in columns.fields or columns.wrong)
        whole = completed(head, at, columns) if is_open else None
        told = (at, whole) if whole else None
    if told is None:
        return found
    fields, options = told[1].fields, sorted({*told[1].options.values()} | {*_places_of(told[1], "options")})
    reading.warnings.append(
        _(
            "%(where)s: the columns were told by what they hold: question %(stem)s, options %(options)s, answer"
            " %(answer)s. Please check.",
            where=name or "line 1",
            stem=_column(fields["stem"]),
            options=" ".join(map(_column, options)) or "–",
            answer=_column(fields["answer"]),
        )
    )
    return told


def _places_of(columns: Columns, name: str) -> list[int]:
    return [columns.fields[name]] if name in columns.fields else []


def _column(at: int) -> str:
    """A column's letters as workbooks name them: A, B, … Z, AA."""
    return (_column(at // 26 - 1) if at > 25 else "") + chr(65 + at % 26)


def _fullest(head: Sequence[Sequence[str]]) -> int | None:
    """The first of the rows that have most cells filled; None for a sheet that is no table."""
    filled = [sum(map(bool, row)) for row in head]
    most = max(filled, default=0)
    return filled.index(most) if most > 1 else None


def other_header(cells: Sequence[str], named: Columns | None) -> Columns | None:
    """The columns that a row names, if it begins another table below the first: every cell of it names one."""
    if named is None or "answer" not in named.fields:
        return None
    count = len(named.fields) + len(named.options) + len(named.flags) + len(named.wrong) + len(named.blank_answers)
    return named if count == sum(map(bool, cells)) > 1 and named.worth > 1 else None
