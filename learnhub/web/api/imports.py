"""Imports: send a file of questions, a course or a roster, and look at what became of it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, request
from pydantic import BaseModel, Field, ValidationError
from werkzeug.datastructures import FileStorage

from learnhub.audit import imports
from learnhub.audit.imports import Report
from learnhub.audit.models import Import
from learnhub.authorship import works
from learnhub.journeys import import_course, import_questions, import_roster
from learnhub.kernel.clock import iso
from learnhub.kernel.db import aside
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.organisations.permissions import Permission
from learnhub.organisations.roster.asking import Asked
from learnhub.web.api.blueprint import Query, api, documented
from learnhub.web.context import actor, arrived, scope
from learnhub.web.errors import problem
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.limits import limiter
from question_bank import authoring

LARGEST_NAME = 255


class RefusalAnswer(BaseModel):
    """A row, a question or a file of the package that was refused."""

    where: str
    reason: str


class RosterRowAnswer(BaseModel):
    """A row of a roster and what it would do: new, changed, transfer, same or refused."""

    where: str
    number: str
    name: str
    verdict: str
    reason: str | None
    changes: dict[str, dict[str, str]]


class ImportReport(BaseModel):
    """What an import did, or would do."""

    kind: str
    format: str
    imported: int
    updated: int
    skipped: int
    refused: list[RefusalAnswer]
    warnings: list[str]
    ids: list[str]
    undo: str | None
    transferred: int = 0
    missing: int = Field(0, description="Of a roster: members of the units that it names who are not in it.")
    questions: list[dict[str, Any]] | None = Field(None, description="In a dry run of questions: every one of them.")
    rows: list[RosterRowAnswer] | None = Field(None, description="In a dry run of a roster: every row.")


class ImportAnswer(ImportReport):
    """An import of the register: previewed, accepted or undone."""

    id: str
    state: str
    file_name: str
    target: str
    created_at: str
    accepted_at: str | None
    undone_at: str | None


class ImportQuery(Query):
    """These may stand in the form as well, beside the file."""

    kind: str = "questions"
    bank: str = ""
    unit: str = ""
    format: str = "auto"
    encoding: str = ""
    dry_run: bool = False
    strict: bool = False
    create_units: bool = False


@api.post("/imports")
@documented(tag="imports", answer=ImportReport, query=ImportQuery, status=201, errors=(413,))
@signed_in
@limiter.limit("30/minute")
def bring(query: ImportQuery) -> Any:
    """Send a file as multipart/form-data: the field `file`, and as fields or in the query its `kind`.

    `questions` name their `bank` (made when it does not exist, for the `unit` of that code or one's own); a `course`
    belongs to the `unit`; a `roster` names the `unit` of rows that name none, and makes unknown units with
    `create_units`. `dry_run` writes nothing, `strict` takes a file of questions as a whole or not at all.
    """
    asked = _asked(query)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(_("Send the file as multipart/form-data in the field “file”."))
    kinds = {import_questions.KIND: _questions, import_course.KIND: _course, import_roster.KIND: _roster}
    if asked.kind not in kinds:
        raise Refused(_("The kind of an import is one of %(kinds)s.", kinds=", ".join(kinds)))
    report = kinds[asked.kind](file, asked)
    answer = ImportReport(**_in_words(asked.kind, report))
    if report["refused"] and not asked.dry_run and not report["undo"] and not answer.skipped:
        return _nothing(answer)
    return answer, 201 if report["undo"] else 200


def _asked(query: ImportQuery) -> ImportQuery:
    try:
        return ImportQuery.model_validate({**query.model_dump(), **request.form.to_dict()})
    except ValidationError:
        raise Refused(_("Some fields are not as they should be.")) from None


def _roster(file: FileStorage, asked: ImportQuery) -> Report:
    unit = scope().unit(Permission.MANAGE_MEMBERS, asked.unit)
    how = Asked(encoding=asked.encoding or None, create_units=asked.create_units)
    bring_in = import_roster.dry_run if asked.dry_run else import_roster.carry_out
    with aside() if asked.dry_run else nullcontext():
        return bring_in(file.stream.read(), _name(file), unit=unit, actor=actor(), now=arrived(), asked=how)


def _questions(file: FileStorage, asked: ImportQuery) -> Report:
    unit = works.unit_to_own(scope(), asked.unit)
    data, name, encoding = file.stream.read(), _name(file), asked.encoding or None
    if not asked.bank:
        raise Refused(_("Name the bank that the questions go into."))
    if asked.dry_run:
        if authoring.find_bank(asked.bank) is not None:
            works.editable_bank(scope(), asked.bank)
        with aside():
            return import_questions.dry_run(data, name, format=asked.format, encoding=encoding, bank_slug=asked.bank)
    return import_questions.carry_out(
        data,
        name,
        bank_slug=asked.bank,
        format=asked.format,
        encoding=encoding,
        strict=asked.strict,
        actor=actor(),
        unit=unit,
        now=arrived(),
    )


def _course(file: FileStorage, asked: ImportQuery) -> Report:
    unit = works.unit_to_own(scope(), asked.unit)
    name = _name(file)
    with TemporaryDirectory(prefix="learnhub-import-") as folder:
        path = Path(folder) / f"package{PurePosixPath(name).suffix[:10]}"
        file.save(path)
        if asked.dry_run:
            return import_course.dry_run(path, name, format=asked.format)
        return import_course.carry_out(path, name, format=asked.format, actor=actor(), unit=unit, now=arrived())


def _name(file: FileStorage) -> str:
    return (file.filename or "file")[-LARGEST_NAME:]


def _nothing(answer: ImportReport) -> Response:
    why = _("Nothing was imported.")
    return problem(422, why, **answer.model_dump(include={"kind", "format", "refused", "warnings"}))


@api.get("/imports/<int:import_id>")
@documented(tag="imports", answer=ImportAnswer)
@signed_in
def show_import(import_id: int) -> ImportAnswer:
    """An import of mine and its report."""
    row: Import = works.visible_import(scope(), import_id)
    return ImportAnswer(
        **_in_words(row.kind, {"format": row.format, **imports.read_back(row)}),
        id=str(row.id),
        state=row.state,
        file_name=row.file_name,
        target=row.target,
        created_at=iso(row.created_at),
        accepted_at=iso(row.accepted_at) if row.accepted_at else None,
        undone_at=iso(row.undone_at) if row.undone_at else None,
    )


def _in_words(kind: str, report: Report) -> dict[str, Any]:
    """The report with its reasons and warnings in the reader's language."""
    return {
        "kind": kind,
        "format": report["format"],
        "imported": report.get("imported", 0),
        "updated": report.get("updated", 0),
        "skipped": report.get("skipped", 0),
        "refused": [{"where": one["where"], "reason": say(one["reason"])} for one in report["refused"]],
        "warnings": [say(one) for one in report["warnings"]],
        "ids": report.get("ids", []),
        "undo": report.get("undo"),
        "transferred": report.get("transferred", 0),
        "missing": report.get("missing", 0),
        "questions": report.get("questions"),
        "rows": [{**one, "reason": say(one["reason"]) if one["reason"] else None} for one in report.get("rows", [])]
        or None,
    }
