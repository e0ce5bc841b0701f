"""The machine's clock beside the database's, and beside itself: how far they differ, and whether one of them jumped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

LARGEST_DIFFERENCE = timedelta(seconds=1)
"""Between a machine and the database; beyond it the machine is not ready, and a change by more is a step."""
_SQLITE = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"


def database_now(connection: Connection) -> datetime | None:
    """What the database's clock says. The connection begins no transaction, whose beginning it would say instead."""
    on_sqlite = connection.dialect.name == "sqlite"
    clock = connection.execute(text(_SQLITE if on_sqlite else "SELECT clock_timestamp()")).scalar()
    return datetime.fromisoformat(clock).replace(tzinfo=UTC) if isinstance(clock, str) else clock


@dataclass(frozen=True)
class Step:
    """A clock jumped by so many seconds (forward is more than 0): `machine`, which decides deadlines, or `database`."""

    which: str
    seconds: float


@dataclass
class ClockWatch:
    """Remembers the last look, so that the next one finds a step in between."""

    machine: datetime | None = None
    database: datetime | None = None
    steady: float = 0.0
    """Seconds of a clock that nobody sets."""

    def look(self, machine: datetime, database: datetime, steady: float) -> list[Step]:
        """The steps since the last look, the machine's measured by the steady clock, and so is the database's."""
        found = []
        if self.machine is not None and self.database is not None:
            passed = timedelta(seconds=steady - self.steady)
            for which, before, now in (("machine", self.machine, machine), ("database", self.database, database)):
                jump = now - before - passed
                if abs(jump) > LARGEST_DIFFERENCE:
                    found.append(Step(which, round(jump.total_seconds(), 1)))
        self.machine, self.database, self.steady = machine, database, steady
        return found
