"""A roster's way in at the desk: the file, the preview with every row, the columns, the mended rows, the yes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select

from learnhub.audit import imports
from learnhub.audit.models import Import, ImportAct, ImportState
from learnhub.identity.models import Member
from learnhub.journeys import import_roster, invite_members, roster_tasks, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, DomainError, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.kernel.words import _ as lazy
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields
from learnhub.organisations.roster import lines, reversal
from learnhub.organisations.roster.asking import Asked
from learnhub.organisations.roster.columns import FIELD_NAMES, Field
from learnhub.organisations.roster.comparing import Verdict
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import number, say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.rosters.forms import RosterForm, RowForm, columns_form
from learnhub.web.tables import Column, Row, Table

area = Blueprint("rosters", __name__)

PAGE = 50
MOST_NAMED = 500
"""So many members who stayed are listed by name."""
ROWS = Table(
    (
        Column("name", _w("Name"), sorts=False),
        Column("number", _w("Number"), sorts=False),
        Column("verdict", _w("Outcome"), sorts=False),
        Column("what", _w("Change or reason"), sorts=False),
        Column("mend", _w("Fix"), sorts=False),
        Column("unit", _w("Unit"), sorts=False),
        Column("post", _w("Post"), sorts=False, shown=False),
        Column("phone", _w("Phone"), sorts=False, shown=False),
        Column("email", _w("E-mail"), sorts=False, shown=False),
        Column("where", _w("Row"), sorts=False),
    ),
    filters=("show",),
)
VERDICTS = {
    Verdict.NEW: (_w("new"), "success"),
    Verdict.CHANGED: (_w("changed"), "warning"),
    Verdict.TRANSFER: (_w("transfer"), "warning"),
    Verdict.SAME: (_w("same"), "neutral"),
    Verdict.REFUSED: (_w("refused"), "danger"),
    Verdict.MISSING: (_w("missing"), "warning"),
}


@area.get("/units/<code>/roster")
@requires(Permission.MANAGE_MEMBERS)
def upload(code: str) -> ResponseReturnValue:
    """The form for a roster."""
    return _upload_page(scope().unit(Permission.MANAGE_MEMBERS, code), RosterForm(formdata=None))


def _upload_page(found: Unit, form: RosterForm, status: int = 200) -> ResponseReturnValue:
    may_make = scope().reaches(Permission.ADMINISTER, found.id)
    return render_template("rosters/upload.html", unit=found, form=form, may_make=may_make), status


@area.post("/units/<code>/roster")
@requires(Permission.MANAGE_MEMBERS)
@limiter.limit("30/minute")
def look(code: str) -> ResponseReturnValue:
    """Read a roster and keep it to be looked at; nothing is written into the books yet."""
    found = scope().unit(Permission.MANAGE_MEMBERS, code)
    form = RosterForm()
    if not form.validate():
        return _upload_page(found, form, 422)
    file = form.file.data
    name = PurePath((file.filename or "roster.xlsx").replace("\\", "/")).name
    asked = Asked(encoding=form.encoding.data or None, create_units=bool(form.create_units.data))
    data = file.stream.read()
    take_in = roster_tasks.take_in if roster_tasks.is_long(len(data)) else import_roster.preview
    try:
        row = take_in(data, name, unit=found, actor=actor(), now=arrived(), asked=asked)
    except DomainError as error:
        db.session.rollback()
        form.file.errors = [str(say(error.message))]
        return _upload_page(scope().unit(Permission.MANAGE_MEMBERS, code), form, 422)
    return redirect(url_for("rosters.show", import_id=row.id), 303)


@area.get("/rosters/<int:import_id>")
@signed_in
def show(import_id: int) -> ResponseReturnValue:
    """A roster: each row with what it does, as it was when it was read; after it was accepted what was done."""
    return _page(import_roster.visible(scope(), import_id))


def _page(row: Import, status: int = 200, **shown: Any) -> ResponseReturnValue:
    unit = db.session.get_one(Unit, row.unit_id)
    task = roster_tasks.latest(row)
    busy = roster_tasks.is_busy(task)
    waits = row.state == ImportState.PREVIEWED
    page: dict[str, Any] = {
        "row": row,
        "unit": unit,
        "states": ImportState,
        "task": task,
        "busy": busy,
        "acts": ImportAct,
        "mails": bool(house.mail_url),
        "waits": waits,
        "looked": "lines" in row.report,
        "report": imports.read_back(row),
        "unmoved": reversal.named(row.report.get("unmoved", [])[:MOST_NAMED]),
    }
    if row.state == ImportState.ACCEPTED and not busy:
        page["higher"] = _holding_more(row)
    if waits and not busy and page["looked"]:
        page |= {**_rows(row), **_forms(row), **shown}
    return render_template("rosters/roster.html", **page), status


def _holding_more(row: Import) -> list[str]:
    """The new members who have come to hold a role, by name: they get no code from this person."""
    higher = invite_members.who_holds_more(scope(), [int(one) for one in row.object_ids])
    named = select(Member.name).where(Member.id.in_(higher)).order_by(Member.number)
    return list(db.session.scalars(named)) if higher else []


def _rows(row: Import) -> dict[str, Any]:
    """The table of rows, of one verdict or all; those who are missing are lines of their own."""
    report = row.report
    view = ROWS.read(request.args, "rosters.show", import_id=row.id)
    wanted = view.filters.get("show", "")
    counts = _counts(report)
    total = counts.get(Verdict(wanted), 0) if wanted in set(Verdict) else sum(counts.values())
    pages = max(1, -(-total // PAGE))
    start = (min(view.page, pages) - 1) * PAGE
    kinds = [("", _("All"), sum(counts.values()))]
    kinds += [(str(one), say(VERDICTS[one][0]), counts[one]) for one in Verdict if counts[one]]
    found = lines.page(report["lines"], wanted, start, PAGE)
    return {
        "view": view,
        "rows": [Row(one) for one in found],
        "unit_names": _unit_names({one.row.unit for one in found}),
        "total": total,
        "leaf": view.leaf(pages),
        "kinds": [(f"{label} {number(n)}", view.url(show=key or None), key == wanted) for key, label, n in kinds],
        "verdicts": VERDICTS,
        "field_names": FIELD_NAMES,
        "detail_names": _details(row),
        "much_is_missing": report["much_is_missing"],
        "writes": report["imported"] + report["updated"],
        "ready": report["ready"],
    }


def _unit_names(typed: set[str]) -> dict[str, str]:
    """The names of units that the file gives by code, of those that the person may see."""
    query = select(Unit.code, Unit.name).where(Unit.code.in_(typed), scope().covers(Permission.MANAGE_MEMBERS, Unit.id))
    return {code: name for code, name in db.session.execute(query)}


def _counts(report: dict[str, Any]) -> dict[Verdict, int]:
    return {
        Verdict.NEW: report["imported"],
        Verdict.CHANGED: report["updated"] - report["transferred"],
        Verdict.TRANSFER: report["transferred"],
        Verdict.SAME: report["skipped"],
        Verdict.REFUSED: len(report["refused"]),
        Verdict.MISSING: report["missing"],
    }


def _forms(row: Import) -> dict[str, Any]:
    wanted = request.args.get("mend", "")
    there = lines.row_at(row.report["lines"], wanted) if wanted else None
    return {
        "columns": _columns_form(row, formdata=None),
        "mend": _row_form(row).of(there) if there else None,
        "mended": there,
    }


def _row_form(row: Import) -> type[RowForm]:
    in_file = row.report.get("details", {})
    return RowForm.with_details({key: name for key, name in _details(row).items() if key in in_file})


def _columns_form(row: Import, **options: Any) -> Any:
    columns = {**row.report["columns"], **row.report.get("details", {})}
    return columns_form(row.report["titles"], columns, _details(row), **options)


def _details(row: Import) -> dict[str, str]:
    """The organisation's own fields that the person may bring into the unit, and what they are called."""
    if row.format == "oneroster":
        return {}
    unit = db.session.get_one(Unit, row.unit_id)
    language = str(get_locale() or house.default_locale)
    own = import_roster.details_for(unit, actor(), arrived()).fields
    return {key: str(say(fields.label_of(one, language))) for key, one in own.items()}


def _read_again(row: Import, asked: Asked) -> None:
    """Read the file in another way: at once, or by the clock when it is long."""
    if roster_tasks.latest(row) is not None:
        roster_tasks.ask(row, ImportAct.LOOK, actor(), arrived(), asked=asked)
    else:
        import_roster.mend(row, asked, actor(), arrived())


@area.post("/rosters/<int:import_id>/columns")
@signed_in
def choose_columns(import_id: int) -> ResponseReturnValue:
    """Say which column holds what."""
    row = import_roster.visible(scope(), import_id, lock=True)
    _require_looked(row)
    form = _columns_form(row)
    if not form.validate():
        return _page(row, 422, columns=form)
    chosen = {one: int(form[str(one)].data) if form[str(one)].data else None for one in Field}
    details = {key: int(form[key].data) if form[key].data else None for key in _details(row)}
    _read_again(row, replace(import_roster.asked_of(row), columns=chosen, details=details))
    return redirect(url_for("rosters.show", import_id=import_id), 303)


def _require_looked(row: Import) -> None:
    import_roster.require_preview(row)
    roster_tasks.require_idle(row)
    if "lines" not in row.report:
        raise Refused(lazy("This file could not be read. Choose another one."))


@area.post("/rosters/<int:import_id>/rows")
@signed_in
def mend(import_id: int) -> ResponseReturnValue:
    """Mend a row, or leave it out."""
    row = import_roster.visible(scope(), import_id, lock=True)
    _require_looked(row)
    form = _row_form(row)()
    there = lines.row_at(row.report["lines"], form.where.data or "")
    if there is None or not form.validate():
        return _page(row, 422, mend=form if there else None, mended=there)
    asked = import_roster.asked_of(row)
    change = None if request.form.get("act") == "leave" else asked.mended(there.where, form.said, form.details)
    _read_again(row, replace(asked, rows={**(asked.rows or {}), there.where: change}))
    flash(_("The row is left out.") if change is None else _("The row is changed."), "success")
    return redirect(url_for("rosters.show", import_id=import_id, show=request.form.get("show") or None), 303)


@area.post("/rosters/<int:import_id>/accept")
@signed_in
def accept(import_id: int) -> ResponseReturnValue:
    """Write what was looked at."""
    row = import_roster.visible(scope(), import_id, lock=True)
    if row.state != ImportState.PREVIEWED or roster_tasks.is_busy(roster_tasks.latest(row)):
        return _pressed_before(row)
    _require_looked(row)
    meant = bool(request.form.get("missing"))
    if row.report["much_is_missing"] and not meant:
        return _page(row, 422, not_meant=True)
    if roster_tasks.latest(row) is not None:
        roster_tasks.ask(row, ImportAct.ACCEPT, actor(), arrived(), although_missing=meant)
        return redirect(url_for("rosters.show", import_id=import_id), 303)
    try:
        report = import_roster.accept(row, actor(), arrived(), although_missing=meant)
    except Conflict as conflict:
        import_roster.mend(row, import_roster.asked_of(row), actor(), arrived())
        flash(str(say(conflict.message)), "warning")
    else:
        flash(
            _(
                "Done: %(imported)s new, %(updated)s changed, %(skipped)s left as they are.",
                imported=report["imported"],
                updated=report["updated"],
                skipped=report["skipped"],
            ),
            "success",
        )
    return redirect(url_for("rosters.show", import_id=import_id), 303)


def _pressed_before(row: Import) -> ResponseReturnValue:
    """What a second click, or another tab, is told: what was asked for is under way or done."""
    if roster_tasks.is_busy(roster_tasks.latest(row)):
        flash(_("This file is being worked on already."), "info")
    elif row.state == ImportState.UNDONE:
        flash(_("This import was taken back already."), "info")
    else:
        flash(_("This import was accepted already."), "info")
    return redirect(url_for("rosters.show", import_id=row.id), 303)


@area.post("/rosters/<int:import_id>/undo")
@signed_in
def undo(import_id: int) -> ResponseReturnValue:
    """Take a roster back."""
    row = import_roster.visible(scope(), import_id, lock=True)
    if row.state == ImportState.UNDONE or roster_tasks.is_busy(roster_tasks.latest(row)):
        return _pressed_before(row)
    if roster_tasks.latest(row) is not None:
        imports.require_standing(row)
        roster_tasks.ask(row, ImportAct.UNDO, actor(), arrived())
        return redirect(url_for("rosters.show", import_id=import_id), 303)
    try:
        done = undo_import.undo(import_id, actor(), arrived())
    except DomainError as error:
        db.session.rollback()
        import_roster.visible(scope(), import_id)
        flash(str(say(error.message)), "warning")
    else:
        flash(
            _(
                "The import is taken back: %(gone)s members went, %(left)s stay as members who left, %(back)s are as "
                "they were.",
                gone=done["withdrawn"],
                left=done["left"],
                back=done["restored"],
            ),
            "success",
        )
        if stays := done.get("stays"):
            flash(_("%(n)s members hold a role or retired since; they stay members.", n=stays), "info")
        if unmoved := done.get("unmoved"):
            flash(_("%(n)s members stay in their new unit: the one of before is closed.", n=unmoved), "info")
    return redirect(url_for("rosters.show", import_id=import_id), 303)


from learnhub.web.rosters import again, mailing, slips  # noqa: E402, F401 (put their views on the same blueprint)
