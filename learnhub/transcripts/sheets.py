"""The scores of a unit as a sheet (成绩单): XLSX, CSV or JSON, row by row, the same numbers as on the page."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from learnhub.kernel.cells import write_csv
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.transcripts import gathering, numbers
from learnhub.transcripts.columns import COLUMNS, Say, Value, cells
from learnhub.transcripts.spans import Span, printed

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
}
MOST_ROWS = 1_048_576
"""Rows that a sheet of a workbook holds; what is more goes on a second one."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """What is to be written: which unit, which days, as at when, in whose language."""

    unit: Unit
    span: Span
    say: Say

    def facts(self) -> list[tuple[str, str]]:
        """The head of the sheet: unit, period, moment, rule versions."""
        rules = ", ".join(f"{rule['code']} v{rule['version']}" for rule in gathering.rules_in_force(self.span))
        say = self.say
        return [
            (say(_("Unit")), f"{self.unit.name} ({self.unit.code})"),
            (say(_("Period")), f"{self.span.first.isoformat()} – {self.span.last.isoformat()}"),
            (say(_("As at")), printed(self.span.as_at)),
            (say(_("Rule versions")), rules or "–"),
        ]

    def headings(self) -> list[str]:
        """The headings of the columns."""
        return [self.say(column.heading) for column in COLUMNS]

    def rows(self) -> Iterator[list[Value]]:
        """The rows, one a member, in the order of the columns."""
        for line in numbers.sheet(self.unit, self.span):
            yield cells(line, self.say)


class Digest:
    """The check code of a sheet: over its head and every cell, whatever the format."""

    def __init__(self, sheet: Sheet) -> None:
        self._hash = hashlib.sha256()
        self.add([text for _label, text in sheet.facts()])

    def add(self, row: list[Any]) -> None:
        """Count a row in."""
        cells = "\x1f".join(["" if cell is None else str(cell) for cell in row])
        self._hash.update(cells.encode("utf-8", "surrogatepass") + b"\n")

    def code(self) -> str:
        """Sixteen hex digits."""
        return self._hash.hexdigest()[:16].upper()


def file_name(sheet: Sheet, format: str) -> str:
    """What the file is called."""
    return f"{sheet.unit.code}-{sheet.span.key}.{format}"


def write(sheet: Sheet, format: str, out: Path, progress: Any = None) -> dict[str, Any]:
    """Write a sheet to a file; how many rows it has and its check code. Refused for an unknown format.

    `progress(n)` is called after every 500 rows. Memory does not grow with the sheet.
    """
    writer = {"xlsx": _write_xlsx, "csv": _write_csv, "json": _write_json}.get(format)
    if writer is None:
        raise Refused(_("A sheet is written as %(formats)s.", formats=", ".join(FORMATS)))
    digest = Digest(sheet)
    count = 0

    def rows() -> Iterator[list[Value]]:
        nonlocal count
        for row in sheet.rows():
            digest.add(row)
            count += 1
            if progress is not None and count % 500 == 0:
                progress(count)
            yield row

    with out.open("wb") as target:
        writer(sheet, target, rows(), digest)
    return {"rows": count, "check": digest.code(), "as_at": printed(sheet.span.as_at), "file": out.name}


def _write_csv(sheet: Sheet, target: BinaryIO, rows: Iterator[list[Value]], digest: Digest) -> None:
    text: Any = codecs.getwriter("utf-8")(target)
    write_csv(text, sheet.headings(), ([_plain(cell) for cell in row] for row in rows), bom=True)
    foot = [*sheet.facts(), (sheet.say(_("Check code")), digest.code())]
    write_csv(text, [f"# {label}: {value}" for label, value in foot], [])


def _plain(cell: Value) -> Any:
    return format(cell, "f") if isinstance(cell, Decimal) else cell


def _write_json(sheet: Sheet, target: BinaryIO, rows: Iterator[list[Value]], digest: Digest) -> None:
    head = {
        "unit": sheet.unit.code,
        "unit_name": sheet.unit.name,
        "from": sheet.span.first.isoformat(),
        "to": sheet.span.last.isoformat(),
        "as_at": printed(sheet.span.as_at),
        "rules": gathering.rules_in_force(sheet.span),
    }
    keys = [column.key for column in COLUMNS]
    target.write(json.dumps(head, ensure_ascii=False).encode()[:-1] + b', "rows": [')
    for number, row in enumerate(rows):
        values = {key: float(cell) if isinstance(cell, Decimal) else cell for key, cell in zip(keys, row, strict=True)}
        target.write((b",\n" if number else b"\n") + json.dumps(values, ensure_ascii=False).encode())
    target.write(b'\n], "check": "' + digest.code().encode() + b'"}\n')


def _write_xlsx(sheet: Sheet, target: BinaryIO, rows: Iterator[list[Value]], digest: Digest) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    moment = sheet.span.as_at.astimezone(house.zone).replace(tzinfo=None)
    book.set_properties({"title": sheet.unit.name, "created": moment})
    bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
    page, place = _new_page(book, sheet, bold, 1)
    for row in rows:
        if place >= MOST_ROWS:
            page, place = _new_page(book, sheet, bold, len(book.worksheets()) + 1)
        for column, cell in enumerate(row):
            _write_cell(page, place, column, cell, number)
        place += 1
    if place + 2 < MOST_ROWS:
        page.write_string(place + 1, 0, sheet.say(_("Check code")), bold)
        page.write_string(place + 1, 1, digest.code())
    book.close()


def _new_page(book: Any, sheet: Sheet, bold: Any, number: int) -> tuple[Any, int]:
    page = book.add_worksheet(sheet.say(_("Scores")) if number == 1 else f"{sheet.say(_('Scores'))} {number}")
    for column, one in enumerate(COLUMNS):
        page.set_column(column, column, one.width)
    place = 0
    for label, value in sheet.facts():
        page.write_string(place, 0, label, bold)
        page.write_string(place, 1, clean(value))
        place += 1
    place += 1
    page.freeze_panes(place + 1, 3)
    for column, heading in enumerate(sheet.headings()):
        page.write_string(place, column, heading, bold)
    return page, place + 1


def _write_cell(page: Any, row: int, column: int, cell: Value, decimal: Any) -> None:
    if isinstance(cell, str):
        page.write_string(row, column, clean(cell))
    elif isinstance(cell, Decimal):
        page.write_number(row, column, float(cell), decimal)
    elif cell is not None:
        page.write_number(row, column, cell)


def clean(text: str) -> str:
    """Text without what XML can't hold, no longer than a cell takes."""
    return _NOT_IN_XML.sub("", text)[:32_767]
