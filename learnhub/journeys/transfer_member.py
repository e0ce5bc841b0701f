"""A member moves to another unit: asked, answered by both secretaries, carried out; everybody concerned is told."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import func, select

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.words import Message, _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations import custom_roles, transfer_ends, transfers
from learnhub.organisations.models import Lapse, RoleGrant, Transfer, TransferSide, TransferState, Unit, UnitPath
from learnhub.organisations.permissions import GRANTED, Permission
from learnhub.organisations.roles import holds_at
from learnhub.organisations.scope import Scope
from learnhub.organisations.transfers import Wanted

log = structlog.get_logger()

TITLES: dict[str, Message] = {
    TransferState.ASKED: _("A transfer waits for an answer"),
    TransferState.RELEASED: _("The old unit agrees to a transfer"),
    TransferState.ACCEPTED: _("The new unit agrees to a transfer"),
    TransferState.AGREED: _("Both units agree to a transfer"),
    TransferState.DONE: _("A transfer is carried out"),
    TransferState.REFUSED: _("A transfer was declined"),
    TransferState.WITHDRAWN: _("A transfer was withdrawn"),
    TransferState.LAPSED: _("A transfer came to nothing"),
}
"""What the notice of each state is called."""
WAITING = (TransferState.ASKED, TransferState.RELEASED, TransferState.ACCEPTED)
"""The states in which somebody's answer is missing."""


def ask(
    scope: Scope,
    actor: Actor,
    member: Member,
    wanted: Wanted,
    now: datetime,
    *,
    from_unit: Unit | None = None,
    own_wish: bool = False,
) -> Transfer:
    """Ask for a transfer of a member who was found through the scope, and tell who must answer."""
    row = transfers.ask(scope, actor, member, wanted, now, from_unit=from_unit, own_wish=own_wish)
    _tell(row, actor, now, asked=True)
    return row


def ask_from_afar(scope: Scope, actor: Actor, number: str, wanted: Wanted, now: datetime) -> Transfer:
    """Ask for a member by number, whether or not there is one; tell whoever that concerns, if anybody."""
    row = transfers.ask_from_afar(scope, actor, number, wanted, now)
    _tell(row, actor, now, asked=True)
    return row


def consent(scope: Scope, actor: Actor, transfer_id: int, now: datetime) -> Transfer:
    """Agree for a unit; the second consent carries the transfer out, or leaves it to its day."""
    row, changed = transfers.consent(scope, actor, transfer_id, now)
    if changed:
        _tell(row, actor, now)
    return row


def refuse(scope: Scope, actor: Actor, transfer_id: int, reason: str, now: datetime) -> Transfer:
    """Say no for a unit."""
    row = transfers.refuse(scope, actor, transfer_id, reason, now)
    _tell(row, actor, now)
    return row


def withdraw(scope: Scope, actor: Actor, transfer_id: int, now: datetime) -> Transfer:
    """Take back what was asked."""
    row = transfers.withdraw(scope, actor, transfer_id, now)
    _tell(row, actor, now)
    return row


def lapse(row: Transfer, cause: Lapse, now: datetime) -> None:
    """Let a transfer come to nothing, and tell whom that concerns."""
    if transfer_ends.lapse(row, cause, now):
        _tell(row, SYSTEM, now)


def carry_out_due(now: datetime) -> int:
    """Carry out what is due and let lapse what can't be done; how many changed.

    Each in a transaction of its own: one that fails stops no other.
    """
    done = 0
    for transfer_id in transfer_ends.due(now):
        try:
            with unit_of_work():
                row, changed = transfer_ends.step(transfer_id, now)
                if changed:
                    _tell(row, SYSTEM, now)
        except Exception:
            log.exception("transfer could not be carried out", transfer=transfer_id)
            continue
        done += changed
    return done


def answering(unit_id: int, now: datetime) -> list[int]:
    """Who answers for a unit: whoever manages its members, from the nearest unit upwards that has somebody."""
    wanted = Permission.MANAGE_MEMBERS
    answer = {str(role) for role, may in GRANTED.items() if wanted in may} | custom_roles.carrying(wanted)
    held = (
        select(UnitPath.depth, RoleGrant.member_id)
        .join(RoleGrant, RoleGrant.unit_id == UnitPath.above_id)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(
            UnitPath.below_id == unit_id,
            RoleGrant.role.in_(answer),
            holds_at(now),
            Member.state.in_(OPEN_STATES),
        )
    ).subquery()
    nearest = select(func.min(held.c.depth)).scalar_subquery()
    return list(db.session.scalars(select(held.c.member_id).distinct().where(held.c.depth == nearest)))


def _tell(row: Transfer, actor: Actor, now: datetime, *, asked: bool = False) -> None:
    """A notice for the old unit and the member, and one for the new unit; not for who acted."""
    old = set(answering(row.from_unit_id, now)) if row.from_unit_id else set()
    if row.member_id is not None:
        old.add(row.member_id)
    new = set(answering(row.to_unit_id, now))
    if row.asked_by is not None:
        (old if row.side == TransferSide.OLD else new).add(row.asked_by)
    hidden = row.blind and row.released_at is None
    event = TransferState.ASKED if asked and row.state in WAITING else row.state
    title = TITLES[event]
    for side, members, text in (
        ("old", old, _whole(row) if row.member_id else None),
        ("new", new - old, _bare(row) if hidden else _whole(row)),
    ):
        others = members - {actor.id}
        if text is not None and others:
            outbox.send(
                [one for one in others if one is not None],
                source=f"transfer:{row.id}:{event}:{side}",
                kind=Kind.MESSAGE,
                title=title,
                text=text,
                now=now,
                path=f"/transfers/{row.id}",
                unit_id=None,
                sender_id=None,
            )


def _whole(row: Transfer) -> Message:
    member, to_unit = db.session.get_one(Member, row.member_id), db.session.get_one(Unit, row.to_unit_id)
    old_unit = db.session.get_one(Unit, row.from_unit_id)
    return _(
        "%(name)s, from %(old)s to %(new)s, as of %(day)s.",
        name=member.name,
        old=old_unit.name,
        new=to_unit.name,
        day=row.effective_on.isoformat(),
    )


def _bare(row: Transfer) -> Message:
    """What the side that asked from afar knows: what it typed."""
    to_unit = db.session.get_one(Unit, row.to_unit_id)
    return _(
        "The member with the number %(number)s, to %(new)s, as of %(day)s.",
        number=row.number,
        new=to_unit.name,
        day=row.effective_on.isoformat(),
    )
