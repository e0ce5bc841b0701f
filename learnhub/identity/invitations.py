"""Sign-in codes: good for one person, once, until a day; with one a member chooses a password."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from learnhub.identity import members
from learnhub.identity.models import OPEN_STATES, Invitation, Member
from learnhub.identity.sessions import digest, end_all
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.words import _

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without signs that look like one another on paper: no 0 and O, no 1, I, L and U."""
LENGTH = 16
"""78 bits: nobody guesses one, so the code itself needs no slow hash."""
LIFETIME = timedelta(days=14)


def invite(member_ids: Sequence[int], made_by: int | None, now: datetime, *, instead: bool = True) -> dict[int, str]:
    """A fresh code for each of these members, shown this once.

    Earlier ones that were not used lose their force when it comes `instead` of them.
    """
    codes = {one: "".join(secrets.choice(ALPHABET) for _n in range(LENGTH)) for one in member_ids}
    if not codes:
        return {}
    if instead:
        db.session.execute(delete(Invitation).where(Invitation.member_id.in_(member_ids), Invitation.used_at.is_(None)))
    rows = [
        {
            "id": new_id(),
            "member_id": one,
            "digest": digest(code),
            "created_at": now,
            "expires_at": now + LIFETIME,
            "made_by": made_by,
        }
        for one, code in codes.items()
    ]
    db.session.execute(insert(Invitation), rows)
    return {one: spaced(code) for one, code in codes.items()}


def spaced(code: str) -> str:
    """A code as it is printed: `K7QD-2M9X-…`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def bare(text: str) -> str:
    """A code as it was typed, in any width and case, with any hyphens and spaces, as it is compared."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())[:64]


def member_of(code: str, now: datetime) -> Member:
    """Whose code this is. Refused when it is unknown, was used or is over; all three look the same."""
    member = db.session.scalar(
        select(Member)
        .join(Invitation, Invitation.member_id == Member.id)
        .where(
            Invitation.digest == digest(bare(code)),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Member.state.in_(OPEN_STATES),
        )
    )
    if member is None:
        raise Refused(_("This code is not known, was used or is over. Ask your secretary for a new one."))
    return member


def use(code: str, password: str, now: datetime) -> Member:
    """Give the member the password that he or she chose; all sessions end, and the code has no force any more."""
    member = member_of(code, now)
    members.set_password(member, password, now)
    used = db.session.execute(
        update(Invitation)
        .where(Invitation.digest == digest(bare(code)), Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise Refused(_("This code is not known, was used or is over. Ask your secretary for a new one."))
    end_all(member.id, now)
    return member
