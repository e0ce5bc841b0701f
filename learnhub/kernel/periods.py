"""Periods by name: `2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`, `all`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True)
class Period:
    """A stretch of calendar days: `first` to the day before `after`; both None for all time."""

    key: str
    grain: Grain
    first: date | None
    after: date | None

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The period as instants in UTC: from (included) and to (excluded), by the zone's midnights."""
        start = start_of_day(self.first, zone) if self.first else datetime(1970, 1, 1, tzinfo=UTC)
        end = start_of_day(self.after, zone) if self.after else datetime(9000, 1, 1, tzinfo=UTC)
        return start, end

    def contains(self, day: date) -> bool:
        """Whether a calendar day lies in the period."""
        return (self.first is None or self.first <= day) and (self.after is None or day < self.after)


ALL_TIME = Period("all", Grain.ALL, None, None)


def period_on(day: date, grain: Grain) -> Period:
    """The period of that length that a day lies in. Weeks are ISO weeks (Monday first)."""
    if grain is Grain.DAY:
        return Period(day.isoformat(), grain, day, day + timedelta(days=1))
    if grain is Grain.WEEK:
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Period(f"{year}-W{week:02d}", grain, monday, monday + timedelta(days=7))
    if grain is Grain.MONTH:
        first = day.replace(day=1)
        return Period(f"{day.year}-{day.month:02d}", grain, first, _months_on(first, 1))
    if grain is Grain.QUARTER:
        quarter = (day.month - 1) // 3 + 1
        first = date(day.year, 3 * quarter - 2, 1)
        return Period(f"{day.year}-Q{quarter}", grain, first, _months_on(first, 3))
    if grain is Grain.YEAR:
        return Period(str(day.year), grain, date(day.year, 1, 1), date(day.year + 1, 1, 1))
    return ALL_TIME


def period_at(instant: datetime, grain: Grain, zone: ZoneInfo) -> Period:
    """The period of that length that an instant lies in, by the calendar of a zone."""
    return period_on(local_date(instant, zone), grain)


def keys_at(instant: datetime, zone: ZoneInfo) -> list[str]:
    """The names of all periods that an instant counts in, sorted: one per grain."""
    day = local_date(instant, zone)
    return sorted(period_on(day, grain).key for grain in Grain)


_PATTERNS = [
    (Grain.DAY, re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    (Grain.WEEK, re.compile(r"(\d{4})-W(\d{2})")),
    (Grain.MONTH, re.compile(r"(\d{4})-(\d{2})")),
    (Grain.QUARTER, re.compile(r"(\d{4})-Q([1-4])")),
    (Grain.YEAR, re.compile(r"(\d{4})")),
]


def parse_period(key: str) -> Period:
    """The period of that name; Refused when there is none."""
    if key == "all":
        return ALL_TIME
    try:
        for grain, pattern in _PATTERNS:
            found = pattern.fullmatch(key)
            if not found:
                continue
            numbers = [int(group) for group in found.groups()]
            if grain is Grain.DAY:
                return period_on(date(*numbers), grain)
            if grain is Grain.WEEK:
                return period_on(date.fromisocalendar(numbers[0], numbers[1], 1), grain)
            if grain is Grain.MONTH:
                return period_on(date(numbers[0], numbers[1], 1), grain)
            if grain is Grain.QUARTER:
                return period_on(date(numbers[0], 3 * numbers[1] - 2, 1), grain)
            return period_on(date(numbers[0], 1, 1), grain)
    except (ValueError, OverflowError):
        pass
    raise Refused(_("“%(key)s” is not a period. Write 2026-11-22, 2026-W47, 2026-11, 2026-Q4, 2026 or all.", key=key))


def neighbour(period: Period, step: int) -> Period | None:
    """The period `step` (-1 or 1) away, of the same length; None for all time."""
    if period.first is None or period.after is None:
        return None
    return period_on(period.after if step > 0 else period.first - timedelta(days=1), period.grain)


def following(period: Period, today: date) -> Period | None:
    """The next period of the same length if it has begun; None for all time and for what lies ahead."""
    after = neighbour(period, 1)
    return after if after is not None and after.first is not None and after.first <= today else None


def lately(day: date, grain: Grain, count: int) -> list[Period]:
    """The last `count` periods of that length, up to the one that a day lies in, the oldest first."""
    found = [period_on(day, grain)]
    while len(found) < count and (before := neighbour(found[0], -1)) is not None:
        found.insert(0, before)
    return found


def parts(period: Period, grain: Grain, until: date | None = None) -> list[Period]:
    """The shorter periods that a period is made of, up to the one that `until` lies in.

    A week that reaches over its edge is cut there, so that the parts add up to the whole. All time has no parts.
    """
    found: list[Period] = []
    first, after = period.first, period.after
    while first is not None and after is not None and first < after and (until is None or first <= until):
        whole = period_on(first, grain)
        end = min(whole.after or after, after)
        found.append(Period(whole.key, grain, first, end))
        first = end
    return found


def _months_on(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
