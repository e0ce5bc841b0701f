"""The register of the clock: when each of its tasks ran last, and how that ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from learnhub.audit.models import JobRun
from learnhub.kernel.db import db

RECORDED_EVERY = timedelta(minutes=1)
"""A task that runs every two seconds is written down once a minute; a failure at once."""
STOPPED_AFTER = timedelta(minutes=5)
"""When no task of the clock was written down for so long, the clock stands still."""


def record(name: str, started_at: datetime, ended_at: datetime, error: str = "") -> None:
    """Write down that a task ran, and how it failed if it did."""
    row = db.session.get(JobRun, name)
    if row is None:
        row = JobRun(name=name)
        db.session.add(row)
    row.started_at, row.ended_at = started_at, ended_at
    if error:
        row.failed_at, row.error = ended_at, error[:200]
    db.session.flush()


def latest() -> list[JobRun]:
    """Every task that ever ran, by name."""
    return list(db.session.scalars(select(JobRun).order_by(JobRun.name)))


def clock_runs(runs: list[JobRun], now: datetime) -> bool:
    """Whether the clock goes: some task ended within the last five minutes."""
    return any(now - run.ended_at <= STOPPED_AFTER for run in runs)
