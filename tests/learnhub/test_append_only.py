"""Tables of records refuse change on both engines."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, record
from learnhub.kernel.db import db


@pytest.mark.parametrize("change", [update(AuditEntry).values(action="x"), delete(AuditEntry)])
def test_a_trace_can_be_neither_changed_nor_removed(app: Flask, now: datetime, change: object) -> None:
    record(SYSTEM, "test", "unit", 1, now)
    db.session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(change)  # type: ignore[call-overload]
