"""Moments as people type them: wall-clock times of the organisation, and a day up to whose end something holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wtforms import DateTimeLocalField


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
