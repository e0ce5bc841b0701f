"""Courses, lessons, enrolment, beats and hours."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select, tuple_

from courses import catalogue
from courses.models import Course
from learnhub.authorship import works
from learnhub.kernel.db import db
from learnhub.learning import enrolments, progress
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.api.paging import Page, cursor_of, key_like
from learnhub.web.context import arrived, member_id, scope
from learnhub.web.courses.views import beaten
from learnhub.web.guards import signed_in


class CourseShort(BaseModel):
    """A course in a list."""

    id: str
    slug: str
    title: str
    summary: str
    language: str
    category: str


class CourseList(BaseModel):
    """A page of courses."""

    items: list[CourseShort]
    next_cursor: str | None


class LessonShort(BaseModel):
    """A lesson in a course, with my progress."""

    id: str
    slug: str
    title: str
    kind: str
    minutes: int
    completed: bool


class ModuleAnswer(BaseModel):
    """A chapter."""

    title: str
    lessons: list[LessonShort]


class CourseAnswer(CourseShort):
    """A course with its lessons and my progress."""

    enrolled: bool
    modules: list[ModuleAnswer]


class LessonAnswer(BaseModel):
    """A lesson's text."""

    id: str
    course_id: str
    slug: str
    title: str
    kind: str
    body_html: str
    link_url: str
    completed: bool


class Enrolled(BaseModel):
    """An enrolment."""

    course_id: str
    enrolled: bool


class Beat(Body):
    """A page that shows a lesson is open, visible and followed; `played` are [from, to, rate] in seconds of media."""

    tab: str = Field(min_length=1, max_length=40)
    played: list[list[float]] | None = Field(None, max_length=200)
    position: float | None = Field(None, ge=0, le=10**6)


class Beaten(BaseModel):
    """What the server credited."""

    today_seconds: int
    lesson_seconds: int
    coverage: int | None
    completed: bool
    next_beat_seconds: int
    server_time: str


@api.get("/courses")
@documented(tag="courses", answer=CourseList, query=Page)
@signed_in
def list_courses(query: Page) -> CourseList:
    """The courses that are open to me, by title."""
    wanted = select(Course).where(Course.id.in_(works.visible_courses(scope())))
    after = key_like(query.cursor, str, int)
    if after:
        wanted = wanted.where(tuple_(Course.title, Course.id) > tuple(after))
    rest = list(db.session.scalars(wanted.order_by(Course.title, Course.id).limit(query.limit + 1)))
    page = rest[: query.limit]
    more = len(rest) > len(page)
    return CourseList(
        items=[_short(course) for course in page],
        next_cursor=cursor_of(page[-1].title, page[-1].id) if more else None,
    )


@api.get("/courses/<int:course_id>")
@documented(tag="courses", answer=CourseAnswer)
@signed_in
def show_course(course_id: int) -> CourseAnswer:
    """A course with its lessons and my progress."""
    course = works.visible_course(scope(), course_id)
    states = progress.of_course(member_id(), course.id)
    enrolment = enrolments.find(member_id(), course.id)
    modules = [
        ModuleAnswer(
            title=chapter.module.title,
            lessons=[
                LessonShort(
                    id=str(lesson.id),
                    slug=lesson.slug,
                    title=lesson.title,
                    kind=lesson.kind,
                    minutes=-(-lesson.nominal_seconds // 60),
                    completed=lesson.id in states and states[lesson.id].completed_at is not None,
                )
                for lesson in chapter.lessons
            ],
        )
        for chapter in catalogue.outline(course).chapters
    ]
    enrolled = enrolment is not None and enrolment.ended_at is None
    return CourseAnswer(**_short(course).model_dump(), enrolled=enrolled, modules=modules)


@api.get("/courses/<int:course_id>/lessons/<int:lesson_id>")
@documented(tag="courses", answer=LessonAnswer)
@signed_in
def show_lesson(course_id: int, lesson_id: int) -> LessonAnswer:
    """A lesson's text."""
    course = works.visible_course(scope(), course_id)
    lesson = catalogue.lesson(course, lesson_id)
    state = progress.of_lesson(member_id(), lesson.id)
    return LessonAnswer(
        id=str(lesson.id),
        course_id=str(course.id),
        slug=lesson.slug,
        title=lesson.title,
        kind=lesson.kind,
        body_html=lesson.body_html,
        link_url=lesson.link_url,
        completed=state is not None and state.completed_at is not None,
    )


@api.post("/courses/<int:course_id>/enrolment")
@documented(tag="courses", answer=Enrolled, status=201, errors=(404,))
@signed_in
def enrol(course_id: int) -> Enrolled:
    """Take a course."""
    course = works.visible_course(scope(), course_id)
    enrolments.enrol(member_id(), course.id, arrived())
    return Enrolled(course_id=str(course.id), enrolled=True)


@api.post("/lessons/<int:lesson_id>/beats")
@documented(tag="courses", body=Beat, answer=Beaten)
@signed_in
def beat(lesson_id: int, body: Beat) -> dict[str, Any]:
    """Study-time heartbeat: credits the time since the tab's last beat, by the server's clock."""
    return beaten(works.seen_lesson(scope(), lesson_id), body)


def _short(course: Any) -> CourseShort:
    return CourseShort(
        id=str(course.id),
        slug=course.slug,
        title=course.title,
        summary=course.summary,
        language=course.language,
        category=course.category,
    )
