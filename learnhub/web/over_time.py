"""Values by period as a chart: columns under short names of the periods, full ones in the table, and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from learnhub.kernel.periods import Grain, Period
from learnhub.kernel.words import _ as _w
from learnhub.web import charts
from learnhub.web.charts import Drawing, Series
from learnhub.web.language import days, number, period, say, sentences, short
from learnhub.web.language import translated as _
from learnhub.web.scales import Number

HUNDREDTH = Fraction(1, 100)
"""What is printed to two places needs no finer line."""


class Chart(NamedTuple):
    """A drawing with its sentence."""

    drawing: Drawing
    summary: str


def by_period(
    periods: Sequence[Period],
    name: str,
    values: Sequence[Number],
    *,
    said: Callable[[Number], str] = number,
    finest: Number = HUNDREDTH,
    summary: str | None = None,
) -> Chart:
    """Columns of one series, the newest last, with a sentence: the newest and the highest, unless it is given.

    `said` gives a value with its noun, for the sentence.
    """
    labels, names = [short(one) for one in periods], [dated(one) for one in periods]
    drawing = charts.columns(labels, [Series(name, values)], number, finest=finest, names=names)
    if summary is not None:
        return Chart(drawing, summary)
    now = _SO_FAR.get(periods[-1].grain)
    told = [_("%(now)s so far: %(value)s.", now=say(now) if now else names[-1], value=said(values[-1]))]
    highest = max(range(len(values)), key=lambda place: (values[place], place))
    if highest != len(values) - 1 and values[highest]:
        told.append(_("The most: %(most)s (%(when)s).", most=said(values[highest]), when=names[highest]))
    return Chart(drawing, sentences(told))


def dated(one: Period) -> str:
    """The name of a period; of a week its days, as the axis names it."""
    if one.grain is Grain.WEEK and one.first is not None and one.after is not None:
        return days(one.first, one.after - timedelta(days=1))
    return period(one)


_SO_FAR = {Grain.WEEK: _w("This week"), Grain.MONTH: _w("This month")}
