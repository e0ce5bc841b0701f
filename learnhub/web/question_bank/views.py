"""Banks at the desk: which there are, making one, files of questions in and out."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from learnhub.audit.trail import record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import export_questions, import_questions, seen_files
from learnhub.journeys.question_file import find_near
from learnhub.journeys.question_file import look as read_file
from learnhub.kernel.db import aside, db
from learnhub.kernel.errors import DomainError, Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations.permissions import Permission
from learnhub.web import files
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.question_bank.blueprint import area
from learnhub.web.question_bank.forms import BankForm, UploadForm
from learnhub.web.question_bank.sending import Sending
from question_bank import authoring, catalogue
from question_bank.formats import writing
from question_bank.formats.sourced import Asked
from question_bank.formats.writing import Written
from question_bank.models import Bank

MEDIA_TYPES = {
    "gift": "text/plain",
    "aiken": "text/plain",
    "moodle-xml": "application/xml",
    "text": "text/plain",
    "qti": "application/zip",
    "excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@area.get("/desk/banks")
@requires(Permission.AUTHOR)
def index() -> ResponseReturnValue:
    """The banks that I may edit, each with the number of its questions."""
    mine = {bank.id for bank in works.editable_banks(scope())}
    return render_template("question_bank/index.html", banks=[pair for pair in catalogue.banks() if pair[0].id in mine])


@area.get("/desk/new-bank")
@requires(Permission.AUTHOR)
def new() -> ResponseReturnValue:
    """The form of a new bank."""
    form = _bank_form(formdata=None)
    form.unit.data = works.unit_to_own(scope()).code
    return render_template("question_bank/new.html", form=form)


@area.post("/desk/new-bank")
@requires(Permission.AUTHOR)
def create() -> ResponseReturnValue:
    """Make a bank."""
    form = _bank_form()
    if form.validate():
        sending = Sending()
        if sending.before is not None:
            return redirect(url_for("question_bank.bank", slug=form.slug.data), 303)
        try:
            unit = scope().unit(Permission.AUTHOR, form.unit.data)
            bank = authoring.create_bank(form.slug.data, form.title.data, arrived())
            works.own(Work.BANK, bank.id, unit.id, arrived())
        except (DomainError, IntegrityError) as error:
            db.session.rollback()
            taken = _("This short name is taken.")
            form.slug.errors = [str(say(error.message)) if isinstance(error, DomainError) else taken]
        else:
            sending.made(bank.id)
            record(actor(), "bank.made", "bank", bank.id, arrived(), unit_id=unit.id, title=bank.title)
            flash(_("The bank is there. Write its first question, or bring in a file."), "success")
            return redirect(url_for("question_bank.bank", slug=bank.slug), 303)
    return render_template("question_bank/new.html", form=form), 422


def _bank_form(**options: object) -> BankForm:
    form = BankForm(**options)
    form.unit.offer(Permission.AUTHOR)
    return form


@area.get("/desk/banks/<slug>/import")
@signed_in
def upload(slug: str) -> ResponseReturnValue:
    """The form for a file of questions."""
    return _upload_page(works.editable_bank(scope(), slug), UploadForm(formdata=None))


@area.post("/desk/banks/<slug>/import")
@signed_in
@limiter.limit("30/minute")
def look(slug: str) -> ResponseReturnValue:
    """Read a file of questions and keep it to be looked at; nothing is written into the bank yet."""
    found = works.editable_bank(scope(), slug)
    form = UploadForm()
    if form.validate():
        try:
            data, name, encoding = _sent(form)
            with aside():
                looked = read_file(data, name, found, Asked(form.format.data, encoding), at_desk=True, recall=True)
                find_near(looked, found)
            sending = Sending()
            if sending.before is not None:
                return redirect(url_for("authoring.import_page", import_id=sending.before), 303)
            row = import_questions.preview(
                data,
                name,
                bank=found,
                format=form.format.data,
                encoding=encoding,
                actor=actor(),
                unit_id=works.owner_unit_id(Work.BANK, found.id) or 0,
                now=arrived(),
                looked=looked,
            )
            seen_files.note(row, looked)
        except DomainError as error:
            db.session.rollback()
            field = form.text if form.text.data and not form.file.data else form.file
            field.errors = [str(say(error.message))]
        else:
            sending.made(row.id)
            return redirect(url_for("authoring.import_page", import_id=row.id), 303)
    return _upload_page(found, form, 422)


def _sent(form: UploadForm) -> tuple[bytes, str, str | None]:
    """The content, its name and its encoding (None: found by itself): of the file, else of the text in the form."""
    file = form.file.data
    if file:
        return file.stream.read(), file.filename or "questions", form.encoding.data or None
    if (form.text.data or "").strip():
        return form.text.data.encode(), _("Pasted text"), "utf-8"
    raise Refused(_w("Choose a file. Or paste the questions below it."))


def _upload_page(found: Bank, form: UploadForm, status: int = 200) -> ResponseReturnValue:
    return render_template("question_bank/upload.html", bank=found, form=form), status


@area.get("/desk/banks/<slug>/export")
@signed_in
def export_page(slug: str) -> ResponseReturnValue:
    """The formats in which a bank goes out."""
    return _export_page(works.editable_bank(scope(), slug))


@area.post("/desk/banks/<slug>/export")
@signed_in
@limiter.limit("30/minute")
def export(slug: str) -> ResponseReturnValue:
    """The bank as a file. What the format can't say or keep is listed first; asked again, the rest goes out."""
    found = works.editable_bank(scope(), slug)
    format = request.form.get("format", "")
    written = export_questions.export(found, format, actor(), arrived())
    if (written.left_out or written.lost) and request.form.get("anyway") != "yes":
        db.session.rollback()
        return _export_page(works.editable_bank(scope(), slug), format, written)
    name = export_questions.file_name(found, format)
    headers = {"Content-Disposition": files.disposition(name, inline=False)}
    return Response(written.data, headers=headers, mimetype=MEDIA_TYPES[format])


def _export_page(found: Bank, format: str = "", written: Written | None = None) -> ResponseReturnValue:
    return render_template(
        "question_bank/export.html", bank=found, formats=writing.FORMATS, format=format, written=written
    )


from learnhub.web.question_bank import (  # noqa: E402 (puts its views on the same blueprint)
    bank_files,  # noqa: F401
    bank_sources,  # noqa: F401
    import_desk,  # noqa: F401
    listing,  # noqa: F401
    papers,  # noqa: F401
    questions,  # noqa: F401
    reports,  # noqa: F401
    shelves,  # noqa: F401
    versions,  # noqa: F401
)
