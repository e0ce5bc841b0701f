"""A unit's progress as charts: who is on track, and the hours studied week by week in the year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, parts, period_on
from learnhub.organisations.models import Unit
from learnhub.transcripts import pace
from learnhub.transcripts.numbers import HALF, Line
from learnhub.web import charts
from learnhub.web.charts import Series
from learnhub.web.language import number, short
from learnhub.web.language import period as named
from learnhub.web.language import translated as _
from learnhub.web.over_time import HUNDREDTH, Chart


def of_unit(unit: Unit, period: Period, lines: Sequence[Line] | None, now: datetime) -> dict[str, Chart | None]:
    """The share of those on track (of all `lines`, None where not all are known) and the weeks of the period's year."""
    return {"standing_chart": _standing(lines or []), "weeks_chart": _weeks(unit, period, now)}


def _standing(lines: Sequence[Line]) -> Chart | None:
    """On track, behind, not begun; None where nobody owes hours."""
    owing = [line for line in lines if line.owed]
    if not owing:
        return None
    begun = [line for line in owing if line.hours > 0]
    behind = sum(1 for line in begun if line.behind)
    counts = (len(begun) - behind, behind, len(owing) - len(begun))
    names = (_("On track"), _("Behind"), _("Not begun"))
    return Chart(
        charts.share(list(zip(names, counts, strict=True)), _("Members"), number),
        _(
            "On track: %(on_track)s of %(all)s, with at least %(half)s%% of the hours they owe.",
            on_track=number(counts[0]),
            all=number(len(owing)),
            half=HALF,
        ),
    )


def _weeks(unit: Unit, period: Period, now: datetime) -> Chart | None:
    today = local_date(now, house.zone)
    year = period_on(min(period.first or today, today), Grain.YEAR)
    weeks = parts(year, Grain.WEEK, today)
    hours = pace.hours_of_unit(unit.id, weeks, now)
    drawing = charts.lines(
        [short(one) for one in weeks],
        [Series(_("Hours"), hours)],
        number,
        finest=HUNDREDTH,
        names=[named(one) for one in weeks],
    )
    most = max(range(len(hours)), key=lambda place: hours[place])
    return Chart(
        drawing,
        _(
            "%(year)s so far: %(sum)s hours; the most in a week: %(most)s (%(when)s).",
            year=named(year),
            sum=number(sum(hours)),
            most=number(hours[most]),
            when=named(weeks[most]),
        ),
    )
