"""CSV and its relatives: the delimiter found by the header it gives, the columns as in the spreadsheets."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from io import StringIO

from learnhub.kernel.cells import text_of_cell
from learnhub.kernel.delimited import lines
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.carries import Carried, only_read
from question_bank.formats.fields.plain_answers import CARRIED
from question_bank.formats.fields.rows import Row, draft_of
from question_bank.formats.reading import AS_SENT, Changes, Reading
from question_bank.formats.sheets import blackboard_lines, brightspace
from question_bank.formats.sheets.anki_text import notes_of
from question_bank.formats.sheets.open_quotes import reopened, without_spaces_before_quotes
from question_bank.formats.sheets.sheet_heads import HEADER_WITHIN, find_header
from question_bank.formats.sheets.tables import read_sheet
from question_bank.formats.sheets.unheaded import columns_of_cells

NAME = "csv"
CARRIES = Carried(
    "Read with the columns of a workbook, and as Blackboard and Brightspace take questions for upload; not written.",
    dict.fromkeys([*CARRIED, "case"], only_read()),
)
DELIMITERS = ",\t;|，"
MOST_ROWS = 100_000
_SURE = ",\t|;"
_WITHOUT_COLUMNS = (blackboard_lines, brightspace)
"""Files of platforms in which each line, or each block of lines, says itself what it is."""
FEWEST_ROWS = 3
"""Lines without a header that are a table, if each is a question with its answer."""


def delimiter_of(text: str) -> str | None:
    """The delimiter that makes most of the header, or else columns that can be told; None when none does."""
    best: tuple[int, str] | None = None
    headless: str | None = None
    head = "\n".join(text.split("\n", 400)[:400])
    for delimiter in DELIMITERS:
        rows = []
        try:
            for _n, row in zip(
                range(HEADER_WITHIN), csv.reader(StringIO(head, newline=""), delimiter=delimiter), strict=False
            ):
                rows.append([text_of_cell(cell) for cell in row])
        except csv.Error:
            continue
        found = find_header(rows)
        if found is not None and (best is None or found[1].worth > best[0]):
            best = (found[1].worth, delimiter)
        elif found is None and headless is None and delimiter in _SURE and len(rows) >= FEWEST_ROWS:
            headless = delimiter if columns_of_cells(rows) else None
    return best[1] if best else headless


def looks_like(text: str) -> bool:
    """Whether some delimiter gives a header of a table of questions."""
    if any(one.looks_like(text) for one in _WITHOUT_COLUMNS):
        return True
    notes = notes_of(text)
    return delimiter_of(notes.text if notes else text) is not None


def read(text: str, changes: Changes = AS_SENT) -> Reading:
    """Every question of a delimited text."""
    own = next((one for one in _WITHOUT_COLUMNS if one.looks_like(text)), None)
    if own is not None:
        return _read_rows(own.rows_of(text))
    notes = notes_of(text)
    text = notes.text if notes else text
    delimiter = delimiter_of(text) or (_most_frequent(text) if changes.at_desk else None)
    if delimiter is None:
        raise Refused(_("No line has a header with a question (题干) and an answer (答案)."))
    text = without_spaces_before_quotes(text, delimiter)
    reading = Reading(NAME)
    rows, places = reopened(reading, text, delimiter, *lines(text, delimiter, MOST_ROWS))
    if notes:
        notes.clean(rows)
    read_sheet(reading, "", rows, places, changes)
    _note_swallowed(reading, rows, places)
    return reading


def _read_rows(rows: Sequence[tuple[str, Callable[[], Row]]]) -> Reading:
    reading = Reading(NAME)
    for where, row in rows:
        try:
            reading.questions.append(draft_of(row()))
        except Refused as error:
            reading.refuse(where, error)
    return reading


def _note_swallowed(reading: Reading, rows: Sequence[Sequence[str]], places: Sequence[str]) -> None:
    """Say where a quotation mark that nobody closed has put the row below into a cell of a row too long."""
    usual = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    for row, where in zip(rows, places, strict=True):
        if len(row) > usual and any("\n" in cell.strip() for cell in row):
            reading.warnings.append(
                _("%(where)s: a cell holds the row below it; a quotation mark is open.", where=where)
            )


def _most_frequent(text: str) -> str | None:
    """The delimiter that stands most often in the first lines; None where there is none."""
    head = "".join(text.splitlines(keepends=True)[:HEADER_WITHIN])
    found = max(DELIMITERS, key=head.count)
    return found if found in head else None
