"""Clocks that differ or jump: the machine that is off is not ready, nothing closes too early, a step is an incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy import select

from learnhub import jobs
from learnhub.audit.models import AuditEntry
from learnhub.journeys import submit_quiz
from learnhub.kernel.clock import utcnow
from learnhub.kernel.clock_watch import ClockWatch, Step, database_now
from learnhub.kernel.db import db
from learnhub.quizzes import attempts
from learnhub.quizzes.models import Attempt
from learnhub.web.health import views as health
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import new_member, new_unit

HALF_A_MINUTE = timedelta(seconds=30)


def off_by(seconds: float) -> Any:
    """A database whose clock is off."""
    return lambda _connection: utcnow() + timedelta(seconds=seconds)


def test_e25_a_machine_off_by_more_than_a_second_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.test_client().get("/readyz").status_code == 200, "as the engine's own clock says"
    for seconds, status in ((0.4, 200), (1.6, 503), (-1.6, 503)):
        monkeypatch.setattr(health, "database_now", off_by(seconds))
        answer = app.test_client().get("/readyz")
        assert answer.status_code == status
        assert answer.get_json()["checks"]["clock"]["ok"] is (status == 200)


def test_e25_the_clock_looks_each_minute(app: Flask) -> None:
    job = next(one for one in jobs.JOBS if one.name == "watch the clocks")
    assert job.trigger().interval == timedelta(minutes=1)
    with db.engine.connect() as connection:
        said = database_now(connection)
    assert said is not None
    assert abs(said - utcnow()) < timedelta(seconds=5)


@pytest.mark.parametrize("step", [HALF_A_MINUTE, -HALF_A_MINUTE])
def test_e35_a_step_closes_nothing_more_than_half_a_minute_early(app: Flask, now: datetime, step: timedelta) -> None:
    unit = new_unit()
    quiz = new_quiz(unit, time_limit_seconds=1800)
    swept, seen = (attempts.start(quiz, new_member(unit), now) for _n in range(2))
    db.session.commit()
    assert swept.deadline is not None
    closed: dict[str, timedelta] = {}
    for second in range(-60, 121):
        true_now = swept.deadline + timedelta(seconds=second)
        stepped = true_now + step
        submit_quiz.close_overdue(stepped)
        if "swept" not in closed and _closed(swept):
            closed["swept"] = true_now - swept.deadline
        if "seen" not in closed:
            submit_quiz.look_at(seen.member_id, seen.id, stepped)
            if _closed(seen):
                closed["seen"] = true_now - swept.deadline
    assert min(closed.values()) >= -HALF_A_MINUTE
    assert max(closed.values()) <= timedelta(seconds=75)


def _closed(attempt: Attempt) -> bool:
    return attempts.find(attempt.member_id, attempt.id).state == "closed"


@pytest.mark.parametrize("seconds", [30.0, -30.0])
def test_e35_a_step_of_the_databases_clock_is_an_incident(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    watch = ClockWatch()
    jobs.watch_the_clocks(utcnow(), watch)
    jobs.watch_the_clocks(utcnow(), watch)
    assert _incidents() == []
    monkeypatch.setattr(jobs, "database_now", off_by(seconds))
    jobs.watch_the_clocks(utcnow(), watch)
    jobs.watch_the_clocks(utcnow(), watch)
    (incident,) = _incidents()
    assert (incident.action, incident.object_id) == ("clock.stepped", "database")
    assert incident.details["jumped"] == pytest.approx(seconds, abs=0.5)


def _incidents() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "clock.stepped")))


@pytest.mark.parametrize("jump", [30, -30])
def test_e35_a_step_of_the_machines_clock_is_told_from_the_databases(now: datetime, jump: int) -> None:
    watch = ClockWatch()
    assert watch.look(now, now, 100.0) == []
    minute = timedelta(minutes=1)
    assert watch.look(now + minute, now + minute, 160.0) == []
    machine = now + 2 * minute + timedelta(seconds=jump)
    assert watch.look(machine, now + 2 * minute, 220.0) == [Step("machine", float(jump))]
    assert watch.look(machine + minute, now + 3 * minute, 280.0) == []


def test_closing_on_sqlite_pauses_long_enough_for_who_has_waited_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    at, slept = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        at[0] += seconds

    monkeypatch.setattr(jobs.time, "monotonic", lambda: at[0])
    monkeypatch.setattr(jobs.time, "sleep", sleep)
    breathe = jobs.Breaths()
    for _batch in range(20):
        at[0] += 0.1
        breathe()
    since = 0.0
    for pause in slept:
        since += 0.1 + pause
        if pause > 0.1:
            assert since < 0.6, "nobody waits longer than that for a pause in which every waiter looks"
            since = 0.0
    assert {*slept} == {jobs.BREATH, jobs.LONG_BREATH}


@pytest.mark.sqlite_only
def test_overdue_attempts_are_looked_for_as_soon_as_the_clock_starts(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran, found = Event(), next(one for one in jobs.JOBS if one.name == "close overdue attempts")
    assert found.at_once
    job = replace(found, run=lambda _now: ran.set(), trigger=lambda: IntervalTrigger(hours=1))
    monkeypatch.setattr(jobs, "JOBS", (job,))
    jobs._serve(app, Event(), lambda: not ran.is_set())
    assert ran.is_set()
