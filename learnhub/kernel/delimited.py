"""Text with a delimiter between the cells (CSV and its relatives), as rows with the line where each begins."""

from __future__ import annotations

import csv
from io import StringIO

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

LARGEST_FIELD = 1 << 20


def lines(text: str, delimiter: str, most: int) -> tuple[list[list[str]], list[str]]:
    """The rows of a text, and for each its place, `line 7`. Refused when it can't be read or has more than `most`."""
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    places: list[str] = []
    before = 0
    try:
        for row in reader:
            rows.append(row)
            places.append(f"line {before + 1}")
            before = reader.line_num
            if len(rows) > most:
                raise Refused(_("The file has more than %(most)s rows.", most=most))
    except csv.Error as error:
        raise Refused(_("Line %(line)s can't be read as CSV: %(why)s", line=before + 1, why=str(error))) from None
    return rows, places
