"""Which transfers a person may see, what waits for them, and whether a transfer names its member to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.models import Transfer, TransferSide, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope

MANAGE = Permission.MANAGE_MEMBERS


class Show(StrEnum):
    """What a list may be cut down to."""

    WAITING = "waiting"
    UNDER_WAY = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Line:
    """A transfer as one person sees it: without the name and the old unit where it does not name them yet."""

    transfer: Transfer
    name: str | None
    old_unit: Unit | None
    new_unit: Unit
    waits: bool
    """Whether it waits for this person's answer."""


def visible(scope: Scope) -> ColumnElement[bool]:
    """The condition that a person may see a transfer: their own, or one from or to a unit whose members they manage."""
    return or_(Transfer.member_id == scope.member_id, _old(scope), _new(scope))


def find(scope: Scope, transfer_id: int, *, lock: bool = False) -> Transfer:
    """The transfer of that id if this person may see it; otherwise NotFound."""
    wanted = select(Transfer).where(Transfer.id == transfer_id, visible(scope))
    found = db.session.scalar((locked(wanted) if lock else wanted).execution_options(populate_existing=lock))
    if found is None:
        raise NotFound(_("There is no such transfer in your reach."))
    return found


def sees(scope: Scope, transfer: Transfer) -> bool:
    """Whether this person may (still) see a transfer: one that forgot its member is gone for the old unit."""
    return db.session.scalar(select(Transfer.id).where(Transfer.id == transfer.id, visible(scope))) is not None


def line(scope: Scope, transfer_id: int) -> Line:
    """One transfer as this person sees it; otherwise NotFound."""
    found = db.session.execute(_lines(scope).where(Transfer.id == transfer_id)).one_or_none()
    if found is None:
        raise NotFound(_("There is no such transfer in your reach."))
    return Line(*found)


def sides(scope: Scope, transfer: Transfer) -> frozenset[TransferSide]:
    """The sides of a transfer for which a person answers: the old unit, the new unit, both or none."""
    pairs = ((TransferSide.OLD, transfer.from_unit_id), (TransferSide.NEW, transfer.to_unit_id))
    return frozenset(side for side, unit_id in pairs if unit_id is not None and scope.reaches(MANAGE, unit_id))


def may_withdraw(scope: Scope, transfer: Transfer) -> bool:
    """Whether a person may take back what was asked: who asked, or who answers for the side that did."""
    if transfer.asked_by == scope.member_id:
        return True
    held = sides(scope, transfer)
    return transfer.side in held or (transfer.side == TransferSide.BOTH and len(held) == 2)


def of_unit(scope: Scope, unit: Unit, *, show: str = "", search: str = "") -> Select[Any]:
    """Transfers from or to a unit and what is below it, as far as this person may see them."""
    inside = units.below(unit.id)
    query = _lines(scope).where(or_(Transfer.to_unit_id.in_(inside), Transfer.from_unit_id.in_(inside)))
    if search:
        told = and_(_named(scope), Member.name.icontains(search, autoescape=True))
        query = query.where(or_(Transfer.number.icontains(search, autoescape=True), told))
    return query.where(_shown(scope, show))


def of_member(scope: Scope) -> list[Line]:
    """The transfers of this person, the latest first."""
    query = _lines(scope).where(Transfer.member_id == scope.member_id)
    return [Line(*row) for row in db.session.execute(query.order_by(Transfer.id.desc()))]


def page(query: Select[Any], *, offset: int = 0, limit: int = 50) -> list[Line]:
    """Some lines of a list: what waits for this person first, then what is under way, then what is closed."""
    waits = query.selected_columns.waits
    ordered = query.order_by(waits.desc(), Transfer.closed_at.is_not(None), Transfer.id.desc())
    return [Line(*row) for row in db.session.execute(ordered.offset(offset).limit(limit))]


def count(query: Select[Any]) -> int:
    """How many lines a list has."""
    return int(db.session.scalar(query.with_only_columns(func.count())) or 0)


def seen(scope: Scope, *, after: int | None = None, limit: int = 50) -> list[Line]:
    """Every transfer that this person may see, the latest first, from one id on."""
    query = _lines(scope).order_by(Transfer.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Transfer.id < after)
    return [Line(*row) for row in db.session.execute(query)]


def waiting(scope: Scope, unit: Unit) -> int:
    """How many transfers of a unit and below wait for this person's answer, by one statement."""
    return count(of_unit(scope, unit, show=Show.WAITING))


def _lines(scope: Scope) -> Select[Any]:
    old, new = aliased(Unit), aliased(Unit)
    named, waits = _named(scope), _waits(scope)
    return (
        select(
            Transfer,
            case((named, Member.name), else_=None).label("name"),
            old,
            new,
            waits.label("waits"),
        )
        .select_from(Transfer)
        .join(new, new.id == Transfer.to_unit_id)
        .join(Member, Member.id == Transfer.member_id, isouter=True)
        .join(old, and_(old.id == Transfer.from_unit_id, named), isouter=True)
        .where(visible(scope))
    )


def _old(scope: Scope) -> ColumnElement[bool]:
    return Transfer.from_unit_id.in_(scope.unit_ids(MANAGE))


def _new(scope: Scope) -> ColumnElement[bool]:
    return Transfer.to_unit_id.in_(scope.unit_ids(MANAGE))


def _named(scope: Scope) -> ColumnElement[bool]:
    """Who asks from afar learns who the member is when the old unit lets them go."""
    open_to_new = or_(Transfer.blind.is_(False), Transfer.released_at.is_not(None))
    return func.coalesce(or_(open_to_new, Transfer.member_id == scope.member_id, _old(scope)), false())


def _waits(scope: Scope) -> ColumnElement[bool]:
    release = and_(Transfer.released_at.is_(None), _old(scope))
    accept = and_(Transfer.accepted_at.is_(None), _new(scope))
    return func.coalesce(and_(Transfer.closed_at.is_(None), or_(release, accept)), false())


def _shown(scope: Scope, show: str) -> ColumnElement[bool]:
    match show:
        case Show.WAITING:
            return _waits(scope)
        case Show.UNDER_WAY:
            return Transfer.closed_at.is_(None)
        case Show.CLOSED:
            return Transfer.closed_at.is_not(None)
    return literal(True)
