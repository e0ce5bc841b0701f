"""Sheets of rows: the header found wherever it stands, each row below it read, each fault kept to its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from learnhub.kernel.cells import folded, text_of_cell
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import cleaned
from question_bank.formats.fields.answers import are_texts, count_from_nought, first_number
from question_bank.formats.fields.rows import Row, draft_of
from question_bank.formats.fields.structured import case_of
from question_bank.formats.fields.unknown_types import (
    ask_for_words,
    refuse_run_together,
    settle_parts,
    take_explained,
    take_letters_for_truth,
    take_lost_choice,
    take_unknown_type,
    take_words,
)
from question_bank.formats.papers.headings import heading_of
from question_bank.formats.reading import AS_SENT, Cells, Changes, Reading, Refusal
from question_bank.formats.rich_text import html_of
from question_bank.formats.sheets.bare_codes import with_codes_borne_out
from question_bank.formats.sheets.columns import (
    Columns,
    as_choices,
    columns_of,
    kind_named,
    names_kind,
    plain,
    roles_of,
)
from question_bank.formats.sheets.head_notes import counted_from, name_in
from question_bank.formats.sheets.option_rows import with_options_below, with_options_gathered
from question_bank.formats.sheets.overflow import is_rare, settle_overflow
from question_bank.formats.sheets.row_cells import row_of
from question_bank.formats.sheets.sheet_heads import (
    HEADER_WITHIN,
    heads_of,
    other_header,
    told,
    with_kinds_told,
)
from question_bank.formats.sheets.shifted import are_verdicts, explains_columns, take_verdict_of_options
from question_bank.formats.sheets.starred import with_stars_told


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
    columns = with_kinds_told(reading, rows[at + 1 :], columns, changes.kinds.get(name, {}))
    columns = with_codes_borne_out(reading, rows[at + 1 :], columns)
    rows, columns = with_stars_told(rows, at, columns)
    head = [[text_of_cell(value) for value in row] for row in rows[:HEADER_WITHIN]]
    rows, columns = with_options_gathered(with_options_below(rows, at, columns), at, columns)
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
        self.width = max((n for n, one in enumerate(self.heads, 1) if one), default=0)
        self.can_overflow = reading.format == "csv" and is_rare(below, self.width)
        stem, at_kind = columns.fields["stem"], columns.fields.get("kind", len(self.heads))
        named = self.heads[stem]
        self.kind = (kind_named(name) if name else None) or (kind_named(named) if names_kind(plain(named)) else None)
        above = [section for row in head[: max(at, 0)] if (section := _section(row))]
        above = above or [section for section in (_section([name]),) if name and section]
        self.kind, self.mark = above[-1] if above else (self.kind, "")
        kinds = (text_of_cell(row[at_kind]) for row in below if at_kind < len(row))
        self.columns = replace(columns, codes=as_choices(kinds) | columns.codes)
        self.is_numbered = _are_numbered([text_of_cell(row[stem]) for row in below if stem < len(row)])
        self.letters = {plain(name_in(self.heads[at])): letter for letter, at in columns.options.items()}
        choices = list(_choices(below, self.columns))
        counts = columns.counts_from is None
        self.counting = _first(reading, self.heads, self.columns, choices) if counts else columns.counts_from
        asks_alone = not {"kind", "options"} & set(columns.fields) and not (columns.options or columns.blank_answers)
        asks_alone = asks_alone and not columns.flags and not columns.wrong
        answers = _answers(below, self.columns) if self.kind is None and asks_alone else []
        if answers:
            self.kind = "true_false" if are_verdicts(answers) else None
            self.cases.asks_words = ask_for_words(answers)
        self.counts_nothing = are_texts(choices) or (self.counting is None and count_from_nought(choices))
        self.cases.has_choices = bool(choices)

    def take(self, cells: list[str], where: str, *, is_first: bool) -> None:
        """The next row: a heading, another header, or a question."""
        if not any(cells):
            return
        named = columns_of(cells)
        if section := _section(cells):
            self.kind, self.mark = section
        elif _is_line(cells) or _is_header_again(named, self.columns) or (is_first and _is_note(cells)):
            return
        elif explains_columns(cells, self.columns.fields["stem"]):
            self.reading.warnings.append(_("%(where)s: this row explains the table; it was left out.", where=where))
        elif again := other_header(cells, named):
            self.columns, self.heads = replace(again, codes=self.columns.codes | again.codes), tuple(cells)
            self.counting = None
        else:
            self._take_question(cells, where)

    def _take_question(self, cells: list[str], where: str) -> None:
        row = row_of(cells, self.columns, where)
        if self.can_overflow:
            try:
                settle_overflow(row, cells, self.width, roles_of(self.columns).get(self.width - 1, ""))
            except Refused as error:
                self.reading.refuse(where, error)
                return
        if self.is_numbered:
            row.stem = _NUMBER.sub("", row.stem)
        row.mark = row.mark or self.mark
        row.kind_of_section = None if row.material and self.kind == "case" else self.kind
        self._take_codes(row)
        row.first = self.counting
        row.numbered = row.numbered and not self.counts_nothing
        self.reading.sources[row.where] = Cells(self.name, self.heads, tuple(cells))
        self.cases.take(row)

    def _take_codes(self, row: Row) -> None:
        """Read what the head says of codes in this row: verdicts as digits, settings of blanks."""
        named = kind_named(self.columns.codes.get(row.kind, row.kind)) if row.kind else row.kind_of_section
        asks_verdicts = "kind" not in self.columns.fields and not (self.columns.options or row.options)
        if self.columns.verdicts and (named == "true_false" or (named is None and asks_verdicts)):
            verdict = self.columns.verdicts.get(row.answer)
            row.answer = row.answer if verdict is None else "对" if verdict else "错"
            row.kind_of_section = row.kind_of_section or "true_false"
        row.answer = _by_heads(row, self.letters)
        if named == "fill_in":
            row.options = {letter: text for letter, text in row.options.items() if letter not in self.columns.settings}


def _by_heads(row: Row, letters: Mapping[str, str]) -> str:
    """The answer as letters, if it names options by the heads of their columns: `option_3`, `选项B,选项C`."""
    said = [letters.get(plain(part), "") for part in re.split(r"[,;|，；、]", row.answer) if part.strip()]
    texts = set(map(folded, row.options.values()))
    is_text = folded(row.answer) in texts or any(len(name) < 2 for name in letters)
    return ",".join(said) if said and all(said) and row.options and not is_text else row.answer


def _note_left_out(reading: Reading, name: str, head: Sequence[Sequence[str]]) -> None:
    """A sheet with a name and several rows of several cells is named when nothing in it says what a question is."""
    if name and sum(1 for row in head if sum(map(bool, row)) > 1) > 1:
        reading.warnings.append(
            _("The sheet %(name)s has no header that names a question; it was left out.", name=name)
        )


def _is_line(cells: Sequence[str]) -> bool:
    """Whether a row is drawn with signs."""
    return all(_RULE.fullmatch(cell) for cell in cells if cell)


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
        self.has_choices = self.asks_words = False

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
            refuse_run_together(row)
            take_verdict_of_options(self.reading, row)
            take_unknown_type(self.reading, row)
            take_letters_for_truth(self.reading, row)
            take_lost_choice(self.reading, row)
            take_explained(self.reading, row)
            if self.has_choices or self.asks_words:
                take_words(self.reading, row, are_all=self.asks_words)
            settle_parts(self.reading, row)
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


def _is_header_again(again: Columns | None, columns: Columns) -> bool:
    return again is not None and again.fields == columns.fields and again.worth >= 3


_NUMBER = re.compile(r"\s*(\d{1,4})\s*[.、．]\s*(?!\d)")


def _are_numbered(stems: Sequence[str]) -> bool:
    """Whether every question of a table begins with its number, from 1 on."""
    found = [_NUMBER.match(stem) for stem in stems if stem]
    return len(found) > 1 and all(mark and int(mark.group(1)) == n for n, mark in enumerate(found, 1))


_RULE = re.compile(r"\s*:?-+:?\s*")
"""What Markdown draws below the header of a table."""
_CHOICES = {None, "choice", "single_choice", "multiple_choice"}
_NOTE = re.compile(r"[(（]\s*(?:required|optional|default|必填|选填|可选|非必填)", re.IGNORECASE)


def _is_note(cells: Sequence[str]) -> bool:
    """The row below the header in which a template explains its columns: `(required)`, `（选填）`."""
    return sum(_NOTE.search(cell) is not None for cell in cells) >= 3


def _first(
    reading: Reading, heads: Sequence[str], columns: Columns, asked: Sequence[tuple[str, Mapping[str, str]]]
) -> int | None:
    """How the answers count the options (see `first_number`), with a warning where 1 is no more than usual."""
    said = counted_from(heads[columns.fields["answer"]]) if "answer" in columns.fields else None
    if said is not None:
        return said
    first = first_number(asked, numbered=False)
    if first is None and columns.numbered:
        first = first_number(asked, numbered=True)
        if first is not None and "index" in plain(heads[columns.fields["answer"]]):
            reading.warnings.append(_("The answers count the options; they were taken to count from 1. Please check."))
    return first


def _answers(rows: Sequence[Sequence[Any]], columns: Columns) -> list[str]:
    """The answers of a table's rows that ask something, as far as its columns tell."""
    found = (row_of([text_of_cell(value) for value in values], columns, "") for values in rows)
    return [row.answer for row in found if row.stem]


def _choices(rows: Sequence[Sequence[Any]], columns: Columns) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The answer and the options of each choice of a table, as far as the kind or the answer tells."""
    for values in rows:
        cells = [text_of_cell(value) for value in values]
        if _is_note(cells):
            continue
        row = row_of(cells, columns, "")
        said = kind_named(columns.codes.get(row.kind, row.kind)) if row.kind else "choice"
        if said in _CHOICES and len(row.options) > 1 and row.answer and not row.flags:
            yield row.answer, row.options


def places(name: str, count: int, first: int = 1) -> Iterator[str]:
    """Where the rows of a sheet stand: `单选题!5` is row 5 of that sheet."""
    for number in range(first, first + count):
        yield f"{name}!{number}" if name else f"line {number}"
