"""A board as a chart: how many members have how many points, and where mine are."""

from __future__ import annotations

from collections.abc import Sequence

from learnhub.web import charts, scales
from learnhub.web.language import number
from learnhub.web.language import translated as _
from learnhub.web.over_time import Chart

FEWEST = 8
"""Members with points below which a board says everything itself."""


def spread(counts: Sequence[tuple[int, int]], mine: int | None) -> Chart | None:
    """The distribution of (points, members); None for a small board, or where all have the same."""
    members = sum(many for _points, many in counts)
    if members < FEWEST or len(counts) < 2:
        return None
    edges = scales.edges_for(min(points for points, _n in counts), max(points for points, _n in counts))
    drawing = charts.histogram(edges, scales.counted(edges, counts), _("Members"), number, mine=mine)
    points = [one for one, many in sorted(counts) for _n in range(many)]
    middle = number(points[len(points) // 2])
    summary = _(
        "%(members)s members have points; half of them have %(middle)s or more.",
        members=number(members),
        middle=middle,
    )
    if mine is not None:
        summary += " " + _("I have %(mine)s: my column has the frame.", mine=number(mine))
    return Chart(drawing, summary)
