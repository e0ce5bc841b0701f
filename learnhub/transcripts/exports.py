"""Large sheets are jobs: a row in a queue, leased by whoever writes it, tried again when that one died."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from learnhub.kernel import leases
from learnhub.kernel.catalogues import reader
from learnhub.kernel.db import db, reading, unit_of_work
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.leases import DONE, WAITING
from learnhub.kernel.sql import is_sqlite
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from learnhub.transcripts import scores, sheets
from learnhub.transcripts.models import ExportJob
from learnhub.transcripts.spans import Span

AT_ONCE = 5_000
"""Rows up to which a request writes the sheet itself; longer ones are jobs."""
KEPT = timedelta(days=7)


def ask(member_id: int, sheet: sheets.Sheet, format: str, language: str, now: datetime) -> ExportJob:
    """Put a sheet into the queue; Refused for an unknown format."""
    if format not in sheets.FORMATS:
        raise Refused(_("A sheet is written as %(formats)s.", formats=", ".join(sheets.FORMATS)))
    job = ExportJob(
        kind="scores",
        format=format,
        member_id=member_id,
        parameters={"unit": sheet.unit.id, "span": sheet.span.to_json(), "language": language},
        state=WAITING,
        total=scores.size(sheet),
        file_name=sheets.file_name(sheet, format),
        created_at=now,
    )
    db.session.add(job)
    db.session.flush()
    return job


def find(scope: Scope, job_id: int) -> ExportJob:
    """One's own export, as long as one may still see the members of its unit; NotFound otherwise."""
    job = db.session.get(ExportJob, job_id, populate_existing=True)
    if job is None or job.member_id != scope.member_id or not _may_see(scope, job):
        raise NotFound(_("There is no such export of yours."))
    return job


def of_member(scope: Scope) -> list[ExportJob]:
    """One's own exports, the newest first."""
    found = db.session.scalars(
        select(ExportJob).where(ExportJob.member_id == scope.member_id).order_by(ExportJob.id.desc()).limit(50)
    )
    return [job for job in found if _may_see(scope, job)]


def _may_see(scope: Scope, job: ExportJob) -> bool:
    unit_id = job.parameters.get("unit")
    return isinstance(unit_id, int) and scope.reaches(Permission.SEE_MEMBERS, unit_id)


def is_over(job: ExportJob, now: datetime) -> bool:
    """Whether the file of a job is no longer given out."""
    return job.expires_at is not None and job.expires_at <= now


def run_next(now: datetime) -> bool:
    """Write the next sheet that waits, or one whose writer died; False when there is none.

    It commits by itself: the lease first, progress while writing, the file at the end.
    """
    return leases.run_next(ExportJob, lambda job_id: _write(job_id, now), _("The sheet could not be written."), now)


def _write(job_id: int, now: datetime) -> None:
    """Write the file, then say so. Nobody who writes to the database waits for it meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "sheet"
        with reading():
            db.session.rollback()
            if not is_sqlite():
                db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            rows = _write_from_one_snapshot(job_id, out, now)
            db.session.rollback()
        with out.open("rb") as source:
            stored = house.files.put(source)
    with unit_of_work():
        done = db.session.get_one(ExportJob, job_id, populate_existing=True)
        done.state, done.done, done.total = DONE, rows, rows
        done.file_digest, done.expires_at, done.error = stored.digest, now + KEPT, None


def _write_from_one_snapshot(job_id: int, out: Path, now: datetime) -> int:
    """One snapshot of the database is read from beginning to end; how many rows there were."""
    job = db.session.get_one(ExportJob, job_id, populate_existing=True)
    unit = db.session.get_one(Unit, job.parameters["unit"])
    sheet = sheets.Sheet(unit, Span.from_json(job.parameters["span"]), reader(job.parameters["language"]))
    return int(sheets.write(sheet, job.format, out, progress=leases.progress(ExportJob, job_id, now))["rows"])
