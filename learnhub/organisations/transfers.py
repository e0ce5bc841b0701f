"""Transfers: one side asks, both units agree, and on its day the membership ends here and begins there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from learnhub.audit.trail import Actor
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, period_on
from learnhub.kernel.words import _
from learnhub.organisations import memberships, transfer_reach, units
from learnhub.organisations.models import Membership, Transfer, TransferSide, TransferState, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from learnhub.organisations.transfer_ends import carry_out, close, lapse, overtaken, trail

FURTHEST = timedelta(days=366)
"""How far ahead a transfer may be planned."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the new unit, the first day there, and why."""

    to_unit: Unit
    effective_on: date
    reason: str = ""


def destination(text: str) -> Unit:
    """The unit of that code, or the only one of that name. Any unit may be named: codes and names are no secret."""
    text = " ".join(text.split())
    found: list[Unit] = []
    for called in (Unit.code == text, func.lower(Unit.code) == text.lower(), Unit.name == text):
        found = found or list(
            db.session.scalars(select(Unit).where(called).order_by(Unit.closed_on.is_not(None)).limit(2))
        )
    if not found:
        raise Refused(_("There is no unit “%(unit)s”. Write its code or its whole name.", unit=text))
    if len(found) > 1:
        raise Refused(_("Several units are called “%(unit)s”. Write the code.", unit=text))
    units.require_open(found[0].id)
    return found[0]


def earliest(today: date) -> date:
    """The first day on which a transfer may still take effect: the quarters before are closed."""
    return period_on(today, Grain.QUARTER).first or today


def managed(scope: Scope, number: str) -> Member | None:
    """The member of that number if this person manages them; None for everybody else's and nobody's number alike."""
    within = scope.member_ids(Permission.MANAGE_MEMBERS)
    return db.session.scalar(select(Member).where(Member.number == number.strip(), Member.id.in_(within)))


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
    """Ask that a member moves, from the primary unit or the one named. Who asks for a unit agrees for it.

    `member` was found through the scope. A member's own wish waits for both units; who manages both units moves the
    member in one step. Refused while another transfer of this member is under way.
    """
    current = _belonging(member, from_unit)
    manages = {
        side
        for side, unit_id in ((TransferSide.OLD, current.unit_id), (TransferSide.NEW, wanted.to_unit.id))
        if not own_wish and scope.reaches(Permission.MANAGE_MEMBERS, unit_id)
    }
    if not manages and not (own_wish and member.id == scope.member_id):
        raise NotFound(_("There is no such member in your reach."))
    _check_target(member, current, wanted.to_unit)
    any_day = _administers(scope, current.unit_id, wanted.to_unit.id)
    _check_day(wanted.effective_on, now, any_day=any_day)
    if wanted.effective_on < current.starts_on:
        raise Refused(_("A transfer can't come before the day of joining."))
    side = TransferSide.MEMBER if own_wish else TransferSide.BOTH if len(manages) == 2 else manages.pop()
    row = _new(actor, member.number, wanted, side, now)
    row.member_id, row.from_unit_id, row.primary = member.id, current.unit_id, current.primary
    if not _kept(row):
        raise Refused(
            _("A transfer of %(name)s is under way already. It must be answered or withdrawn first.", name=member.name)
        )
    trail(actor, "transfer.asked", row, now, current.unit_id if side == TransferSide.OLD else wanted.to_unit.id)
    if row.state == TransferState.AGREED and row.effective_on <= local_date(now, house.zone):
        carry_out(actor, row, now)
    return row


def ask_from_afar(scope: Scope, actor: Actor, number: str, wanted: Wanted, now: datetime) -> Transfer:
    """The new unit asks for a member whom it does not see, by number.

    The answer is the same whether or not there is such a member, whether they belong somewhere and whether another
    transfer is under way: the transfer then waits for an answer that nobody gives, and lapses after the same time.
    """
    if not scope.reaches(Permission.MANAGE_MEMBERS, wanted.to_unit.id):
        raise NotFound(_("There is no unit with the code “%(code)s” in your reach.", code=wanted.to_unit.code))
    number = number.strip()
    if not 0 < len(number) <= 64:
        raise Refused(_("Enter the member's number."))
    if member := managed(scope, number):
        return ask(scope, actor, member, wanted, now)
    _check_day(wanted.effective_on, now, any_day=False)
    twice = select(Transfer.id).where(
        Transfer.number == number, Transfer.to_unit_id == wanted.to_unit.id, Transfer.closed_at.is_(None)
    )
    if db.session.scalar(twice.limit(1)):
        raise Refused(_("A transfer of this number to this unit waits for an answer already."))
    row = _new(actor, number, wanted, TransferSide.NEW, now)
    row.blind = True
    member = db.session.scalar(select(Member).where(Member.number == number))
    home = _home(member) if member is not None and member.state in OPEN_STATES else None
    if member is not None and home is not None:
        row.member_id, row.from_unit_id = member.id, home.unit_id
    if not _kept(row):
        row.member_id = row.from_unit_id = None
        _kept(row)
    trail(actor, "transfer.asked", row, now, wanted.to_unit.id)
    return row


def consent(scope: Scope, actor: Actor, transfer_id: int, now: datetime) -> tuple[Transfer, bool]:
    """Agree for the side or sides that this person answers for; when both units agree it is carried out on its day.

    Gives the transfer, and whether anything changed: a colleague may have agreed before. When the member moved or
    left meanwhile, it lapses.
    """
    row = _open(scope, transfer_id)
    held = transfer_reach.sides(scope, row)
    if not held:
        raise NotAllowed(_("The secretaries of the two units answer this."))
    if cause := overtaken(row):
        return row, lapse(row, cause, now)
    given = [
        unit_id
        for unit_id in (
            _agree(row, TransferSide.OLD, actor, now) if TransferSide.OLD in held else None,
            _agree(row, TransferSide.NEW, actor, now) if TransferSide.NEW in held else None,
        )
        if unit_id is not None
    ]
    if not given:
        return row, False
    row.state = _standing(row)
    db.session.flush()
    for unit_id in given:
        trail(actor, "transfer.agreed", row, now, unit_id)
    if row.state == TransferState.AGREED and row.effective_on <= local_date(now, house.zone):
        any_day = _administers(scope, row.from_unit_id, row.to_unit_id)
        _check_day(row.effective_on, now, any_day=any_day)
        carry_out(actor, row, now)
    return row, True


def refuse(scope: Scope, actor: Actor, transfer_id: int, reason: str, now: datetime) -> Transfer:
    """Say no for a unit, with a reason; also after agreeing, as long as it is not carried out."""
    row = _open(scope, transfer_id)
    held = transfer_reach.sides(scope, row)
    if not held:
        raise NotAllowed(_("The secretaries of the two units answer this."))
    if transfer_reach.may_withdraw(scope, row):
        raise Refused(_("Your side asked for this transfer. Withdraw it instead."))
    row.answer = " ".join(reason.split())[:300]
    if not row.answer:
        raise Refused(_("Say why, so that the others know."))
    close(row, TransferState.REFUSED, actor, now)
    unit_id = row.from_unit_id if TransferSide.OLD in held else row.to_unit_id
    trail(actor, "transfer.refused", row, now, unit_id)
    return row


def withdraw(scope: Scope, actor: Actor, transfer_id: int, now: datetime) -> Transfer:
    """Take back what was asked, as long as it is not carried out."""
    row = _open(scope, transfer_id)
    if not transfer_reach.may_withdraw(scope, row):
        raise NotAllowed(_("Only the side that asked for a transfer can withdraw it."))
    close(row, TransferState.WITHDRAWN, actor, now)
    unit_id = row.from_unit_id if row.side == TransferSide.OLD else row.to_unit_id
    trail(actor, "transfer.withdrawn", row, now, unit_id)
    return row


def _belonging(member: Member, from_unit: Unit | None) -> Membership:
    current = _home(member, from_unit)
    if member.state not in OPEN_STATES or current is None:
        raise Refused(_("%(name)s belongs to no unit that could be left.", name=member.name))
    return current


def _home(member: Member, from_unit: Unit | None = None) -> Membership | None:
    """The open membership that would end: in the unit named, or else the primary one."""
    found = [one for one, unit in memberships.open_memberships(member.id) if from_unit in (None, unit)]
    return next((one for one in found if one.primary), found[0] if found and from_unit is not None else None)


def _administers(scope: Scope, *unit_ids: int | None) -> bool:
    return all(one is not None and scope.reaches(Permission.ADMINISTER, one) for one in unit_ids)


def _check_target(member: Member, current: Membership, to_unit: Unit) -> None:
    there = [one for one, unit in memberships.open_memberships(member.id) if unit.id == to_unit.id]
    if current.unit_id == to_unit.id or (there and not current.primary):
        raise Refused(_("%(name)s already belongs to this unit.", name=member.name))


def _check_day(day: date, now: datetime, *, any_day: bool) -> None:
    today = local_date(now, house.zone)
    if day > today + FURTHEST:
        raise Refused(_("A transfer can be planned for at most a year ahead."))
    if day < earliest(today) and not any_day:
        raise Refused(
            _(
                "The quarters before %(day)s are closed. Choose a later day, or ask an administrator of both units.",
                day=earliest(today).isoformat(),
            )
        )


def _new(actor: Actor, number: str, wanted: Wanted, side: TransferSide, now: datetime) -> Transfer:
    row = Transfer(
        number=number,
        to_unit_id=wanted.to_unit.id,
        effective_on=wanted.effective_on,
        reason=" ".join(wanted.reason.split())[:300],
        side=side,
        asked_by=actor.id,
        asked_at=now,
    )
    if side in {TransferSide.OLD, TransferSide.BOTH}:
        row.released_by, row.released_at = actor.id, now
    if side in {TransferSide.NEW, TransferSide.BOTH}:
        row.accepted_by, row.accepted_at = actor.id, now
    row.state = _standing(row)
    return row


def _standing(row: Transfer) -> TransferState:
    """How far an open transfer has come, from who has agreed."""
    if row.released_at is not None:
        return TransferState.RELEASED if row.accepted_at is None else TransferState.AGREED
    return TransferState.ASKED if row.accepted_at is None else TransferState.ACCEPTED


def _kept(row: Transfer) -> bool:
    """Whether the row could be written: the database allows one open transfer a member."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def _open(scope: Scope, transfer_id: int) -> Transfer:
    row = transfer_reach.find(scope, transfer_id, lock=True)
    if row.closed_at is not None:
        raise Conflict(_("This transfer is closed already. Look at its page to see what became of it."))
    return row


def _agree(row: Transfer, side: TransferSide, actor: Actor, now: datetime) -> int | None:
    """Note a unit's consent; gives the unit, or None when it had agreed before."""
    if side == TransferSide.OLD:
        if row.released_at is not None:
            return None
        row.released_by, row.released_at = actor.id, now
        return row.from_unit_id
    if row.accepted_at is not None:
        return None
    row.accepted_by, row.accepted_at = actor.id, now
    return row.to_unit_id
