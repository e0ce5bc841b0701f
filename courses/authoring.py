"""Making and changing courses: create, publish, edit, reorder, delete; storing of drafts and its undo."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, BinaryIO, cast

from sqlalchemy import func, select

from courses import catalogue
from courses.drafts import AssetDraft, CourseDraft, LessonDraft, ModuleDraft
from courses.models import Asset, CompletionRule, Course, CourseModule, CourseState, Lesson, LessonKind
from courses.packages.files import quoted
from courses.packages.layout import lesson_slug, slug_from
from courses.packages.links import is_outside, place, render
from courses.storing import StoredCourse, delete_unless_needed, restore, snapshot, store, store_course, withdraw
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.file_types import HEAD, FileKind, detect
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.markup import SANITISER_VERSION
from learnhub.kernel.media_length import seconds_of
from learnhub.kernel.words import _

__all__ = [
    "AssetDraft",
    "CourseDraft",
    "LessonDraft",
    "ModuleDraft",
    "StoredCourse",
    "add_asset",
    "add_lesson",
    "add_module",
    "create_course",
    "delete_lesson",
    "delete_module",
    "edit_course",
    "edit_lesson",
    "move_lesson",
    "move_module",
    "publish",
    "rename_module",
    "restore",
    "retire",
    "snapshot",
    "store",
    "store_course",
    "unpublish",
    "withdraw",
]

_SLUG = re.compile(r"[^\W_](?:[\w-]{0,78}[^\W_])?")


def create_course(
    slug: str, title: str, now: datetime, *, summary: str = "", language: str = "zh_Hans", category: str = ""
) -> Course:
    """A new, empty course that members don't see yet. Conflict when the slug is taken."""
    if not _SLUG.fullmatch(slug) or slug != slug.lower():
        raise Refused(_("The course's name in addresses takes lower-case letters, digits and hyphens."))
    if catalogue.with_slug(slug):
        raise Conflict(_("There is already a course with the address %(slug)s.", slug=slug))
    course = Course(
        id=new_id(), slug=slug, state=CourseState.DRAFT, cover_asset_id=None, created_at=now, updated_at=now
    )
    course.title, course.summary = _title(title), summary.strip()
    course.language, course.category = language[:16], category.strip()[:80]
    db.session.add(course)
    db.session.flush()
    return course


def edit_course(
    course: Course,
    now: datetime,
    *,
    title: str | None = None,
    summary: str | None = None,
    language: str | None = None,
    category: str | None = None,
    cover: Asset | None = None,
) -> None:
    """Change what is given. A cover must be a picture of the course."""
    if title is not None:
        course.title = _title(title)
    if summary is not None:
        course.summary = summary.strip()
    if language is not None:
        course.language = language[:16]
    if category is not None:
        course.category = category.strip()[:80]
    if cover is not None:
        if cover.course_id != course.id or not cover.media_type.startswith("image/"):
            raise Refused(_("The cover must be a picture of this course."))
        course.cover_asset_id = cover.id
    _touch(course, now)


def publish(course: Course, now: datetime) -> None:
    """Members see the course from now on. Refused while it has no lesson."""
    if not db.session.scalar(select(func.count()).where(Lesson.course_id == course.id)):
        raise Refused(_("A course without a lesson can't be published."))
    course.state = CourseState.PUBLISHED
    _touch(course, now)


def unpublish(course: Course, now: datetime) -> None:
    """Back to a draft: members no longer find the course."""
    course.state = CourseState.DRAFT
    _touch(course, now)


def retire(course: Course, now: datetime) -> None:
    """The course has had its time: it leaves the shelf, its records stay."""
    course.state = CourseState.RETIRED
    _touch(course, now)


def add_module(course: Course, title: str, now: datetime) -> CourseModule:
    """A new module at the end."""
    last = db.session.scalar(select(func.max(CourseModule.position)).where(CourseModule.course_id == course.id)) or 0
    module = CourseModule(id=new_id(), course_id=course.id, position=last + 1, title=_title(title))
    db.session.add(module)
    _touch(course, now)
    return module


def rename_module(module: CourseModule, title: str, now: datetime) -> None:
    """Give a module another title."""
    module.title = _title(title)
    _touch(_course_of(module), now)


def move_module(module: CourseModule, place_in_course: int, now: datetime) -> None:
    """Put a module at a place (from 1); its lessons go with it."""
    course = _course_of(module)
    modules = [chapter.module for chapter in catalogue.outline(course).chapters if chapter.module.id != module.id]
    modules.insert(max(place_in_course - 1, 0), module)
    for number, other in enumerate(modules, 1):
        other.position = number
    _renumber(course)
    _touch(course, now)


def delete_module(module: CourseModule, now: datetime) -> None:
    """Remove a module. Refused while it has lessons."""
    course = _course_of(module)
    if not delete_unless_needed(module):
        raise Refused(_("This module still has lessons; move or delete them first."))
    _touch(course, now)


def add_lesson(
    module: CourseModule, title: str, now: datetime, *, kind: str = LessonKind.TEXT, slug: str = ""
) -> Lesson:
    """A new, empty lesson at the end of a module."""
    course = _course_of(module)
    taken = set(db.session.scalars(select(Lesson.slug).where(Lesson.course_id == course.id)))
    wanted = slug_from(slug or title)
    free = next(name for name in (wanted, *(f"{wanted}-{number}" for number in range(2, 10_000))) if name not in taken)
    rule = CompletionRule.COVERAGE if kind in {LessonKind.VIDEO, LessonKind.AUDIO} else CompletionRule.MARKED
    rule = CompletionRule.QUIZ if kind == LessonKind.QUIZ else rule
    last = db.session.scalar(select(func.max(Lesson.position)).where(Lesson.course_id == course.id)) or 0
    lesson = Lesson(id=new_id(), course_id=course.id, module_id=module.id, position=last + 1, slug=free)
    lesson.title, lesson.kind, lesson.completion_rule = _title(title), str(LessonKind(kind)), str(rule)
    lesson.sanitiser_version = SANITISER_VERSION
    db.session.add(lesson)
    db.session.flush()
    _renumber(course)
    _touch(course, now)
    return lesson


def edit_lesson(
    lesson: Lesson,
    now: datetime,
    *,
    title: str | None = None,
    body_source: str | None = None,
    link_url: str | None = None,
    nominal_seconds: int | None = None,
    completion: tuple[str, int] | None = None,
    main_asset: Asset | None = None,
) -> None:
    """Change what is given. `body_source` is Markdown; `completion` is a rule with its seconds or percent (else 0)."""
    course = _course_of(lesson)
    if title is not None:
        lesson.title = _title(title)
    if body_source is not None:
        lesson.body_source = body_source.replace("\r\n", "\n").replace("\0", "")
        lesson.body_html = render_body(course, lesson.body_source)
        lesson.sanitiser_version = SANITISER_VERSION
    if link_url is not None:
        if link_url and not re.match(r"https?://[^\s/]", link_url, re.IGNORECASE):
            raise Refused(_("The address must begin with http:// or https://."))
        lesson.link_url = link_url[:500]
    if nominal_seconds is not None:
        lesson.nominal_seconds = min(max(nominal_seconds, 1), 86_400)
    if completion is not None:
        _complete_by(lesson, *completion)
    if main_asset is not None:
        if main_asset.course_id != lesson.course_id:
            raise Refused(_("The file belongs to another course."))
        lesson.main_asset_id = main_asset.id
    _touch(course, now)


def _complete_by(lesson: Lesson, rule: str, value: int) -> None:
    wanted = CompletionRule(rule)
    if wanted == CompletionRule.TIME and value <= 0:
        raise Refused(_("Say how many seconds of study complete this lesson."))
    if wanted == CompletionRule.COVERAGE and not 1 <= value <= 100:
        raise Refused(_("Say how many percent, from 1 to 100, complete this lesson."))
    lesson.completion_rule = wanted
    lesson.completion_seconds = value if wanted == CompletionRule.TIME else 0
    lesson.completion_coverage = value if wanted == CompletionRule.COVERAGE else 90


def render_body(course: Course, source: str) -> str:
    """Markdown written in the browser as clean HTML; relative addresses as in a package.

    A file is found by the end of its path, a lesson's Markdown file by the slug that its name gives.
    """
    paths = db.session.scalars(select(Asset.path).where(Asset.course_id == course.id).order_by(Asset.path)).all()

    def address(written: str, picture: bool) -> str | None:
        if is_outside(written) or written.startswith("/"):
            return written if not picture or re.match(r"https?:|/", written, re.IGNORECASE) else None
        wanted = place(re.sub(r"^(?:\.{1,2}/)+", "", written), "")
        found = next((path for path in paths if wanted and (path == wanted or path.endswith(f"/{wanted}"))), None)
        if found is None and wanted and not picture and wanted.lower().endswith((".md", ".markdown")):
            return f"/courses/{quoted(course.slug)}/lessons/{quoted(lesson_slug(wanted, set()))}"
        if found is None:
            return None if picture else written
        return f"/courses/{quoted(course.slug)}/assets/{quoted(found)}"

    return render(source, address)


def move_lesson(lesson: Lesson, module: CourseModule, place_in_module: int, now: datetime) -> None:
    """Put a lesson at a place (from 1) of a module of the same course."""
    if module.course_id != lesson.course_id:
        raise Refused(_("The module belongs to another course."))
    course = _course_of(lesson)
    lesson.module_id = module.id
    db.session.flush()
    chapters = catalogue.outline(course).chapters
    inside = next(chapter.lessons for chapter in chapters if chapter.module.id == module.id)
    inside.remove(lesson)
    inside.insert(max(place_in_module - 1, 0), lesson)
    for number, other in enumerate((item for chapter in chapters for item in chapter.lessons), 1):
        other.position = number
    _touch(course, now)


def delete_lesson(lesson: Lesson, now: datetime) -> None:
    """Remove a lesson. Refused when members have begun it or a quiz hangs on it."""
    course = _course_of(lesson)
    if not delete_unless_needed(lesson):
        raise Refused(_("Members have already worked with this lesson; it can't be deleted."))
    _renumber(course)
    _touch(course, now)


def add_asset(
    course: Course, file: BinaryIO, file_name: str, now: datetime, *, lesson: Lesson | None = None, title: str = ""
) -> Asset:
    """Keep an uploaded file (seekable), typed by its content, under its name; with a lesson, as its attachment.

    The same name again replaces the file. Refused for kinds that are not accepted.
    """
    name = re.sub(r"[\x00-\x1f\x7f/\\]+", "-", file_name).strip(" .-")[-200:] or "file"
    file.seek(0)
    head = file.read(HEAD)
    found = detect(head, name, lambda: cast(BinaryIO, _Lent(file)))
    file.seek(0)
    stored = house.files.put(file)
    seconds = None
    if found.kind in {FileKind.VIDEO, FileKind.AUDIO}:
        with house.files.open(stored.digest) as content:
            seconds = seconds_of(content, found.media_type)
    path = f"uploads/{name}"
    asset = db.session.scalars(select(Asset).where(Asset.course_id == course.id, Asset.path == path)).one_or_none()
    asset = asset or Asset(id=new_id(), course_id=course.id, path=path)
    asset.title, asset.digest, asset.size = (title or name)[:200], stored.digest, stored.size
    details: dict[str, Any] = dict(found.details)
    asset.media_type, asset.seconds, asset.details = found.media_type, seconds, details
    asset.lesson_id = lesson.id if lesson else None
    db.session.add(asset)
    _touch(course, now)
    return asset


class _Lent:
    """An open file for those who close what they get: closing only goes back to its beginning."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Lent:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.seek(0)


def _title(title: str) -> str:
    clean = " ".join(title.replace("\0", "").split())
    if not clean:
        raise Refused(_("A title is needed."))
    if len(clean) > 200:
        raise Refused(_("The title is longer than 200 characters."))
    return clean


def _course_of(part: CourseModule | Lesson) -> Course:
    return db.session.get_one(Course, part.course_id)


def _renumber(course: Course) -> None:
    db.session.flush()
    for number, lesson in enumerate(catalogue.outline(course).lessons, 1):
        if lesson.position != number:
            lesson.position = number


def _touch(course: Course, now: datetime) -> None:
    course.updated_at = now
    db.session.flush()
