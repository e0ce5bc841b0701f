"""A member's study hours as a chart: the last twelve weeks, or the last ones in which anything was studied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from flask_babel import ngettext

from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, lately, parts
from learnhub.transcripts import pace
from learnhub.transcripts.columns import rounded
from learnhub.web.language import number, sentences
from learnhub.web.language import translated as _
from learnhub.web.over_time import Chart, by_period, dated
from learnhub.web.scales import Number

WEEKS = 12


def weeks_of(member_id: int, year: Period, now: datetime) -> Chart:
    """The hours of a member in each of the last weeks of a year, so far.

    Where nothing was studied in these, they are the weeks up to the last one of the year in which anything was.
    """
    today = local_date(now, house.zone)
    over = year.after is not None and year.after <= today
    end = year.after - timedelta(days=1) if over and year.after else today
    weeks = lately(end, Grain.WEEK, WEEKS)
    hours = _printed(pace.hours_of_member(member_id, weeks, now))
    if any(hours) and not over:
        return by_period(weeks, _("Hours"), hours, said=_in_hours)
    whole = parts(year, Grain.WEEK, end)
    studied = [
        one for one, some in zip(whole, _printed(pace.hours_of_member(member_id, whole, now)), strict=True) if some
    ]
    if studied and not any(hours):
        weeks = lately(studied[-1].first or end, Grain.WEEK, WEEKS)
        hours = _printed(pace.hours_of_member(member_id, weeks, now))
    return by_period(weeks, _("Hours"), hours, summary=_looking_back(weeks, hours, over=over))


def _printed(hours: Sequence[Fraction]) -> list[Fraction]:
    """As they are printed: what is no hundredth of an hour is no column either."""
    return [Fraction(rounded(one) or 0) for one in hours]


def _looking_back(weeks: Sequence[Period], hours: Sequence[Fraction], *, over: bool) -> str:
    most = max(range(len(hours)), key=lambda place: (hours[place], place))
    told = [] if over else [_("No hours fall in the last %(n)s weeks.", n=WEEKS)]
    told.append(_("The most: %(most)s (%(when)s).", most=_in_hours(hours[most]), when=dated(weeks[most])))
    return sentences(told)


def _in_hours(value: Number) -> str:
    return str(ngettext("%(n)s hour", "%(n)s hours", 1 if value == 1 else 2, n=number(value)))
