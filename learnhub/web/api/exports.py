"""Exports as jobs: ask, look, fetch."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from flask_babel import get_locale
from pydantic import BaseModel, Field

from learnhub.audit.trail import record
from learnhub.kernel.catalogues import reader
from learnhub.kernel.clock import iso
from learnhub.kernel.errors import Conflict
from learnhub.kernel.house import house
from learnhub.kernel.leases import DONE
from learnhub.kernel.words import Message, _
from learnhub.organisations.permissions import Permission
from learnhub.transcripts import exports, scores, sheets
from learnhub.transcripts.models import ExportJob
from learnhub.web import files
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.context import actor, arrived, member_id, scope
from learnhub.web.guards import requires
from learnhub.web.language import say


class ExportRequest(Body):
    """The scores of a unit and all below it, from one day to another (both included)."""

    unit: str = Field(max_length=64)
    from_: date = Field(alias="from")
    to: date
    as_at: date | None = None
    format: Literal["xlsx", "csv", "json"] = "xlsx"


class ExportAnswer(BaseModel):
    """An export: waiting, running, done or failed."""

    id: str
    state: str
    done: int
    total: int
    format: str
    file_name: str
    created_at: str
    expires_at: str | None
    error: str | None


@api.post("/exports")
@documented(tag="exports", body=ExportRequest, answer=ExportAnswer, status=202)
@requires(Permission.SEE_MEMBERS)
def ask_export(body: ExportRequest) -> ExportAnswer:
    """Ask for a score sheet; the clock writes it."""
    unit = scope().unit(Permission.SEE_MEMBERS, body.unit)
    language = str(get_locale() or house.default_locale)
    sheet = scores.sheet_of(unit, body.from_, body.to, body.as_at, arrived(), reader(language))
    job = exports.ask(member_id(), sheet, body.format, language, arrived())
    name = sheets.file_name(sheet, body.format)
    record(actor(), "export", "unit", unit.id, arrived(), unit_id=unit.id, sheet=name)
    return _answer(job)


@api.get("/exports/<int:export_id>")
@documented(tag="exports", answer=ExportAnswer)
@requires(Permission.SEE_MEMBERS)
def show_export(export_id: int) -> ExportAnswer:
    """How far an export of mine is."""
    return _answer(exports.find(scope(), export_id))


@api.get("/exports/<int:export_id>/file")
@documented(tag="exports", errors=(409,))
@requires(Permission.SEE_MEMBERS)
def fetch_export(export_id: int) -> Any:
    """The file of an export of mine."""
    job = exports.find(scope(), export_id)
    if job.state != DONE or exports.is_over(job, arrived()):
        raise Conflict(_("This file is not there (any more). Export again."), state=job.state)
    return files.answer(job.file_digest, job.file_name, sheets.FORMATS[job.format], download=True)


def _answer(job: ExportJob) -> ExportAnswer:
    return ExportAnswer(
        id=str(job.id),
        state=job.state,
        done=job.done,
        total=job.total,
        format=job.format,
        file_name=job.file_name,
        created_at=iso(job.created_at),
        expires_at=iso(job.expires_at) if job.expires_at else None,
        error=str(say(Message.from_json(job.error))) if job.error else None,
    )
