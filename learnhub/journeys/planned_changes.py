"""Changes of the tree that are planned for a day to come: kept, withdrawn, or carried out by the clock on their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from learnhub.audit.trail import SYSTEM, Actor, record
from learnhub.identity.models import Member
from learnhub.journeys import change_tree, close_unit, merge_units
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.errors import DomainError, NotAllowed, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.notices.wording import Words, stored
from learnhub.organisations import units
from learnhub.organisations.models import ChangeKind, ChangeState, Unit, UnitChange
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import scope_of

log = structlog.get_logger()

FURTHEST = timedelta(days=366)
"""A change is planned for so long ahead at most."""


@dataclass(frozen=True)
class Planned:
    """A change with the unit it is about, the one that it names, and who asked for it."""

    change: UnitChange
    unit: Unit
    target: Unit | None
    asked_by: Member


def plan(
    actor: Actor,
    kind: ChangeKind,
    unit: Unit,
    on: date,
    now: datetime,
    *,
    target: Unit | None = None,
    keep_roles: bool = False,
) -> UnitChange:
    """Keep a change until its day. Refused when it could not be today for its place, or another one is planned."""
    today = local_date(now, house.zone)
    if not today < on <= today + FURTHEST:
        raise Refused(_("A change is planned for a day after today, a year ahead at most."))
    _check(kind, unit, target)
    same = select(UnitChange.id).where(UnitChange.unit_id == unit.id, UnitChange.state == ChangeState.PLANNED)
    if actor.id is None or db.session.scalar(same.limit(1)):
        raise Refused(_("A change of this unit is planned already. Withdraw that one first."))
    row = UnitChange(
        kind=kind,
        unit_id=unit.id,
        target_id=target.id if target else None,
        details={"keep_roles": keep_roles},
        effective_on=on,
        asked_by=actor.id,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()
    _trace(actor, "unit_change.planned", row, now)
    return row


def _check(kind: str, unit: Unit, target: Unit | None) -> None:
    """What must hold on every day. Whether a unit that closes without a target is empty counts on its day only."""
    if kind == ChangeKind.CLOSE:
        close_unit.check_target(unit, target)
    elif target is None:
        raise Refused(_("Choose the other unit."))
    elif kind == ChangeKind.MERGE:
        merge_units.check(unit, target)
    else:
        units.check_move(unit, target)
        if unit.parent_id == target.id:
            raise Refused(_("The unit already stands there."))


def of_unit(unit_id: int) -> Sequence[Planned]:
    """What is planned for a unit or names it, and what could not be carried out; the next first, by one statement."""
    target = aliased(Unit)
    rows = db.session.execute(
        select(UnitChange, Unit, target, Member)
        .join(Unit, Unit.id == UnitChange.unit_id)
        .outerjoin(target, target.id == UnitChange.target_id)
        .join(Member, Member.id == UnitChange.asked_by)
        .where(
            or_(UnitChange.unit_id == unit_id, UnitChange.target_id == unit_id),
            UnitChange.state.in_((ChangeState.PLANNED, ChangeState.REFUSED)),
        )
        .order_by(UnitChange.closed_at.is_not(None), UnitChange.effective_on.desc(), UnitChange.id)
        .limit(20)
    )
    return [Planned(*row) for row in rows]


def withdraw(actor: Actor, unit: Unit, change_id: int, now: datetime) -> UnitChange:
    """Take a planned change of a unit back before its day."""
    row: UnitChange | None = db.session.scalar(
        locked(
            select(UnitChange).where(
                UnitChange.id == change_id, UnitChange.unit_id == unit.id, UnitChange.state == ChangeState.PLANNED
            )
        )
    )
    if row is None:
        raise NotFound(_("There is no such planned change any more."))
    row.state, row.closed_at = ChangeState.WITHDRAWN, now
    db.session.flush()
    _trace(actor, "unit_change.withdrawn", row, now)
    return row


def carry_out_due(now: datetime) -> int:
    """Carry out what is due, each in a transaction of its own; how many were done.

    What no longer fits is refused with its reason, and whoever asked is told.
    """
    due = select(UnitChange.id).where(
        UnitChange.state == ChangeState.PLANNED, UnitChange.effective_on <= local_date(now, house.zone)
    )
    done = 0
    for change_id in db.session.scalars(due.order_by(UnitChange.effective_on, UnitChange.id)).all():
        try:
            done += _step(change_id, now)
        except Exception:
            log.exception("planned change could not be carried out", change=change_id)
    return done


def _step(change_id: int, now: datetime) -> bool:
    try:
        with unit_of_work():
            row = _planned(change_id)
            if row is None:
                return False
            _carry_out(row, now)
            row.state, row.closed_at = ChangeState.DONE, now
    except DomainError as refusal:
        with unit_of_work():
            row = _planned(change_id)
            if row is not None:
                _refuse(row, refusal.message, now)
        return False
    return True


def _planned(change_id: int) -> UnitChange | None:
    wanted = select(UnitChange).where(UnitChange.id == change_id, UnitChange.state == ChangeState.PLANNED)
    found: UnitChange | None = db.session.scalar(locked(wanted).execution_options(populate_existing=True))
    return found


def _carry_out(row: UnitChange, now: datetime) -> None:
    """As whoever asked for it, who must still administer both units."""
    asker, scope = db.session.get_one(Member, row.asked_by), scope_of(row.asked_by, now)
    unit = db.session.get_one(Unit, row.unit_id)
    target = db.session.get(Unit, row.target_id) if row.target_id else None
    for one in (unit, target):
        if one is not None and not scope.reaches(Permission.ADMINISTER, one.id):
            raise NotAllowed(_("Who planned this no longer administers “%(unit)s”.", unit=one.name))
    actor = Actor(asker, stands_in_for=lambda unit_id: scope.stands_in_for(Permission.ADMINISTER, unit_id))
    if row.kind == ChangeKind.CLOSE:
        close_unit.close(actor, unit, row.effective_on, now, target=target)
    elif target is not None and row.kind == ChangeKind.MERGE:
        keep_roles = bool(row.details.get("keep_roles"))
        merge_units.merge(actor, unit, target, row.effective_on, now, keep_roles=keep_roles)
    elif target is not None:
        change_tree.move(actor, unit, target, row.effective_on, now)


def _refuse(row: UnitChange, reason: Words, now: datetime) -> None:
    row.state, row.closed_at, row.reason = ChangeState.REFUSED, now, stored(reason)
    db.session.flush()
    unit = db.session.get_one(Unit, row.unit_id)
    _trace(SYSTEM, "unit_change.refused", row, now)
    outbox.send(
        [row.asked_by],
        source=f"unit_change:{row.id}",
        kind=Kind.MESSAGE,
        title=_("A planned change could not be carried out"),
        text=_(
            "%(unit)s stays as it is: what was planned for %(day)s no longer fits. Its settings say why.",
            unit=unit.name,
            day=row.effective_on.isoformat(),
        ),
        now=now,
        path=f"/units/{unit.code}/settings",
    )


def _trace(actor: Actor, action: str, row: UnitChange, now: datetime) -> None:
    unit = db.session.get_one(Unit, row.unit_id)
    target = db.session.get(Unit, row.target_id) if row.target_id else None
    record(
        actor,
        action,
        "unit",
        unit.id,
        now,
        unit_id=unit.id,
        kind=str(row.kind),
        before=unit.code,
        after=target.code if target else "",
        on=row.effective_on.isoformat(),
    )
