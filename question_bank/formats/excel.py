"""Excel workbooks, in all the layouts of the field: one sheet or several, wide, coded, flagged, packed."""

from __future__ import annotations

import re
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from learnhub.kernel.archives import Limits, open_archive
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.authoring import QuestionDraft
from question_bank.formats.reading import Reading
from question_bank.formats.tables import places, read_sheet

NAME = "excel"
MOST_ROWS = 100_000
MOST_COLUMNS = 256
MOST_CELLS = 8_000_000
MOST_SHEETS = 200
_LIMITS = Limits(entries=2_000, total_bytes=200 << 20, file_bytes=200 << 20, ratio=200)
_FAR_RIGHT = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{3})[0-9]+"')
_ROWS = re.compile(rb'<(?:\w+:)?(?:row|c)\s[^>]*?r="[A-Z]*([0-9]{6,})"')


def looks_like(data: bytes) -> bool:
    """Whether these are the bytes of a workbook: a zip, or an old .xls."""
    return data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(data: bytes) -> Reading:
    """Every question of a workbook. Refused when the file is no workbook, or one made to exhaust the reader."""
    if data[:4] == b"PK\x03\x04":
        _check_archive(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = book.sheet_names[:MOST_SHEETS]
    except (CalamineError, ValueError, OSError, BaseException) as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Refused(_("This is not a workbook that can be read.")) from None
    reading = Reading(NAME)
    tables = 0
    for name in names:
        tables += _read_sheet(reading, book, name)
    if not tables:
        raise Refused(
            _("No sheet has a header with a question (题干) and an answer (答案); see the template for the columns.")
        )
    _leave_out_repeated(reading)
    return reading


def _read_sheet(reading: Reading, book: CalamineWorkbook, name: str) -> bool:
    try:
        sheet = book.get_sheet_by_name(name)
        rows, columns = sheet.total_height, sheet.total_width
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        reading.warnings.append(_("The sheet %(name)s can't be read and was left out.", name=name))
        return False
    if rows > MOST_ROWS:
        raise Refused(
            _("The sheet %(name)s has %(rows)s rows; at most %(most)s.", name=name, rows=rows, most=MOST_ROWS)
        )
    if rows * columns > MOST_CELLS:
        raise Refused(_("The sheet %(name)s is too large.", name=name))
    first = sheet.start[0] + 1 if sheet.start else 1
    found = [row[:MOST_COLUMNS] for row in sheet.to_python(skip_empty_area=True)]
    return read_sheet(reading, name, found, list(places(name, len(found), first)))


def _check_archive(data: bytes) -> None:
    """Limits on what unpacks, no entities, and no cell so far out that the sheet between would not fit in memory."""
    with open_archive(data, _LIMITS) as archive:
        for entry in archive.members():
            if not entry.name.endswith((".xml", ".rels")):
                continue
            head = archive.head(entry.name, 2048)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Refused(_("The workbook declares XML entities and is refused."))
            if entry.name.startswith("xl/worksheets/") and entry.size > 0:
                _check_sheet(archive.read(entry.name))


def _check_sheet(xml: bytes) -> None:
    if b"<!ENTITY" in xml:
        raise Refused(_("The workbook declares XML entities and is refused."))
    rows = max((int(number) for number in _ROWS.findall(xml)), default=0)
    if rows > MOST_ROWS:
        raise Refused(_("A sheet has %(rows)s rows; at most %(most)s.", rows=rows, most=MOST_ROWS))
    if _FAR_RIGHT.search(xml):
        rows = max((int(n) for n in re.findall(rb'<(?:\w+:)?row\s[^>]*?r="([0-9]+)"', xml)), default=0)
        if rows * 16_384 > MOST_CELLS * 2:
            raise Refused(_("A sheet is too large: thousands of columns in thousands of rows."))


def _leave_out_repeated(reading: Reading) -> None:
    """A question that stands on several sheets word for word is listed once; repeats within a sheet stay."""
    kept: list[QuestionDraft] = []
    seen: dict[str, str] = {}
    for draft in reading.questions:
        words = repr((draft.kind, draft.stem_html, draft.content))
        sheet = draft.where.rpartition("!")[0]
        first = seen.setdefault(words, draft.where)
        if first.rpartition("!")[0] != sheet:
            reading.warnings.append(_("%(where)s repeats %(first)s and was left out.", where=draft.where, first=first))
        else:
            kept.append(draft)
    reading.questions[:] = kept
