"""Personal access tokens: shown once, stored as digests, with scopes and an end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from learnhub.identity.models import OPEN_STATES, AccessToken, Member
from learnhub.identity.sessions import digest
from learnhub.kernel.db import db, single
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

PREFIX = "lh_"
SCOPES = ("read", "write")
LONGEST_DAYS = 366


@dataclass(frozen=True)
class Bearer:
    """Whose token it is and what it may do."""

    token_id: int
    member_id: int
    scopes: tuple[str, ...]


def make(member: Member, name: str, scopes: list[str], days: int, now: datetime) -> tuple[AccessToken, str]:
    """A token and its text, which is never shown again. Refused for an unknown scope or an end too far away."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Refused(_("A token's scopes are: %(scopes)s.", scopes=", ".join(SCOPES)))
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(_("A token lives from 1 to %(n)s days.", n=LONGEST_DAYS))
    text = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken(
        member_id=member.id,
        name=name[:120],
        digest=digest(text),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(token)
    db.session.flush()
    return token, text


def read(text: str, now: datetime) -> Bearer | None:
    """The bearer of a token that is neither over nor revoked; None otherwise."""
    query = (
        select(AccessToken.id, Member.id, AccessToken.scopes)
        .join(Member, Member.id == AccessToken.member_id)
        .where(
            AccessToken.digest == digest(text),
            AccessToken.expires_at > now,
            AccessToken.revoked_at.is_(None),
            Member.state.in_(OPEN_STATES),
        )
    )
    with single() as connection:
        row = connection.execute(query).first()
    return Bearer(row[0], row[1], tuple(row[2])) if row else None


def of_member(member_id: int, now: datetime) -> list[AccessToken]:
    """The tokens of a member that still open something."""
    return list(
        db.session.scalars(
            select(AccessToken)
            .where(AccessToken.member_id == member_id, AccessToken.revoked_at.is_(None), AccessToken.expires_at > now)
            .order_by(AccessToken.created_at.desc())
        )
    )


def revoke(token_id: int, member_id: int, now: datetime) -> bool:
    """End a member's own token; False when there is none of that id."""
    result = db.session.execute(
        update(AccessToken)
        .where(AccessToken.id == token_id, AccessToken.member_id == member_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]
