"""Sheets of rows: the header found wherever it stands, each row below it read, each fault kept to its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import cleaned
from question_bank.formats.fields.answers import first_number
from question_bank.formats.fields.option_labels import without_label
from question_bank.formats.fields.rows import Row, draft_of
from question_bank.formats.fields.structured import case_of
from question_bank.formats.fields.unknown_types import take_letters_for_truth, take_lost_choice, take_unknown_type
from question_bank.formats.json_banks import literals
from question_bank.formats.json_banks.option_lists import flags_of_json
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.reading import AS_SENT, Cells, Changes, Reading, Refusal
from question_bank.formats.rich_text import html_of
from question_bank.formats.sheets.cells import options_in_one_cell, with_wrong
from question_bank.formats.sheets.columns import (
    Columns,
    as_choices,
    columns_of,
    kind_named,
    names_kind,
    plain,
)
from question_bank.formats.sheets.option_rows import with_options_gathered
from question_bank.formats.sheets.sheet_heads import HEADER_WITHIN, heads_of, other_header, told

_YES = {"1", "true", "yes", "y", "t", "是", "对", "正确", "√", "✓", "right", "correct"}


def read_sheet(
    reading: Reading, name: str, rows: Sequence[Sequence[Any]], place: Sequence[str], changes: Changes = AS_SENT
) -> bool:
    """Add the questions of a sheet to the reading; whether it is a table of questions at all.

    `place` says where each row stands in the file, `changes` what somebody told about its columns and cells.
    """
    head = [[text_of_cell(value) for value in row] for row in rows[:HEADER_WITHIN]]
    found = told(reading, name, head, changes)
    if found is None:
        _note_left_out(reading, name, head)
        return False
    at, columns = found
    rows, columns = with_options_gathered(rows, at, columns)
    if "stem" in columns.fields:
        sheet = _Sheet(reading, name, head, at, columns, rows[at + 1 :])
        for number, values in enumerate(rows[at + 1 :], at + 1):
            if any(value not in (None, "") for value in values):
                cells = _mended([text_of_cell(value) for value in values], changes.cells.get(place[number], {}))
                sheet.take(cells, place[number], is_first=number == at + 1)
        sheet.cases.close()
    return True


class _Sheet:
    """The state between one row and the next: the columns, and what headings said of the rows below them."""

    def __init__(
        self,
        reading: Reading,
        name: str,
        head: Sequence[Sequence[str]],
        at: int,
        columns: Columns,
        below: Sequence[Sequence[Any]],
    ) -> None:
        self.reading, self.name, self.heads = reading, name, heads_of(head, at)
        self.cases = _Cases(reading)
        stem, at_kind = columns.fields["stem"], columns.fields.get("kind", len(self.heads))
        named = self.heads[stem]
        self.kind = (kind_named(name) if name else None) or (kind_named(named) if names_kind(plain(named)) else None)
        above = [section for row in head[: max(at, 0)] if (section := _section(row))]
        above = above or [section for section in (_section([name]),) if name and section]
        self.kind, self.mark = above[-1] if above else (self.kind, "")
        kinds = (text_of_cell(row[at_kind]) for row in below if at_kind < len(row))
        self.columns = replace(columns, codes=as_choices(kinds) | columns.codes)
        self.is_numbered = _are_numbered([text_of_cell(row[stem]) for row in below if stem < len(row)])
        self.counting = _first(reading, self.heads, self.columns, list(_counting(below, self.columns)))
        scored = next((head for head in self.heads if plain(head) in _SCORES), "")
        if scored and "mark" not in columns.fields:
            reading.warnings.append(
                _(
                    "%(name)s: the column “%(head)s” was not taken as the mark; call it 分值 if it is.",
                    name=name or "1",
                    head=scored[:40],
                )
            )

    def take(self, cells: list[str], where: str, *, is_first: bool) -> None:
        """The next row: a heading, another header, or a question."""
        if not any(cells):
            return
        if section := _section(cells):
            self.kind, self.mark = section
        elif _asks_nothing(cells, self.columns) or (is_first and _is_note(cells)):
            return
        elif again := other_header(cells):
            self.columns, self.heads = replace(again, codes=self.columns.codes | again.codes), tuple(cells)
            self.counting = None
        else:
            self._take_question(cells, where)

    def _take_question(self, cells: list[str], where: str) -> None:
        row = _row(cells, self.columns, where)
        if self.is_numbered:
            row.stem = _NUMBER.sub("", row.stem)
        row.mark = row.mark or self.mark
        row.kind_of_section = None if row.material and self.kind == "case" else self.kind
        row.first = self.counting
        self.reading.sources[row.where] = Cells(self.name, self.heads, tuple(cells))
        self.cases.take(row)


def _note_left_out(reading: Reading, name: str, head: Sequence[Sequence[str]]) -> None:
    """A sheet with a name and several rows of several cells is named when nothing in it says what a question is."""
    if name and sum(1 for row in head if sum(map(bool, row)) > 1) > 1:
        reading.warnings.append(
            _("The sheet %(name)s has no header that names a question; it was left out.", name=name)
        )


def _asks_nothing(cells: Sequence[str], columns: Columns) -> bool:
    """Whether a row is a line drawn with signs, or the header once more."""
    return all(_RULE.fullmatch(cell) for cell in cells if cell) or _is_header_again(cells, columns)


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
            take_unknown_type(self.reading, row)
            take_letters_for_truth(self.reading, row)
            take_lost_choice(self.reading, row)
            draft = draft_of(row)
        except Refused as error:
            self.reading.refuse(row.where, error)
            return
        self.reading.questions.append(draft)
        if draft.kind == "essay" and not (row.kind or row.kind_of_section or row.answer):
            self.reading.warnings.append(
                _("%(where)s: nothing says what is asked for; it was taken for an essay question.", where=row.where)
            )

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


def _section(cells: Sequence[str]) -> tuple[str, str] | None:
    """`一、单选题（每题2分）` alone in a row sets the kind and the mark of what follows."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 1 or len(filled[0]) > 40:
        return None
    kind = kind_named(filled[0]) if re.match(r"[一二三四五六七八九十\d]+\s*[、.．]|.{2,5}题", filled[0]) else None
    heading = heading_of(filled[0]) if kind else None
    is_of_each = heading is not None and heading.mark is not None and not heading.mark_per_blank
    mark = format(Decimal(heading.mark) / 1000, "f") if heading and heading.mark and is_of_each else ""
    return (kind, mark) if kind else None


def _is_header_again(cells: Sequence[str], columns: Columns) -> bool:
    again = columns_of(cells)
    return again is not None and again.fields == columns.fields and again.worth >= 3


_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.、．]\s*(?!\d)")


def _are_numbered(stems: Sequence[str]) -> bool:
    """Whether every question of a table begins with its number, from 1 on."""
    found = [_NUMBER.match(stem) for stem in stems if stem]
    return len(found) > 1 and all(mark and int(mark.group(1)) == n for n, mark in enumerate(found, 1))


_RULE = re.compile(r"\s*:?-+:?\s*")
"""What Markdown draws below the header of a table."""
_CHOICES = {None, "choice", "single_choice", "multiple_choice"}
_SCORES = {"得分", "实得分", "实际得分", "学生得分", "总分"}
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
    stem, material, kind = cell("stem"), cell("material"), cell("kind")
    if not stem and material:
        stem, material = material, ""
    elif material:
        kind = cell("part_kind") or ("" if kind_named(kind) == "case" else kind)
    tags, path = cell("tags"), [cell("subject"), *(text for _at, text in categories)]
    return Row(
        where=where,
        stem=stem,
        kind=kind,
        material=material,
        answer=cell("answer") or cell("answer2"),
        explanation=cell("explanation"),
        hints=[cell("hint")] if cell("hint") else [],
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
        return flags_of_json(literals.cell(packed))
    except (ValueError, RecursionError):
        return []


def places(name: str, count: int, first: int = 1) -> Iterator[str]:
    """Where the rows of a sheet stand: `单选题!5` is row 5 of that sheet."""
    for number in range(first, first + count):
        yield f"{name}!{number}" if name else f"line {number}"
