"""Who takes which course, and how far they are in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update

from courses.models import Course, Lesson
from learnhub.kernel.db import db
from learnhub.kernel.sql import upsert
from learnhub.learning.models import Enrolment, LessonProgress


@dataclass(frozen=True)
class Taken:
    """A course that a member takes: lessons completed, lessons in all, and when it was seen last."""

    course: Course
    enrolment: Enrolment
    done: int
    lessons: int
    seen_at: datetime

    @property
    def completed(self) -> bool:
        """Whether the whole course is completed."""
        return self.enrolment.completed_at is not None


def enrol(member_id: int, course_id: int, now: datetime) -> None:
    """Take a course; taking it again after leaving finds everything where it was."""
    made = upsert(Enrolment.__table__).values(member_id=member_id, course_id=course_id, enrolled_at=now)
    db.session.execute(made.on_conflict_do_update(index_elements=["member_id", "course_id"], set_={"ended_at": None}))


def leave(member_id: int, course_id: int, now: datetime) -> None:
    """Take the course off one's list; nothing that was done is lost."""
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.member_id == member_id, Enrolment.course_id == course_id, Enrolment.ended_at.is_(None))
        .values(ended_at=now)
    )


def find(member_id: int, course_id: int) -> Enrolment | None:
    """A member's enrolment in a course, left or not."""
    return db.session.get(Enrolment, (member_id, course_id), populate_existing=True)


def of_member(member_id: int, course_ids: Iterable[int] | None = None) -> list[Taken]:
    """The courses that a member takes, the one seen last first, by one statement."""
    lessons = select(Lesson.course_id, func.count().label("lessons")).group_by(Lesson.course_id).subquery("lessons")
    progress = (
        select(
            LessonProgress.course_id,
            func.count(LessonProgress.completed_at).label("done"),
            func.max(LessonProgress.seen_at).label("seen_at"),
        )
        .where(LessonProgress.member_id == member_id)
        .group_by(LessonProgress.course_id)
        .subquery("progress")
    )
    query = (
        select(Course, Enrolment, progress.c.done, lessons.c.lessons, progress.c.seen_at)
        .join(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.member_id == member_id))
        .outerjoin(lessons, lessons.c.course_id == Course.id)
        .outerjoin(progress, progress.c.course_id == Course.id)
        .where(Enrolment.ended_at.is_(None))
    )
    if course_ids is not None:
        query = query.where(Course.id.in_(list(course_ids)))
    taken = [
        Taken(course, enrolment, done or 0, count or 0, seen_at or enrolment.enrolled_at)
        for course, enrolment, done, count, seen_at in db.session.execute(query)
    ]
    return sorted(taken, key=lambda one: (one.seen_at, one.course.id), reverse=True)


def complete_if_done(member_id: int, course_id: int, now: datetime) -> bool:
    """Mark a course completed when all its lessons are; whether this call did so."""
    missing = (
        select(Lesson.id)
        .outerjoin(LessonProgress, and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.member_id == member_id))
        .where(Lesson.course_id == course_id, LessonProgress.completed_at.is_(None))
        .limit(1)
    )
    if db.session.scalar(missing) is not None:
        return False
    done = db.session.execute(
        update(Enrolment)
        .where(Enrolment.member_id == member_id, Enrolment.course_id == course_id, Enrolment.completed_at.is_(None))
        .values(completed_at=now)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
