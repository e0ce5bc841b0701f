"""Finding courses and lessons: one course by its name, its outline, what comes before and after, the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import defer

from courses.models import Asset, Course, CourseModule, CourseState, Lesson
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _

LARGEST_ID = (1 << 63) - 1


@dataclass(frozen=True)
class Chapter:
    """A module with its lessons in order; the lessons' texts are not loaded."""

    module: CourseModule
    lessons: list[Lesson]


@dataclass(frozen=True)
class Outline:
    """A course with all its chapters."""

    course: Course
    chapters: list[Chapter]

    @property
    def lessons(self) -> list[Lesson]:
        """All lessons in the order of the course."""
        return [lesson for chapter in self.chapters for lesson in chapter.lessons]


@dataclass(frozen=True)
class Shelved:
    """A course on the shelf: how many lessons it has and how long they take in all, in seconds."""

    course: Course
    lessons: int
    seconds: int


@dataclass(frozen=True)
class LessonFiles:
    """The files of a lesson: what it shows in its main place, its captions, its attachments."""

    main: Asset | None
    captions: list[Asset]
    attachments: list[Asset]


def _as_id(key: str | int) -> int | None:
    if isinstance(key, str) and not (key.isascii() and key.isdigit()):
        return None
    number = int(key) if len(str(key)) <= 19 else LARGEST_ID + 1
    return number if 0 < number <= LARGEST_ID else None


def find(key: str | int) -> Course:
    """The course with this slug or id; NotFound when there is none. One statement."""
    number = _as_id(key)
    same = Course.slug == str(key) if number is None else or_(Course.slug == str(key), Course.id == number)
    course = db.session.scalars(select(Course).where(same).order_by(Course.slug == str(key))).all()
    if not course:
        raise NotFound(_("There is no such course."))
    return course[-1]


def with_slug(slug: str) -> Course | None:
    """The course with exactly this slug, if there is one."""
    return db.session.scalars(select(Course).where(Course.slug == slug)).one_or_none()


def find_lesson(key: int | str) -> Lesson:
    """The lesson with this id; NotFound when there is none."""
    number = _as_id(key)
    lesson = db.session.get(Lesson, number) if number else None
    if lesson is None:
        raise NotFound(_("There is no such lesson."))
    return lesson


def lesson(course: Course, key: str | int) -> Lesson:
    """The lesson of a course with this slug or id; NotFound when there is none. One statement."""
    number = _as_id(key)
    same = Lesson.slug == str(key) if number is None else or_(Lesson.slug == str(key), Lesson.id == number)
    found = db.session.scalars(
        select(Lesson).where(Lesson.course_id == course.id, same).order_by(Lesson.slug == str(key))
    ).all()
    if not found:
        raise NotFound(_("There is no such lesson."))
    return found[-1]


def outline(course: Course) -> Outline:
    """Modules and lessons of a course, in order. One statement, whatever its size."""
    rows = db.session.execute(
        select(CourseModule, Lesson)
        .outerjoin(Lesson, Lesson.module_id == CourseModule.id)
        .where(CourseModule.course_id == course.id)
        .order_by(CourseModule.position, CourseModule.id, Lesson.position, Lesson.id)
        .options(defer(Lesson.body_source), defer(Lesson.body_html))
    ).all()
    chapters: dict[int, Chapter] = {}
    for module, item in rows:
        chapter = chapters.setdefault(module.id, Chapter(module, []))
        if item is not None:
            chapter.lessons.append(item)
    return Outline(course, list(chapters.values()))


def neighbours(of: Lesson) -> tuple[Lesson | None, Lesson | None]:
    """The lessons before and after one in its course, their texts not loaded. One statement."""
    same_course = select(Lesson.id).where(Lesson.course_id == of.course_id)
    before = same_course.where(Lesson.position < of.position).order_by(Lesson.position.desc()).limit(1).subquery()
    after = same_course.where(Lesson.position > of.position).order_by(Lesson.position).limit(1).subquery()
    wanted = union_all(select(before.c.id), select(after.c.id))
    found = db.session.scalars(
        select(Lesson).where(Lesson.id.in_(wanted)).options(defer(Lesson.body_source), defer(Lesson.body_html))
    ).all()
    previous = next((item for item in found if item.position < of.position), None)
    following = next((item for item in found if item.position > of.position), None)
    return previous, following


def files_of(of: Lesson) -> LessonFiles:
    """The files that a lesson's page needs. One statement; a second one when its media has captions."""
    found = db.session.scalars(
        select(Asset)
        .where(Asset.course_id == of.course_id, or_(Asset.lesson_id == of.id, Asset.id == of.main_asset_id))
        .order_by(Asset.title, Asset.path)
    ).all()
    main = next((item for item in found if item.id == of.main_asset_id), None)
    tracks = [track["path"] for track in (main.details.get("captions", []) if main else [])]
    captions: Sequence[Asset] = []
    if tracks:
        captions = db.session.scalars(
            select(Asset).where(Asset.course_id == of.course_id, Asset.path.in_(tracks)).order_by(Asset.path)
        ).all()
    return LessonFiles(main, list(captions), [item for item in found if item.lesson_id == of.id])


def asset(course: Course, path: str) -> Asset:
    """The file of a course at a path of its package; NotFound when there is none. One statement."""
    found = db.session.scalars(select(Asset).where(Asset.course_id == course.id, Asset.path == path)).one_or_none()
    if found is None:
        raise NotFound(_("There is no such file in this course."))
    return found


def cover(course: Course) -> Asset | None:
    """The picture of a course, if it has one."""
    return db.session.get(Asset, course.cover_asset_id) if course.cover_asset_id else None


def shelf(
    search: str = "",
    category: str = "",
    language: str = "",
    *,
    states: Sequence[str] = (CourseState.PUBLISHED,),
    limit: int = 100,
    offset: int = 0,
) -> list[Shelved]:
    """Courses in the given states (published unless said otherwise), newest first. One statement.

    Every word of `search` must stand in the title, the summary, the category or the slug.
    """
    sums = (
        select(
            Lesson.course_id,
            func.count().label("lessons"),
            func.coalesce(func.sum(Lesson.nominal_seconds), 0).label("seconds"),
        )
        .group_by(Lesson.course_id)
        .subquery()
    )
    query = (
        select(Course, func.coalesce(sums.c.lessons, 0), func.coalesce(sums.c.seconds, 0))
        .outerjoin(sums, sums.c.course_id == Course.id)
        .where(Course.state.in_(states))
        .order_by(Course.created_at.desc(), Course.id.desc())
        .limit(limit)
        .offset(offset)
    )
    for word in search.split()[:8]:
        columns = (Course.title, Course.summary, Course.category, Course.slug)
        query = query.where(or_(*(column.icontains(word[:100], autoescape=True) for column in columns)))
    if category:
        query = query.where(Course.category == category)
    if language:
        query = query.where(Course.language == language)
    return [Shelved(course, int(lessons), int(seconds)) for course, lessons, seconds in db.session.execute(query)]


def categories() -> list[str]:
    """The categories that published courses stand in, sorted."""
    query = select(Course.category).where(Course.state == CourseState.PUBLISHED, Course.category != "").distinct()
    return sorted(db.session.scalars(query))
