"""The moment, read once at the edge (web, jobs, command line) and passed down as `now`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def utcnow() -> datetime:
    """This moment, in UTC, aware. Only the edges call it; everything below takes `now`."""
    return datetime.now(UTC)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant in a zone."""
    return instant.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a calendar day begins in a zone; right on days of 23 and 25 hours too."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def iso(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: the form of every time in JSON."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
