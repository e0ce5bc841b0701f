"""What is brought in: a package chosen, looked at, accepted, and taken back; files of questions from there on."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses import catalogue
from learnhub.audit import imports
from learnhub.audit.models import ImportState
from learnhub.authorship import works
from learnhub.journeys import import_course, import_questions, import_roster, seen_files, undo_import
from learnhub.kernel.db import aside, db
from learnhub.kernel.errors import DomainError
from learnhub.organisations.permissions import Permission
from learnhub.web.authoring.blueprint import area
from learnhub.web.authoring.forms import PackageForm
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.question_bank import import_desk

MOST_LISTED = 500
"""Refusals and warnings that a page lists; the rest are counted."""


@area.get("/desk/import-course")
@requires(Permission.AUTHOR)
def upload() -> ResponseReturnValue:
    """The form for a package."""
    form = _package_form(formdata=None)
    form.unit.data = works.unit_to_own(scope()).code
    return render_template("authoring/upload.html", form=form)


@area.post("/desk/import-course")
@requires(Permission.AUTHOR)
@limiter.limit("30/minute")
def look() -> ResponseReturnValue:
    """Read a package and keep it to be looked at; nothing is written into the course yet."""
    form = _package_form()
    if form.validate():
        file = form.file.data
        name = PurePath((file.filename or "course.zip").replace("\\", "/")).name
        try:
            unit = scope().unit(Permission.AUTHOR, form.unit.data)
            with TemporaryDirectory(prefix="learnhub-upload-") as folder:
                path = Path(folder) / f"package{PurePath(name).suffix[:10]}"
                with path.open("wb") as copy:
                    shutil.copyfileobj(file.stream, copy)
                row = import_course.preview(path, name, actor=actor(), unit_id=unit.id, now=arrived())
        except DomainError as error:
            db.session.rollback()
            form.file.errors = [str(say(error.message))]
        else:
            return redirect(url_for("authoring.import_page", import_id=row.id), 303)
    return render_template("authoring/upload.html", form=form), 422


def _package_form(**options: object) -> PackageForm:
    form = PackageForm(**options)
    form.unit.offer(Permission.AUTHOR)
    return form


@area.get("/desk/imports/<int:import_id>")
@signed_in
def import_page(import_id: int) -> ResponseReturnValue:
    """One import: what was understood, what is left out and why; to be accepted, or taken back."""
    row = works.visible_import(scope(), import_id)
    if row.kind == import_roster.KIND:
        return redirect(url_for("rosters.show", import_id=import_id), 302)
    if row.kind == import_questions.KIND:
        return import_desk.page(row)
    course = catalogue.with_slug(row.target)
    return render_template(
        "authoring/import.html",
        row=row,
        report=imports.read_back(row),
        name=imports.name_of(row),
        states=ImportState,
        course=course,
        changed_since=bool(course and row.accepted_at and course.updated_at > row.accepted_at),
        updates=row.state == ImportState.PREVIEWED and course is not None,
        most=MOST_LISTED,
    )


@area.post("/desk/imports/<int:import_id>/accept")
@signed_in
def accept(import_id: int) -> ResponseReturnValue:
    """Write what was looked at. A file of questions is read while others write, unless its page has just shown it."""
    row, seen = works.visible_import(scope(), import_id, lock=True), None
    if row.kind == import_questions.KIND and row.state == ImportState.PREVIEWED:
        with aside():
            seen = seen_files.to_write(row)
        row = works.visible_import(scope(), import_id, lock=True)
    if row.state != ImportState.PREVIEWED:
        flash(_("This import was accepted already."), "info")
        return redirect(url_for("authoring.import_page", import_id=import_id), 303)
    if row.kind == import_roster.KIND:
        return redirect(url_for("rosters.show", import_id=import_id), 303)
    if row.kind == import_questions.KIND:
        as_drafts = request.form.get("as") == "drafts"
        report = import_questions.accept(row, actor(), arrived(), as_drafts=as_drafts, seen=seen)
    else:
        report = import_course.accept(row, actor(), arrived())
    flash(
        _(
            "Done: %(imported)s new, %(updated)s changed, %(skipped)s left as they are.",
            imported=report["imported"],
            updated=report["updated"],
            skipped=report["skipped"],
        ),
        "success",
    )
    return redirect(url_for("authoring.import_page", import_id=import_id), 303)


@area.post("/desk/imports/<int:import_id>/undo")
@signed_in
def undo(import_id: int) -> ResponseReturnValue:
    """Take an import back."""
    try:
        undo_import.undo(import_id, actor(), arrived())
    except DomainError as error:
        db.session.rollback()
        works.visible_import(scope(), import_id)
        flash(str(say(error.message)), "warning")
    else:
        flash(_("The import is taken back."), "success")
    return redirect(url_for("authoring.import_page", import_id=import_id), 303)
