"""The outline behind the map: brought by an administrator, replaced, removed, and read back for the drawing."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from learnhub.audit.trail import Actor, record
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.mapping import lines
from learnhub.organisations.mapping.lines import Line
from learnhub.organisations.mapping.models import MapOutline


def current() -> MapOutline | None:
    """The outline that is drawn; None when there is none."""
    found: MapOutline | None = db.session.scalar(select(MapOutline).where(MapOutline.ended_at.is_(None)).limit(1))
    return found


def put(actor: Actor, file_name: str, data: bytes, now: datetime) -> MapOutline:
    """A new outline takes the place of the one before. Refused for a file that is none.

    Conflict when somebody else brought one at the same moment: one of the two is drawn, never both.
    """
    made = lines.simplified(lines.read(data))
    stored = house.files.put(json.dumps(made, separators=(",", ":")).encode())
    before = db.session.scalar(locked(select(MapOutline).where(MapOutline.ended_at.is_(None))))
    if before is not None:
        before.ended_at = now
        db.session.flush()
    outline = MapOutline(
        file_name=file_name[:160],
        digest=stored.digest,
        source_digest=hashlib.sha256(data).hexdigest(),
        points=sum(len(line) for line in made),
        set_by=actor.id,
        set_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(outline)
    except IntegrityError:
        raise Conflict(
            _("Somebody brought an outline at the same moment. Look at it, then bring yours again.")
        ) from None
    told = {"file": outline.file_name, "digest": outline.source_digest}
    record(actor, "map.outline_set", "unit", units.root().id, now, unit_id=units.root().id, **told)
    return outline


def remove(actor: Actor, now: datetime) -> None:
    """Nothing is drawn behind the points any more. NotFound when there is no outline."""
    found = current()
    if found is None:
        raise NotFound(_("There is no outline."))
    found.ended_at = now
    db.session.flush()
    record(actor, "map.outline_removed", "unit", units.root().id, now, unit_id=units.root().id, file=found.file_name)


def drawn() -> list[Line]:
    """The lines of the outline that is drawn; none when there is none, or its file is gone."""
    found = current()
    if found is None:
        return []
    try:
        with house.files.open(found.digest) as file:
            return [[(x, y) for x, y in line] for line in json.load(file)]
    except NotFound:
        return []
