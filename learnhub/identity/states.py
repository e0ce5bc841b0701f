"""A member's state from day to day: active, retired, left; each change is written down beside the ones before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select, update

from learnhub.identity.models import CLOSED_STATES, AccessToken, Invitation, Member, MemberState, StateChange
from learnhub.identity.sessions import end_all
from learnhub.kernel.db import db

LONGEST_REASON = 200


def change(
    member: Member, state: MemberState, on: date, reason: str, made_by: int | None, now: datetime
) -> StateChange:
    """Give a member another state from a day on. Where it closes the account, whatever opens it loses its force."""
    made = StateChange(
        member_id=member.id,
        state=state,
        on_day=on,
        at=now,
        made_by=made_by,
        reason=" ".join(reason.split())[:LONGEST_REASON],
    )
    db.session.add(made)
    member.state = state
    db.session.flush()
    if state in CLOSED_STATES:
        close_doors(member.id, now)
    return made


def close_doors(member_id: int, now: datetime) -> None:
    """End all sessions and tokens of a member, and take back the codes that were not used."""
    end_all(member_id, now)
    open_tokens = (AccessToken.member_id == member_id, AccessToken.revoked_at.is_(None))
    db.session.execute(update(AccessToken).where(*open_tokens).values(revoked_at=now))
    db.session.execute(delete(Invitation).where(Invitation.member_id == member_id, Invitation.used_at.is_(None)))


def history(member_id: int) -> Sequence[StateChange]:
    """How a member's state changed, the newest first."""
    return db.session.scalars(
        select(StateChange)
        .where(StateChange.member_id == member_id)
        .order_by(StateChange.on_day.desc(), StateChange.id.desc())
    ).all()
