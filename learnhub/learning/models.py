"""Enrolments, progress in lessons, and courses completed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from courses.models import Course, Lesson
from learnhub.identity.models import Member
from learnhub.kernel.db import Json, Model


class Enrolment(Model):
    """A member takes a course. Leaving sets `ended_at`; coming back clears it; nothing is lost."""

    __tablename__ = "enrolment"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), primary_key=True, index=True)
    enrolled_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]


class LessonProgress(Model):
    """How far a member is in a lesson: first opened, last seen, what was played, when completed and by which rule."""

    __tablename__ = "lesson_progress"

    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey(Lesson.id), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    played: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Disjoint, sorted [from, to] in whole seconds of the media."""
    position: Mapped[int] = mapped_column(default=0)
    """Where the media stood last, in seconds."""
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str] = mapped_column(String(16), default="")

    __table_args__ = (Index("ix_lesson_progress_member_id_course_id", "member_id", "course_id"),)
