"""Ownership of courses and banks by units, and co-instructors by name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.identity.models import Member
from learnhub.kernel.db import Model
from learnhub.organisations.models import Unit
from question_bank.models import QuestionVersion


class Work(StrEnum):
    """What can be owned."""

    COURSE = "course"
    BANK = "bank"


class Ownership(Model):
    """A course or bank belongs to one unit: it reaches that unit and all below, and its instructors edit it."""

    __tablename__ = "ownership"

    work: Mapped[str] = mapped_column(String(16), primary_key=True)
    work_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    since: Mapped[datetime]

    __table_args__ = (Index("ix_ownership_unit_id_work", "unit_id", "work"),)


class Act(StrEnum):
    """What somebody did with a version of a question."""

    WROTE = "wrote"
    REVIEWED = "reviewed"


class Hand(Model):
    """Through whose hands a version of a question went: who wrote it, who read it before it was published."""

    __tablename__ = "question_hand"

    version_id: Mapped[int] = mapped_column(ForeignKey(QuestionVersion.id), primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    act: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]


class CoInstructor(Model):
    """A member who may edit a single course or bank, whatever their unit."""

    __tablename__ = "co_instructor"

    work: Mapped[str] = mapped_column(String(16), primary_key=True)
    work_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    since: Mapped[datetime]
