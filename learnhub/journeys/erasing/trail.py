"""The audit trail: who did what when stays; the personal words in its lines go, and each such line says so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, Text, and_, cast, func, or_, select, update

from learnhub.audit.models import AuditEntry
from learnhub.journeys.erasing.words import PERSONAL, Words
from learnhub.kernel.db import db

ENTRY: Table = AuditEntry.__table__  # type: ignore[assignment]
DETAILS = cast(ENTRY.c.details, Text)


def clean(words: Words, erasure_id: int) -> int:
    """Take the person out of the trail; how many lines were redacted. Learns the person's earlier words on the way."""
    _learn(words)
    redacted = 0
    for row in db.session.execute(select(ENTRY).where(_named(words))).all():
        after = _without(row, words)
        if any(after[key] != getattr(row, key) for key in after):
            _redact(ENTRY.c.id == row.id, after, erasure_id)
            redacted += 1
    own = and_(ENTRY.c.actor_id == words.member_id, ENTRY.c.redacted_by.is_distinct_from(erasure_id))
    count = db.session.scalar(select(func.count()).select_from(ENTRY).where(own)) or 0
    _redact(own, {"actor_name": words.pseudonym, "address": ""}, erasure_id)
    return redacted + count


def _learn(words: Words) -> None:
    """Earlier names, phones and addresses stand in the lines about this member's record."""
    about = (ENTRY.c.object_kind == "member", ENTRY.c.object_id == words.id_text)
    for (details,) in db.session.execute(select(ENTRY.c.details).where(*about)):
        changes = details.get("changes")
        for field in PERSONAL:
            words.remember([details.get(field)], name=field == "name")
            if isinstance(changes, dict) and isinstance(changes.get(field), list):
                words.remember(changes[field], name=field == "name")


def _named(words: Words) -> Any:
    """Lines about the member or with the member's id, files called after the member, and words of nobody else."""
    names = [word.lower() for word in words.names]
    files = or_(*(DETAILS.contains(name, autoescape=True) for name in words.people))
    return or_(
        and_(ENTRY.c.object_kind == "import", files),
        and_(ENTRY.c.object_kind == "member", ENTRY.c.object_id == words.id_text),
        and_(ENTRY.c.object_kind == "sign_in_name", func.lower(ENTRY.c.object_id).in_(names)),
        *(DETAILS.contains(word, autoescape=True) for word in (words.id_text, *words.telling)),
    )


def _without(row: Any, words: Words) -> dict[str, Any]:
    after: dict[str, Any] = {}
    if row.object_kind == "sign_in_name":
        after |= {"object_id": words.code, "address": ""}
    if row.object_kind == "member" and row.object_id == words.id_text:
        after["details"] = words.take_out_of_details(row.details)
    elif row.object_kind == "import" or words.id_text in str(row.details):
        after["details"] = words.take_out(row.details)
    else:
        after["details"] = words.take_out_of_foreign(row.details)
    if row.actor_id == words.member_id:
        after |= {"actor_name": words.pseudonym, "address": ""}
    return after


def _redact(which: Any, values: dict[str, Any], erasure_id: int) -> None:
    db.session.execute(update(ENTRY).where(which).values(**values, redacted_by=erasure_id))
