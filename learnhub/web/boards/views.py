"""The boards as a page: which board, which unit, which period; the top, and my own place."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from learnhub.boards import export, standings
from learnhub.boards.ladders import Key
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, neighbour, parse_period, period_at, period_on
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import browsing, memberships
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.api.paging import cursor_of
from learnhub.web.boards import charts
from learnhub.web.context import arrived, member_id, scope
from learnhub.web.guards import signed_in
from learnhub.web.over_time import Chart
from learnhub.web.points.cursors import board_after

area = Blueprint("boards", __name__)

MOST_BELOW = 50
"""Units below that a board leads to."""
GRAINS = {
    Grain.DAY: lazy("Day"),
    Grain.WEEK: lazy("Week"),
    Grain.MONTH: lazy("Month"),
    Grain.QUARTER: lazy("Quarter"),
    Grain.YEAR: lazy("Year"),
    Grain.ALL: lazy("All time"),
}


@area.get("/boards")
@signed_in
def index() -> ResponseReturnValue:
    """The board of members of my unit this week."""
    return _page("members")


@area.get("/boards/<name>")
@signed_in
def board(name: str) -> ResponseReturnValue:
    """A board by its name."""
    return _page(export.known(name))


def chosen_unit(code: str | None) -> Unit:
    """The unit asked for, if its boards may be seen; by default the one the member belongs to, else the first."""
    if code:
        return scope().unit(Permission.LEARN, code)
    mine = memberships.primary_unit_id(member_id(), arrived())
    found = browsing.first_of(scope(), Permission.LEARN, mine)
    if found is None:
        raise NotFound(lazy("You do not belong to a unit yet. Ask your secretary."))
    return found


def chosen_period(key: str | None, now: datetime) -> Period:
    """The period asked for; by default this week."""
    return parse_period(key) if key else period_at(now, Grain.WEEK, house.zone)


def _page(name: str) -> ResponseReturnValue:
    now = arrived()
    asked = request.args.get("unit")
    unit = chosen_unit(asked)
    node = _with_units_below(unit)
    if not asked and name != "members":
        unit = node
    period = chosen_period(request.args.get("period"), now)

    def address(**changes: Any) -> str:
        query = {"name": name, "unit": unit.code, "period": period.key, **changes}
        return url_for("boards.board", **query)

    common = {
        "name": name,
        "unit": unit,
        "period": period,
        "address": address,
        "boards": [
            (title, address(name=one, unit=(unit if one == "members" else node).code), one == name)
            for one, title in export.BOARDS.items()
        ],
        "grains": _grain_tabs(period, now, address),
        "earlier": _step(period, -1, now, address),
        "last_day": period.after - timedelta(days=1) if period.after else None,
        "later": _step(period, 1, now, address),
        **_places(unit),
    }
    if name != "members":
        shown = standings.unit_board(period, unit, now=now, measure=export.measure_of(name))
        return render_template("boards/units.html", board=shown, **common)
    after = board_after(request.args.get("after", ""))
    members = standings.member_board(
        period, unit, now=now, around=member_id(), after=Key(*after) if after is not None else None
    )
    return render_template(
        "boards/members.html",
        board=members,
        first_page=after is None,
        chart=_spread(period, unit, now, members) if after is None else None,
        my_id=member_id(),
        next_url=address(after=cursor_of(*members.after)) if members.after else None,
        **common,
    )


def _with_units_below(unit: Unit) -> Unit:
    """Where a board of units has something to compare: the unit itself, or the one above it when it is a leaf."""
    below = select(Unit.id).where(Unit.parent_id == unit.id).limit(1)
    if unit.parent_id is None or db.session.scalar(below) is not None:
        return unit
    above = db.session.get_one(Unit, unit.parent_id)
    return above if scope().reaches(Permission.LEARN, above.id) else unit


def _spread(period: Period, unit: Unit, now: datetime, board: standings.MemberBoard) -> Chart | None:
    """The distribution of a board that goes on below its first rows."""
    mine = board.mine.points if board.mine else None
    return charts.spread(standings.distribution(period, unit, now=now), mine)


def _grain_tabs(period: Period, now: datetime, address: Any) -> list[tuple[Any, str, bool]]:
    """The same moment at every length: today where the period holds today, else its first day."""
    today = local_date(now, house.zone)
    day = today if period.first is None or period.contains(today) else period.first
    return [
        (label, address(period=period_on(day, grain).key), grain is period.grain) for grain, label in GRAINS.items()
    ]


def _step(period: Period, step: int, now: datetime, address: Any) -> str | None:
    """The address of the period before or after; none in the future, none before the year 1."""
    try:
        other = neighbour(period, step)
    except (OverflowError, ValueError):
        return None
    if other is None or other.first is None or (step > 0 and other.first > local_date(now, house.zone)):
        return None
    return str(address(period=other.key))


def _places(unit: Unit) -> dict[str, Any]:
    """Where the unit stands in the tree, as far as this person's reach goes."""
    below = browsing.directly_below(unit.id).where(scope().covers(Permission.LEARN, Unit.id))
    return {
        "path": browsing.path_in(scope(), Permission.LEARN, unit.id),
        "below": [branch.unit for branch in browsing.level(below, 0, MOST_BELOW).branches],
    }
