"""Boards as tables: the rows of a board for CSV and JSON files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from learnhub.boards import standings
from learnhub.boards.ladders import ladder
from learnhub.boards.standings import Measure
from learnhub.kernel.cells import write_csv
from learnhub.kernel.clock import iso
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.periods import Period, parse_period
from learnhub.kernel.words import Message, _
from learnhub.organisations import units
from learnhub.organisations.models import Unit

BOARDS: dict[str, Message] = {
    "members": _("Members"),
    "units-per-head": _("Units, points per head"),
    "units-total": _("Units, points in total"),
}
"""The boards by the names that addresses and commands use."""

MEMBER_COLUMNS = ("rank", "number", "name", "points")
UNIT_COLUMNS = ("rank", "code", "name", "points", "headcount", "per_head")


def known(name: str) -> str:
    """The name of a board; NotFound when there is none of that name."""
    if name not in BOARDS:
        raise NotFound(_("There is no board “%(name)s”. There are: %(all)s.", name=name, all=", ".join(BOARDS)))
    return name


def measure_of(name: str) -> Measure:
    """What a board of units compares."""
    return "total" if name == "units-total" else "per-head"


def rows(name: str, unit: Unit, period: Period, now: datetime) -> Iterator[dict[str, Any]]:
    """The rows of a board from top to bottom, by the names of its columns; means are rounded to thousandths."""
    if known(name) == "members":
        for step in ladder(period, unit, now).all():
            yield {"rank": step.rank, "number": step.number, "name": step.name, "points": step.points}
        return
    for row in standings.unit_board(period, unit, now=now, measure=measure_of(name)).rows:
        yield {
            "rank": row.rank,
            "code": row.unit.code,
            "name": row.unit.name,
            "points": row.points,
            "headcount": float(round(row.headcount, 3)),
            "per_head": float(round(row.per_head, 3)) if row.per_head is not None else None,
        }


def export_board(name: str, unit_code: str, period_key: str, format: str, out: Path, now: datetime) -> dict[str, Any]:
    """Write a board to a file, as CSV (UTF-8 with mark) or JSON; what was written. No scope is checked here."""
    period, unit = parse_period(period_key), units.unit_by_code(unit_code)
    columns = MEMBER_COLUMNS if known(name) == "members" else UNIT_COLUMNS
    table = rows(name, unit, period, now)
    if format == "csv":
        with out.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(file, columns, ([row[column] for column in columns] for row in table), bom=True)
    elif format == "json":
        listed = list(table)
        count = len(listed)
        document = {"board": name, "unit": unit.code, "period": period.key, "as_of": iso(now), "rows": listed}
        out.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    else:
        raise Refused(_("A board is written as csv or json."))
    return {"board": name, "unit": unit.code, "period": period.key, "as_of": iso(now), "rows": count, "file": str(out)}
