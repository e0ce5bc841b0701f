"""Credited seconds: per member the moment up to which time is credited, intervals as evidence, days as sums."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from courses.models import Course, Lesson
from learnhub.identity.models import Member
from learnhub.kernel.db import BigInt, Model
from learnhub.kernel.ids import new_id
from learnhub.organisations.models import Unit


class StudyClock(Model):
    """One row a member: no second before `credited_until` can be credited again. Its lock orders the beats."""

    __tablename__ = "study_clock"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    credited_until: Mapped[datetime]
    interval_id: Mapped[int | None]
    """The interval being extended."""


class StudyPresence(Model):
    """One row a tab: when it last beat and on which lesson. `tab` is a random name that the page makes."""

    __tablename__ = "study_presence"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    tab: Mapped[str] = mapped_column(String(40), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey(Lesson.id))
    opened_at: Mapped[datetime]
    last_beat_at: Mapped[datetime]
    beats: Mapped[int] = mapped_column(default=0)
    present_seconds: Mapped[int] = mapped_column(default=0)


class StudyInterval(Model):
    """A stretch of credited time in one lesson. A member's intervals never overlap, so their sum is the truth."""

    __tablename__ = "study_interval"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False, default=new_id)
    lesson_id: Mapped[int] = mapped_column(ForeignKey(Lesson.id))
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    present_seconds: Mapped[int] = mapped_column(default=0)
    """Seconds that the pages were open on it, before merging: the evidence beside what was credited."""

    __table_args__ = (
        Index("ix_study_interval_member_id_started_at", "member_id", "started_at"),
        CheckConstraint("ended_at >= started_at", name="ends_after_start"),
    )


class StudyDay(Model):
    """Credited milliseconds of a member by calendar day (the organisation's zone), course and unit at that time."""

    __tablename__ = "study_day"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    milliseconds: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_study_day_unit_id_day", "unit_id", "day"),
        Index("ix_study_day_course_id_day", "course_id", "day"),
    )


class CreditRule(Model):
    """How minutes make hours, from a date on. The newest rule that began on or before a day counts for it."""

    __tablename__ = "credit_rule"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    minutes_per_hour: Mapped[int]


class YearlyTarget(Model):
    """Hours that a role owes in a year, in thousandths of an hour; on a unit and below, or for everybody (unit 0)."""

    __tablename__ = "yearly_target"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    hours: Mapped[int]
