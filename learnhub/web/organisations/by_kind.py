"""Figures of a unit and all below it by kind, as a table and a chart."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.organisations import statistics as figures
from learnhub.organisations.permissions import Permission
from learnhub.web import charts
from learnhub.web.context import arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import html_language, number, say
from learnhub.web.language import translated as _
from learnhub.web.organisations.views import area


@area.get("/units/<code>/statistics")
@requires(Permission.SEE_MEMBERS)
def statistics(code: str) -> ResponseReturnValue:
    """How many units, members and posts of each kind there are."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    lines = figures.by_kind(found.id, local_date(arrived(), house.zone))
    names = [str(say(line.kind.called(html_language()))) for line in lines]
    counts = [(line.units, line.members, line.largest, line.without_members, line.held, line.vacant) for line in lines]
    return render_template(
        "organisations/statistics.html",
        unit=found,
        rows=[[name, *(number(one) for one in row)] for name, row in zip(names, counts, strict=True)],
        units=sum(line.units for line in lines),
        members=sum(line.members for line in lines),
        vacant=sum(line.vacant for line in lines),
        chart_drawing=charts.bars(
            [(name, line.members) for name, line in zip(names, lines, strict=True)], _("Members"), number
        ),
    )
