"""Workbooks from outside: every sheet as rows of values, and what was made to exhaust the reader refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from learnhub.kernel import old_formats, page_tables
from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.number_formats import Shown, shown
from learnhub.kernel.words import _

MOST_ROWS = 100_000
MOST_COLUMNS = 256
MOST_CELLS = 8_000_000
MOST_SHEETS = 200
_LIMITS = Limits(entries=2_000, total_bytes=200 << 20, file_bytes=200 << 20, ratio=200)
_FAR_RIGHT = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{3})[0-9]+"')
_ROWS = re.compile(rb'<(?:\w+:)?(?:row|c)\s[^>]*?r="[A-Z]*([0-9]{6,})"')


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the number of its first row as people count (from 1), and its rows; None: unreadable."""

    name: str
    first: int
    rows: list[list[Any]] | None
    is_hidden: bool = False


def looks_like(data: bytes) -> bool:
    """Whether these are the bytes of a workbook: a zip, or an old .xls."""
    return data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sheets(data: bytes, *, most_rows: int = MOST_ROWS, as_shown: bool = False) -> Iterator[Sheet]:
    """The sheets of a workbook. Refused when the file is none, or is larger than a table of people's work can be.

    With `as_shown`, per cents, dates in words and times of day are the texts that people see. A page of tables, which
    programs send under the name of a workbook, is read as one.
    """
    if page_tables.looks_like(data):
        for name, rows in page_tables.tables(data):
            yield _checked_page(name, rows, most_rows)
        return
    if data[:4] == b"PK\x03\x04":
        _check_archive(data, most_rows)
    formats = _formats(data) if as_shown else {}
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = book.sheet_names[:MOST_SHEETS]
    except (CalamineError, ValueError, OSError, BaseException) as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Refused(_("This is not a workbook that can be read.")) from None
    hidden = {one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible}
    for name in names:
        yield replace(_sheet(book, name, most_rows, formats.get(name, {})), is_hidden=name in hidden)


def _formats(data: bytes) -> dict[str, Shown]:
    if data[:4] != b"PK\x03\x04":
        return old_formats.shown(data)
    with open_archive(data, _LIMITS) as archive:
        return shown(archive)


def _sheet(book: CalamineWorkbook, name: str, most_rows: int, formats: Shown) -> Sheet:
    try:
        sheet: CalamineSheet = book.get_sheet_by_name(name)
        rows, columns = sheet.total_height, sheet.total_width
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return Sheet(name, 1, None)
    if rows > most_rows:
        raise Refused(
            _("The sheet %(name)s has %(rows)s rows; at most %(most)s.", name=name, rows=rows, most=most_rows)
        )
    if rows * columns > MOST_CELLS:
        raise Refused(_("The sheet %(name)s is too large.", name=name))
    top, left = sheet.start or (0, 0)
    found = [row[:MOST_COLUMNS] for row in sheet.to_python(skip_empty_area=True)]
    for (row, column), show in formats.items():
        if 0 <= row - top < len(found) and 0 <= column - left < len(found[row - top]):
            found[row - top][column - left] = show(found[row - top][column - left])
    return Sheet(name, top + 1, found)


def _checked_page(name: str, rows: list[list[str]], most_rows: int) -> Sheet:
    if len(rows) > most_rows:
        raise Refused(
            _("The sheet %(name)s has %(rows)s rows; at most %(most)s.", name=name, rows=len(rows), most=most_rows)
        )
    return Sheet(name, 1, [list(row) for row in rows])


def _check_archive(data: bytes, most_rows: int) -> None:
    """Limits on what unpacks, no entities, and no cell so far out that the sheet between would not fit in memory."""
    with open_archive(data, _LIMITS) as archive:
        for entry in archive.members():
            if not entry.name.endswith((".xml", ".rels")):
                continue
            head = archive.head(entry.name, 2048)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Refused(_("The workbook declares XML entities and is refused."))
            if entry.name.startswith("xl/worksheets/") and entry.size > 0:
                _check_sheet(archive.read(entry.name), most_rows)


def _check_sheet(xml: bytes, most_rows: int) -> None:
    if b"<!ENTITY" in xml:
        raise Refused(_("The workbook declares XML entities and is refused."))
    rows = max((int(number) for number in _ROWS.findall(xml)), default=0)
    if rows > most_rows:
        raise Refused(_("A sheet has %(rows)s rows; at most %(most)s.", rows=rows, most=most_rows))
    if _FAR_RIGHT.search(xml):
        rows = max((int(n) for n in re.findall(rb'<(?:\w+:)?row\s[^>]*?r="([0-9]+)"', xml)), default=0)
        if rows * 16_384 > MOST_CELLS * 2:
            raise Refused(_("A sheet is too large: thousands of columns in thousands of rows."))
