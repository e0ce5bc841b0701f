"""How a transfer ends: carried out on its day, closed by an answer, or lapsed; and what the clock does about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select

from learnhub.audit.trail import SYSTEM, Actor, record
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.organisations import memberships
from learnhub.organisations.models import Lapse, Membership, Transfer, TransferState, Unit

SILENCE = timedelta(days=30)
"""How long a transfer waits for an answer."""


def due(now: datetime) -> Sequence[int]:
    """The transfers for which the clock has something to do: their day has come, or nothing can come of them."""
    gone = ~exists().where(
        Membership.member_id == Transfer.member_id,
        Membership.unit_id == Transfer.from_unit_id,
        Membership.primary == Transfer.primary,
        Membership.ends_on.is_(None),
    )
    left = exists().where(Member.id == Transfer.member_id, Member.state.not_in(OPEN_STATES))
    return db.session.scalars(
        select(Transfer.id)
        .where(
            Transfer.closed_at.is_(None),
            or_(
                and_(
                    Transfer.state == TransferState.AGREED,
                    Transfer.effective_on <= local_date(now, house.zone),
                ),
                and_(Transfer.state != TransferState.AGREED, Transfer.asked_at <= now - SILENCE),
                and_(Transfer.member_id.is_not(None), or_(gone, left)),
            ),
        )
        .order_by(Transfer.id)
    ).all()


def step(transfer_id: int, now: datetime) -> tuple[Transfer, bool]:
    """What the clock does with a transfer: carries it out, or lets it lapse. Gives it, and whether anything changed."""
    wanted = locked(select(Transfer).where(Transfer.id == transfer_id)).execution_options(populate_existing=True)
    row = db.session.scalars(wanted).one()
    if row.closed_at is not None:
        return row, False
    if cause := overtaken(row):
        return row, lapse(row, cause, now)
    if row.state == TransferState.AGREED and row.effective_on <= local_date(now, house.zone):
        try:
            with db.session.begin_nested():
                carry_out(SYSTEM, row, now)
        except (Refused, Conflict):
            return row, lapse(row, Lapse.MOVED, now)
        return row, True
    if row.state != TransferState.AGREED and row.asked_at <= now - SILENCE:
        return row, lapse(row, Lapse.SILENCE, now)
    return row, False


def _current(row: Transfer) -> Membership | None:
    """The membership that moves, locked; None when there is none any more."""
    if row.member_id is not None:
        memberships.hold_still(row.member_id)
    wanted = select(Membership).where(
        Membership.member_id == row.member_id,
        Membership.unit_id == row.from_unit_id,
        Membership.primary == row.primary,
        Membership.ends_on.is_(None),
    )
    found: Membership | None = db.session.scalar(locked(wanted).execution_options(populate_existing=True))
    return found


def overtaken(row: Transfer) -> Lapse | None:
    """Why nothing can come of a transfer any more: the member left, or moved in another way."""
    if row.member_id is None:
        return None
    current = _current(row)
    if db.session.get_one(Member, row.member_id, populate_existing=True).state not in OPEN_STATES:
        return Lapse.LEFT
    return Lapse.MOVED if current is None else None


def carry_out(actor: Actor, row: Transfer, now: datetime) -> None:
    member, to_unit = db.session.get_one(Member, row.member_id), db.session.get_one(Unit, row.to_unit_id)
    current = _current(row)
    if current is None or member.state not in OPEN_STATES:
        raise Conflict(_("%(name)s moved meanwhile. Load the page again.", name=member.name))
    memberships.move(member, current, to_unit, row.effective_on)
    close(row, TransferState.DONE, actor, now)
    for unit_id in (row.from_unit_id, row.to_unit_id):
        trail(actor, "transfer.done", row, now, unit_id)


def lapse(row: Transfer, cause: Lapse, now: datetime) -> bool:
    """Let a transfer come to nothing; whether that shows.

    One that was asked for from afar and not answered shows its end only by the silence: it forgets the member, so that
    who asked does not learn from it that they moved or left.
    """
    if row.blind and row.released_at is None and cause is not Lapse.SILENCE:
        trail(SYSTEM, "transfer.lapsed", row, now, row.from_unit_id, cause=str(cause))
        row.member_id = row.from_unit_id = None
        db.session.flush()
        return False
    trail(SYSTEM, "transfer.lapsed", row, now, row.to_unit_id, cause=str(cause))
    row.lapse = cause
    close(row, TransferState.LAPSED, SYSTEM, now)
    return True


def close(row: Transfer, state: TransferState, actor: Actor, now: datetime) -> None:
    row.state, row.closed_by, row.closed_at = state, actor.id, now
    db.session.flush()


def trail(actor: Actor, act: str, row: Transfer, now: datetime, unit_id: int | None, **more: str) -> None:
    """A line in the trail of a unit; only numbers and codes, and no more than the side that reads it may know."""
    to_unit = db.session.get_one(Unit, row.to_unit_id)
    details = {"number": row.number, "to": to_unit.code, "effective_on": row.effective_on.isoformat(), **more}
    old_unit = db.session.get(Unit, row.from_unit_id) if row.from_unit_id else None
    if old_unit is not None and not (row.blind and row.released_at is None and unit_id == row.to_unit_id):
        details["from"] = old_unit.code
    record(actor, act, "transfer", row.id, now, unit_id=unit_id, **details)
