"""A member's study hours as a chart: the last twelve weeks."""

from __future__ import annotations

from datetime import datetime

from learnhub.kernel.clock import local_date
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, lately
from learnhub.transcripts import pace
from learnhub.web.language import translated as _
from learnhub.web.over_time import Chart, by_period

WEEKS = 12


def weeks_of(member_id: int, now: datetime) -> Chart:
    """The hours of a member in each of the last weeks."""
    weeks = lately(local_date(now, house.zone), Grain.WEEK, WEEKS)
    return by_period(weeks, _("Hours"), pace.hours_of_member(member_id, weeks, now))
