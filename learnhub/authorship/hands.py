"""Through whose hands the versions of questions went: who wrote them, who reviewed them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from learnhub.authorship.models import Act, Hand
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.sql import upsert

CHUNK = 500


def note(act: Act, version_ids: Iterable[int], member_id: int | None, now: datetime) -> None:
    """Note that a member did this with these versions; the system's own hand is not noted."""
    ids = sorted(set(version_ids)) if member_id is not None else []
    for start in range(0, len(ids), CHUNK):
        rows = [
            {"version_id": one, "member_id": member_id, "act": act.value, "at": now}
            for one in ids[start : start + CHUNK]
        ]
        db.session.execute(upsert(Hand.__table__).values(rows).on_conflict_do_nothing())


def written_by(member_id: int, version_ids: Iterable[int]) -> set[int]:
    """Those of these versions that the member wrote."""
    return set(
        db.session.scalars(
            select(Hand.version_id).where(
                Hand.member_id == member_id, Hand.act == Act.WROTE, Hand.version_id.in_(list(version_ids))
            )
        )
    )


def names(version_ids: Iterable[int]) -> dict[tuple[int, str], tuple[str, datetime]]:
    """By version and act, the name of who did it last, and when."""
    rows = db.session.execute(
        select(Hand.version_id, Hand.act, Member.name, Hand.at)
        .join(Member, Member.id == Hand.member_id)
        .where(Hand.version_id.in_(list(version_ids)))
        .order_by(Hand.at)
    )
    return {(version_id, act): (name, at) for version_id, act, name, at in rows}
