"""The register of changes of many things at once: what each was before, and whether it was taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from learnhub.audit.models import BulkChange
from learnhub.audit.trail import Actor
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _


def note(
    kind: str,
    target_id: int,
    act: str,
    value: str,
    before: dict[str, Any],
    after: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> BulkChange:
    """Note a change; `before` and `after` are plain JSON by the id of the thing."""
    row = BulkChange(
        id=new_id(),
        kind=kind,
        target_id=target_id,
        act=act,
        value=value[:255],
        before=before,
        after=after,
        count=len(before),
        actor_id=actor.id,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def find_standing(kind: str, target_id: int, change_id: int) -> BulkChange:
    """A change of this target that was not taken back, locked. NotFound when there is none, Refused when it was."""
    row: BulkChange | None = db.session.scalar(
        locked(
            select(BulkChange).where(
                BulkChange.id == change_id, BulkChange.kind == kind, BulkChange.target_id == target_id
            )
        )
    )
    if row is None:
        raise NotFound(_("There is no such change."))
    if row.undone_at is not None:
        raise Refused(_("This change was taken back already."))
    return row


def standing(kind: str, target_id: int, since: datetime, limit: int = 5) -> list[BulkChange]:
    """The newest changes of a target since then that were not taken back; what they hold is not loaded."""
    return list(
        db.session.scalars(
            select(BulkChange)
            .where(
                BulkChange.kind == kind,
                BulkChange.target_id == target_id,
                BulkChange.created_at >= since,
                BulkChange.undone_at.is_(None),
            )
            .order_by(BulkChange.created_at.desc(), BulkChange.id.desc())
            .limit(limit)
            .options(defer(BulkChange.before), defer(BulkChange.after))
        )
    )


def mark_undone(row: BulkChange, now: datetime) -> None:
    """Note that a change was taken back."""
    row.undone_at = now
    db.session.flush()
