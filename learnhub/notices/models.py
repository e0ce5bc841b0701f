"""A notice, and its delivery to each member."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.db import Id, Json, Model
from learnhub.organisations.models import Unit


class Kind(StrEnum):
    """What a notice wants: that one does something, or that one knows something."""

    REMINDER = "reminder"
    MESSAGE = "message"


class Notice(Model):
    """What is said, once, however many members it goes to."""

    __tablename__ = "notice"

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(120), unique=True)
    """What it is about, so that nothing is said twice: `reminder:hours:B1:2026-11-24`."""
    kind: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    """A stored message, or `{"written": …}` for the words of a person; so is `text`."""
    text: Mapped[dict[str, Any]] = mapped_column(Json)
    path: Mapped[str] = mapped_column(String(200), default="")
    """The page of ours that it leads to; empty when there is nothing more to see."""
    sender_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_notice_sender_id_at", "sender_id", "at"),)


class Delivery(Model):
    """A notice in one member's list; `at` is when it got there, later than the notice's for who was added."""

    __tablename__ = "notice_delivery"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey(Notice.id), primary_key=True, autoincrement=False, index=True)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
