"""The scores of a unit from one day to another, for the page, the command and the API: one place that says which."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from learnhub.organisations.models import Unit
from learnhub.transcripts import numbers, sheets, spans
from learnhub.transcripts.columns import Say


def sheet_of(unit: Unit, first: date, last: date, as_at: date | None, now: datetime, say: Say) -> sheets.Sheet:
    """The sheet of a unit, as at the end of a day (or now). Refused for days that can't be."""
    return sheets.Sheet(unit, spans.between(first, last, spans.moment(as_at, now)), say)


def export(
    unit: Unit, first: date, last: date, as_at: date | None, format: str, out: Path, now: datetime, say: Say
) -> dict[str, Any]:
    """Write the sheet to a file; what was written."""
    return sheets.write(sheet_of(unit, first, last, as_at, now, say), format, out)


def size(sheet: sheets.Sheet) -> int:
    """How many rows it will have."""
    return numbers.count(sheet.unit, sheet.span)
