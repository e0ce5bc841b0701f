"""Retiring, leaving, coming back and erasing; and who left a unit."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func

from learnhub.identity import states
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import erase_member, leave_organisation
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError
from learnhub.kernel.house import house
from learnhub.kernel.words import Message
from learnhub.kernel.words import _ as _w
from learnhub.organisations import former, units
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import ErasureForm, StandingForm
from learnhub.web.organisations.views import PAGE, area
from learnhub.web.tables import Column, Row, Table

STATES: dict[str, Message] = {
    MemberState.ACTIVE: _w("active"),
    MemberState.RETIRED: _w("in retirement"),
    MemberState.LEFT: _w("left"),
    MemberState.ERASED: _w("erased"),
}
ACTS: dict[str, Message] = {
    "retire": _w("Retires: keeps learning, no hours required"),
    "leave": _w("Leaves: can no longer sign in; memberships and roles end"),
    "return": _w("Comes back as an active member"),
}
POSSIBLE: dict[str, tuple[str, ...]] = {
    MemberState.ACTIVE: ("retire", "leave"),
    MemberState.RETIRED: ("leave", "return"),
    MemberState.LEFT: ("return",),
    MemberState.ERASED: (),
}
FORMER = Table(
    (
        Column("name", _w("Name")),
        Column("number", _w("Number")),
        Column("unit", _w("Last unit")),
        Column("until", _w("Left on"), down=True),
        Column("state", _w("State"), sorts=False),
    ),
    sort="-until",
    filters=("q",),
)
ORDERS: dict[str, Any] = {
    "name": Member.name,
    "number": Member.number,
    "unit": Unit.code,
    "until": Membership.ends_on,
}


def _states() -> dict[str, str]:
    return {state: str(say(word)) for state, word in STATES.items()}


@area.get("/units/<code>/former")
@requires(Permission.SEE_MEMBERS)
def former_members(code: str) -> ResponseReturnValue:
    """Who left from a unit or one below it."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    view = FORMER.read(request.args, "organisations.former_members", code=code)
    query = former.of_units(units.below(found.id))
    if search := view.filters.get("q", ""):
        query = query.where(
            Member.name.icontains(search, autoescape=True) | Member.number.icontains(search, autoescape=True)
        )
    total = db.session.scalar(query.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PAGE))
    order = ORDERS[view.key]
    rows = db.session.execute(
        query.order_by(order.desc() if view.down else order, Member.number)
        .offset((min(view.page, pages) - 1) * PAGE)
        .limit(PAGE)
    )
    return render_template(
        "organisations/former.html",
        unit=found,
        view=view,
        rows=[Row(row, name=row.Member.name) for row in rows],
        total=total,
        leaf=view.leaf(pages),
        states=_states(),
        may_manage=scope().reaches(Permission.MANAGE_MEMBERS, found.id),
    )


@area.get("/members/<int:member_id>/standing")
@requires(Permission.MANAGE_MEMBERS)
def standing(member_id: int) -> ResponseReturnValue:
    """Whether a member is active, retired or left, since when, and what may be done about it."""
    member = former.reachable(scope(), Permission.MANAGE_MEMBERS, member_id)
    return _standing_page(member, StandingForm(formdata=None))


def _standing_page(member: Member, form: StandingForm, status: int = 200) -> ResponseReturnValue:
    acts = POSSIBLE[member.state]
    form.act.choices = [(act, say(ACTS[act])) for act in acts]
    unit = former.last_unit(member.id)
    if form.on.data is None and not form.on.errors:
        form.on.data = local_date(arrived(), house.zone)
    if form.unit.data is None:
        form.unit.data = unit.code if unit else ""
    page = render_template(
        "organisations/standing.html",
        member=member,
        unit=unit,
        form=form,
        acts=acts,
        states=_states(),
        history=states.history(member.id),
        may_erase=_may_erase(member),
    )
    return page, status


def _may_erase(member: Member) -> bool:
    if member.state != MemberState.LEFT or not scope().has(Permission.ADMINISTER):
        return False
    unit = former.last_unit(member.id)
    return unit is not None and scope().reaches(Permission.ADMINISTER, unit.id)


@area.post("/members/<int:member_id>/standing")
@requires(Permission.MANAGE_MEMBERS)
def change_standing(member_id: int) -> ResponseReturnValue:
    """Let a member retire, leave or come back."""
    member = former.reachable(scope(), Permission.MANAGE_MEMBERS, member_id)
    form = StandingForm()
    form.act.choices = [(act, say(ACTS[act])) for act in POSSIBLE[member.state]]
    if not form.validate():
        return _standing_page(member, form, 422)
    try:
        _carry_out(member, form)
    except DomainError as refusal:
        db.session.rollback()
        form.act.errors = [say(refusal.message)]
        return _standing_page(former.reachable(scope(), Permission.MANAGE_MEMBERS, member_id), form, 422)
    flash(_("%(name)s: %(state)s.", name=member.name, state=say(STATES[member.state])), "success")
    return redirect(url_for("organisations.standing", member_id=member_id), 303)


def _carry_out(member: Member, form: StandingForm) -> None:
    how = (scope(), actor(), member, form.on.data, form.reason.data or "", arrived())
    if form.act.data == "retire":
        leave_organisation.retire(*how)
    elif form.act.data == "leave":
        leave_organisation.leave(*how)
    else:
        code = (form.unit.data or "").strip()
        unit = scope().unit(Permission.MANAGE_MEMBERS, code) if member.state == MemberState.LEFT and code else None
        leave_organisation.come_back(*how, unit=unit)


@area.get("/members/<int:member_id>/erasure")
@requires(Permission.ADMINISTER)
def erasure(member_id: int) -> ResponseReturnValue:
    """What goes and what stays when a person's data are erased; the number is asked for."""
    member = former.reachable(scope(), Permission.ADMINISTER, member_id)
    return _erasure_page(member, ErasureForm(formdata=None))


def _erasure_page(member: Member, form: ErasureForm, status: int = 200) -> ResponseReturnValue:
    ready = member.state == MemberState.LEFT
    return render_template("organisations/erasure.html", member=member, form=form, ready=ready), status


@area.post("/members/<int:member_id>/erasure")
@requires(Permission.ADMINISTER)
def erase(member_id: int) -> ResponseReturnValue:
    """Erase what is personal of a member who left."""
    member = former.reachable(scope(), Permission.ADMINISTER, member_id)
    form = ErasureForm()
    if not form.validate():
        return _erasure_page(member, form, 422)
    try:
        done = erase_member.erase(actor(), member, form.number.data, arrived())
    except DomainError as refusal:
        db.session.rollback()
        form.number.errors = [say(refusal.message)]
        return _erasure_page(former.reachable(scope(), Permission.ADMINISTER, member_id), form, 422)
    flash(_("The personal data are erased. The records stay as “%(name)s”.", name=done.pseudonym), "success")
    return redirect(url_for("organisations.standing", member_id=member_id), 303)
