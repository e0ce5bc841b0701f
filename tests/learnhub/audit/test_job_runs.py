"""The register of the clock: what an administrator reads in the morning."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from learnhub import jobs
from learnhub.audit import job_runs
from learnhub.jobs import Job


def test_a_task_has_one_row_that_says_when_it_ran_last(app: Flask, now: datetime) -> None:
    job_runs.record("write exports", now, now + timedelta(seconds=1))
    job_runs.record("write exports", now + timedelta(hours=1), now + timedelta(hours=1, seconds=1))
    (row,) = job_runs.latest()
    assert (row.started_at, row.failed_at, row.error) == (now + timedelta(hours=1), None, "")


def test_a_failure_in_the_night_is_still_seen_after_the_next_success(app: Flask, now: datetime) -> None:
    job_runs.record("sign the ledger", now, now, "OSError: disk full")
    job_runs.record("sign the ledger", now + timedelta(days=1), now + timedelta(days=1))
    (row,) = job_runs.latest()
    assert (row.failed_at, row.error, row.ended_at) == (now, "OSError: disk full", now + timedelta(days=1))


def test_the_clock_runs_while_any_task_ended_within_five_minutes(app: Flask, now: datetime) -> None:
    assert not job_runs.clock_runs([], now)
    job_runs.record("write exports", now, now)
    assert job_runs.clock_runs(job_runs.latest(), now + timedelta(minutes=5))
    assert not job_runs.clock_runs(job_runs.latest(), now + timedelta(minutes=6))


def test_a_task_that_fails_is_written_down_with_its_reason_and_the_next_goes_on(app: Flask) -> None:
    def breaks(_now: datetime) -> None:
        raise ValueError("no such folder")

    jobs._carry_out(app, Job("breaks", breaks, lambda: None))
    jobs._carry_out(app, Job("works", lambda _now: None, lambda: None))
    rows = {row.name: row for row in job_runs.latest()}
    assert rows["breaks"].error == "ValueError: no such folder"
    assert rows["works"].failed_at is None
