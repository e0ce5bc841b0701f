"""Values by period as a chart: columns under short names of the periods, full ones in the table, and one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from learnhub.kernel.periods import Period
from learnhub.web import charts
from learnhub.web.charts import Drawing, Series
from learnhub.web.language import number, period, short
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
    finest: Number = HUNDREDTH,
    summary: str | None = None,
) -> Chart:
    """Columns of one series, the newest last, with a sentence: the newest and the highest, unless it is given."""
    labels, names = [short(one) for one in periods], [period(one) for one in periods]
    drawing = charts.columns(labels, [Series(name, values)], number, finest=finest, names=names)
    if summary is not None:
        return Chart(drawing, summary)
    highest = max(range(len(values)), key=lambda place: (values[place], place))
    summary = _("%(now)s so far: %(value)s.", now=names[-1], value=number(values[-1]))
    if highest != len(values) - 1 and values[highest]:
        summary = _(
            "%(now)s so far: %(value)s. The most: %(most)s (%(when)s).",
            now=names[-1],
            value=number(values[-1]),
            most=number(values[highest]),
            when=names[highest],
        )
    return Chart(drawing, summary)
