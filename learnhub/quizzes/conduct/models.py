"""What is kept of how a quiz is held. Decisions are lines that stay: of several the newest one stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import BigInt, Model
from learnhub.kernel.ids import new_id
from learnhub.quizzes.models import Attempt


class LateAct(StrEnum):
    """What a marker decides about an answer that came too late."""

    COUNTED = "counted"
    TAKEN_BACK = "taken_back"


class LateDecision(Model):
    """An answer that came too late counts, or does not count any more, by a marker's decision with its reason."""

    __tablename__ = "late_decision"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Whose answer it is."""
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    version_id: Mapped[int] = mapped_column(BigInt)
    """The late version that is decided about."""
    act: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    """Of the answer that stands by this decision."""
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    at: Mapped[datetime]
    redacted_by: Mapped[int | None]
    """The erasure for which a name was taken out of the reason."""

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


append_only(LateDecision.__table__, redactable=("reason",))  # type: ignore[arg-type]
