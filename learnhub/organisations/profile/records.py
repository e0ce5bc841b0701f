"""What the fields hold for a member, every change of it, and changes that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.sealing import seal, unseal
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.organisations.memberships import primary_unit_id, primary_unit_ids
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import ranks, values
from learnhub.organisations.profile.models import (
    ChangeRequest,
    MemberChange,
    MemberField,
    MemberValue,
    RequestState,
)
from learnhub.organisations.scope import Scope

PAGE = 50


def values_of(member: Member, fields: Iterable[MemberField]) -> dict[int, str | None]:
    """What the fields hold for a member, in plain, by one statement: the caller shows or hides it."""
    found = {
        one.field_id: one for one in db.session.scalars(select(MemberValue).where(MemberValue.member_id == member.id))
    }
    return {field.id: _held(member, field, found.get(field.id)) for field in fields}


def _held(member: Member, field: MemberField, value: MemberValue | None) -> str | None:
    if field.built_in:
        return getattr(member, field.key) or None
    return plain(value.text, value.sealed) if value else None


def plain(text: str | None, sealed: bytes | None) -> str | None:
    """A stored value as people read it."""
    return unseal(sealed) if sealed is not None else text


def kept(field: MemberField, text: str | None) -> tuple[str | None, bytes | None]:
    """A value as it is stored: in plain, or sealed."""
    return (None, seal(text)) if field.sensitive and text is not None else (text, None)


def change(scope: Scope, actor: Actor, member: Member, field: MemberField, written: str | None) -> bool:
    """Change a field at once; whether anything is different now. NotAllowed when it is not theirs to change."""
    if field.retired_at is not None or not ranks.may_change(field, ranks.changing(scope, member.id)):
        raise NotAllowed(_("This field is not yours to change."))
    ranks.require_not_higher(scope, member)
    changed = write(member, field, values.normal(field, written), scope.now, made_by=actor.id, source="profile")
    waiting = _waiting(member, field)
    if changed and waiting is not None:
        _decide(waiting, RequestState.WITHDRAWN, actor, scope.now)
    return changed


def write(
    member: Member,
    field: MemberField,
    after: str | None,
    now: datetime,
    *,
    made_by: int | None,
    source: str,
    approved_by: int | None = None,
) -> bool:
    """Store a value that was checked and a line of its history; False when the field held it already."""
    value = None if field.built_in else db.session.get(MemberValue, (member.id, field.id))
    before = _held(member, field, value)
    if before == after:
        return False
    old, new = kept(field, before), kept(field, after)
    if field.built_in:
        setattr(member, field.key, after)
    elif after is None:
        db.session.delete(value)
    elif value is None:
        made = MemberValue(member_id=member.id, field_id=field.id, text=new[0], sealed=new[1], changed_at=now)
        db.session.add(made)
    else:
        value.text, value.sealed, value.changed_at = *new, now
    db.session.add(
        MemberChange(
            member_id=member.id,
            field_id=field.id,
            before=old[0],
            after=new[0],
            sealed_before=old[1],
            sealed_after=new[1],
            made_by=made_by,
            made_at=now,
            source=source,
            approved_by=approved_by,
        )
    )
    db.session.flush()
    return True


def propose(scope: Scope, actor: Actor, member: Member, field: MemberField, written: str | None) -> bool:
    """Propose a change of one's own field; whether it waits now. A newer proposal takes the place of the older."""
    if field.retired_at is not None or not ranks.may_propose(field, ranks.changing(scope, member.id)):
        raise NotAllowed(_("This field is not yours to change."))
    after = values.normal(field, written)
    waiting = _waiting(member, field)
    held = values_of(member, [field])[field.id]
    if waiting is not None:
        if proposed(waiting) == after:
            return False
        _decide(waiting, RequestState.WITHDRAWN, actor, scope.now)
    if after == held:
        return False
    text, sealed = kept(field, after)
    asked = ChangeRequest(
        member_id=member.id, field_id=field.id, after=text, sealed_after=sealed, asked_at=scope.now,
        state=RequestState.WAITING, reason="",
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    unit_id = primary_unit_id(member.id, scope.now)
    record(actor, "change.proposed", "member", member.id, scope.now, unit_id=unit_id, field=field.key)
    return True


def proposed(asked: ChangeRequest) -> str | None:
    """The value that a request proposes, in plain."""
    return plain(asked.after, asked.sealed_after)


def _waiting(member: Member, field: MemberField) -> ChangeRequest | None:
    found: ChangeRequest | None = db.session.scalar(
        locked(
            select(ChangeRequest).where(
                ChangeRequest.member_id == member.id,
                ChangeRequest.field_id == field.id,
                ChangeRequest.state == RequestState.WAITING,
            )
        )
    )
    return found


def _decide(asked: ChangeRequest, state: RequestState, actor: Actor, now: datetime, reason: str = "") -> None:
    asked.state, asked.decided_by, asked.decided_at, asked.reason = state, actor.id, now, reason
    db.session.flush()


def own_request(scope: Scope, request_id: int) -> ChangeRequest:
    """A request of one's own; NotFound otherwise."""
    return _request(request_id, ChangeRequest.member_id == scope.member_id)


def request_to_decide(scope: Scope, request_id: int) -> ChangeRequest:
    """A request of a member whose record the asker keeps; NotFound otherwise."""
    return _request(request_id, ChangeRequest.member_id.in_(scope.member_ids(Permission.MANAGE_MEMBERS)))


def _request(request_id: int, within: object) -> ChangeRequest:
    wanted = select(ChangeRequest).where(ChangeRequest.id == request_id, within)  # type: ignore[arg-type]
    found: ChangeRequest | None = db.session.scalar(locked(wanted))
    if found is None:
        raise NotFound(_("There is no such change in your reach."))
    return found


def withdraw(actor: Actor, asked: ChangeRequest, now: datetime) -> None:
    """The member takes a proposal back."""
    _require_waiting(asked)
    _decide(asked, RequestState.WITHDRAWN, actor, now)
    record(actor, "change.withdrawn", "member", asked.member_id, now)


def approve(scope: Scope, actor: Actor, asked: ChangeRequest) -> None:
    """Let a proposed change happen."""
    member, field = _require_decider(scope, asked)
    write(
        member,
        field,
        values.normal(field, proposed(asked)),
        scope.now,
        made_by=member.id,
        source="approval",
        approved_by=actor.id,
    )
    _decide(asked, RequestState.APPROVED, actor, scope.now)
    _trace(actor, "change.approved", asked, field, scope.now)


def refuse(scope: Scope, actor: Actor, asked: ChangeRequest, reason: str) -> None:
    """Turn a proposed change down, with a reason that the member reads."""
    _member, field = _require_decider(scope, asked)
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Refused(_("Say why; the member reads it."))
    _decide(asked, RequestState.REFUSED, actor, scope.now, reason)
    _trace(actor, "change.refused", asked, field, scope.now)


def _require_waiting(asked: ChangeRequest) -> None:
    if asked.state != RequestState.WAITING:
        raise Refused(_("This change was decided already."))


def _require_decider(scope: Scope, asked: ChangeRequest) -> tuple[Member, MemberField]:
    _require_waiting(asked)
    if asked.member_id == scope.member_id:
        raise NotAllowed(_("Nobody decides a change of their own. Another secretary or an administrator does."))
    member = db.session.get_one(Member, asked.member_id)
    field = db.session.get_one(MemberField, asked.field_id)
    ranks.require_not_higher(scope, member)
    if not ranks.may_change(field, ranks.changing(scope, member.id)):
        raise NotAllowed(_("This field is not yours to change."))
    return member, field


def _trace(actor: Actor, action: str, asked: ChangeRequest, field: MemberField, now: datetime) -> None:
    unit_id = primary_unit_id(asked.member_id, now)
    record(actor, action, "member", asked.member_id, now, unit_id=unit_id, field=field.key)


@dataclass(frozen=True)
class Line:
    """A change of the past as it is shown: values in plain, the caller masks them."""

    change: MemberChange
    field: MemberField
    before: str | None
    after: str | None
    made_by: str | None
    approved_by: str | None


def history(member: Member, fields: Sequence[MemberField], limit: int = PAGE) -> list[Line]:
    """The last changes of these fields, newest first, by two statements."""
    known = {field.id: field for field in fields}
    found = db.session.scalars(
        select(MemberChange)
        .where(MemberChange.member_id == member.id, MemberChange.field_id.in_(known))
        .order_by(MemberChange.made_at.desc(), MemberChange.id.desc())
        .limit(limit)
    ).all()
    ids = {one for row in found for one in (row.made_by, row.approved_by) if one}
    names = {one: name for one, name in db.session.execute(select(Member.id, Member.name).where(Member.id.in_(ids)))}
    return [
        Line(
            row,
            known[row.field_id],
            plain(row.before, row.sealed_before),
            plain(row.after, row.sealed_after),
            names.get(row.made_by or 0),
            names.get(row.approved_by or 0),
        )
        for row in found
    ]


def requests_of(member_id: int, limit: int = 20) -> list[ChangeRequest]:
    """A member's own requests that wait or were decided, newest first."""
    return list(
        db.session.scalars(
            select(ChangeRequest)
            .where(ChangeRequest.member_id == member_id, ChangeRequest.state != RequestState.WITHDRAWN)
            .order_by(ChangeRequest.asked_at.desc(), ChangeRequest.id.desc())
            .limit(limit)
        )
    )


@dataclass(frozen=True)
class Waiting:
    """A request with what is there now."""

    request: ChangeRequest
    member: Member
    field: MemberField
    unit: Unit | None
    before: str | None
    after: str | None


def count_waiting(member_ids: Select[int]) -> int:
    """How many changes of these members wait."""
    query = select(func.count()).where(
        ChangeRequest.state == RequestState.WAITING, ChangeRequest.member_id.in_(member_ids)
    )
    return db.session.scalar(query) or 0


def waiting(member_ids: Select[int], now: datetime, *, page: int = 1, limit: int = PAGE) -> list[Waiting]:
    """The changes of these members that wait, the oldest first, by a fixed number of statements."""
    rows = db.session.execute(
        select(ChangeRequest, Member, MemberField, MemberValue)
        .join(Member, Member.id == ChangeRequest.member_id)
        .join(MemberField, MemberField.id == ChangeRequest.field_id)
        .outerjoin(
            MemberValue,
            (MemberValue.member_id == ChangeRequest.member_id) & (MemberValue.field_id == ChangeRequest.field_id),
        )
        .where(ChangeRequest.state == RequestState.WAITING, ChangeRequest.member_id.in_(member_ids))
        .order_by(ChangeRequest.asked_at, ChangeRequest.id)
        .offset((page - 1) * limit)
        .limit(limit)
    ).all()
    places = _units([member.id for _r, member, _f, _v in rows], now)
    return [
        Waiting(asked, member, field, places.get(member.id), _held(member, field, value), proposed(asked))
        for asked, member, field, value in rows
    ]


def _units(member_ids: Sequence[int], now: datetime) -> dict[int, Unit]:
    ids = primary_unit_ids(member_ids, now)
    found = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(set(ids.values()))))}
    return {member_id: found[unit_id] for member_id, unit_id in ids.items()}
