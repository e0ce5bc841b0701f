"""Forms that make something make it once, however often they are sent: a double click, the back button, a retry."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from learnhub.kernel.db import db
from question_bank.models import SentForm

KEPT = timedelta(days=7)


def begin(key: str, now: datetime) -> int | None:
    """Say that a form is being carried out; gives what it made when it was sent before.

    Of two that come at once the second waits here for the first: the primary key says so, not a look before.
    """
    db.session.execute(delete(SentForm).where(SentForm.sent_at < now - KEPT))
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(SentForm).values(key=key, made_id=None, sent_at=now).on_conflict_do_nothing(index_elements=["key"])
    if db.session.scalar(row.returning(SentForm.key)) is not None:
        return None
    return db.session.scalar(select(SentForm.made_id).where(SentForm.key == key))


def made(key: str, made_id: int) -> None:
    """Note what the form made, in the same transaction."""
    db.session.execute(update(SentForm).where(SentForm.key == key).values(made_id=made_id))
