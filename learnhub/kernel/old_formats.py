"""Cells of an old workbook (`.xls`) that show another text than their number, as number_formats finds them in new ones.

Its stream `Workbook` is a row of records ([MS-XLS]). Formats are read from the records of Excel 97 and later; the
values are read elsewhere.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from olefile import DEFECT_INCORRECT, OleFileIO

from learnhub.kernel.number_formats import Show, Shown, show_for

_LARGEST = 32 << 20
"""Bytes of a file beyond which its cells are taken as they are."""
_MOST_RECORDS, _MOST_SHOWN = 3_000_000, 1_000_000
"""Records, and cells that show another text, beyond which cells are taken as they are."""
_SECTORS, _FIRST_TABLES = 0x2C, 109
"""Where the header says how many sectors the table of sectors fills, and how many of them the header itself lists."""
_BOF, _EOF, _SHEET, _XF, _FORMAT = 0x0809, 0x000A, 0x0085, 0x00E0, 0x041E
_ONE_CELL = frozenset({0x0006, 0x0203, 0x027E})
"""Records of one cell: a formula, and two ways to write a number."""
_MANY_CELLS = 0x00BD
_EXCEL_97 = 0x0600

_Record = tuple[int, int, bytes]
"""Where a record begins, its kind, and what it holds."""


def shown(data: bytes) -> dict[str, Shown]:
    """By the name of a sheet its cells that show another text than their value; none where that can't be told."""
    if len(data) > _LARGEST or _claims_too_much(data):
        return {}
    try:
        with OleFileIO(BytesIO(data), raise_defects=DEFECT_INCORRECT) as file:
            return _shown(_records(file.openstream("Workbook").read()))
    except Exception:  # a broken file breaks its reader in many ways; the values may be readable all the same
        return {}


def _claims_too_much(data: bytes) -> bool:
    """Whether the table of sectors would be larger than the file needs: the reader would build it all the same."""
    if len(data) < 512:
        return True
    (sectors,) = struct.unpack_from("<I", data, _SECTORS)
    return bool(sectors > len(data) // (128 * 512) + _FIRST_TABLES)


def _records(stream: bytes) -> Iterator[_Record]:
    at = count = 0
    while at + 4 <= len(stream):
        if (count := count + 1) > _MOST_RECORDS:
            raise ValueError
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


@dataclass
class _Book:
    """What the records before the sheets say: where each sheet begins, formats, and the format of each style."""

    sheets: dict[int, str] = field(default_factory=dict)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)

    def take(self, kind: int, body: bytes) -> None:
        if kind == _SHEET:
            start, _state, length, wide = struct.unpack_from("<IHBB", body)
            self.sheets[start] = _text(body[8:], length, wide)
        elif kind == _FORMAT:
            number, length, wide = struct.unpack_from("<HHB", body)
            self.formats[number] = _text(body[5:], length, wide)
        elif kind == _XF:
            self.styles += struct.unpack_from("<2xH", body)

    def shows(self) -> dict[int, Show]:
        """The numbers of the styles whose cells show another text, and how."""
        made = {one: show_for(str(one), self.formats.get(one, "")) for one in set(self.styles)}
        return {number: show for number, one in enumerate(self.styles) if (show := made[one])}


def _text(data: bytes, length: int, wide: int) -> str:
    return data[: 2 * length].decode("utf-16-le", "replace") if wide & 1 else data[:length].decode("latin-1")


def _shown(records: Iterator[_Record]) -> dict[str, Shown]:
    _at, kind, body = next(records)
    if kind != _BOF or struct.unpack_from("<H", body) != (_EXCEL_97,):
        return {}
    book = _Book()
    for _at, kind, body in records:
        if kind == _EOF:
            break
        book.take(kind, body)
    shows = book.shows()
    return _in_sheets(records, book.sheets, shows) if shows else {}


def _in_sheets(records: Iterator[_Record], sheets: dict[int, str], shows: dict[int, Show]) -> dict[str, Shown]:
    found: dict[str, dict[tuple[int, int], Show]] = {}
    name, depth, count = "", 0, 0
    for at, kind, body in records:
        if kind == _BOF:  # a chart in a sheet has an own one
            depth += 1
            name = sheets.get(at, "") if depth == 1 else name
        elif kind == _EOF:
            depth -= 1
        elif depth == 1 and (kind in _ONE_CELL or kind == _MANY_CELLS):
            row, column = struct.unpack_from("<HH", body)
            styles = struct.unpack_from("<4xH", body) if kind in _ONE_CELL else _styles(body)
            here = {(row, column + n): shows[style] for n, style in enumerate(styles) if style in shows}
            found.setdefault(name, {}).update(here)
            if (count := count + len(here)) > _MOST_SHOWN:
                raise ValueError
    return dict(found)


def _styles(body: bytes) -> Iterator[int]:
    """The styles of cells in a row that share a record, each before its number."""
    return (struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 6, 6))
