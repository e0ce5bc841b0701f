"""How far the members of a unit are in a period, as a table that sorts by every column."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, following, neighbour, period_at
from learnhub.organisations import browsing
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.transcripts import columns, numbers, spans
from learnhub.transcripts.spans import Span
from learnhub.web.context import arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.organisations import charts
from learnhub.web.organisations.views import area, asked_period
from learnhub.web.tables import Column, Row, Table, View, sorted_by

MOST_COMPUTED = 500
"""Members up to which the page computes everybody, and so sorts by every column."""
PER_PAGE = 100
"""Members on a page beyond that; then it sorts by what the database knows."""
UNITS_BELOW = 20
"""Units below that the page names; the tree has all of them."""
_HIDDEN = {"capacity", "hours_online", "hours_meetings", "hours_claims", "mean", "pass_rate", "remarks"}
"""Columns that wait to be chosen: the others fit on 1280 px. A remark stands under its name meanwhile."""
_BY_KEY = {column.key: column for column in columns.COLUMNS}
_ORDER = ["name", *(one.key for one in columns.COLUMNS if one.key not in {"position", "name"})]

PROGRESS = Table(
    tuple(
        Column(
            key,
            _BY_KEY[key].heading,
            number=_BY_KEY[key].numeric,
            sorts=key != "remarks",
            down=_BY_KEY[key].numeric and key not in {"completion", "rank"},
            shown=key not in _HIDDEN,
        )
        for key in _ORDER
    ),
    sort="completion",
    filters=("period",),
)


@area.get("/units/<code>")
@requires(Permission.SEE_MEMBERS)
def unit(code: str) -> ResponseReturnValue:
    """Progress of a unit's members in a period, who is behind first."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    period = asked_period()
    span = spans.of_period(period, arrived())
    view = PROGRESS.read(request.args, "organisations.unit", code=code)
    total = numbers.count(found, span)
    complete = total <= MOST_COMPUTED
    if complete:
        lines = _sorted(list(numbers.sheet(found, span)), view)
    else:
        view = view.limited(*numbers.ORDERS)
        pages = -(-total // PER_PAGE)
        lines = _page(found, span, view, pages)
    return render_template(
        "organisations/unit.html",
        unit=found,
        path=browsing.path_in(scope(), Permission.SEE_MEMBERS, found.id),
        below=browsing.level(browsing.directly_below(found.id), 0, UNITS_BELOW),
        period=period,
        as_at=span.as_at,
        earlier=neighbour(period, -1),
        later=following(period, local_date(arrived(), house.zone)),
        periods=[period_at(arrived(), grain, house.zone) for grain in (Grain.YEAR, Grain.QUARTER, Grain.MONTH)],
        view=view,
        rows=[_row(line, period.key) for line in lines],
        leaf=(None, None) if complete else view.leaf(pages),
        total=total,
        behind=sum(1 for line in lines if line.behind),
        complete=complete,
        most=MOST_COMPUTED,
        **charts.of_unit(found, period, lines if complete else None, arrived()),
        may_add=scope().reaches(Permission.MANAGE_MEMBERS, found.id),
        may_administer=scope().reaches(Permission.ADMINISTER, found.id),
    )


def _row(line: numbers.Line, period: str) -> Row:
    url = url_for("organisations.member", member_id=line.member_id, period=period)
    return Row(columns.shown(line, say), url, str(line.member_id), line.name)


def _sorted(lines: list[numbers.Line], view: View) -> list[numbers.Line]:
    return sorted_by(lines, view, lambda line: _value(line, view.key), lambda line: line.number)


def _value(line: numbers.Line, key: str) -> Any:
    """What a line is sorted by: the number that is shown, or the words in the reader's language."""
    if key == "unit":
        return line.unit_code
    value = _BY_KEY[key].value(line)
    return value if _BY_KEY[key].numeric else say(value)


def _page(found: Unit, span: Span, view: View, pages: int) -> list[numbers.Line]:
    before = (min(view.page, pages) - 1) * PER_PAGE
    return numbers.page(found, span, order=view.key, down=view.down, before=before, limit=PER_PAGE)
