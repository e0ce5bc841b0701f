"""The register of imports: what was brought in, by whom, what it made, and whether it was taken back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import defer

from learnhub.audit.models import Import, ImportState
from learnhub.audit.trail import Actor
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import locked
from learnhub.kernel.words import Message, _

Report = dict[str, Any]
"""What an import did or would do; reasons and warnings are Messages."""

_NAME = re.compile(r"(?:import:)?([0-9]{1,19})")
LARGEST_ID = (1 << 63) - 1


def preview(
    kind: str,
    format: str,
    file_name: str,
    digest: str,
    report: Report,
    actor: Actor,
    target: str,
    unit_id: int | None,
    now: datetime,
) -> Import:
    """Note a file that was looked at and not yet written; `digest` is its content in the file store."""
    row = Import(
        id=new_id(),
        kind=kind,
        format=format[:32],
        file_name=file_name[:255],
        file_digest=digest,
        state=ImportState.PREVIEWED,
        target=target[:120],
        unit_id=unit_id,
        report=stored(report),
        object_ids=[],
        actor_id=actor.id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def accept(row: Import, report: Report, ids: list[int], now: datetime) -> None:
    """Note what an import wrote. Refused when it was written before."""
    if row.state != ImportState.PREVIEWED:
        raise Refused(_("This import was accepted already."))
    row.state, row.accepted_at = ImportState.ACCEPTED, now
    row.report, row.object_ids = stored(report), [str(one) for one in ids]
    db.session.flush()


def require_standing(row: Import) -> None:
    """Refused when there is nothing to take back (any more)."""
    if row.state == ImportState.UNDONE:
        raise Refused(_("This import was taken back already."))
    if row.state != ImportState.ACCEPTED:
        raise Refused(_("This import was never accepted; there is nothing to take back."))


def mark_undone(row: Import, now: datetime) -> None:
    """Note that an import was taken back."""
    row.state, row.undone_at = ImportState.UNDONE, now
    db.session.flush()


def find(import_id: int, actor_id: int | None, unit_ids: Select[int] | None = None, *, lock: bool = False) -> Import:
    """The import of that id: the actor's own, or one of the given units; for the system (None) any. Else NotFound."""
    wanted = select(Import).where(Import.id == import_id)
    if actor_id is not None:
        wanted = wanted.where(_within(actor_id, unit_ids))
    found = db.session.scalar(locked(wanted) if lock else wanted)
    if found is None:
        raise NotFound(_("There is no such import in your reach."))
    return found


def latest(actor_id: int, unit_ids: Select[int] | None = None, limit: int = 20) -> list[Import]:
    """The newest imports of a member (and of the given units); their reports are not loaded."""
    wanted = select(Import).where(_within(actor_id, unit_ids)).order_by(Import.created_at.desc(), Import.id.desc())
    return list(db.session.scalars(wanted.limit(limit).options(defer(Import.report), defer(Import.object_ids))))


def _within(actor_id: int, unit_ids: Select[int] | None) -> Any:
    own = Import.actor_id == actor_id
    return own if unit_ids is None else or_(own, Import.unit_id.in_(unit_ids))


def accepted_after(row: Import) -> int:
    """How many imports into the same target were accepted since and stand."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Import.kind == row.kind,
                Import.target == row.target,
                Import.state == ImportState.ACCEPTED,
                Import.id != row.id,
                Import.accepted_at >= row.accepted_at,
                Import.id > row.id,
            )
        )
        or 0
    )


def name_of(row: Import) -> str:
    """What the command line calls an import: `import:17`."""
    return f"import:{row.id}"


def id_of(name: str | int) -> int:
    """The id in `import:17` (or just `17`); NotFound when it is something else."""
    found = _NAME.fullmatch(str(name).strip())
    number = int(found.group(1)) if found else 0
    if not 0 < number <= LARGEST_ID:
        raise NotFound(_("There is no import called %(name)s.", name=str(name)[:40]))
    return number


def stored(value: Any) -> Any:
    """A report as plain JSON, its messages in the form that can be read back."""
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, dict):
        return {key: stored(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [stored(one) for one in value]
    return value


def read_back(row: Import) -> Report:
    """The report as it was given: reasons and warnings are Messages again; what only the undo needs is left out."""
    report = {key: value for key, value in row.report.items() if key != "kept"}
    report["refused"] = [{**one, "reason": Message.from_json(one["reason"])} for one in row.report.get("refused", [])]
    report["warnings"] = [Message.from_json(one) for one in row.report.get("warnings", [])]
    return report
