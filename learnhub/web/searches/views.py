"""The search builder: conditions in the address, searches under a name, and the found as a file."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from learnhub.audit.trail import record
from learnhub.identity.models import MemberState
from learnhub.kernel.cells import write_csv
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.organisations.at_day import AtDay
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields
from learnhub.organisations.search import criteria, found, saved
from learnhub.transcripts.sheets import FORMATS, clean
from learnhub.web import as_at, files
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.searches import asked as asking
from learnhub.web.searches.asked import NAMES, Asked
from learnhub.web.tables import Column, Row, Table, View

area = Blueprint("searches", __name__)

PAGE = 50
MOST_EXPORTED = 20_000
"""Members that one request writes into a file."""
FOUND = Table(
    (
        Column("name", _w("Name")),
        Column("number", _w("Number")),
        Column("unit", _w("Unit")),
        Column("post", _w("Post")),
        Column("since", _w("Since"), down=True),
        Column("state", _w("State")),
        Column("phone", _w("Phone"), shown=False),
        Column("email", _w("E-mail"), shown=False),
        Column("seen", _w("Last signed in"), sorts=False),
    ),
    sort="number",
    filters=(*NAMES, as_at.NAME),
)
STATES = {MemberState.ACTIVE: _w("active"), MemberState.RETIRED: _w("in retirement"), MemberState.LEFT: _w("left")}


def criteria_of(unit: Unit, *, past: bool = False) -> list[criteria.Criterion]:
    """What the person may ask for about members of a unit, today or in the past, named in their language."""
    return criteria.asked_for(str(get_locale() or house.default_locale), administrator=_above(unit), past=past)


def _above(unit: Unit) -> bool:
    return scope().reaches(Permission.ADMINISTER, unit.id)


def _table(unit: Unit, at: AtDay) -> Table:
    """The columns of what is found, without the fields that the person does not see, or that nobody knows any more."""
    hidden = fields.hidden(administrator=_above(unit)) | ({"seen"} if at.past else set())
    return replace(FOUND, columns=tuple(one for one in FOUND.columns if one.key not in hidden))


def _query(unit: Unit, asked: Asked, at: AtDay, *, long: bool = False) -> Any:
    return found.members(scope(), unit, asked.conditions, asked.any_of, at, long=long)


@area.get("/units/<code>/search")
@requires(Permission.SEE_MEMBERS)
def search(code: str) -> ResponseReturnValue:
    """The builder and what is found; the address carries the search."""
    unit = scope().unit(Permission.SEE_MEMBERS, code)
    day = as_at.read(request.args)
    known = criteria_of(unit, past=day.at.past)
    asked = asking.read(request.args, known)
    view = _table(unit, day.at).read(_with(request.args, asked), "searches.search", code=unit.code)
    query = _query(unit, asked, day.at)
    total = found.count(query, MOST_EXPORTED)
    if total > MOST_EXPORTED:
        view, query = view.limited(*found.walked_orders(day.at)), _query(unit, asked, day.at, long=True)
    pages = max(1, -(-min(total, MOST_EXPORTED) // PAGE))
    start = (min(view.page, pages) - 1) * PAGE
    ordered = found.ordered(query, view.key, view.down, day.at).offset(start).limit(PAGE)
    page = render_template(
        "searches/search.html",
        unit=unit,
        asked=asked,
        day=day,
        criteria=[(one.key, say(one.label)) for one in known],
        most=asking.MOST,
        view=view,
        rows=_linked(db.session.execute(ordered).all(), day.at),
        total=total,
        leaf=view.leaf(pages),
        kept=saved.of_unit(scope(), unit),
        own_id=scope().member_id,
        most_exported=MOST_EXPORTED,
    )
    return page, 422 if asked.faulty or day.fault else 200


def _linked(rows: Sequence[Any], at: AtDay) -> list[Row]:
    """The rows of a page; of the past those have a link who are still in reach."""
    ids = [row.Member.id for row in rows]
    linked = scope().among(Permission.SEE_MEMBERS, ids) if at.past else set(ids)
    return [Row(_shown(row), as_at.member_url(row.Member.id, linked)) for row in rows]


def _with(arguments: Any, asked: Asked) -> Any:
    """The arguments of the table, with the conditions as they are understood."""
    kept = arguments.copy()
    for name in NAMES:
        kept.poplist(name)
    kept.update(asked.parameters())
    return kept


def _shown(row: Any) -> dict[str, Any]:
    """A found member by the keys of the columns: texts and days."""
    return {
        "name": row.name,
        "number": row.Member.number,
        "unit": row.Unit.name,
        "post": row.Membership.post,
        "since": row.Membership.starts_on,
        "state": str(say(STATES.get(row.state, row.state))),
        "phone": row.phone or "",
        "email": row.email or "",
        "seen": local_date(row.seen, house.zone) if row.seen else "",
    }


@area.post("/units/<code>/search")
@requires(Permission.SEE_MEMBERS)
def keep(code: str) -> ResponseReturnValue:
    """Keep a search under a name."""
    unit = scope().unit(Permission.SEE_MEMBERS, code)
    asked = asking.read(request.form, criteria_of(unit))
    name, shared = request.form.get("name", ""), bool(request.form.get("shared"))
    try:
        made = saved.keep(actor(), unit, name, asked.conditions, arrived(), any_of=asked.any_of, shared=shared)
    except Refused as refusal:
        db.session.rollback()
        flash(str(say(refusal.message)), "warning")
    else:
        flash(_("The search “%(name)s” is saved.", name=made.name), "success")
    day = as_at.read(request.form).day
    return redirect(_address(unit, asked.parameters() | ({as_at.NAME: day} if day else {})), 303)


def _address(unit: Unit, parameters: dict[str, Any]) -> str:
    return url_for("searches.search", code=unit.code, **parameters)


@area.get("/searches/<int:search_id>")
@requires(Permission.SEE_MEMBERS)
def kept(search_id: int) -> ResponseReturnValue:
    """A search that was kept: its address, without what the reader can't ask for."""
    one = saved.visible(scope(), search_id)
    unit = db.session.get_one(Unit, one.unit_id)
    return redirect(_address(unit, asking.kept(one.conditions, one.any_of, criteria_of(unit))), 303)


@area.post("/searches/<int:search_id>/remove")
@requires(Permission.SEE_MEMBERS)
def remove(search_id: int) -> ResponseReturnValue:
    """Forget a search of one's own."""
    one = saved.visible(scope(), search_id)
    unit = db.session.get_one(Unit, one.unit_id)
    saved.remove(actor(), one, arrived())
    flash(_("The search is removed."), "success")
    return redirect(url_for("searches.search", code=unit.code), 303)


@area.post("/units/<code>/search/export")
@requires(Permission.SEE_MEMBERS)
def export(code: str) -> ResponseReturnValue:
    """The found members as a file, with the columns that are shown."""
    unit = scope().unit(Permission.SEE_MEMBERS, code)
    day = as_at.read(request.form)
    asked = asking.read(request.form, criteria_of(unit, past=day.at.past))
    if asked.faulty or day.fault:
        raise Refused(_w("This search can't be asked. Mend it before you export what it finds."))
    format = request.form.get("format", "xlsx")
    if format not in ("xlsx", "csv"):
        raise Refused(_w("A sheet is written as %(formats)s.", formats="xlsx, csv"))
    view = _table(unit, day.at).read(_with(request.form, asked), "searches.search", code=code)
    query = _query(unit, asked, day.at)
    total = found.count(query, MOST_EXPORTED)
    if total > MOST_EXPORTED:
        raise Refused(_w("More than %(n)s members are found. Ask for fewer, or export a unit below.", n=MOST_EXPORTED))
    search = asked.parameters() | ({as_at.NAME: day.at.day.isoformat()} if day.at.past else {})
    record(actor(), "export", "unit", unit.id, arrived(), unit_id=unit.id, members=total, search=search)
    rows = (_shown(row) for row in found.stream(found.ordered(query, view.key, view.down, day.at)))
    body = _as_csv(view, rows) if format == "csv" else _as_xlsx(view, rows)
    answer = Response(body, mimetype=FORMATS[format])
    name = f"{unit.code}-{day.at.day.isoformat()}.{format}"
    answer.headers["Content-Disposition"] = files.disposition(name, inline=False)
    return answer


def _headings(view: View) -> list[str]:
    return [str(say(column.heading)) for column in view.columns]


def _as_csv(view: View, rows: Iterator[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    write_csv(out, _headings(view), ([row[column.key] for column in view.columns] for row in rows), bom=True)
    return out.getvalue().encode()


def _as_xlsx(view: View, rows: Iterator[dict[str, Any]]) -> bytes:
    """Every cell is written as text: nothing becomes a formula, a link or a shortened number."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.xlsx"
        book = xlsxwriter.Workbook(str(out), {"constant_memory": True})
        page, bold = book.add_worksheet(_("Members")), book.add_format({"bold": True})
        for at, heading in enumerate(_headings(view)):
            page.write_string(0, at, heading, bold)
        for line, row in enumerate(rows, 1):
            for at, column in enumerate(view.columns):
                page.write_string(line, at, clean(str(row[column.key])))
        book.close()
        return out.read_bytes()
