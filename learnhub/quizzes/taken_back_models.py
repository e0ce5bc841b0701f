"""Granted time that was taken back, by grant and by attempt: added to, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import BigInt, Model
from learnhub.quizzes.models import GrantedTime, TimeGrant


class GrantTakenBack(Model):
    """A grant no longer holds, and why: for nobody who begins later, and no more for whom it reached."""

    __tablename__ = "grant_taken_back"

    grant_id: Mapped[int] = mapped_column(ForeignKey(TimeGrant.id), primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Text)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    at: Mapped[datetime] = mapped_column(index=True)
    redacted_by: Mapped[int | None]
    """The erasure for which a name was taken out of the reason."""


append_only(GrantTakenBack.__table__, redactable=("reason",))  # type: ignore[arg-type]


class TimeTakenBack(Model):
    """The counter-entry of a `granted_time`: how many seconds went, and how many had been used and stay."""

    __tablename__ = "time_taken_back"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    grant_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    seconds: Mapped[int]
    kept: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["member_id", "attempt_id", "grant_id"],
            [GrantedTime.member_id, GrantedTime.attempt_id, GrantedTime.grant_id],
        ),
    )


append_only(TimeTakenBack.__table__)  # type: ignore[arg-type]
