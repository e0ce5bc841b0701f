"""Calls that carry an Idempotency-Key: the first answer is kept, so that a retry gets it instead of a second act."""

from __future__ import annotations

from datetime import datetime

from learnhub.audit.models import RepeatableCall
from learnhub.kernel.db import db

LONGEST_KEY = 128


def find(member_id: int, key: str) -> RepeatableCall | None:
    """The call that a member made with this key."""
    return db.session.get(RepeatableCall, (member_id, key))


def keep(member_id: int, key: str, asked: str, status: int, answer: str, now: datetime) -> None:
    """Keep the answer in the transaction of the act itself; two at once meet at the primary key."""
    db.session.add(RepeatableCall(member_id=member_id, key=key, asked=asked, status=status, answer=answer, at=now))
    db.session.flush()
