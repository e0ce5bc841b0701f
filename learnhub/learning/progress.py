"""How far a member is in the lessons of a course: opened, played, completed."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, bindparam, select, update

from courses.models import Course, CourseState, Lesson
from learnhub.kernel.db import db
from learnhub.kernel.sql import is_sqlite, upsert
from learnhub.learning import played
from learnhub.learning.models import Enrolment, LessonProgress

PROGRESS: Table = LessonProgress.__table__  # type: ignore[assignment]
REPORTS_COUNT_FOR = timedelta(seconds=90)
"""A report of what was played covers at most so much time since the last one."""


def of_course(member_id: int, course_id: int) -> dict[int, LessonProgress]:
    """A member's progress in a course by lesson, by one statement."""
    rows = db.session.scalars(
        select(LessonProgress)
        .where(LessonProgress.member_id == member_id, LessonProgress.course_id == course_id)
        .execution_options(populate_existing=True)
    )
    return {row.lesson_id: row for row in rows}


def of_lesson(member_id: int, lesson_id: int) -> LessonProgress | None:
    """A member's progress in one lesson."""
    return db.session.get(LessonProgress, (member_id, lesson_id), populate_existing=True)


@dataclass(frozen=True)
class Seen:
    """What a look at a lesson found: whether it was the first one, and whether the lesson is completed."""

    first: bool
    completed: bool


def see(member_id: int, lesson: Lesson, now: datetime) -> Seen:
    """Note that a lesson is being looked at: opened the first time, seen every time. One statement."""
    row = db.session.execute(
        _see(is_sqlite()),
        {"member_id": member_id, "lesson_id": lesson.id, "course_id": lesson.course_id, "now": now},
    ).one()
    return Seen(row.opened_at == row.seen_at, row.completed_at is not None)


@functools.cache
def _see(_sqlite: bool) -> Any:
    """Built once for each engine: it runs with every beat."""
    made = upsert(PROGRESS).values(
        member_id=bindparam("member_id"),
        lesson_id=bindparam("lesson_id"),
        course_id=bindparam("course_id"),
        opened_at=bindparam("now"),
        seen_at=bindparam("now"),
        played=[],
        position=0,
        completed_by="",
    )
    seen = made.on_conflict_do_update(
        index_elements=["member_id", "lesson_id"], set_={"seen_at": made.excluded.seen_at}
    )
    return seen.returning(PROGRESS.c.opened_at, PROGRESS.c.seen_at, PROGRESS.c.completed_at)


def add_played(
    member_id: int, lesson: Lesson, reported: Any, position: int, seconds: int | None, now: datetime
) -> tuple[Seen, list[played.Range]]:
    """See a lesson, and join what its page reports as played to what was played before; the union.

    The time since the lesson was seen last bounds what can have been played.
    """
    before = of_lesson(member_id, lesson.id)
    elapsed = min(now - before.seen_at, REPORTS_COUNT_FOR).total_seconds() if before else 0.0
    ranges = played.union([*(before.played if before else []), *played.believable(reported, seconds, elapsed)])
    seen = see(member_id, lesson, now)
    db.session.execute(
        update(PROGRESS)
        .where(PROGRESS.c.member_id == member_id, PROGRESS.c.lesson_id == lesson.id)
        .values(played=ranges, position=max(int(position), 0))
    )
    return seen, ranges


def complete(member_id: int, lesson: Lesson, by: str, now: datetime) -> bool:
    """Mark a lesson completed, once; whether this call did so."""
    see(member_id, lesson, now)
    done = db.session.execute(
        update(PROGRESS)
        .where(PROGRESS.c.member_id == member_id, PROGRESS.c.lesson_id == lesson.id, PROGRESS.c.completed_at.is_(None))
        .values(completed_at=now, completed_by=by)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def where_stopped(member_id: int) -> tuple[Course, Lesson] | None:
    """The lesson to go on with: of the course seen last that is not completed, the one seen last if it is not
    completed, else the first one missing. None when there is nothing to go on with."""
    seen = db.session.execute(
        select(Course, LessonProgress.lesson_id, LessonProgress.completed_at)
        .join(LessonProgress, LessonProgress.course_id == Course.id)
        .join(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.member_id == member_id))
        .where(
            LessonProgress.member_id == member_id,
            Enrolment.ended_at.is_(None),
            Enrolment.completed_at.is_(None),
            Course.state == CourseState.PUBLISHED,
        )
        .order_by(LessonProgress.seen_at.desc())
        .limit(1)
    ).one_or_none()
    if seen is None:
        return None
    course, lesson_id, completed_at = seen
    if completed_at is None:
        return course, db.session.get_one(Lesson, lesson_id)
    lesson = first_missing(member_id, course.id)
    return (course, lesson) if lesson else None


def first_missing(member_id: int, course_id: int) -> Lesson | None:
    """The first lesson of a course that a member has not completed."""
    mine = and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.member_id == member_id)
    return db.session.scalar(
        select(Lesson)
        .outerjoin(LessonProgress, mine)
        .where(Lesson.course_id == course_id, LessonProgress.completed_at.is_(None))
        .order_by(Lesson.position)
        .limit(1)
    )
