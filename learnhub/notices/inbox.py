"""A member's own notices: the list, how many are unread, and reading them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, case, func, or_, select, update

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.notices import wording
from learnhub.notices.models import Delivery, Notice
from learnhub.organisations.models import Unit

PAGE = 30

Key = tuple[int, datetime, int]
"""Where a page ended: 1 when the last notice had been read, when it came, and its id."""


@dataclass(frozen=True)
class Received:
    """A notice as one member has it."""

    id: int
    kind: str
    title: wording.Words
    text: wording.Words
    path: str
    sender: str | None
    unit: str | None
    at: datetime
    read_at: datetime | None


_seen = case((Delivery.read_at.is_(None), 0), else_=1)


def of_member(member_id: int, *, after: Key | None = None, limit: int = PAGE) -> tuple[list[Received], Key | None]:
    """A member's notices, the unread first and the latest first in each; and where the next page goes on (or None)."""
    query = (
        select(
            Notice.id,
            Notice.kind,
            Notice.title,
            Notice.text,
            Notice.path,
            Member.name.label("sender"),
            Unit.name.label("unit"),
            Delivery.at,
            Delivery.read_at,
        )
        .join(Delivery, Delivery.notice_id == Notice.id)
        .outerjoin(Member, Member.id == Notice.sender_id)
        .outerjoin(Unit, Unit.id == Notice.unit_id)
        .where(Delivery.member_id == member_id)
    )
    if after is not None:
        was_read, at, last_id = after
        later = or_(Delivery.at < at, and_(Delivery.at == at, Delivery.notice_id < last_id))
        query = query.where(or_(_seen > was_read, and_(_seen == was_read, later)))
    rows = db.session.execute(
        query.order_by(_seen, Delivery.at.desc(), Delivery.notice_id.desc()).limit(limit + 1)
    ).all()
    found = [
        Received(
            row.id,
            row.kind,
            wording.read(row.title),
            wording.read(row.text),
            row.path,
            row.sender,
            row.unit,
            row.at,
            row.read_at,
        )
        for row in rows[:limit]
    ]
    last = found[-1] if len(rows) > limit else None
    return found, (int(last.read_at is not None), last.at, last.id) if last else None


_UNREAD = (
    select(func.count())
    .select_from(Delivery)
    .where(Delivery.member_id == bindparam("member_id"), Delivery.read_at.is_(None))
)
"""On every page: put together once."""


def unread(member_id: int) -> int:
    """How many notices wait for a member: one statement over the member's own rows."""
    return int(db.session.scalar(_UNREAD, {"member_id": member_id}) or 0)


def read(member_id: int, notice_id: int, now: datetime) -> str:
    """Note that a member has read a notice (the first time counts); gives the page that it leads to."""
    path = db.session.scalar(
        select(Notice.path)
        .join(Delivery, Delivery.notice_id == Notice.id)
        .where(Delivery.member_id == member_id, Notice.id == notice_id)
    )
    if path is None:
        raise NotFound(_("There is no such notice."))
    _mark(member_id, now, Delivery.notice_id == notice_id)
    return path


def read_all(member_id: int, now: datetime) -> int:
    """Note that a member has read everything; how many notices were unread."""
    return _mark(member_id, now)


def _mark(member_id: int, now: datetime, *which: object) -> int:
    done = db.session.execute(
        update(Delivery)
        .where(Delivery.member_id == member_id, Delivery.read_at.is_(None), *which)  # type: ignore[arg-type]
        .values(read_at=now)
        .returning(Delivery.notice_id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())
