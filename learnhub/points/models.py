"""Rules with dated versions, the append-only ledger, its heads, balances and refused events."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import BigInt, Id, Json, Model
from learnhub.organisations.models import Unit


class PointRule(Model):
    """A rule by name: which kind of event it pays. What it pays stands in its versions."""

    __tablename__ = "point_rule"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(64), unique=True)
    event: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    """By language: {"en": …, "zh_Hans": …}."""


class RuleVersion(Model):
    """What a rule pays from a day to the day before another; None caps nothing. Never edited."""

    __tablename__ = "rule_version"

    id: Mapped[Id]
    rule_id: Mapped[int] = mapped_column(ForeignKey(PointRule.id))
    number: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    """The first day on which it no longer holds; a later version ends an earlier one anyway."""
    amount: Mapped[int]
    daily_cap: Mapped[int | None]
    total_cap: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey(Member.id))

    __table_args__ = (UniqueConstraint("rule_id", "number"),)


append_only(RuleVersion.__table__)  # type: ignore[arg-type]


class LedgerEntry(Model):
    """One posting. The primary key is the event's own name, so that a retry cannot pay twice.

    `sequence` counts a member's entries from 1 and `hash` chains them: see points/chain.py.
    """

    __tablename__ = "ledger"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    entry_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_month: Mapped[str] = mapped_column(String(7), primary_key=True)
    id: Mapped[int] = mapped_column(BigInt, unique=True)
    sequence: Mapped[int]
    day: Mapped[date]
    """Where it counts: the event's day in the organisation's zone."""
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    points: Mapped[int]
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey(RuleVersion.id))
    reason: Mapped[dict[str, Any]] = mapped_column(Json)
    """A stored message: why these points."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    occurred_at: Mapped[datetime]
    posted_at: Mapped[datetime]
    reverses: Mapped[int | None] = mapped_column(BigInt)
    """Id of the entry that this one takes back; unique, so that nothing is reversed twice."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("member_id", "sequence"),
        UniqueConstraint("reverses"),
        Index("ix_ledger_member_id_rule_version_id_day", "member_id", "rule_version_id", "day"),
        Index("ix_ledger_day", "day"),
    )


append_only(LedgerEntry.__table__)  # type: ignore[arg-type]


class LedgerHead(Model):
    """The end of a member's chain. Locking this row orders everything posted to the member."""

    __tablename__ = "ledger_head"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


class Balance(Model):
    """A member's points in a period, kept in the transaction that posts; boards read it."""

    __tablename__ = "balance"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    points: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_balance_period_points", "period", text("points DESC"), "member_id"),)


class UnitBalance(Model):
    """The same by the unit that the member belonged to when the points were earned."""

    __tablename__ = "unit_balance"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    points: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_unit_balance_period_unit_points", "period", "unit_id", text("points DESC"), "member_id"),
    )


class RefusedEvent(Model):
    """An event that paid nothing, kept with its reason: the answer to "why 0 points?"."""

    __tablename__ = "refused_event"

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id))
    kind: Mapped[str] = mapped_column(String(32))
    source_id: Mapped[str] = mapped_column(String(80))
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey(RuleVersion.id))
    occurred_at: Mapped[datetime]
    reason: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (UniqueConstraint("member_id", "kind", "source_id"),)


class Checkpoint(Model):
    """A day's signed digest over the heads of all chains: proves later that nothing was taken from an end."""

    __tablename__ = "checkpoint"

    day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    members: Mapped[int]
    entries: Mapped[int]
    last_entry_id: Mapped[int | None] = mapped_column(BigInt)
    signature: Mapped[str]


append_only(Checkpoint.__table__)  # type: ignore[arg-type]


class CheckpointHead(Model):
    """The end of a chain that had moved when a checkpoint was made: lets a missing entry be named later."""

    __tablename__ = "checkpoint_head"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(ForeignKey(Checkpoint.day), index=True)


append_only(CheckpointHead.__table__)  # type: ignore[arg-type]
