"""What is kept of how a quiz is held. Decisions are lines that stay: of several the newest one stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import BigInt, Id, Json, Model
from learnhub.kernel.ids import new_id
from learnhub.kernel.leases import Leased
from learnhub.quizzes.models import Attempt, Quiz


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


class QuizConduct(Model):
    """How a quiz is held, beyond its paper and its clock. No row: as always."""

    __tablename__ = "quiz_conduct"

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), primary_key=True, autoincrement=False)
    one_device: Mapped[bool] = mapped_column(default=False)
    safe_browser: Mapped[bool] = mapped_column(default=False)
    own_config: Mapped[bool] = mapped_column(default=True)
    """The configuration that we make ourselves is accepted."""
    config_keys: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Config Keys of other configurations, each 64 hexadecimal digits."""
    browser_keys: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Browser Exam Keys; where there are any, one of them is asked for as well."""
    token: Mapped[str] = mapped_column(String(32), unique=True)
    """Names the configuration file in its address, which opens before anybody signs in."""
    log_focus: Mapped[bool] = mapped_column(default=False)
    set_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id), index=True)
    set_at: Mapped[datetime]


class AttemptDoor(Model):
    """What an attempt asks of whoever opens it, as it was when it began, and the device that holds it."""

    __tablename__ = "attempt_door"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    one_device: Mapped[bool]
    safe_browser: Mapped[bool]
    log_focus: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str | None] = mapped_column(String(48))
    """None until the first one opens the attempt, and after a release."""
    taken_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    """When another device was refused last, since the device holds it."""
    refused_device: Mapped[str] = mapped_column(String(255), default="")
    """What that one says it is."""

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


class FocusKind(StrEnum):
    """What a page tells of its reader; never what was read or pasted."""

    HIDDEN = "hidden"
    BLURRED = "blurred"
    BACK = "back"
    PASTED = "pasted"


class FocusEvent(Model):
    """That a member left the page of an attempt, came back, or pasted something, as their page told it."""

    __tablename__ = "focus_event"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[int | None]
    """How long the page was left, by the device."""
    length: Mapped[int | None]
    """Characters that were pasted."""
    slot: Mapped[int | None]
    at: Mapped[datetime]
    """When the server heard of it."""

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


append_only(FocusEvent.__table__)  # type: ignore[arg-type]


class LikenessReport(Leased, Model):
    """A look at all closed attempts of a quiz for answers that are too alike and times that can't be; the newest
    counts. What it found is in `found`: lists of lines that name attempts, and the numbers behind them."""

    __tablename__ = "likeness_report"

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    created_at: Mapped[datetime]
    found: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class LikenessDecision(Model):
    """What a person decided about a line of a report, and why. Nothing follows from it by itself."""

    __tablename__ = "likeness_decision"

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    attempt_id: Mapped[int]
    other_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id), index=True)
    """The other member of a pair."""
    other_attempt_id: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    at: Mapped[datetime]
    redacted_by: Mapped[int | None]
    """The erasure for which a name was taken out of the reason."""


append_only(LikenessDecision.__table__, redactable=("reason",))  # type: ignore[arg-type]
