"""The map of a unit and all below it: where they are, coloured by a figure that the reader chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, period_at
from learnhub.kernel.words import Message
from learnhub.kernel.words import _ as lazy
from learnhub.organisations.mapping import outline, places
from learnhub.organisations.mapping.places import Placed
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.transcripts import by_unit, spans
from learnhub.transcripts.by_unit import Sums
from learnhub.web import maps
from learnhub.web.context import arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import number, say
from learnhub.web.language import translated as _
from learnhub.web.maps import Map, Mark
from learnhub.web.organisations.views import area
from learnhub.web.scales import breadth

FIGURES: dict[str, Message] = {
    "members": lazy("Members"),
    "hours": lazy("Hours per head"),
    "completion": lazy("Completion (%)"),
}
"""What the points can be coloured by."""
MOST_LISTED = 500
"""Units that the table names."""
MOST_TOLD = 50
"""Units that a list below the map names."""


@dataclass(frozen=True)
class Point:
    """A unit on the map: the class of its figure, and all figures as they are printed."""

    unit: Unit
    grade: int
    printed: Mapping[str, str]

    @property
    def url(self) -> str:
        """The page of the unit."""
        return url_for("organisations.unit", code=self.unit.code)


@area.get("/units/<code>/map")
@requires(Permission.SEE_MEMBERS)
def map_of(code: str) -> ResponseReturnValue:
    """The units that have a place, as points; those without one, by name; and the numbers as a table."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    figure = request.args.get("figure", "members")
    if figure not in FIGURES:
        raise NotFound(lazy("The map has no such figure."))
    period = period_at(arrived(), Grain.YEAR, house.zone)
    span = spans.of_period(period, arrived())
    sums = by_unit.of_branch(found, span)
    all_units = places.below(found.id)
    placed = [one for one in all_units if one.place is not None]
    drawing = _drawing(found, placed, sums, figure) if placed else None
    points = _points(placed, sums, figure, drawing)
    without = [one.unit for one in all_units if one.place is None]
    return render_template(
        "organisations/map.html",
        unit=found,
        figure=figure,
        names={key: str(say(name)) for key, name in FIGURES.items()},
        drawing=drawing,
        points=points,
        labels=[_label(mark, points, figure) for mark in drawing.marks] if drawing else [],
        legend=[(one.number, _limits(one.low, one.high)) for one in drawing.grades] if drawing else [],
        unknown=any(point.grade == 0 for point in points),
        near=[mark for mark in drawing.marks if len(mark.points) > 1] if drawing else [],
        beside=maps.named(drawing, [_beside(mark, points, figure) for mark in drawing.marks]) if drawing else [],
        counts=[_count(mark) for mark in drawing.marks] if drawing else [],
        most_named=maps.MOST_NAMED,
        listed=MOST_LISTED,
        told=MOST_TOLD,
        without=without,
        period=period,
        as_at=span.as_at,
        may_administer=scope().reaches(Permission.ADMINISTER, found.id),
        whole=found.parent_id is None,
    )


def _value(sums: Sums, figure: str) -> Fraction | None:
    if figure == "members":
        return Fraction(sums.members)
    return sums.per_head if figure == "hours" else sums.completion


def _printed(value: Fraction | None) -> str:
    return "—" if value is None else number(value)


def _drawing(found: Unit, placed: Sequence[Placed], sums: Mapping[int, Sums], figure: str) -> Map:
    return maps.drawn(
        [(one.place.longitude, one.place.latitude) for one in placed if one.place],
        [sums[one.unit.id].members for one in placed],
        [_value(sums[one.unit.id], figure) for one in placed],
        outline.drawn(),
        whole=found.parent_id is None,
    )


def _points(placed: Sequence[Placed], sums: Mapping[int, Sums], figure: str, drawing: Map | None) -> list[Point]:
    grades = drawing.grades if drawing else []
    return [
        Point(
            one.unit,
            maps.grade_of(_value(sums[one.unit.id], figure), grades),
            {key: _printed(_value(sums[one.unit.id], key)) for key in FIGURES},
        )
        for one in placed
    ]


def _limits(low: Fraction, high: Fraction) -> str:
    """The limits of a class as the legend says them."""
    first, last = _printed(low), _printed(high)
    return first if first == last else f"{first}–{last}"


def _beside(mark: Mark, points: Sequence[Point], figure: str) -> str | None:
    """What stands beside a mark of one unit: its name and its figure."""
    point = points[mark.points[0]]
    return f"{point.unit.name} {point.printed[figure]}" if len(mark.points) == 1 else None


def _count(mark: Mark) -> tuple[str, int]:
    """How many units a mark holds, in words, and how many pixels these are wide."""
    text = ngettext("%(num)s unit", "%(num)s units", len(mark.points))
    return text, round(maps.EM * breadth(text))


def _label(mark: Mark, points: Sequence[Point], figure: str) -> str:
    """What a screen reader says of a mark."""
    if len(mark.points) > 1:
        names = ", ".join(points[at].unit.name for at in mark.points[:3])
        return _("%(n)s units close together: %(names)s", n=number(len(mark.points)), names=names)
    point = points[mark.points[0]]
    return _(
        "%(unit)s: %(figure)s %(value)s",
        unit=point.unit.name,
        figure=str(say(FIGURES[figure])),
        value=point.printed[figure],
    )
