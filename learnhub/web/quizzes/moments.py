"""Moments as people type them: wall-clock times of the organisation, and a day up to whose end something holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wtforms import DateTimeLocalField

from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.house import house
from learnhub.web.context import arrived
from learnhub.web.language import day, when
from learnhub.web.language import translated as _
from learnhub.web.quizzes.blueprint import area


class UntilField(DateTimeLocalField):  # type: ignore[misc]
    """A moment up to which something holds. A day alone ("2026-06-30", where a browser lets one type it) means to its
    end: before 00:00 of the day after."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day alone, or a moment as ever."""
        typed = " ".join(valuelist).strip()
        try:
            day = date.fromisoformat(typed) if len(typed) == len("2026-06-30") else None
        except ValueError:
            day = None
        if day is None:
            super().process_formdata(valuelist)
        else:
            self.data = datetime.combine(day + timedelta(days=1), datetime.min.time())


@area.app_template_filter()
def end(instant: datetime) -> str:
    """When something is over; midnight is the end of the day before it, as people say it."""
    after = local_date(instant, house.zone)
    if instant != start_of_day(after, house.zone):
        return when(instant)
    last = after - timedelta(days=1)
    if last == local_date(arrived(), house.zone):
        return _("midnight tonight")
    return _("the end of %(day)s", day=day(last))
