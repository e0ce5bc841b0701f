"""Each member's entries form a chain by hash; once a day the ends of all chains are signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, insert, select

from learnhub.kernel import signing
from learnhub.kernel.clock import iso, local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.sql import upsert
from learnhub.points.models import Checkpoint, CheckpointHead, LedgerEntry, LedgerHead

HASHED = (
    "member_id",
    "kind",
    "source_id",
    "entry_no",
    "event_month",
    "id",
    "sequence",
    "day",
    "unit_id",
    "points",
    "rule_version_id",
    "reason",
    "actor_id",
    "occurred_at",
    "posted_at",
    "reverses",
    "previous_hash",
)
"""Every column of an entry but the hash itself, in the order in which they are hashed."""


def canonical(entry: Mapping[str, Any]) -> bytes:
    """An entry as bytes that are the same on every engine: a JSON array of the hashed columns."""
    values = [_plain(entry[name]) for name in HASHED]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def link(entry: Mapping[str, Any]) -> str:
    """The hash (SHA-256, hex) of an entry; it covers the hash of the entry before."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def digest_of(heads: Iterable[tuple[int, int, str]]) -> str:
    """The digest (SHA-256, hex) of (member id, sequence, hash) of chains, given in the order of the members."""
    digest = hashlib.sha256()
    for member_id, sequence, head in heads:
        digest.update(f"{member_id}:{sequence}:{head}\n".encode())
    return digest.hexdigest()


def checkpoint(now: datetime) -> Row[Any]:
    """Sign the ends of all chains once for the day of `now`; a second call that day gives the first checkpoint.

    The ends that moved since the last checkpoint are kept beside it, so that an entry missing later can be named;
    each checkpoint names the one before, so that none can be left out.
    """
    day = local_date(now, house.zone)
    made = select(Checkpoint.__table__).where(Checkpoint.day == day)
    existing = db.session.execute(made).one_or_none()
    if existing is not None:
        return existing
    moved = _moved_heads()
    members, entries = db.session.execute(
        select(func.count(), func.coalesce(func.sum(LedgerHead.sequence), 0)).where(LedgerHead.sequence > 0)
    ).one()
    payload = {
        "day": day.isoformat(),
        "made_at": iso(now),
        "members": int(members),
        "entries": int(entries),
        "heads": len(moved),
        "digest": digest_of(moved),
        "previous": previous_digest(
            db.session.scalar(
                select(Checkpoint.signature).where(Checkpoint.day < day).order_by(Checkpoint.day.desc()).limit(1)
            )
        ),
    }
    inserted = db.session.execute(
        upsert(Checkpoint.__table__)
        .values(
            day=day,
            made_at=now,
            members=payload["members"],
            entries=payload["entries"],
            last_entry_id=db.session.scalar(select(func.max(LedgerEntry.id))),
            signature=signing.sign(json.dumps(payload, separators=(",", ":")).encode(), house.signing_key),
        )
        .on_conflict_do_nothing()
        .returning(Checkpoint.day)
    ).first()
    if inserted and moved:
        db.session.execute(
            insert(CheckpointHead.__table__),  # type: ignore[arg-type]
            [
                {"member_id": member_id, "sequence": sequence, "hash": head, "day": day}
                for member_id, sequence, head in moved
            ],
        )
    return db.session.execute(made).one()


def previous_digest(signature: str | None) -> str:
    """How a checkpoint names the one before it: the digest of its signature; empty for the first."""
    return hashlib.sha256(signature.encode()).hexdigest() if signature else ""


def _moved_heads() -> list[tuple[int, int, str]]:
    """(member id, sequence, hash) of the chains whose ends stand in no checkpoint yet, in the order of members."""
    known = and_(CheckpointHead.member_id == LedgerHead.member_id, CheckpointHead.sequence == LedgerHead.sequence)
    return [
        (member_id, sequence, head)
        for member_id, sequence, head in db.session.execute(
            select(LedgerHead.member_id, LedgerHead.sequence, LedgerHead.hash)
            .outerjoin(CheckpointHead, known)
            .where(LedgerHead.sequence > 0, CheckpointHead.member_id.is_(None))
            .order_by(LedgerHead.member_id)
        )
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if hasattr(value, "isoformat") else value
