"""Who belongs to a unit and all below it: a table with search, and the form to add one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select

from learnhub.identity.models import Member
from learnhub.journeys import invite_members, join_organisation
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.organisations import units
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields
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
    filters=("q",),
)
ORDERS: dict[str, Any] = {
    "name": Member.name,
    "number": Member.number,
    "unit": Unit.code,
    "post": Membership.post,
    "since": Membership.starts_on,
    "state": Member.state,
}


@area.get("/units/<code>/members")
@requires(Permission.SEE_MEMBERS)
def members(code: str) -> ResponseReturnValue:
    """Who belongs to a unit and all below it today, with search; and the form to add one."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    return _members_page(found, MemberForm(formdata=None))


def _members_page(found: Unit, form: MemberForm, status: int = 200) -> ResponseReturnValue:
    view = MEMBERS.read(request.args, "organisations.members", code=found.code)
    query = _belonging(found, view.filters.get("q", ""))
    total = db.session.scalar(query.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PAGE))
    rows = _rows(query, view, pages)
    may_add = scope().reaches(Permission.MANAGE_MEMBERS, found.id)
    shown = [row.item.Member for row in rows]
    higher = invite_members.who_holds_more(scope(), [one.id for one in shown]) if may_add else set()
    page = render_template(
        "organisations/members.html",
        mails=bool(house.mail_url),
        unit=found,
        view=view,
        rows=rows,
        higher={one.id: one.name for one in shown if one.id in higher},
        total=total,
        leaf=view.leaf(pages),
        form=form,
        may_add=may_add,
    )
    return page, status


def _belonging(found: Unit, search: str) -> Any:
    query = (
        select(Member, Unit, Membership)
        .select_from(Member)
        .join(Membership, Membership.member_id == Member.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.unit_id.in_(units.below(found.id)), holds_on(local_date(arrived(), house.zone)))
    )
    if not search:
        return query
    by_phone = "phone" not in fields.hidden(administrator=scope().reaches(Permission.ADMINISTER, found.id))
    texts = (Member.name, Member.number, *((Member.phone,) if by_phone else ()))
    return query.where(or_(*(text.icontains(search, autoescape=True) for text in texts)))


def _rows(query: Any, view: View, pages: int) -> list[Row]:
    order = ORDERS[view.key]
    found = db.session.execute(
        query.order_by(order.desc() if view.down else order, Member.number, Membership.id)
        .offset((min(view.page, pages) - 1) * PAGE)
        .limit(PAGE)
    )
    return [
        Row(row, url_for("organisations.member", member_id=row.Member.id), str(row.Member.id), row.Member.name)
        for row in found
    ]


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
