"""Who belongs to a unit and all below it: a table with search, and the form to add one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import invite_members, join_organisation
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.organisations import belonging
from learnhub.organisations.at_day import AtDay
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields
from learnhub.web import as_at
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import MemberForm
from learnhub.web.organisations.views import PAGE, area
from learnhub.web.tables import Column, Row, Table, View

MEMBERS = Table(
    (
        Column("name", _w("Name")),
        Column("number", _w("Number")),
        Column("unit", _w("Unit")),
        Column("post", _w("Post")),
        Column("since", _w("Since"), down=True),
        Column("state", _w("State")),
    ),
    sort="number",
    filters=("q", as_at.NAME),
)


@area.get("/units/<code>/members")
@requires(Permission.SEE_MEMBERS)
def members(code: str) -> ResponseReturnValue:
    """Who belongs to a unit and all below it, today or as at a day, with search; and the form to add one."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    return _members_page(found, MemberForm(formdata=None))


def _members_page(found: Unit, form: MemberForm, status: int = 200) -> ResponseReturnValue:
    view = MEMBERS.read(request.args, "organisations.members", code=found.code)
    asked = as_at.read(request.args)
    by_phone = "phone" not in fields.hidden(administrator=scope().reaches(Permission.ADMINISTER, found.id))
    found_here = belonging.Belonging(found, view.filters.get("q", ""), asked.at, by_phone=by_phone)
    view = view.limited(*belonging.walked_orders(asked.at)) if found_here.long else view
    pages = max(1, -(-min(found_here.total, belonging.MOST) // PAGE))
    rows = _rows(found_here, view, pages, asked.at)
    may_add = scope().reaches(Permission.MANAGE_MEMBERS, found.id) and not asked.at.past
    shown = [row.item.Member for row in rows]
    higher = invite_members.who_holds_more(scope(), [one.id for one in shown]) if may_add else set()
    page = render_template(
        "organisations/members.html",
        mails=bool(house.mail_url),
        unit=found,
        view=view,
        asked=asked,
        rows=rows,
        higher={one.id: one.name for one in shown if one.id in higher},
        total=found_here.total,
        most=belonging.MOST,
        leaf=view.leaf(pages),
        form=form,
        may_add=may_add,
    )
    return page, 422 if asked.fault else status


def _rows(found: belonging.Belonging, view: View, pages: int, at: AtDay) -> list[Row]:
    """The rows of a page; of the past those have a link who are still in reach."""
    first = (min(view.page, pages) - 1) * PAGE
    rows = found.rows(view.key, first, PAGE, down=view.down)
    ids = [row.Member.id for row in rows]
    linked = scope().among(Permission.SEE_MEMBERS, ids) if at.past else set(ids)
    return [Row(row, as_at.member_url(row.Member.id, linked), str(row.Member.id), row.name) for row in rows]


@area.post("/units/<code>/members")
@requires(Permission.MANAGE_MEMBERS)
def add_member(code: str) -> ResponseReturnValue:
    """Add a member to a unit."""
    found = scope().unit(Permission.MANAGE_MEMBERS, code)
    form = MemberForm()
    if not form.validate():
        return _members_page(found, form, 422)
    try:
        member = join_organisation.join(
            actor(),
            found,
            form.number.data,
            form.name.data,
            arrived(),
            password=form.password.data or None,
            post=form.post.data or "",
            starts_on=form.starts_on.data,
        )
    except Refused as refusal:
        db.session.rollback()
        form.number.errors = [say(refusal.message)]
        return _members_page(scope().unit(Permission.MANAGE_MEMBERS, code), form, 422)
    flash(_("%(name)s was added.", name=member.name), "success")
    return redirect(url_for("organisations.members", code=code), 303)
