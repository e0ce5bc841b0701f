"""Cells of tables that leave the house: text in them never becomes a formula in somebody's spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
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
