"""Everything that runs by the clock, on one page: a process of its own, led by whoever holds the lock."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import delete, text
from sqlalchemy.exc import SQLAlchemyError

from learnhub.audit import job_runs
from learnhub.audit.models import ImportTask, RepeatableCall
from learnhub.audit.trail import SYSTEM, record
from learnhub.identity import code_mails
from learnhub.identity.models import SignInFailure
from learnhub.journeys import (
    clear_bank_files,
    grant_time,
    import_roster,
    planned_changes,
    quiz_rewards,
    roster_tasks,
    stand_in,
    submit_quiz,
    transfer_member,
)
from learnhub.journeys import mail_codes as mail_codes_journey
from learnhub.journeys import tell_of_sources as tell_of_sources_journey
from learnhub.kernel import leases
from learnhub.kernel.clock import utcnow
from learnhub.kernel.clock_watch import ClockWatch, database_now
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.house import house
from learnhub.kernel.sql import is_sqlite
from learnhub.points import chain
from learnhub.quizzes import beforehand, lobby
from learnhub.quizzes.conduct import likeness
from learnhub.quizzes.conduct.models import LikenessReport
from learnhub.study_time import beats
from learnhub.transcripts import exports
from learnhub.transcripts.models import ExportJob
from question_bank.finding import indexing

log = structlog.get_logger()

LOCK_KEY = 7_203_411
"""The number of the advisory lock that makes one process the leader on PostgreSQL."""

BREATH = 0.03
"""Seconds that the closing of attempts leaves to other writers after each batch: SQLite's waiters look every 25 ms."""
LONG_BREATH, LONG_BREATH_EVERY = 0.12, 0.3
"""Those that have waited for a quarter of a second look every 100 ms: so often, and so long, everybody has a turn."""


MOST_DRAWN = 40
"""Batches of papers that one run draws beforehand; the next run, two seconds later, goes on."""

WATCH = ClockWatch()
"""What the leader's last look at the clocks said."""


@dataclass(frozen=True)
class Job:
    """A task with its rhythm; `run` takes the moment at which it starts."""

    name: str
    run: Callable[[datetime], Any]
    trigger: Callable[[], Any]
    at_once: bool = False
    """Whether it also runs when the clock starts: a clock that is killed again and again does it all the same."""


class Breaths:
    """The pauses between batches on SQLite, which has one writer at a time and no queue for it."""

    def __init__(self) -> None:
        self._long_at = time.monotonic()

    def __call__(self) -> None:
        """Let others write, and now and then whoever has waited longest."""
        if time.monotonic() - self._long_at < LONG_BREATH_EVERY:
            time.sleep(BREATH)
            return
        time.sleep(LONG_BREATH)
        self._long_at = time.monotonic()


def close_overdue_attempts(now: datetime) -> None:
    """Close what is over, in batches; on SQLite, with its one writer, others write between two of them."""
    submit_quiz.close_overdue(now, Breaths() if is_sqlite() else lambda: None)


def pay_passes(now: datetime) -> None:
    """Pay what was passed and waited for its marks to be shown."""
    quiz_rewards.pay_held(now, Breaths() if is_sqlite() else lambda: None)


def give_granted_time(now: datetime) -> None:
    """Give attempts the time that was granted, where it was broken off."""
    grant_time.carry_out_waiting(now)


def draw_papers(now: datetime) -> None:
    """Draw the papers of who waits in a lobby, and of who may come when a quiz opens; so many batches at a time."""
    for _batch in range(MOST_DRAWN):
        if not beforehand.draw_next(now):
            return
        now = utcnow()


def write_exports(now: datetime) -> None:
    """Write the sheets that wait, until none is left."""
    while exports.run_next(now):
        now = utcnow()


def watch_the_clocks(now: datetime, watch: ClockWatch = WATCH) -> None:
    """Note when the clock of this machine or of the database jumped: an incident, for which time can be granted."""
    del now
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        database = database_now(connection)
    machine = utcnow()
    steps = watch.look(machine, database or machine, time.monotonic())
    for step in steps:
        log.error("clock stepped", which=step.which, seconds=step.seconds)
    with unit_of_work():
        for step in steps:
            record(SYSTEM, "clock.stepped", "clock", step.which, machine, jumped=step.seconds)


def compare_attempts(now: datetime) -> None:
    """Look for answers that are too alike in the quizzes that wait for it, until none is left."""
    while likeness.run_next(now):
        now = utcnow()


def work_on_rosters(now: datetime) -> None:
    """Read, write and take back the long rosters that wait, until none is left."""
    while roster_tasks.run_next(now):
        now = utcnow()


def mail_codes(now: datetime) -> None:
    """Send the sign-in codes that wait, until none is due."""
    while mail_codes_journey.send_due(now):
        now = utcnow()


def carry_out_transfers(now: datetime) -> None:
    """Move members whose day has come; each transfer in a transaction of its own."""
    transfer_member.carry_out_due(now)


def index_questions(now: datetime) -> None:
    """Make findable what an earlier version wrote without an index; each batch in a transaction of its own."""
    del now
    while True:
        with unit_of_work():
            if not indexing.catch_up():
                return


def change_the_tree(now: datetime) -> None:
    """Carry out the changes of the tree that were planned for today; each in a transaction of its own."""
    planned_changes.carry_out_due(now)


def sign_ledger(now: datetime) -> None:
    """Sign the heads of all chains, once a day."""
    with unit_of_work():
        chain.checkpoint(now)


def forget_old(now: datetime) -> None:
    """Remove what is only kept for a while: wrong passwords, repeated answers, closed tabs, unused papers and so on."""
    with unit_of_work():
        import_roster.forget_looks(now)
        code_mails.forget(now)
        lobby.forget(now)
        beforehand.forget(now)
        beats.forget_tabs(now - timedelta(days=1))
        db.session.execute(delete(SignInFailure).where(SignInFailure.since < now - timedelta(days=1)))
        db.session.execute(delete(RepeatableCall).where(RepeatableCall.at < now - timedelta(days=7)))


def clear_files_of_banks(now: datetime) -> None:
    """Remove what banks sent into the store a month ago or longer and nothing refers to."""
    with unit_of_work():
        clear_bank_files.clear(now)


def tell_of_sources(now: datetime) -> None:
    """Tell who looks after a bank that questions rest on a source that is over."""
    tell_of_sources_journey.tell_due(now)


def tell_deputies(now: datetime) -> None:
    """Tell deputies, and whom they stand in for, that it begins or is over."""
    stand_in.tell(now)


JOBS = (
    Job("close overdue attempts", close_overdue_attempts, lambda: IntervalTrigger(seconds=10), at_once=True),
    Job("pay passes", pay_passes, lambda: IntervalTrigger(seconds=10)),
    Job("give granted time", give_granted_time, lambda: IntervalTrigger(seconds=5)),
    Job("draw papers beforehand", draw_papers, lambda: IntervalTrigger(seconds=2)),
    Job("write exports", write_exports, lambda: IntervalTrigger(seconds=2)),
    Job("watch the clocks", watch_the_clocks, lambda: IntervalTrigger(minutes=1)),
    Job("compare attempts", compare_attempts, lambda: IntervalTrigger(seconds=5)),
    Job("work on rosters", work_on_rosters, lambda: IntervalTrigger(seconds=2)),
    Job("mail sign-in codes", mail_codes, lambda: IntervalTrigger(seconds=5)),
    Job("carry out transfers", carry_out_transfers, lambda: CronTrigger(minute=1, timezone=house.zone)),
    Job("change the tree", change_the_tree, lambda: CronTrigger(minute=2, timezone=house.zone)),
    Job("index questions", index_questions, lambda: IntervalTrigger(minutes=1)),
    Job("sign the ledger", sign_ledger, lambda: CronTrigger(hour=0, minute=10, timezone=house.zone)),
    Job("clear files of banks", clear_files_of_banks, lambda: CronTrigger(hour=3, minute=30, timezone=house.zone)),
    Job("tell of sources", tell_of_sources, lambda: CronTrigger(hour=0, minute=20, timezone=house.zone)),
    Job("tell deputies", tell_deputies, lambda: IntervalTrigger(minutes=5)),
    Job("forget old counts", forget_old, lambda: CronTrigger(minute=40, timezone=house.zone)),
)


def run(app: Any, *, parent: int | None = None) -> None:
    """Be the clock until told to stop: wait for the lead, start the jobs, give the lead back at the end.

    With `parent` (a process id) it also stops when that process is gone: a server killed hard leaves no clock behind.
    A database that is gone for a while only makes it wait.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def wanted() -> bool:
        return not stop.is_set() and parent in (None, os.getppid())

    with app.app_context():
        while wanted():
            try:
                with _lead(Path(app.config["LEARNHUB"].instance)) as leads:
                    if leads is None:
                        stop.wait(5)
                    else:
                        _serve(app, stop, lambda: wanted() and leads())
            except SQLAlchemyError:
                log.exception("the clock has lost the database; it goes on when it is back")
                stop.wait(2)


def _serve(app: Any, stop: threading.Event, goes_on: Callable[[], bool]) -> None:
    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(len(JOBS))}, timezone=house.zone)
    for job in JOBS:
        first = {"next_run_time": utcnow()} if job.at_once else {}
        scheduler.add_job(
            _carry_out,
            job.trigger(),
            args=(app, job),
            id=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=60,
            **first,
        )
    take_over(utcnow())
    scheduler.start()
    log.info("clock started", jobs=len(JOBS))
    while goes_on():
        stop.wait(2)
    scheduler.shutdown(wait=True)
    log.info("clock stopped")


def take_over(now: datetime) -> None:
    """What the leader before left undone is free at once: only the leader works on files."""
    with unit_of_work():
        for model in (ExportJob, ImportTask, LikenessReport):
            leases.release(model, now)


def _carry_out(app: Any, job: Job) -> None:
    with app.app_context():
        started, error = utcnow(), ""
        try:
            job.run(started)
        except Exception as problem:
            log.exception("job failed", job=job.name)
            error = f"{type(problem).__name__}: {problem}"
        finally:
            db.session.rollback()
            _write_down(app, job, started, error)
            db.session.remove()


def _write_down(app: Any, job: Job, started: datetime, error: str) -> None:
    """Keep when the task ran, for the administrator's page: a success once a minute, a failure at once."""
    ended, written_down = utcnow(), app.extensions.setdefault("job runs", {})
    if not error and ended - written_down.get(job.name, NEVER) < job_runs.RECORDED_EVERY:
        return
    try:
        with unit_of_work():
            job_runs.record(job.name, started, ended, error)
        written_down[job.name] = ended
    except SQLAlchemyError:
        log.exception("job not recorded", job=job.name)


NEVER = datetime.min.replace(tzinfo=UTC)


@contextmanager
def _lead(instance: Path) -> Iterator[Callable[[], bool] | None]:
    """Hold the lead while inside: a file lock on SQLite, an advisory lock on a connection of its own on PostgreSQL.

    Gives None when another process leads, else a function that says whether the lead still holds.
    """
    if db.engine.dialect.name == "sqlite":
        instance.mkdir(parents=True, exist_ok=True)
        with (instance / "jobs.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            yield lambda: True
        return
    connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}).scalar():
            yield None
            return

        def holds() -> bool:
            try:
                connection.execute(text("SELECT 1"))
            except Exception:
                return False
            return True

        yield holds
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})
    finally:
        connection.close()
