"""Courses at the desk: which I may edit, making one, and one course with its modules, lessons and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from courses import authoring, catalogue
from courses.models import Asset, Course, CourseModule, CourseState, Lesson
from learnhub.audit.models import Import
from learnhub.audit.trail import record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, NotFound
from learnhub.kernel.words import _ as _w
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.authoring.blueprint import area
from learnhub.web.authoring.forms import CourseForm, FileForm, ModuleForm, NewCourseForm, NewLessonForm
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.tables import Column, Row, Table, sorted_by
from question_bank.models import Bank

COURSES = Table(
    (
        Column("title", _w("Course")),
        Column("lessons", _w("Lessons"), number=True, down=True),
        Column("category", _w("Category")),
        Column("updated", _w("Changed"), down=True),
        Column("state", _w("State")),
    ),
    sort="-updated",
)


@area.get("/desk", endpoint="desk")
@area.get("/desk/courses")
@requires(Permission.AUTHOR)
def index() -> ResponseReturnValue:
    """The courses that I may edit, and what I brought in lately."""
    found = works.editable_courses(scope())
    counts = (
        select(Lesson.course_id, func.count())
        .where(Lesson.course_id.in_(works.editable_ids(scope(), Work.COURSE)))
        .group_by(Lesson.course_id)
    )
    sizes = {course_id: count for course_id, count in db.session.execute(counts)}
    view = COURSES.read(request.args, "authoring.index")
    values: dict[str, Callable[[Course], Any]] = {
        "title": lambda course: course.title,
        "lessons": lambda course: sizes.get(course.id, 0),
        "category": lambda course: course.category or None,
        "updated": lambda course: course.updated_at,
        "state": lambda course: course.state,
    }
    courses = sorted_by(found, view, values[view.key], lambda course: course.title)
    rows = [
        Row((one, sizes.get(one.id, 0)), url_for("authoring.course", slug=one.slug), str(one.id), one.title)
        for one in courses
    ]
    brought = works.visible_imports(scope(), limit=10)
    return render_template("authoring/index.html", view=view, rows=rows, brought=brought, titles=_titles(brought))


def _titles(brought: list[Import]) -> dict[tuple[str, str], str]:
    """What imports went into, by their kind and key: the titles of banks and courses, the names of units."""
    keys = [one.target for one in brought]
    of = {"questions": (Bank.slug, Bank.title), "roster": (Unit.code, Unit.name), "course": (Course.slug, Course.title)}
    return {
        (kind, key): title
        for kind, (named, said) in of.items()
        for key, title in db.session.execute(select(named, said).where(named.in_(keys)))
    }


@area.get("/desk/new-course")
@requires(Permission.AUTHOR)
def new() -> ResponseReturnValue:
    """The form of a new course."""
    form = _new_form(formdata=None)
    form.unit.data = works.unit_to_own(scope()).code
    return render_template("authoring/new.html", form=form)


@area.post("/desk/new-course")
@requires(Permission.AUTHOR)
def create() -> ResponseReturnValue:
    """Make an empty course, which members do not see yet."""
    form = _new_form()
    if form.validate():
        try:
            unit = scope().unit(Permission.AUTHOR, form.unit.data)
            course = authoring.create_course(
                form.slug.data.strip(), form.title.data, arrived(), language=form.language.data
            )
            works.own(Work.COURSE, course.id, unit.id, arrived())
        except (DomainError, IntegrityError) as error:
            db.session.rollback()
            taken = _("There is already a course with this address.")
            form.slug.errors = [str(say(error.message)) if isinstance(error, DomainError) else taken]
        else:
            record(actor(), "course.made", "course", course.id, arrived(), unit_id=unit.id, title=course.title)
            flash(_("The course is there. Members see it when it has lessons and you publish it."), "success")
            return redirect(url_for("authoring.course", slug=course.slug), 303)
    return render_template("authoring/new.html", form=form), 422


def _new_form(**options: object) -> NewCourseForm:
    form = NewCourseForm(**options)
    form.unit.offer(Permission.AUTHOR)
    return form


@area.get("/desk/courses/<slug>")
@signed_in
def course(slug: str) -> ResponseReturnValue:
    """A course as its author sees it."""
    return _course_page(works.editable_course(scope(), slug))


def _course_page(
    found: Course,
    status: int = 200,
    form: CourseForm | None = None,
    module_form: ModuleForm | None = None,
    file_form: FileForm | None = None,
    lesson_form: NewLessonForm | None = None,
    module_id: int | None = None,
) -> ResponseReturnValue:
    return render_template(
        "authoring/course.html",
        course=found,
        outline=catalogue.outline(found),
        form=form or _course_form(found, formdata=None, obj=found, cover=str(found.cover_asset_id or "")),
        module_form=module_form or ModuleForm(formdata=None),
        lesson_form=lesson_form or NewLessonForm(formdata=None),
        module_id=module_id,
        file_form=file_form or FileForm(formdata=None),
        files=files_of(found),
        states=CourseState,
    ), status


def files_of(found: Course) -> list[Asset]:
    """The files of a course by their paths."""
    return list(db.session.scalars(select(Asset).where(Asset.course_id == found.id).order_by(Asset.path)))


def _course_form(found: Course, **options: object) -> CourseForm:
    cover = options.pop("cover", None)
    form = CourseForm(**options)
    pictures = [one for one in files_of(found) if one.media_type.startswith("image/")]
    form.cover.choices = [("", "—"), *((str(one.id), one.path) for one in pictures)]
    if cover is not None:
        form.cover.data = cover
    if (form.language.data or "") not in dict(form.language.choices):
        form.language.choices = [*form.language.choices, (found.language, found.language)]
    return form


@area.post("/desk/courses/<slug>")
@signed_in
def change(slug: str) -> ResponseReturnValue:
    """Change what a course says about itself."""
    found = works.editable_course(scope(), slug)
    form = _course_form(found)
    if not form.validate():
        return _course_page(found, 422, form=form)
    try:
        cover = db.session.get(Asset, int(form.cover.data)) if form.cover.data else None
        authoring.edit_course(
            found,
            arrived(),
            title=form.title.data,
            summary=form.summary.data or "",
            language=form.language.data,
            category=form.category.data or "",
            cover=cover,
        )
        if cover is None:
            found.cover_asset_id = None
    except DomainError as error:
        form.form_errors.append(str(say(error.message)))
        return _course_page(found, 422, form=form)
    return _done(found, _("The course is changed."), "course.changed")


@area.post("/desk/courses/<slug>/state")
@signed_in
def set_state(slug: str) -> ResponseReturnValue:
    """Show a course to members, hide it, or let it leave the shelf."""
    found = works.editable_course(scope(), slug)
    steps = {
        CourseState.PUBLISHED: (authoring.publish, _("Members see the course from now on.")),
        CourseState.DRAFT: (authoring.unpublish, _("Members no longer see the course.")),
        CourseState.RETIRED: (authoring.retire, _("The course is retired. Members' work is kept.")),
    }
    wanted = request.form.get("state", "")
    if wanted not in steps:
        raise NotFound(_w("There is no such state."))
    step, words = steps[CourseState(wanted)]
    step(found, arrived())
    return _done(found, words, f"course.{wanted}")


@area.post("/desk/courses/<slug>/modules")
@signed_in
def add_module(slug: str) -> ResponseReturnValue:
    """Add a module at the end."""
    found = works.editable_course(scope(), slug)
    form = ModuleForm()
    if not form.validate():
        return _course_page(found, 422, module_form=form)
    module = authoring.add_module(found, form.title.data, arrived())
    return _done(found, _("The module is there."), "course.changed", anchor=f"module-{module.id}")


@area.post("/desk/courses/<slug>/modules/<int:module_id>")
@signed_in
def change_module(slug: str, module_id: int) -> ResponseReturnValue:
    """Rename, move or delete a module."""
    found = works.editable_course(scope(), slug)
    module = _module(found, module_id)
    chapters = [chapter.module.id for chapter in catalogue.outline(found).chapters]
    place, step = chapters.index(module.id) + 1, request.form.get("do", "")
    if step == "rename":
        authoring.rename_module(module, request.form.get("title", ""), arrived())
    elif step in {"up", "down"}:
        authoring.move_module(module, place + (1 if step == "down" else -1), arrived())
    elif step == "delete":
        authoring.delete_module(module, arrived())
    return _done(found, _("The course is changed."), "course.changed", anchor=f"module-{module_id}")


@area.post("/desk/courses/<slug>/modules/<int:module_id>/lessons")
@signed_in
def add_lesson(slug: str, module_id: int) -> ResponseReturnValue:
    """Add a lesson at the end of a module, and go to write it."""
    found = works.editable_course(scope(), slug)
    module = _module(found, module_id)
    form = NewLessonForm()
    if not form.validate():
        return _course_page(found, 422, lesson_form=form, module_id=module.id)
    made = authoring.add_lesson(module, form.title.data, arrived(), kind=form.kind.data)
    return redirect(url_for("authoring.lesson", slug=slug, lesson_slug=made.slug), 303)


@area.post("/desk/courses/<slug>/files")
@signed_in
def add_file(slug: str) -> ResponseReturnValue:
    """Keep a file for the course."""
    found = works.editable_course(scope(), slug)
    form = FileForm()
    if not form.validate():
        return _course_page(found, 422, file_form=form)
    try:
        made = authoring.add_asset(found, form.file.data.stream, form.file.data.filename or "file", arrived())
    except DomainError as error:
        form.file.errors = [str(say(error.message))]
        return _course_page(found, 422, file_form=form)
    return _done(found, _("The file %(name)s is there.", name=made.title), "course.file", anchor="files")


def _module(found: Course, module_id: int) -> CourseModule:
    module = db.session.get(CourseModule, module_id)
    if module is None or module.course_id != found.id:
        raise NotFound(_w("There is no such module."))
    return module


def _done(found: Course, words: str, action: str, anchor: str = "") -> ResponseReturnValue:
    unit_id = works.owner_unit_id(Work.COURSE, found.id)
    record(actor(), action, "course", found.id, arrived(), unit_id=unit_id, title=found.title)
    flash(words, "success")
    return redirect(url_for("authoring.course", slug=found.slug, _anchor=anchor or None), 303)


from learnhub.web.authoring import imports, lessons  # noqa: E402, F401 (put their views on the same blueprint)
