"""Sending a notice, once for each source and member; who has read it; taking it back from who has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, or_, select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import upsert
from learnhub.kernel.words import _
from learnhub.notices import wording
from learnhub.notices.models import Delivery, Kind, Notice
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope

PAGE = 30
TAKE_BACK = timedelta(minutes=10)
"""How long a notice can be taken back from those who have not read it."""
CHUNK = 1_000


@dataclass(frozen=True)
class Sent:
    """What sending came to: the notice, how many members it went to now, and how many had it before."""

    notice_id: int
    new: int
    before: int


@dataclass(frozen=True)
class Receipt:
    """A notice that was sent, and how many of those who have it have read it."""

    notice: Notice
    title: wording.Words
    text: wording.Words
    members: int
    read: int


def send(
    member_ids: Iterable[int],
    *,
    source: str,
    kind: Kind,
    title: wording.Words,
    text: wording.Words,
    now: datetime,
    path: str = "",
    unit_id: int | None = None,
    sender_id: int | None = None,
) -> Sent:
    """Put a notice into the lists of members whose accounts are open.

    The same source again is the same notice: what it says stays, and only members who do not have it yet get it.
    """
    made = {
        "id": new_id(),
        "source": source,
        "kind": kind,
        "unit_id": unit_id,
        "title": wording.stored(title),
        "text": wording.stored(text),
        "path": path,
        "sender_id": sender_id,
        "at": now,
    }
    db.session.execute(upsert(Notice.__table__).values(**made).on_conflict_do_nothing(index_elements=["source"]))
    notice_id = db.session.scalars(select(Notice.id).where(Notice.source == source)).one()
    new = reached = 0
    for ids in _chunks(sorted(set(member_ids))):
        open_ids = db.session.scalars(select(Member.id).where(Member.id.in_(ids), Member.state.in_(OPEN_STATES)))
        rows = [{"member_id": member_id, "notice_id": notice_id, "at": now} for member_id in sorted(open_ids)]
        if rows:
            reached += len(rows)
            put = upsert(Delivery.__table__).values(rows).on_conflict_do_nothing().returning(Delivery.member_id)
            new += len(db.session.scalars(put).all())
    return Sent(notice_id, new, reached - new)


def reached_since(member_ids: Iterable[int], prefix: str, since: datetime) -> set[int]:
    """Those of the members who got a notice since a moment whose source begins like this."""
    found: set[int] = set()
    for ids in _chunks(sorted(set(member_ids))):
        found.update(
            db.session.scalars(
                select(Delivery.member_id)
                .join(Notice, Notice.id == Delivery.notice_id)
                .where(
                    Delivery.member_id.in_(ids), Delivery.at >= since, Notice.source.startswith(prefix, autoescape=True)
                )
            )
        )
    return found


def by_source(source: str) -> int | None:
    """The notice of a source, if it was sent."""
    return db.session.scalar(select(Notice.id).where(Notice.source == source))


def sent_by(
    member_id: int, *, after: tuple[datetime, int] | None = None, limit: int = PAGE
) -> tuple[list[Receipt], tuple[datetime, int] | None]:
    """What a member sent, the last first, with the read receipts; and where the next page goes on (or None)."""
    query = select(Notice).where(Notice.sender_id == member_id)
    if after is not None:
        at, last_id = after
        query = query.where(or_(Notice.at < at, (Notice.at == at) & (Notice.id < last_id)))
    rows = list(db.session.scalars(query.order_by(Notice.at.desc(), Notice.id.desc()).limit(limit + 1)))
    found = rows[:limit]
    return _receipts(found), (found[-1].at, found[-1].id) if len(rows) > limit else None


def find(scope: Scope, notice_id: int) -> Receipt:
    """A notice that this person sent, or that went to a unit whose members they may see; otherwise NotFound."""
    within = or_(Notice.sender_id == scope.member_id, Notice.unit_id.in_(scope.unit_ids(Permission.SEE_MEMBERS)))
    notice = db.session.scalar(select(Notice).where(Notice.id == notice_id, within))
    if notice is None:
        raise NotFound(_("There is no such notice."))
    return _receipts([notice])[0]


def recipients(
    scope: Scope, notice_id: int, *, after: str = "", limit: int = PAGE
) -> tuple[Sequence[Row[int, str, str, datetime | None]], str | None]:
    """Who has a notice and when they read it, by number: (id, number, name, read_at) of members within reach."""
    rows = db.session.execute(
        select(Member.id, Member.number, Member.name, Delivery.read_at)
        .join(Delivery, Delivery.member_id == Member.id)
        .where(
            Delivery.notice_id == notice_id,
            Member.id.in_(scope.member_ids(Permission.SEE_MEMBERS)),
            Member.number > after,
        )
        .order_by(Member.number)
        .limit(limit + 1)
    ).all()
    return rows[:limit], rows[limit - 1].number if len(rows) > limit else None


def can_take_back(notice_id: int, now: datetime) -> int:
    """From how many members a notice could still be taken back."""
    return int(db.session.scalar(select(func.count()).select_from(Delivery).where(*_unread(notice_id, now))) or 0)


def take_back(actor: Actor, notice: Notice, now: datetime) -> int:
    """Take a notice out of the lists of those who got it in the last minutes and have not read it; how many."""
    if notice.sender_id is None or notice.sender_id != actor.id:
        raise NotAllowed(_("Only who sent a notice can take it back."))
    gone = db.session.scalars(delete(Delivery).where(*_unread(notice.id, now)).returning(Delivery.member_id)).all()
    if not gone:
        raise Refused(_("It is too late to take this back: everybody has read it, or ten minutes are over."))
    record(actor, "notice.taken_back", "notice", notice.id, now, unit_id=notice.unit_id, members=len(gone))
    if not db.session.scalar(select(Delivery.member_id).where(Delivery.notice_id == notice.id).limit(1)):
        db.session.delete(notice)
    return len(gone)


def _unread(notice_id: int, now: datetime) -> tuple[Any, ...]:
    return Delivery.notice_id == notice_id, Delivery.read_at.is_(None), Delivery.at > now - TAKE_BACK


def _receipts(found: list[Notice]) -> list[Receipt]:
    counts = {
        notice_id: (members, read)
        for notice_id, members, read in db.session.execute(
            select(Delivery.notice_id, func.count(), func.count(Delivery.read_at))
            .where(Delivery.notice_id.in_([notice.id for notice in found]))
            .group_by(Delivery.notice_id)
        )
    }
    return [
        Receipt(notice, wording.read(notice.title), wording.read(notice.text), *counts.get(notice.id, (0, 0)))
        for notice in found
    ]


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
