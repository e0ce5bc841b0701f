"""Figures of a unit and all below it by kind, as a table and a chart."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from learnhub.audit.trail import record
from learnhub.kernel.cells import write_csv
from learnhub.kernel.clock import start_of_day
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import statistics as figures
from learnhub.organisations.permissions import Permission
from learnhub.transcripts.sheets import FORMATS, clean
from learnhub.web import as_at, charts, files
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import html_language, number, say
from learnhub.web.language import translated as _
from learnhub.web.organisations.views import area

HEADINGS = (
    lazy("Kind"),
    lazy("Units"),
    lazy("Members"),
    lazy("Largest"),
    lazy("Without members"),
    lazy("Posts held"),
    lazy("Vacant posts"),
)


def _rows(lines: Sequence[figures.OfKind]) -> list[tuple[str, int, int, int, int, int, int]]:
    """The lines under the headings."""
    return [
        (
            str(say(line.kind.called(html_language()))),
            line.units,
            line.members,
            line.largest,
            line.without_members,
            line.held,
            line.vacant,
        )
        for line in lines
    ]


@area.get("/units/<code>/statistics")
@requires(Permission.SEE_MEMBERS)
def statistics(code: str) -> ResponseReturnValue:
    """How many units, members and posts of each kind there are."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    asked = as_at.read(request.args)
    lines = figures.by_kind(found.id, asked.at)
    rows = _rows(lines)
    page = render_template(
        "organisations/statistics.html",
        unit=found,
        asked=asked,
        columns=[(str(say(heading)), "number" if at else "") for at, heading in enumerate(HEADINGS)],
        rows=[[row[0], *(number(one) for one in row[1:])] for row in rows],
        units=sum(line.units for line in lines),
        members=sum(line.members for line in lines),
        vacant=sum(line.vacant for line in lines),
        chart_drawing=charts.bars([(row[0], row[2]) for row in rows], _("Members"), number),
    )
    return page, 422 if asked.fault else 200


@area.post("/units/<code>/statistics/export")
@requires(Permission.SEE_MEMBERS)
def export_statistics(code: str) -> ResponseReturnValue:
    """The figures as a file."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    format = request.form.get("format", "xlsx")
    if format not in ("xlsx", "csv"):
        raise Refused(lazy("A sheet is written as %(formats)s.", formats="xlsx, csv"))
    asked = as_at.read(request.form)
    if asked.fault:
        raise Refused(asked.fault)
    day = asked.at.day
    headings, rows = [str(say(heading)) for heading in HEADINGS], _rows(figures.by_kind(found.id, asked.at))
    record(actor(), "export", "unit", found.id, arrived(), unit_id=found.id, statistics=day.isoformat())
    body = _as_csv(headings, rows) if format == "csv" else _as_xlsx(headings, rows, day)
    answer = Response(body, mimetype=FORMATS[format])
    name = f"{found.code}-statistics-{day.isoformat()}.{format}"
    answer.headers["Content-Disposition"] = files.disposition(name, inline=False)
    return answer


def _as_csv(headings: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
    out = io.StringIO(newline="")
    write_csv(out, headings, rows, bom=True)
    return out.getvalue().encode()


def _as_xlsx(headings: Sequence[str], rows: Sequence[Sequence[str | int]], day: date) -> bytes:
    """Names are written as text, so that none becomes a formula; counts are numbers. The same day, the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": start_of_day(day, house.zone).replace(tzinfo=None)})
    page, bold = book.add_worksheet(_("Statistics")), book.add_format({"bold": True})
    for line, row in enumerate([headings, *rows]):
        for at, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(line, at, clean(value), None if line else bold)
            else:
                page.write_number(line, at, value)
    book.close()
    return out.getvalue()
