"""Writing a lesson: its Markdown with a look at the result, its files, its place, its rule of completion."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses import authoring, catalogue
from courses.models import Asset, CompletionRule, Course, CourseModule, Lesson, LessonKind
from learnhub.audit.trail import record
from learnhub.authorship import works
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, Refused
from learnhub.kernel.words import _ as _w
from learnhub.web.authoring.blueprint import area
from learnhub.web.authoring.forms import FileForm, LessonForm
from learnhub.web.authoring.views import files_of
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _

LONGEST_PREVIEW = 500_000
MAIN_KINDS = {
    LessonKind.VIDEO: "video/",
    LessonKind.AUDIO: "audio/",
    LessonKind.PDF: "application/pdf",
    LessonKind.FILE: "",
}
"""Kinds with a file in their main place, and how its media type begins."""


@area.get("/desk/courses/<slug>/lessons/<lesson_slug>")
@signed_in
def lesson(slug: str, lesson_slug: str) -> ResponseReturnValue:
    """The form of a lesson."""
    course = works.editable_course(scope(), slug)
    found = catalogue.lesson(course, lesson_slug)
    return _lesson_page(course, found, _lesson_form(found, formdata=None, data=_values(found)))


@area.post("/desk/courses/<slug>/lessons/<lesson_slug>")
@signed_in
def change_lesson(slug: str, lesson_slug: str) -> ResponseReturnValue:
    """Store a lesson, or only show how its text would look."""
    course = works.editable_course(scope(), slug)
    found = catalogue.lesson(course, lesson_slug)
    form = _lesson_form(found)
    if request.form.get("do") == "preview":
        return _lesson_page(course, found, form, preview=authoring.render_body(course, form.body_source.data or ""))
    if not form.validate():
        return _lesson_page(course, found, form, 422)
    try:
        _store(found, form)
    except DomainError as error:
        form.form_errors.append(str(say(error.message)))
        return _lesson_page(course, found, form, 422)
    record(actor(), "lesson.changed", "lesson", found.id, arrived(), course=slug, title=found.title)
    flash(_("The lesson is saved."), "success")
    return redirect(url_for("authoring.lesson", slug=slug, lesson_slug=found.slug), 303)


def _store(found: Lesson, form: LessonForm) -> None:
    value = {
        CompletionRule.TIME: _seconds(form.rule_minutes.data or 0, found.completion_seconds),
        CompletionRule.COVERAGE: form.rule_percent.data or 0,
    }
    main = db.session.get(Asset, int(form.main_asset.data)) if form.main_asset.data else None
    authoring.edit_lesson(
        found,
        arrived(),
        title=form.title.data,
        body_source=form.body_source.data or "",
        link_url=(form.link_url.data or "").strip(),
        nominal_seconds=_seconds(form.minutes.data, found.nominal_seconds),
        completion=(form.rule.data, value.get(CompletionRule(form.rule.data), 0)),
        main_asset=main,
    )
    if main is None:
        found.main_asset_id = None


def _seconds(minutes: int, before: int) -> int:
    """Typed minutes in seconds; minutes that only round up what is stored change nothing."""
    return before if -(-before // 60) == minutes else minutes * 60


@area.post("/desk/courses/<slug>/markdown")
@signed_in
def preview(slug: str) -> ResponseReturnValue:
    """How a text would look: `{"source"}` to `{"html"}`; nothing is stored."""
    course = works.editable_course(scope(), slug)
    body = request.get_json(silent=True)
    source = body.get("source") if isinstance(body, dict) else None
    if not isinstance(source, str) or len(source) > LONGEST_PREVIEW:
        raise Refused(_w("This text can't be shown."))
    return jsonify({"html": authoring.render_body(course, source)})


ACT_OF = {"up": "lesson.moved", "down": "lesson.moved", "delete": "lesson.deleted"}


@area.post("/desk/courses/<slug>/lessons/<lesson_slug>/place")
@signed_in
def place(slug: str, lesson_slug: str) -> ResponseReturnValue:
    """Move a lesson up or down, over the border of its module where need be, or delete it."""
    course = works.editable_course(scope(), slug)
    found = catalogue.lesson(course, lesson_slug)
    step, title = request.form.get("do", ""), found.title
    if step in {"up", "down"}:
        module, number = _place_after(course, found, step)
        authoring.move_lesson(found, module, number, arrived())
    elif step == "delete":
        authoring.delete_lesson(found, arrived())
    if step in ACT_OF:
        record(actor(), ACT_OF[step], "course", course.id, arrived(), title=title)
        flash(_("The course is changed."), "success")
    return redirect(url_for("authoring.course", slug=slug), 303)


def _place_after(course: Course, found: Lesson, step: str) -> tuple[CourseModule, int]:
    """The module and the place in it (from 1) one step up or down."""
    chapters = catalogue.outline(course).chapters
    at = next(n for n, chapter in enumerate(chapters) if chapter.module.id == found.module_id)
    number = [one.id for one in chapters[at].lessons].index(found.id) + 1
    if step == "up":
        if number > 1 or at == 0:
            return chapters[at].module, max(number - 1, 1)
        return chapters[at - 1].module, len(chapters[at - 1].lessons) + 1
    if number < len(chapters[at].lessons) or at == len(chapters) - 1:
        return chapters[at].module, number + 1
    return chapters[at + 1].module, 1


@area.post("/desk/courses/<slug>/lessons/<lesson_slug>/files")
@signed_in
def add_lesson_file(slug: str, lesson_slug: str) -> ResponseReturnValue:
    """Keep a file for a lesson: in its main place where its kind has one and the file fits, else as an attachment."""
    course = works.editable_course(scope(), slug)
    found = catalogue.lesson(course, lesson_slug)
    form = FileForm()
    if not form.validate():
        return _lesson_page(course, found, None, 422, file_form=form)
    try:
        made = authoring.add_asset(
            course, form.file.data.stream, form.file.data.filename or "file", arrived(), lesson=found
        )
        begins = MAIN_KINDS.get(LessonKind(found.kind))
        if begins is not None and found.main_asset_id is None and made.media_type.startswith(begins):
            made.lesson_id = None
            authoring.edit_lesson(found, arrived(), main_asset=made)
    except DomainError as error:
        form.file.errors = [str(say(error.message))]
        return _lesson_page(course, found, None, 422, file_form=form)
    record(actor(), "course.file", "course", course.id, arrived(), title=made.title)
    flash(_("The file %(name)s is there.", name=made.title), "success")
    return redirect(url_for("authoring.lesson", slug=slug, lesson_slug=lesson_slug, _anchor="files"), 303)


@area.post("/desk/courses/<slug>/assets/<int:asset_id>/detach")
@signed_in
def detach(slug: str, asset_id: int) -> ResponseReturnValue:
    """Take an attachment off its lesson; the course keeps the file."""
    course = works.editable_course(scope(), slug)
    asset = next((one for one in files_of(course) if one.id == asset_id), None)
    lesson_slug = db.session.get_one(Lesson, asset.lesson_id).slug if asset and asset.lesson_id else None
    if asset is None or lesson_slug is None:
        return redirect(url_for("authoring.course", slug=slug, _anchor="files"), 303)
    asset.lesson_id = None
    flash(_("The file is no longer attached."), "success")
    return redirect(url_for("authoring.lesson", slug=slug, lesson_slug=lesson_slug, _anchor="files"), 303)


def _values(found: Lesson) -> dict[str, object]:
    return {
        "title": found.title,
        "body_source": found.body_source or found.body_html,
        "link_url": found.link_url,
        "main_asset": str(found.main_asset_id or ""),
        "minutes": max(1, -(-found.nominal_seconds // 60)),
        "rule": found.completion_rule,
        "rule_minutes": -(-found.completion_seconds // 60) or None,
        "rule_percent": found.completion_coverage,
    }


def _lesson_form(found: Lesson, **options: object) -> LessonForm:
    form = LessonForm(**options)
    begins = MAIN_KINDS.get(LessonKind(found.kind), "-")
    course = db.session.get_one(Course, found.course_id)
    fitting = [one for one in files_of(course) if one.media_type.startswith(begins) or one.id == found.main_asset_id]
    form.main_asset.choices = [("", "—"), *((str(one.id), one.path) for one in fitting)]
    return form


def _lesson_page(
    course: Course,
    found: Lesson,
    form: LessonForm | None,
    status: int = 200,
    preview: str | None = None,
    file_form: FileForm | None = None,
) -> ResponseReturnValue:
    parts = catalogue.files_of(found)
    return render_template(
        "authoring/lesson.html",
        course=course,
        lesson=found,
        form=form or _lesson_form(found, formdata=None, data=_values(found)),
        preview=preview if preview is not None else found.body_html,
        attachments=parts.attachments,
        files=files_of(course),
        file_form=file_form or FileForm(formdata=None),
        has_main=LessonKind(found.kind) in MAIN_KINDS,
        is_link=found.kind == LessonKind.LINK,
    ), status
