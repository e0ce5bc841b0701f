"""My transcript, the sheets of a unit, and the public page that says whether a transcript is genuine."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from learnhub.audit.trail import record
from learnhub.identity.models import Member
from learnhub.kernel import signing
from learnhub.kernel.catalogues import reader
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.leases import DONE
from learnhub.kernel.periods import Grain, Period, following, neighbour, parse_period, period_at
from learnhub.kernel.words import _ as lazy
from learnhub.organisations.permissions import Permission
from learnhub.transcripts import document, exports, scores, sealing, sheets, spans, verification
from learnhub.transcripts.models import IssuedTranscript
from learnhub.web import files
from learnhub.web.context import actor, arrived, me, member_id, scope
from learnhub.web.guards import public, requires, signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter

area = Blueprint("transcripts", __name__)


def _period() -> Period:
    key = request.values.get("period", "")
    return parse_period(key) if key else period_at(arrived(), Grain.YEAR, house.zone)


@area.get("/transcript")
@signed_in
def own() -> ResponseReturnValue:
    """My transcript of a period, as a page."""
    return _page(me(), own=True)


@area.get("/members/<int:member_id>/transcript")
@requires(Permission.SEE_MEMBERS)
def of_member(member_id: int) -> ResponseReturnValue:
    """A member's transcript."""
    return _page(scope().member(Permission.SEE_MEMBERS, member_id), own=False)


def _page(member: Member, *, own: bool) -> ResponseReturnValue:
    period = _period()
    span = spans.of_period(period, arrived())
    return render_template(
        "transcripts/own.html",
        member=member,
        own=own,
        period=period,
        earlier=neighbour(period, -1),
        later=following(period, local_date(arrived(), house.zone)),
        content=document.content(document.facts(member, span), say),
    )


@area.post("/transcript")
@signed_in
@limiter.limit("30/minute")
def issue_own() -> ResponseReturnValue:
    """Hand out my transcript as a signed PDF or JSON file."""
    return _issue(me())


@area.post("/members/<int:member_id>/transcript")
@requires(Permission.SEE_MEMBERS)
@limiter.limit("60/minute")
def issue(member_id: int) -> ResponseReturnValue:
    """Hand out a member's transcript."""
    return _issue(scope().member(Permission.SEE_MEMBERS, member_id))


def _issue(member: Member) -> ResponseReturnValue:
    span = spans.of_period(_period(), arrived())
    language = str(get_locale() or house.default_locale)
    issued = document.issue(member, span, arrived(), actor(), reader(language))
    return file_of(issued, request.form.get("format", "pdf"))


def file_of(issued: IssuedTranscript, format: str) -> Response:
    """The file of an issued transcript."""
    if format == "json":
        response = Response(document.as_json(issued), mimetype="application/json")
    elif format == "pdf":
        response = Response(sealing.as_pdf(issued), mimetype="application/pdf")
    else:
        raise Refused(lazy("A transcript is written as %(formats)s.", formats="pdf, json"))
    name = f"{issued.document['member']['number']}-{issued.document['period']['key']}-{issued.code}.{format}"
    response.headers["Content-Disposition"] = files.disposition(name, inline=False)
    response.headers["Content-Security-Policy"] = files.SANDBOX
    return response


@area.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """The form: a check code, or a file."""
    code = request.args.get("code", "").strip()
    if code:
        return redirect(url_for("transcripts.check", code=document.normal_code(code)), 303)
    return render_template("transcripts/verify.html", result=None)


@area.get("/verify/<code>")
@public
@limiter.limit("60/minute")
def check(code: str) -> ResponseReturnValue:
    """Whether a check code is one of ours, and what the transcript said."""
    found = document.check(code)
    page = render_template("transcripts/check.html", code=document.normal_code(code), found=found)
    return page, 200 if found else 404


@area.post("/verify")
@public
@limiter.limit("20/minute")
def verify_file() -> ResponseReturnValue:
    """Whether a file is one of ours and unchanged."""
    uploaded = request.files.get("file")
    data = uploaded.read(verification.LARGEST + 1) if uploaded else b""
    if not data:
        result = {"genuine": False, "reason": _("Choose the PDF or JSON file of a transcript."), "document": None}
    else:
        result = verification.verify_file(data)
    return render_template("transcripts/verify.html", result=result)


@area.get("/verify/key")
@public
def key() -> ResponseReturnValue:
    """The public key (JWK) with which anybody can check our signatures."""
    return jsonify(signing.public_key(house.signing_key))


@area.post("/units/<code>/scores")
@requires(Permission.SEE_MEMBERS)
@limiter.limit("30/minute")
def export_scores(code: str) -> ResponseReturnValue:
    """The scores of a unit as a sheet: at once when it is short, as a job when it is long."""
    unit = scope().unit(Permission.SEE_MEMBERS, code)
    first, last = _days()
    format = request.form.get("format", "xlsx")
    language = str(get_locale() or house.default_locale)
    sheet = scores.sheet_of(unit, first, last, _day("as_at"), arrived(), reader(language))
    record(actor(), "export", "unit", unit.id, arrived(), unit_id=unit.id, sheet=sheets.file_name(sheet, format))
    if scores.size(sheet) > exports.AT_ONCE:
        job = exports.ask(member_id(), sheet, format, language, arrived())
        return redirect(url_for("transcripts.export", export_id=job.id), 303)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "sheet"
        sheets.write(sheet, format, out)
        response = Response(out.read_bytes(), mimetype=sheets.FORMATS[format])
    response.headers["Content-Disposition"] = files.disposition(sheets.file_name(sheet, format), inline=False)
    return response


def _days() -> tuple[date, date]:
    first, last = _day("from"), _day("to")
    if first is None or last is None:
        period = _period()
        first = first or period.first or spans.FIRST_DAY
        last = last or (spans.of_period(period, arrived()).last)
    return first, last


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(lazy("“%(text)s” is not a day. Write it as %(day)s.", text=text, day=_today())) from None


def _today() -> str:
    return local_date(arrived(), house.zone).isoformat()


@area.get("/exports")
@requires(Permission.SEE_MEMBERS)
def list_exports() -> ResponseReturnValue:
    """My exports."""
    return render_template("transcripts/exports.html", jobs=exports.of_member(scope()), now=arrived())


@area.get("/exports/<int:export_id>")
@requires(Permission.SEE_MEMBERS)
def export(export_id: int) -> ResponseReturnValue:
    """How far an export is, and its file when it is done."""
    job = exports.find(scope(), export_id)
    return render_template("transcripts/export.html", job=job, over=exports.is_over(job, arrived()))


@area.get("/exports/<int:export_id>/file")
@requires(Permission.SEE_MEMBERS)
def export_file(export_id: int) -> ResponseReturnValue:
    """The file of an export: asked for again, whether one may have it."""
    job = exports.find(scope(), export_id)
    if job.state != DONE or exports.is_over(job, arrived()):
        flash(_("This file is not there (any more). Export again."), "warning")
        return redirect(url_for("transcripts.export", export_id=job.id), 303)
    return files.answer(job.file_digest, job.file_name, sheets.FORMATS[job.format], download=True)
