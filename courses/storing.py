"""A draft becomes a course or changes one in place; what it changed can be put back from a snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase

from courses.catalogue import with_slug
from courses.drafts import HERE, AssetDraft, CourseDraft, LessonDraft
from courses.models import Asset, Course, CourseModule, CourseState, Lesson
from courses.packages.files import quoted
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.markup import SANITISER_VERSION
from learnhub.kernel.words import _


@dataclass
class StoredCourse:
    """What storing a draft did. Lessons are counted; `quizzes` maps slugs of quizzes to the lessons to hang them on."""

    course: Course
    created: bool
    imported: int = 0
    updated: int = 0
    skipped: int = 0
    kept: list[str] = field(default_factory=list)
    """Slugs of lessons that the draft does not have but members' records need: they stay at the end."""
    quizzes: dict[str, int] = field(default_factory=dict)
    before: dict[str, Any] | None = None
    """The course as it was, for `restore`; None when it was created."""


def store_course(draft: CourseDraft, now: datetime) -> Course:
    """Store a draft (see `store`) and give the course."""
    return store(draft, now).course


def store(draft: CourseDraft, now: datetime) -> StoredCourse:
    """Make the course of a draft, or bring the course of the same slug to what the draft says.

    Lessons are recognised by their slugs and changed in place, so that progress stays with them. A lesson that the
    draft no longer has is deleted, unless something depends on it. The same draft a second time changes no row.
    A new course is a draft to members too, until it is published.
    """
    course = with_slug(draft.slug)
    done = StoredCourse(course or Course(), course is None, before=snapshot(course) if course else None)
    if course is None:
        done.course = Course(id=new_id(), slug=draft.slug, state=CourseState.DRAFT, created_at=now, updated_at=now)
    course = done.course
    changed = _set(
        course, title=draft.title[:200], summary=draft.summary, language=draft.language, category=draft.category
    )
    if done.created:
        db.session.add(course)
        db.session.flush()
    assets, new_assets = _store_assets(course, draft.assets)
    changed |= new_assets
    changed |= _store_lessons(course, draft, assets, done)
    cover = assets[draft.cover].id if draft.cover else None
    changed |= _set(course, cover_asset_id=cover)
    changed |= _drop_assets(course, draft)
    if changed:
        course.updated_at = now
    db.session.flush()
    return done


def _set(row: DeclarativeBase, **values: Any) -> bool:
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _store_assets(course: Course, drafts: dict[str, AssetDraft]) -> tuple[dict[str, Asset], bool]:
    present = {asset.path: asset for asset in _all_of(Asset, course)}
    changed = False
    for path, draft in drafts.items():
        with draft.open() as file:
            stored = house.files.put(file)
        asset = present.get(path)
        if asset is None:
            asset = present[path] = Asset(id=new_id(), course_id=course.id, path=path)
            db.session.add(asset)
        changed |= _set(
            asset,
            digest=stored.digest,
            size=stored.size,
            media_type=draft.media_type,
            title=draft.title or asset.title or "",
            seconds=draft.seconds,
            details=draft.details,
        )
    db.session.flush()
    return present, changed


def _store_lessons(course: Course, draft: CourseDraft, assets: dict[str, Asset], done: StoredCourse) -> bool:
    lessons = {lesson.slug: lesson for lesson in _all_of(Lesson, course)}
    modules = list(_all_of(CourseModule, course))
    used: list[CourseModule] = []
    changed, position = False, 0
    for number, module_draft in enumerate(draft.modules, 1):
        module = _module_for(course, module_draft.title, modules, used)
        changed |= _set(module, title=module_draft.title[:200], position=number)
        db.session.flush()
        for lesson_draft in module_draft.lessons:
            position += 1
            changed |= _store_lesson(
                course, module, position, lesson_draft, lessons.pop(lesson_draft.slug, None), assets, done
            )
    changed |= bool(lessons)
    for gone in lessons.values():
        if not delete_unless_needed(gone):
            position += 1
            _set(gone, position=position)
            done.kept.append(gone.slug)
    needed = {lesson.module_id for lesson in _all_of(Lesson, course)}
    for module in modules:
        if module not in used and module.id in needed:
            _set(module, position=len(draft.modules) + 1)
        elif module not in used:
            db.session.delete(module)
            changed = True
    db.session.flush()
    return changed


def _module_for(course: Course, title: str, modules: list[CourseModule], used: list[CourseModule]) -> CourseModule:
    """The module of the same title, else a new one: titles are what a package knows its modules by."""
    module = next((module for module in modules if module.title == title[:200] and module not in used), None)
    if module is None:
        module = CourseModule(id=new_id(), course_id=course.id, position=0, title=title[:200])
        db.session.add(module)
    used.append(module)
    return module


def _store_lesson(
    course: Course,
    module: CourseModule,
    position: int,
    draft: LessonDraft,
    lesson: Lesson | None,
    assets: dict[str, Asset],
    done: StoredCourse,
) -> bool:
    new = lesson is None
    lesson = lesson or Lesson(id=new_id(), course_id=course.id, slug=draft.slug)
    changed = _set(
        lesson,
        module_id=module.id,
        position=position,
        title=draft.title[:200],
        kind=str(draft.kind),
        body_source=draft.body_source,
        body_html=draft.body_html.replace(HERE, f"/courses/{quoted(course.slug)}/"),
        sanitiser_version=SANITISER_VERSION,
        link_url=draft.link_url,
        main_asset_id=assets[draft.main_asset].id if draft.main_asset else None,
        nominal_seconds=draft.nominal_seconds,
        completion_rule=str(draft.completion_rule),
        completion_seconds=draft.completion_seconds,
        completion_coverage=draft.completion_coverage,
    )
    if new:
        db.session.add(lesson)
        db.session.flush()
    for asset in assets.values():
        attached = asset.path in draft.attachments
        if attached:
            changed |= _set(asset, lesson_id=lesson.id, title=draft.attachments[asset.path][:200])
        elif asset.lesson_id == lesson.id:
            changed |= _set(asset, lesson_id=None)
    if new:
        done.imported += 1
    elif changed:
        done.updated += 1
    else:
        done.skipped += 1
    if draft.quiz:
        done.quizzes[draft.quiz] = lesson.id
    return changed


def _drop_assets(course: Course, draft: CourseDraft) -> bool:
    needed = {lesson.main_asset_id for lesson in _all_of(Lesson, course)} | {course.cover_asset_id}
    gone = [asset for asset in _all_of(Asset, course) if asset.path not in draft.assets and asset.id not in needed]
    for asset in gone:
        db.session.delete(asset)
    return bool(gone)


def delete_unless_needed(row: DeclarativeBase) -> bool:
    """Delete a row if no record points at it; whether it went."""
    try:
        with db.session.begin_nested():
            if isinstance(row, Lesson):
                for asset in db.session.scalars(select(Asset).where(Asset.lesson_id == row.id)):
                    asset.lesson_id = None
            db.session.delete(row)
            db.session.flush()
    except IntegrityError:
        return False
    return True


def _all_of(model: Any, course: Course) -> list[Any]:
    db.session.flush()
    return list(db.session.scalars(select(model).where(model.course_id == course.id).order_by(model.id)))


_KEPT_COLUMNS = {"created_at", "updated_at"}


def snapshot(course: Course) -> dict[str, Any]:
    """Everything about a course as plain values that fit into JSON, for `restore`. Files stay in the store anyway."""
    return {
        "course": _values(course) | {"created_at": iso(course.created_at), "updated_at": iso(course.updated_at)},
        "modules": [_values(module) for module in _all_of(CourseModule, course)],
        "lessons": [_values(lesson) for lesson in _all_of(Lesson, course)],
        "assets": [_values(asset) for asset in _all_of(Asset, course)],
    }


def _values(row: Any) -> dict[str, Any]:
    names = [column.key for column in row.__table__.columns if column.key not in _KEPT_COLUMNS]
    return {name: getattr(row, name) for name in names}


def restore(before: dict[str, Any], now: datetime) -> Course:
    """Put a course back to what a snapshot says, the same rows with the same ids.

    What came into the course since is deleted, unless members' records point at it: such a lesson stays at the end.
    """
    course = db.session.get(Course, before["course"]["id"])
    if course is None:
        raise NotFound(_("There is no such course."))
    _set(course, cover_asset_id=None)
    for model, rows in ((CourseModule, before["modules"]), (Lesson, before["lessons"]), (Asset, before["assets"])):
        present = {row.id: row for row in _all_of(model, course)}
        for values in rows:
            row = present.get(values["id"]) or model(id=values["id"])
            _set(row, **values)
            db.session.add(row)
        db.session.flush()
    _delete_newer(course, before)
    _set(course, **{name: value for name, value in before["course"].items() if name not in _KEPT_COLUMNS})
    course.updated_at = now
    db.session.flush()
    return course


def _delete_newer(course: Course, before: dict[str, Any]) -> None:
    known = {name: {values["id"] for values in before[name]} for name in ("modules", "lessons", "assets")}
    for asset in _all_of(Asset, course):
        if asset.id not in known["assets"]:
            asset.lesson_id = None
    last = len(before["lessons"])
    kept_files: set[int | None] = set()
    for lesson in _all_of(Lesson, course):
        if lesson.id not in known["lessons"] and not delete_unless_needed(lesson):
            last += 1
            lesson.position = last
            kept_files.add(lesson.main_asset_id)
    for module in _all_of(CourseModule, course):
        if module.id not in known["modules"] and not delete_unless_needed(module):
            module.position = len(before["modules"]) + 1
    for asset in _all_of(Asset, course):
        if asset.id not in known["assets"] and asset.id not in kept_files:
            db.session.delete(asset)
    db.session.flush()


def withdraw(course: Course, now: datetime) -> bool:
    """Take back a course that was created: removed when no record points at it (True), else retired (False)."""
    course_id = course.id
    try:
        with db.session.begin_nested():
            for model in (Asset, Lesson, CourseModule):
                db.session.execute(delete(model).where(model.course_id == course_id))
            db.session.execute(delete(Course).where(Course.id == course_id))
    except IntegrityError:
        kept = db.session.get_one(Course, course_id)
        kept.state = CourseState.RETIRED
        kept.updated_at = now
        db.session.flush()
        return False
    return True
