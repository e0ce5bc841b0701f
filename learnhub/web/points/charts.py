"""A member's points as a chart: the months of this year."""

from __future__ import annotations

from datetime import datetime

from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, parts, period_on
from learnhub.points import balances
from learnhub.web.language import in_points
from learnhub.web.language import translated as _
from learnhub.web.over_time import Chart, by_period


def months_of(member_id: int, now: datetime) -> Chart:
    """The points of a member in each month of the year so far."""
    today = local_date(now, house.zone)
    months = parts(period_on(today, Grain.YEAR), Grain.MONTH, today)
    return by_period(
        months,
        _("Points"),
        balances.in_periods(member_id, months),
        said=lambda points: in_points(int(points)),
        finest=1,
    )
