"""Sign-in sessions: kept on the server, so that each can be ended at once, and throttled against guessing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select, update

from learnhub.identity.models import OPEN_STATES, Member, SignInFailure, SignInSession
from learnhub.kernel import lean
from learnhub.kernel.db import db, single
from learnhub.kernel.sql import upsert

TOUCH_EVERY = timedelta(minutes=1)
FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)


def digest(key: str) -> str:
    """What is stored of a random key: keys have 256 bits, so a plain hash can't be searched."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """The session of a request, as read by one statement."""

    session_id: int
    member_id: int
    last_seen_at: datetime
    ended_at: datetime | None
    state: str
    name: str
    locale: str | None
    tours_seen: str = ""

    def idle(self, now: datetime, limit: timedelta) -> bool:
        """Whether it was left alone for longer than allowed."""
        return now - self.last_seen_at > limit

    @property
    def open(self) -> bool:
        """Whether it was neither ended nor its member's account."""
        return self.ended_at is None and self.state in OPEN_STATES


def start(member: Member, now: datetime, address: str, device: str) -> str:
    """Open a session and return its key (256 random bits) for the cookie."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(
            key_digest=digest(key),
            member_id=member.id,
            started_at=now,
            last_seen_at=now,
            address=address[:64],
            device=device[:255],
        )
    )
    db.session.flush()
    return key


_READ = lean.Statement(
    select(
        SignInSession.id,
        Member.id,
        SignInSession.last_seen_at,
        SignInSession.ended_at,
        Member.state,
        Member.name,
        Member.locale,
        Member.tours_seen,
    )
    .join(Member, Member.id == SignInSession.member_id)
    .where(SignInSession.key_digest == bindparam("key"))
)


def read(key: str) -> SignedIn | None:
    """The session of a key, by one indexed statement in a connection of its own; None when there is none."""
    with lean.single() as lines:
        row = lines.one(_READ, key=digest(key))
    return SignedIn(*row) if row else None


def touch(session: SignedIn, now: datetime) -> bool:
    """Note that the session is alive: at most once a minute, in a connection of its own. Says whether it did."""
    if now - session.last_seen_at < TOUCH_EVERY:
        return False
    with single() as connection:
        connection.execute(update(SignInSession).where(SignInSession.id == session.session_id).values(last_seen_at=now))
    return True


def end(session_id: int, member_id: int, now: datetime) -> bool:
    """End one session of a member; False when the member has no such open session."""
    result = db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.member_id == member_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def end_all(member_id: int, now: datetime, *, but: int | None = None) -> None:
    """End all sessions of a member: after a new password, or when the account is closed."""
    query = update(SignInSession).where(SignInSession.member_id == member_id, SignInSession.ended_at.is_(None))
    if but is not None:
        query = query.where(SignInSession.id != but)
    db.session.execute(query.values(ended_at=now))


def of_member(member_id: int) -> list[SignInSession]:
    """The open sessions of a member, newest first: the device list."""
    return list(
        db.session.scalars(
            select(SignInSession)
            .where(SignInSession.member_id == member_id, SignInSession.ended_at.is_(None))
            .order_by(SignInSession.last_seen_at.desc())
            .limit(50)
        )
    )


@dataclass(frozen=True)
class Account:
    """What signing in needs to know of an account, and how long it must wait at this address."""

    member_id: int | None
    password_hash: str | None
    wait: timedelta


def account(name: str, address: str, now: datetime) -> Account:
    """The account of a sign-in name or number, read outside any transaction: checking a password takes 20 ms, and
    nobody should wait for that behind a lock."""
    found = select(Member.id, Member.password_hash).where(
        or_(func.lower(Member.sign_in_name) == name.lower(), Member.number == name), Member.state.in_(OPEN_STATES)
    )
    tried = select(SignInFailure.failures, SignInFailure.since).where(
        SignInFailure.name_digest == digest(name.casefold()), SignInFailure.address == address[:64]
    )
    with single() as connection:
        row = connection.execute(found).first()
        failed = connection.execute(tried).first()
    wait = wait_after(*failed, now) if failed else timedelta(0)
    return Account(row[0] if row else None, row[1] if row else None, wait)


def wait_after(failures: int, since: datetime, now: datetime) -> timedelta:
    """How long a name must not be tried from an address: nothing for the first five wrong passwords, then doubling
    from 15 seconds to 15 minutes. Another address is not held up, so nobody can lock somebody out."""
    if failures < FREE_TRIES or now - since > FORGET_AFTER:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, 8)
    wait = min(timedelta(seconds=15 * (1 << doublings)), LONGEST_WAIT)
    return max(since + wait - now, timedelta(0))


def note_failure(name: str, address: str, now: datetime) -> None:
    """Count a wrong password."""
    table = SignInFailure.__table__
    insert = upsert(table).values(name_digest=digest(name.casefold()), address=address[:64], failures=1, since=now)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["name_digest", "address"], set_={"failures": table.c.failures + 1, "since": now}
        )
    )


def forget_failures(name: str, address: str) -> None:
    """A right password clears the count of this name at this address."""
    db.session.execute(
        delete(SignInFailure).where(
            SignInFailure.name_digest == digest(name.casefold()), SignInFailure.address == address[:64]
        )
    )
