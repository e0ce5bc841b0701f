"""Sign-in codes that wait for the mail: asked for, taken by whoever sends, tried again while the server is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from learnhub.identity.models import CodeMail, MailState, Member
from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import is_sqlite
from learnhub.kernel.words import Message

LEASE = timedelta(minutes=10)
"""How long a worker has for what it took before another may."""
WAITS = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long after each failure it is tried again: two days in all."""
KEPT = timedelta(days=90)
"""How long it can be read what became of a mail."""
ONE_EACH = timedelta(minutes=10)
"""Who forgot a password gets no second mail within this time."""


def ask(member_ids: Sequence[int], asked_by: int | None, now: datetime) -> None:
    """Let each of these members have a code by mail; who waits for one already gets one, not two."""
    if not member_ids:
        return
    call_off(member_ids)
    db.session.execute(insert(CodeMail), [_row(now, member_id=one, asked_by=asked_by) for one in member_ids])


def note_unsent(reasons: Mapping[int, Message], asked_by: int | None, now: datetime) -> None:
    """Keep for whom a code was asked and none goes, each with why: it can be read beside those that went."""
    if reasons:
        over = {"state": MailState.FAILED, "asked_by": asked_by, "done_at": now}
        rows = [_row(now, member_id=one, reason=why.to_json(), **over) for one, why in reasons.items()]
        db.session.execute(insert(CodeMail), rows)


def ask_for(typed: str, now: datetime) -> None:
    """Somebody forgot a password and typed a name or an address. Known or not, it costs the same: one row."""
    db.session.execute(insert(CodeMail), [_row(now, asked_for=typed.strip()[:254])])


def _row(now: datetime, **about: object) -> dict[str, object]:
    return {"id": new_id(), "asked_at": now, "due_at": now, **about}


def call_off(member_ids: Sequence[int]) -> None:
    """Do not send these members the codes that they wait for."""
    waiting = CodeMail.member_id.in_(member_ids), CodeMail.state == MailState.WAITING
    db.session.execute(delete(CodeMail).where(*waiting).execution_options(synchronize_session=False))


def take(now: datetime, most: int) -> list[int]:
    """Take what is due, oldest first. Two workers that ask at once never get the same."""
    due = (
        select(CodeMail.id)
        .where(CodeMail.state == MailState.WAITING, CodeMail.due_at <= now)
        .order_by(CodeMail.due_at, CodeMail.id)
        .limit(most)
    )
    if not is_sqlite():
        due = due.with_for_update(skip_locked=True)
    taken = db.session.scalars(
        update(CodeMail)
        .where(CodeMail.id.in_(due))
        .values(due_at=now + LEASE, tries=CodeMail.tries + 1)
        .returning(CodeMail.id)
        .execution_options(synchronize_session=False)
    ).all()
    return sorted(taken)


def who_forgot(typed: str, now: datetime) -> list[Member]:
    """Whom a typed name or address means, in any case; nobody who was sent one a moment ago."""
    lower = typed.lower()
    lately = select(CodeMail.member_id).where(
        CodeMail.member_id.is_not(None), CodeMail.done_at > now - ONE_EACH, CodeMail.asked_for != ""
    )
    named = or_(func.lower(Member.sign_in_name) == lower, func.lower(Member.email) == lower)
    return list(db.session.scalars(select(Member).where(named, Member.id.not_in(lately)).limit(5)))


def sent(row: CodeMail, now: datetime) -> None:
    """It went out."""
    row.state, row.done_at, row.reason = MailState.SENT, now, None
    _forget_typed(row)


def failed(row: CodeMail, reason: Message, now: datetime) -> None:
    """It can't go out, today or later."""
    row.state, row.done_at, row.reason = MailState.FAILED, now, reason.to_json()
    _forget_typed(row)


def _forget_typed(row: CodeMail) -> None:
    """What somebody typed may be anybody's address: it is kept no longer than it takes to look it up."""
    if row.asked_for:
        row.asked_for = "*"


def try_again(row: CodeMail, reason: Message, now: datetime) -> None:
    """The mail server is away: later, and after two days not any more."""
    if row.tries > len(WAITS):
        failed(row, reason, now)
    else:
        row.due_at, row.reason = now + WAITS[row.tries - 1], reason.to_json()


def of_members(members: ColumnElement[bool], *, after: int | None = None, limit: int) -> list[tuple[CodeMail, Member]]:
    """What was mailed to members that meet a condition, the latest first, from below an id on."""
    query = select(CodeMail, Member).join(Member, Member.id == CodeMail.member_id).where(members)
    if after is not None:
        query = query.where(CodeMail.id < after)
    return [(mail, member) for mail, member in db.session.execute(query.order_by(CodeMail.id.desc()).limit(limit))]


def forget(now: datetime) -> None:
    """Remove what became of mails long ago."""
    db.session.execute(
        delete(CodeMail).where(CodeMail.done_at < now - KEPT).execution_options(synchronize_session=False)
    )
