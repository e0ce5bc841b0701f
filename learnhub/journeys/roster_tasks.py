"""Long rosters: read, written and taken back by the clock, with progress, while the browser goes on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from learnhub.audit import imports
from learnhub.audit.models import Import, ImportAct, ImportTask
from learnhub.audit.trail import Actor
from learnhub.identity.models import Member
from learnhub.journeys import import_roster, undo_import
from learnhub.journeys.import_roster import KIND
from learnhub.kernel import leases
from learnhub.kernel.db import db, reading, unit_of_work
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.house import house
from learnhub.kernel.leases import DONE, RUNNING, WAITING
from learnhub.kernel.sql import is_sqlite, locked
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.roster.asking import Asked
from learnhub.organisations.roster.comparing import silent

IN_A_REQUEST = 256 * 1024
"""Bytes of a file up to which a request reads and writes it itself: some three thousand rows."""


def is_long(size: int) -> bool:
    """Whether a file of that many bytes is left to the clock."""
    return size > IN_A_REQUEST


def take_in(data: bytes, file_name: str, *, unit: Unit, actor: Actor, now: datetime, asked: Asked) -> Import:
    """Keep a long roster that the clock will read; whether it can be read is said then."""
    report = {"asked": asked.as_json(), "refused": [], "warnings": []}
    digest = house.files.put(data).digest
    row = imports.preview(KIND, "", file_name, digest, report, actor, unit.code, unit.id, now)
    ask(row, ImportAct.LOOK, actor, now)
    return row


def ask(
    row: Import,
    act: ImportAct,
    actor: Actor,
    now: datetime,
    *,
    although_missing: bool = False,
    asked: Asked | None = None,
) -> ImportTask:
    """Put work on a roster into the queue; with `asked` it is read in another way. Refused while other work waits.

    `row` is locked by the caller.
    """
    require_idle(row)
    if asked is not None:
        import_roster.require_preview(row)
        row.report = {**row.report, "asked": asked.as_json()}
    task = ImportTask(
        import_id=row.id,
        act=act,
        although_missing=although_missing,
        actor_id=actor.id,
        address=actor.address[:64],
        created_at=now,
    )
    db.session.add(task)
    db.session.flush()
    return task


def latest(row: Import) -> ImportTask | None:
    """The newest work on an import; None when it was short."""
    newest = select(ImportTask).where(ImportTask.import_id == row.id).order_by(ImportTask.id.desc()).limit(1)
    return db.session.scalar(newest.execution_options(populate_existing=True))


def is_busy(task: ImportTask | None) -> bool:
    """Whether work waits or goes on."""
    return task is not None and task.state in {WAITING, RUNNING}


def require_idle(row: Import) -> None:
    """Refused while work on an import waits or goes on."""
    if is_busy(latest(row)):
        raise Refused(_("This file is being worked on. Wait until that is done."))


def run_next(now: datetime) -> bool:
    """Do the next work that waits; False when there is none. It commits by itself."""
    failed = _("The work on this file broke off. Nothing was changed; try again.")
    return leases.run_next(ImportTask, lambda task_id: _carry_out(task_id, now), failed, now)


def _carry_out(task_id: int, now: datetime) -> None:
    with reading():
        db.session.rollback()
        act = ImportAct(db.session.get_one(ImportTask, task_id, populate_existing=True).act)
        db.session.rollback()
    if act is ImportAct.LOOK:
        _look(task_id, now)
    elif act is ImportAct.ACCEPT:
        _accept(task_id, now)
    else:
        with unit_of_work():
            task, row, actor = _loaded(task_id)
            undo_import.undo(row.id, actor, now)
            task.state = DONE


def _look(task_id: int, now: datetime) -> None:
    """Read and judge while others write; only what was found is written."""
    with reading():
        db.session.rollback()
        _task, row, actor = _loaded(task_id, lock=False)
        asked = import_roster.asked_of(row)
        noted = leases.progress(ImportTask, task_id, now)
        report = import_roster.kept_report(import_roster.look_again(row, actor, now, noted), asked)
        db.session.rollback()
    with unit_of_work():
        task, row, _actor = _loaded(task_id)
        if import_roster.asked_of(row) != asked:
            raise Conflict(_("This file is to be read in another way meanwhile."))
        import_roster.note(row, report)
        task.state = DONE


def _accept(task_id: int, now: datetime) -> None:
    """Write what was shown; when members changed since, look again and say so."""
    try:
        with unit_of_work():
            task, row, actor = _loaded(task_id)
            noted = silent if is_sqlite() else leases.progress(ImportTask, task_id, now)
            import_roster.accept(row, actor, now, although_missing=task.although_missing, progress=noted)
            task.state = DONE
    except Conflict as conflict:
        with unit_of_work():
            task, row, actor = _loaded(task_id)
            task.state = leases.FAILED
            db.session.flush()
            again = ask(row, ImportAct.LOOK, actor, now)
            again.error = imports.stored(conflict.message)


def _loaded(task_id: int, *, lock: bool = True) -> tuple[ImportTask, Import, Actor]:
    task = db.session.get_one(ImportTask, task_id, populate_existing=True)
    wanted = select(Import).where(Import.id == task.import_id)
    row = db.session.scalars(locked(wanted) if lock else wanted).one()
    member = db.session.get_one(Member, task.actor_id) if task.actor_id is not None else None
    return task, row, Actor(member, task.address)
