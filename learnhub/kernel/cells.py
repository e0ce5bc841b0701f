"""Cells of tables: as people see them when they come in; when they leave, no text becomes a formula."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What spreadsheet programs take for the start of a formula; the full-width forms too (OWASP, "CSV Injection")."""

BOM = "\ufeff"


def csv_safe(value: Any) -> Any:
    """A cell that is shown as it is: text that looks like a formula gets a ' in front; numbers stay numbers."""
    if not isinstance(value, str):
        return "" if value is None else value
    if value.lstrip(" \u3000").startswith(FORMULA_STARTS):
        value = "'" + value
    return value.replace("\0", "")


def write_csv(out: IO[str], header: Sequence[str], rows: Iterable[Sequence[Any]], *, bom: bool = False) -> int:
    """Write rows as CSV (RFC 4180, CRLF) to a file opened with newline=""; how many rows there were.

    With `bom` Excel reads the UTF-8 as such.
    """
    if bom:
        out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([csv_safe(cell) for cell in header])
    count = 0
    for row in rows:
        writer.writerow([csv_safe(cell) for cell in row])
        count += 1
    return count


_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD], None)


def text_of_cell(value: Any) -> str:
    """A cell's value as people see it: a whole number without its `.0`, a date as a date, invisible signs trimmed."""
    if value is None:
        return ""
    if type(value) is str and value.isprintable() and "_x000D_" not in value:
        return value.strip(" ")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    text = str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").translate(_INVISIBLE)
    return text.replace("\xa0", " ").strip(" \t\n\u3000")


def folded(text: str) -> str:
    """A text for comparing: widths folded, spaces gone, small letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
