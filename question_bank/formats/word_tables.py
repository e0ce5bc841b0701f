"""Tables of Word: questions by columns, one question a table, keys, options laid out, or data inside a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from question_bank.formats.papers import keys
from question_bank.formats.papers.blocks import MARKS, Line
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.papers.shapes import answer_of, number_of, options_of
from question_bank.formats.reading import Changes, Reading
from question_bank.formats.sheets.sheet_heads import find_header
from question_bank.formats.sheets.tables import read_sheet
from question_bank.formats.sheets.unheaded import columns_of_cells
from question_bank.formats.word_cards import (
    is_score_box,
    key_of_questions,
    lines_of_card,
    lines_of_key,
    lines_of_pairs,
    lines_of_questions,
    lines_of_rows,
    lines_of_sides,
    lines_of_verdicts,
)
from question_bank.formats.word_layouts import (
    named_rows,
    row_of_options,
    with_columns_apart,
    with_letters_below,
    with_letters_beside,
)
from question_bank.formats.word_lists import W
from question_bank.formats.word_paragraphs import is_coloured

T = TypeVar("T")
WIDEST = 60
"""Columns that one cell can take."""


@dataclass
class Table:
    """A table of Word: its element, the lines of its cells, where it stands, and the paragraph above it."""

    element: Any
    rows: list[list[list[Line]]]
    where: str
    above: str

    @cached_property
    def texts(self) -> list[list[str]]:
        """What the cells say, row by row."""
        return [["\n".join(line.text for line in cell).strip() for cell in row] for row in self.rows]

    def place(self, at: int) -> str:
        """The place of a row."""
        return f"{self.where}, row {min(at, len(self.rows) - 1) + 1}"

    @cached_property
    def grid(self) -> list[list[str]]:
        """The texts by columns: what is merged downwards stands in each of its rows, what is merged sideways once."""
        return _spread(self.element, self.texts, "")

    @cached_property
    def stands_out(self) -> list[list[bool]]:
        """Which cells are shaded, or hold nothing but text that stands out, by columns as `grid` is."""
        told = [
            [_stands_out(cell, lines) for cell, lines in zip(cells_of(row), row_lines, strict=True)]
            for row, row_lines in zip(rows_of(self.element), self.rows, strict=True)
        ]
        return _spread(self.element, told, False)


def _spread(table: Any, told: Sequence[Sequence[T]], nothing: T) -> list[list[T]]:
    out: list[list[T]] = []
    for row, values in zip(rows_of(table), told, strict=True):
        left, cells = iter(values), list[T]()
        for cell in _inside(row, "tc"):
            span, merged = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            above = out[-1][len(cells)] if goes_on and out and len(cells) < len(out[-1]) else nothing
            width = int(span.get(f"{W}val", "1")) if span is not None else 1
            cells += [above if goes_on else next(left, nothing), *[nothing] * (min(width, WIDEST) - 1)]
        out.append(cells)
    return out


def _stands_out(cell: Any, lines: Sequence[Line]) -> bool:
    shade = cell.find(f"{W}tcPr/{W}shd")
    if shade is not None and is_coloured(shade.get(f"{W}fill", "")):
        return True
    told = [line for line in lines if line.text.strip()]
    return bool(told) and all(line.marks(0, len(line.text)) & set(MARKS) for line in told)


def rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table, without those of tables inside it."""
    return _inside(table, "tr")


def cells_of(row: Any) -> Iterator[Any]:
    """The cells of a row that are not covered by one above."""
    for cell in _inside(row, "tc"):
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        if merged is None or merged.get(f"{W}val") == "restart":
            yield cell


def _inside(element: Any, name: str) -> Iterator[Any]:
    for child in element:
        tag = str(child.tag).rpartition("}")[2]
        if tag == name:
            yield child
        elif tag in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _inside(child, name)


def lines_of_table(table: Table, reading: Reading, changes: Changes) -> Iterator[Line]:
    """A table of questions goes to the reader of tables; a table of a layout gives its cells as lines."""
    if is_score_box(table.texts):
        return
    where = [table.place(at) for at in range(len(table.rows))]
    numbered = key_of_questions(table.grid)
    if numbered is None and (find_header(table.grid) is not None or columns_of_cells(table.grid) is not None):
        read_sheet(reading, table.where, with_marked_answers(table), where, changes)
        return
    if (key := numbered or lines_of_key(table.texts) or lines_of_key(table.grid)) is not None:
        is_told = keys.is_key_heading(table.above) or heading_of(table.above) is not None
        yield from () if is_told or key[0][1].startswith("题号") else (Line(where[0], "参考答案"),)
        yield from (Line(table.place(at), piece) for at, text in key for piece in text.split("\n"))
        return
    card = next(filter(None, (reader(table.texts) for reader in _CARDS)), None)
    if card is not None:
        yield from (Line(where[at], piece) for at, text in card for piece in text.split("\n"))
        return
    lettered = next(filter(None, (reader(table.rows) for reader in _OPTIONS)), None)
    yield from lettered if lettered is not None else _laid_out(table)


_CARDS = (
    named_rows,
    lines_of_questions,
    lines_of_verdicts,
    lines_of_sides,
    lines_of_card,
    lines_of_rows,
    lines_of_pairs,
)


_OPTIONS = (with_letters_below, with_letters_beside, with_columns_apart)


def with_marked_answers(table: Table) -> list[list[str]]:
    """The grid with a column of answers where it has none, and in each row some options stand out, but not all."""
    found = find_header(table.grid)
    if found is None or "answer" in found[1].fields or len(found[1].options) < 2:
        return table.grid
    head, columns = found
    out = [*table.grid[: head + 1]]
    for row, marked in zip(table.grid[head + 1 :], table.stands_out[head + 1 :], strict=True):
        there = {letter: at for letter, at in columns.options.items() if at < len(row) and row[at]}
        right = [letter for letter, at in there.items() if marked[at]]
        if there and not 0 < len(right) < len(there):
            return table.grid
        out.append([*row, "".join(right)])
    width = max(map(len, out))
    out[head] = [*out[head], *[""] * (width - 1 - len(out[head])), "答案"]
    return out


def _laid_out(table: Table) -> Iterator[Line]:
    above = ""
    for at, (row, row_texts) in enumerate(zip(table.rows, table.texts, strict=True)):
        if (whole := row_of_options(row, table.place(at))) is not None:
            yield whole
            continue
        joined = " | ".join(text.replace("\n", " ") for text in row_texts)
        is_of_key = keys.begins_table(joined) or bool(above and keys.of_table(above, joined, ""))
        above = joined if keys.begins_table(joined) else ""
        if _is_layout(row) and not is_of_key:
            for cell in row:
                yield from (Line(table.place(at), line.text, line.marked) for line in cell)
        else:
            yield Line(table.place(at), joined)


def _is_layout(row: list[list[Line]]) -> bool:
    """Whether a row's cells hold questions, options or answers, not data."""
    if len([cell for cell in row if any(line.text.strip() for line in cell)]) <= 1:
        return True
    for cell in row:
        for line in cell:
            if options_of(line.text, "") or answer_of(line.text) or len(cell) > 2:
                return True
            number = number_of(line.text)
            if number and number.style != "space":
                return True
    return False
