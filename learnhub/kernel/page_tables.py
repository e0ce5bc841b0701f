"""Tables that programs send as workbooks though they are pages: HTML under the name .xls, and Excel's XML of 2003."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import with_open_ends_as_text
from learnhub.kernel.text import decode
from learnhub.kernel.words import _

MOST_TABLES = 200
MOST_COLUMNS = 256
_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_OF_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_UNSEEN = frozenset({"script", "style", "head", "title"})
_OWN_LINE = frozenset({"br", "p", "div", "li"})
_Rows = list[list[str]]


def looks_like(data: bytes) -> bool:
    """Whether these are the bytes of a page with a table, or of a workbook in XML."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if not start.startswith(b"<"):
        return False
    plain = data.replace(b"\0", b"") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else data
    return is_of_2003(data) or re.search(rb"<table[\s>]", plain, re.IGNORECASE) is not None


def is_of_2003(data: bytes) -> bool:
    """Whether these are the bytes of a workbook in XML, as Excel 2003 writes it."""
    return _OF_2003 in data[:4096] and re.search(rb"<(?:ss:)?Workbook[\s>]", data[:4096]) is not None


def tables(data: bytes) -> Iterator[tuple[str, _Rows]]:
    """The name and the rows of each table. Refused when the XML is broken or declares entities."""
    if is_of_2003(data):
        yield from _of_2003(data)
        return
    reader = _Page()
    reader.feed(with_open_ends_as_text(decode(data)))
    reader.close()
    yield from ((f"Sheet{n}", rows) for n, rows in enumerate(reader.tables[:MOST_TABLES], 1))


def _of_2003(data: bytes) -> Iterator[tuple[str, _Rows]]:
    try:
        root = fromstring(data)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise Refused(_("This is not a workbook that can be read.")) from None
    for sheet in list(root.iter(f"{_SPREADSHEET}Worksheet"))[:MOST_TABLES]:
        rows: _Rows = []
        for row in sheet.iter(f"{_SPREADSHEET}Row"):
            rows += [[] for _missing in range(min(_index(row) - 1 - len(rows), 1000))]
            rows.append(_cells(row))
        yield sheet.get(f"{_SPREADSHEET}Name", ""), rows


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{_SPREADSHEET}Cell"):
        cells += [""] * (min(_index(cell), MOST_COLUMNS) - 1 - len(cells))
        data = cell.find(f"{_SPREADSHEET}Data")
        cells.append("".join(data.itertext()) if data is not None else "")
        cells += [""] * min(_number(cell.get(f"{_SPREADSHEET}MergeAcross")), MOST_COLUMNS)
    return cells[:MOST_COLUMNS]


def _index(element: Element) -> int:
    return _number(element.get(f"{_SPREADSHEET}Index"))


def _number(written: str | None) -> int:
    return int(written) if written and written.isdigit() and len(written) < 7 else 0


class _Page(HTMLParser):
    """Collects the tables of a page; what stands in a table inside a cell is text of the cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Rows] = []
        self._deep = 0
        self._unseen = 0
        self._cell: list[str] | None = None
        self._wide = 1
        self._below: dict[int, int] = {}
        """For a column, over how many rows below the cell above reaches."""
        self._tall = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._deep += 1
            if self._deep == 1:
                self.tables.append([])
                self._below = {}
        elif tag == "tr" and self._deep == 1:
            self._end_cell()
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self._deep == 1 and self.tables[-1]:
            self._end_cell()
            said = dict(attrs)
            self._cell = []
            self._wide = max(1, min(_number(said.get("colspan")), MOST_COLUMNS))
            self._tall = max(1, _number(said.get("rowspan")))
        elif tag in _OWN_LINE and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in {"td", "th", "tr"} and self._deep == 1:
            self._end_cell()
        elif tag == "table":
            if self._deep == 1:
                self._end_cell()
            self._deep = max(self._deep - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(re.sub(r"\s+", " ", data))

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        lines = [line.strip() for line in "".join(self._cell).split("\n")]
        row = self.tables[-1][-1]
        while self._below.get(len(row), 0) > 0:
            self._below[len(row)] -= 1
            row.append("")
        for column in range(len(row), len(row) + self._wide):
            self._below[column] = self._tall - 1
        row += ["\n".join(line for line in lines if line), *[""] * (self._wide - 1)]
        del row[MOST_COLUMNS:]
        self._cell = None
