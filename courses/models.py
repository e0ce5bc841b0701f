"""Courses, their modules and lessons, and the files that belong to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.kernel.db import Id, Json, Model


class CourseState(StrEnum):
    """Whether members see a course."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class LessonKind(StrEnum):
    """What a lesson shows in its main place. A quiz lesson shows the quizzes that point at it."""

    TEXT = "text"
    VIDEO = "video"
    AUDIO = "audio"
    PDF = "pdf"
    FILE = "file"
    LINK = "link"
    QUIZ = "quiz"


class CompletionRule(StrEnum):
    """When a lesson counts as completed."""

    MARKED = "marked"
    """The member says so."""
    TIME = "time"
    """`completion_seconds` of credited study time."""
    COVERAGE = "coverage"
    """`completion_coverage` percent of the video or audio was played."""
    QUIZ = "quiz"
    """A quiz of the lesson is passed."""


class Course(Model):
    """A course: what is taught, without any idea who takes it. `slug` is its name in addresses and files."""

    __tablename__ = "course"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(16), default="zh_Hans")
    category: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(16), default=CourseState.DRAFT)
    cover_asset_id: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CourseModule(Model):
    """A chapter of a course."""

    __tablename__ = "course_module"

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))


class Lesson(Model):
    """One sitting of learning. `body_html` is clean; `body_source` is what the author wrote."""

    __tablename__ = "lesson"

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    module_id: Mapped[int] = mapped_column(ForeignKey(CourseModule.id), index=True)
    position: Mapped[int]
    """Order in the whole course, from 1, so that "next" is the next position."""
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    body_source: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    sanitiser_version: Mapped[int] = mapped_column(default=0)
    link_url: Mapped[str] = mapped_column(String(500), default="")
    main_asset_id: Mapped[int | None]
    nominal_seconds: Mapped[int] = mapped_column(default=300)
    completion_rule: Mapped[str] = mapped_column(String(16), default=CompletionRule.MARKED)
    completion_seconds: Mapped[int] = mapped_column(default=0)
    completion_coverage: Mapped[int] = mapped_column(default=90)
    """Percent of the media's length."""

    __table_args__ = (
        Index("ix_lesson_course_id_position", "course_id", "position"),
        UniqueConstraint("course_id", "slug"),
    )


class Asset(Model):
    """A file of a course: its name in the package, its content by digest, its kind by content."""

    __tablename__ = "asset"

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey(Lesson.id), index=True)
    """Set for an attachment that the lesson lists under its text."""
    path: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    seconds: Mapped[int | None]
    """Length of a video or audio, when known."""
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

    __table_args__ = (UniqueConstraint("course_id", "path"),)
