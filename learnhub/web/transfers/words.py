"""What the states of a transfer are called, how a badge shows them, and its history as a timeline."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.words import Message, _
from learnhub.organisations.models import Lapse, Transfer, TransferSide, TransferState
from learnhub.organisations.transfer_reach import Line

STATES: dict[str, tuple[Message, str]] = {
    TransferState.ASKED: (_("waits for both units"), "info"),
    TransferState.RELEASED: (_("waits for the new unit"), "info"),
    TransferState.ACCEPTED: (_("waits for the old unit"), "info"),
    TransferState.AGREED: (_("agreed, waits for its day"), "info"),
    TransferState.DONE: (_("carried out"), "success"),
    TransferState.REFUSED: (_("declined"), "danger"),
    TransferState.WITHDRAWN: (_("withdrawn"), "neutral"),
    TransferState.LAPSED: (_("lapsed"), "neutral"),
}
LAPSES: dict[str, Message] = {
    Lapse.MOVED: _("It came to nothing: the member moved in another way meanwhile."),
    Lapse.LEFT: _("It came to nothing: the member left meanwhile."),
    Lapse.SILENCE: _("It came to nothing: it was not answered for 30 days."),
    Lapse.CLOSED: _("It came to nothing: a unit was closed or merged meanwhile."),
}
ASKED: dict[str, Message] = {
    TransferSide.MEMBER: _("The member asked for it"),
    TransferSide.OLD: _("The old unit asked for it, and agrees"),
    TransferSide.NEW: _("The new unit asked for it, and agrees"),
    TransferSide.BOTH: _("Asked for and agreed to for both units"),
}


def history(line: Line) -> list[tuple[datetime, Message]]:
    """What happened to a transfer, the first first; the old unit's people stay unnamed where the member does."""
    row = line.transfer
    told = line.name is not None
    names = _names(row)
    found = [(row.asked_at, _by(ASKED[row.side], names.get(row.asked_by or 0)))]
    if row.released_at and row.side not in {TransferSide.OLD, TransferSide.BOTH}:
        found.append((row.released_at, _by(_("The old unit agrees"), names.get(row.released_by or 0))))
    if row.accepted_at and row.side not in {TransferSide.NEW, TransferSide.BOTH}:
        found.append((row.accepted_at, _by(_("The new unit agrees"), names.get(row.accepted_by or 0))))
    found.sort(key=lambda one: one[0])
    if row.closed_at:
        found.append((row.closed_at, _end(row, names.get(row.closed_by or 0) if told else None)))
    return found


def _end(row: Transfer, name: str | None) -> Message:
    match row.state:
        case TransferState.REFUSED:
            return _by(_("Declined: %(reason)s", reason=row.answer), name)
        case TransferState.WITHDRAWN:
            return _by(_("Withdrawn"), name)
        case TransferState.LAPSED:
            return LAPSES[row.lapse or Lapse.MOVED]
    return _("Carried out")


def _by(what: Message, name: str | None) -> Message:
    return _("%(what)s (%(name)s)", what=what, name=name) if name else what


def _names(row: Transfer) -> dict[int, str]:
    ids = {one for one in (row.asked_by, row.released_by, row.accepted_by, row.closed_by) if one is not None}
    return {
        member_id: name
        for member_id, name in db.session.execute(select(Member.id, Member.name).where(Member.id.in_(ids)))
    }
