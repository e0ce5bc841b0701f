"""Points for the tests of boards."""

from __future__ import annotations

from datetime import datetime

from learnhub.identity.models import Member
from learnhub.kernel.words import _
from learnhub.points import ledger
from tests.makers import NOW


def earn(member: Member, points: int, at: datetime, source: str = "1") -> None:
    """Post points to a member for something that happened at a moment."""
    ledger.post(member.id, kind="gift", source_id=source, points=points, reason=_("A gift"), occurred_at=at, now=NOW)
