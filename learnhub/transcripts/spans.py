"""The days that a sheet or transcript covers, and the moment as at which it is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from learnhub.kernel.clock import iso, local_date, start_of_day
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, period_on
from learnhub.kernel.words import _

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2199, 12, 31)


@dataclass(frozen=True)
class Span:
    """Calendar days from `first` to the day before `after`. What was recorded after `as_at` is not seen."""

    first: date
    after: date
    as_at: datetime

    @property
    def last(self) -> date:
        """The last day of the span."""
        return self.after - timedelta(days=1)

    @property
    def key(self) -> str:
        """The name of the period if it is one (`2026`, `2026-Q4`, `2026-11`), else `2026-01-15..2026-03-02`."""
        for grain in (Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.DAY):
            period = period_on(self.first, grain)
            if (period.first, period.after) == (self.first, self.after):
                return period.key
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def reference_day(self) -> date:
        """The day whose memberships and roles count: the last of the span, or that of `as_at` when it is earlier."""
        return max(min(self.last, local_date(self.as_at, house.zone)), self.first)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The span as instants: from (included) to (excluded)."""
        return start_of_day(self.first, house.zone), start_of_day(self.after, house.zone)

    def to_json(self) -> dict[str, str]:
        """A form that can be stored with a job."""
        return {"first": self.first.isoformat(), "after": self.after.isoformat(), "as_at": self.as_at.isoformat()}

    @classmethod
    def from_json(cls, stored: dict[str, str]) -> Span:
        """What `to_json` stored."""
        return cls(
            date.fromisoformat(stored["first"]),
            date.fromisoformat(stored["after"]),
            datetime.fromisoformat(stored["as_at"]),
        )


def of_period(period: Period, as_at: datetime) -> Span:
    """The span of a named period; all time runs from 2000 to the end of the year of `as_at`."""
    if period.first is None or period.after is None:
        return Span(FIRST_DAY, date(local_date(as_at, house.zone).year + 1, 1, 1), to_the_millisecond(as_at))
    return between(period.first, period.after - timedelta(days=1), as_at)


def between(first: date, last: date, as_at: datetime) -> Span:
    """The span from one day to another, both included; Refused when they stand the wrong way round."""
    if first > last:
        raise Refused(_("The first day (%(first)s) comes after the last (%(last)s).", first=first, last=last))
    if first < FIRST_DAY or last > LAST_DAY:
        raise Refused(_("Choose days between %(first)s and %(last)s.", first=FIRST_DAY, last=LAST_DAY))
    return Span(first, last + timedelta(days=1), to_the_millisecond(as_at))


def moment(day: date | None, now: datetime) -> datetime:
    """The instant that "as at a day" means: the last millisecond of that day, or now while it is still running."""
    if day is None:
        return now
    if day > local_date(now, house.zone):
        raise Refused(_("Nothing is known yet as at %(day)s.", day=day))
    end = start_of_day(day + timedelta(days=1), house.zone) - timedelta(milliseconds=1)
    return min(end, now)


def to_the_millisecond(instant: datetime) -> datetime:
    """An instant as it is printed, so that asking again for the printed one gives the same."""
    return datetime.fromisoformat(iso(instant))


def printed(instant: datetime) -> str:
    """An instant as date and time of the organisation's zone, with its offset: the same in every language."""
    local = instant.astimezone(house.zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]}"
