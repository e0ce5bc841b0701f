"""Reading the ledger for people: a member's entries and refused events, and one entry with everything behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from learnhub.points import ledger, rules
from learnhub.points.ledger import LEDGER, Entry
from learnhub.points.models import RefusedEvent
from learnhub.points.rules import Version

PAGE = 50


@dataclass(frozen=True)
class Explained:
    """An entry and why it stands there."""

    entry: Entry
    member: Member
    unit: Unit
    version: Version | None
    """The version of the rule that paid; None for what a person or the system posted."""
    actor: Member | None
    reversed_by: Entry | None
    reverses: Entry | None


@dataclass(frozen=True)
class Refusal:
    """An event that paid nothing, and why."""

    id: int
    kind: str
    source_id: str
    occurred_at: datetime
    reason: dict[str, Any]


def of_member(member_id: int, *, before: int | None = None, limit: int = PAGE) -> tuple[list[Entry], int | None]:
    """A member's entries, the last posted first, and the sequence before which the next page goes on (or None)."""
    query = select(LEDGER).where(LEDGER.c.member_id == member_id)
    if before is not None:
        query = query.where(LEDGER.c.sequence < before)
    rows = db.session.execute(query.order_by(LEDGER.c.sequence.desc()).limit(limit + 1)).all()
    found = [ledger.entry_of(row) for row in rows[:limit]]
    return found, found[-1].sequence if len(rows) > limit else None


def refused_of(
    member_id: int, *, before: tuple[datetime, int] | None = None, limit: int = PAGE
) -> tuple[list[Refusal], tuple[datetime, int] | None]:
    """A member's events that paid nothing, the latest first, and where the next page goes on (or None)."""
    query = select(
        RefusedEvent.id, RefusedEvent.kind, RefusedEvent.source_id, RefusedEvent.occurred_at, RefusedEvent.reason
    ).where(RefusedEvent.member_id == member_id)
    if before is not None:
        at, last_id = before
        same = and_(RefusedEvent.occurred_at == at, RefusedEvent.id < last_id)
        query = query.where(or_(RefusedEvent.occurred_at < at, same))
    rows = db.session.execute(
        query.order_by(RefusedEvent.occurred_at.desc(), RefusedEvent.id.desc()).limit(limit + 1)
    ).all()
    found = [Refusal(*row) for row in rows[:limit]]
    return found, (found[-1].occurred_at, found[-1].id) if len(rows) > limit else None


def find(scope: Scope, permission: Permission, entry_id: int) -> Entry:
    """The entry of that id, if it is one's own or its member is within a permission's reach; otherwise NotFound."""
    try:
        entry = ledger.find(entry_id)
        if permission is Permission.LEARN:
            allowed = entry.member_id == scope.member_id
        else:
            allowed = scope.member(permission, entry.member_id) is not None
    except NotFound:
        allowed = False
    if not allowed:
        raise NotFound(_("There is no such entry in your reach."))
    return entry


def find_to_correct(scope: Scope, entry_id: int) -> Entry:
    """The entry of that id, if this person may take it back; otherwise NotFound."""
    row = db.session.execute(_correctable(scope).where(LEDGER.c.id == entry_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such entry in your reach."))
    return ledger.entry_of(row)


def may_correct(scope: Scope, entry: Entry) -> bool:
    """Whether this person may take an entry back."""
    if not scope.has(Permission.CORRECT_POINTS):
        return False
    return db.session.execute(_correctable(scope).where(LEDGER.c.id == entry.id)).first() is not None


def _correctable(scope: Scope) -> Select[Any]:
    return select(LEDGER).where(LEDGER.c.member_id.in_(scope.member_ids(Permission.CORRECT_POINTS)))


def explain(entry: Entry) -> Explained:
    """Everything that answers "why?"."""
    return Explained(
        entry=entry,
        member=db.session.get_one(Member, entry.member_id),
        unit=db.session.get_one(Unit, entry.unit_id),
        version=rules.version(entry.rule_version_id) if entry.rule_version_id else None,
        actor=db.session.get(Member, entry.actor_id) if entry.actor_id else None,
        reversed_by=ledger.reversal_of(entry.id),
        reverses=ledger.find(entry.reverses) if entry.reverses else None,
    )
