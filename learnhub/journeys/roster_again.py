"""A roster that was taken back is looked at once more, with the columns chosen and the rows mended then."""

from __future__ import annotations

from datetime import datetime

from learnhub.audit.models import Import, ImportState
from learnhub.audit.trail import Actor
from learnhub.journeys import import_roster, roster_tasks
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit


def look_again(row: Import, actor: Actor, now: datetime) -> Import:
    """A new preview of the same file; a long one is read by the clock. Refused unless the roster was taken back."""
    if row.state != ImportState.UNDONE:
        raise Refused(_("Only a roster that was taken back can be looked at again."))
    with house.files.open(row.file_digest) as kept:
        data = kept.read()
    unit = db.session.get_one(Unit, row.unit_id)
    look = import_roster.preview if roster_tasks.latest(row) is None else roster_tasks.take_in
    return look(data, row.file_name, unit=unit, actor=actor, now=now, asked=import_roster.asked_of(row))
