"""Transfers at the desk and on the member's own page: asking, the list, one transfer with its answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from learnhub.identity.models import Member
from learnhub.journeys import transfer_member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.organisations import memberships, transfer_reach, transfers, units
from learnhub.organisations.models import RoleGrant, Transfer, TransferSide, TransferState, Unit
from learnhub.organisations.permissions import ROLE_NAMES, Permission, Role
from learnhub.organisations.roles import holds_at
from learnhub.organisations.transfer_reach import Show
from learnhub.organisations.transfers import Wanted
from learnhub.web.context import actor, arrived, me, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.tables import Column, Row, Table
from learnhub.web.templating import MID_DOT
from learnhub.web.transfers import words
from learnhub.web.transfers.forms import AskForm, ReceiveForm, RefuseForm

area = Blueprint("transfers", __name__)

PAGE = 50
TRANSFERS = Table(
    (
        Column("name", _w("Name"), sorts=False),
        Column("number", _w("Number"), sorts=False),
        Column("from", _w("Old unit"), sorts=False),
        Column("to", _w("New unit"), sorts=False),
        Column("day", _w("First day in the new unit"), sorts=False),
        Column("state", _w("State"), sorts=False),
    ),
    filters=("q", "show"),
)
SHOWN = (
    ("", _w("All")),
    (Show.WAITING, _w("Waiting for you")),
    (Show.UNDER_WAY, _w("Under way")),
    (Show.CLOSED, _w("Closed")),
)


@area.get("/units/<code>/transfers")
@requires(Permission.MANAGE_MEMBERS)
def of_unit(code: str) -> ResponseReturnValue:
    """Transfers from or to a unit and below: what waits for me first, then what is under way, then the closed."""
    found = scope().unit(Permission.MANAGE_MEMBERS, code)
    view = TRANSFERS.read(request.args, "transfers.of_unit", code=found.code)
    wanted = view.filters.get("show", "")
    query = transfer_reach.of_unit(scope(), found, show=wanted, search=view.filters.get("q", ""))
    total = transfer_reach.count(query)
    pages = max(1, -(-total // PAGE))
    lines = transfer_reach.page(query, offset=(min(view.page, pages) - 1) * PAGE, limit=PAGE)
    return render_template(
        "transfers/of_unit.html",
        unit=found,
        view=view,
        rows=[Row(one, url_for("transfers.show", transfer_id=one.transfer.id)) for one in lines],
        total=total,
        leaf=view.leaf(pages),
        kinds=[(say(label), view.url(show=key or None), key == wanted) for key, label in SHOWN],
        states=words.STATES,
    )


@area.get("/transfers/<int:transfer_id>")
@signed_in
def show(transfer_id: int) -> ResponseReturnValue:
    """One transfer: what is asked, what happened so far, and what this person may answer."""
    return _transfer_page(transfer_id, RefuseForm(formdata=None))


def _transfer_page(transfer_id: int, refuse_form: RefuseForm, status: int = 200) -> ResponseReturnValue:
    line = transfer_reach.line(scope(), transfer_id)
    row, held = line.transfer, transfer_reach.sides(scope(), line.transfer)
    withdrawable = row.closed_at is None and transfer_reach.may_withdraw(scope(), row)
    page = render_template(
        "transfers/transfer.html",
        line=line,
        row=row,
        history=words.history(line),
        state=words.STATES[row.state],
        waits_for_day=row.state == TransferState.AGREED,
        may_refuse=row.closed_at is None and bool(held) and not withdrawable,
        may_withdraw=withdrawable,
        back=_way_back(row, bool(held)),
        held_roles=_roles_left(row) if TransferSide.OLD in held else [],
        form=refuse_form,
    )
    return page, status


def _roles_left(row: Transfer) -> list[str]:
    """The roles that the member holds in the old unit or below it, each with its unit: they do not move."""
    if row.member_id is None or row.from_unit_id is None:
        return []
    held = db.session.execute(
        select(RoleGrant.role, Unit.name)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.member_id == row.member_id,
            RoleGrant.unit_id.in_(units.below(row.from_unit_id)),
            holds_at(arrived()),
        )
        .order_by(RoleGrant.role, Unit.code)
    )
    return [f"{say(ROLE_NAMES[Role(role)])} · {name}" for role, name in held]


def _way_back(row: Transfer, answers: bool) -> tuple[str, str]:
    """Where the page leads back to: the list of the nearer unit, or the member's own list."""
    if not answers:
        return url_for("transfers.mine"), _("My transfers")
    for unit_id in (row.from_unit_id, row.to_unit_id):
        if unit_id is not None and scope().reaches(Permission.MANAGE_MEMBERS, unit_id):
            unit = db.session.get_one(Unit, unit_id)
            return url_for("transfers.of_unit", code=unit.code), _("Transfers of %(unit)s", unit=unit.name)
    return url_for("organisations.index"), _("Units")


@area.get("/units/<code>/transfers/new")
@requires(Permission.MANAGE_MEMBERS)
def receive(code: str) -> ResponseReturnValue:
    """The form with which a unit asks for a member by number."""
    form = ReceiveForm(formdata=None, effective_on=_today())
    return _receive_page(scope().unit(Permission.MANAGE_MEMBERS, code), form)


def _receive_page(unit: Unit, form: ReceiveForm, status: int = 200) -> ResponseReturnValue:
    back = url_for("transfers.of_unit", code=unit.code), _("Transfers of %(unit)s", unit=unit.name)
    page = render_template(
        "transfers/ask.html",
        form=form,
        title=_("Receive a member"),
        lead=unit.name,
        target=url_for("transfers.ask_for", code=unit.code),
        back=back,
    )
    return page, status


@area.post("/units/<code>/transfers")
@requires(Permission.MANAGE_MEMBERS)
@limiter.limit("60/hour")
def ask_for(code: str) -> ResponseReturnValue:
    """Ask for a member by number; the answer does not tell whether there is one."""
    unit, form = scope().unit(Permission.MANAGE_MEMBERS, code), ReceiveForm()
    if not form.validate():
        return _receive_page(unit, form, 422)
    wanted = Wanted(unit, form.effective_on.data, form.reason.data or "")
    try:
        row = transfer_member.ask_from_afar(scope(), actor(), form.number.data, wanted, arrived())
    except Refused as refusal:
        db.session.rollback()
        form.number.errors = [str(say(refusal.message))]
        return _receive_page(scope().unit(Permission.MANAGE_MEMBERS, code), form, 422)
    return _asked(row)


@area.get("/members/<int:member_id>/transfer")
@requires(Permission.MANAGE_MEMBERS)
def send(member_id: int) -> ResponseReturnValue:
    """The form with which a member of one's unit is sent to another."""
    member = scope().member(Permission.MANAGE_MEMBERS, member_id)
    return _send_page(member, _ask_form(member, formdata=None, effective_on=_today()))


def _send_page(member: Member, form: AskForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "transfers/ask.html",
        form=form,
        title=_("Transfer to another unit"),
        lead=MID_DOT.join((member.name, member.number)),
        target=url_for("transfers.ask", member_id=member.id),
        back=(url_for("organisations.member", member_id=member.id), member.name),
    )
    return page, status


@area.post("/members/<int:member_id>/transfer")
@requires(Permission.MANAGE_MEMBERS)
def ask(member_id: int) -> ResponseReturnValue:
    """Ask that a member of one's unit goes to another."""
    member = scope().member(Permission.MANAGE_MEMBERS, member_id)
    return _ask(member, lambda form: _send_page(scope().member(Permission.MANAGE_MEMBERS, member_id), form, 422))


@area.get("/me/transfers")
@signed_in
def mine() -> ResponseReturnValue:
    """My transfers, and the form with which I wish for one."""
    return _mine_page(_ask_form(me(), formdata=None, effective_on=_today()))


def _mine_page(form: AskForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "transfers/mine.html",
        form=form,
        lines=transfer_reach.of_member(scope()),
        belongs=bool(form.from_unit.choices),
        states=words.STATES,
    )
    return page, status


@area.post("/me/transfers")
@signed_in
def wish() -> ResponseReturnValue:
    """Ask to be moved to another unit."""
    return _ask(me(), lambda form: _mine_page(form, 422), own_wish=True)


def _ask(
    member: Member, again: Callable[[AskForm], ResponseReturnValue], *, own_wish: bool = False
) -> ResponseReturnValue:
    """Send off what a form asks for a member; `again` shows the form with what is wrong."""
    form = _ask_form(member)
    if not form.validate():
        return again(form)
    try:
        wanted = Wanted(transfers.destination(form.to_unit.data), form.effective_on.data, form.reason.data or "")
        from_unit = _from_unit(member, form)
        row = transfer_member.ask(scope(), actor(), member, wanted, arrived(), from_unit=from_unit, own_wish=own_wish)
    except Refused as refusal:
        db.session.rollback()
        form.to_unit.errors = [str(say(refusal.message))]
        return again(form)
    return _asked(row)


def _ask_form(member: Member, **options: Any) -> AskForm:
    """The form for a member, with the units that they could leave; one unit leaves no choice."""
    form = AskForm(**options)
    form.from_unit.choices = [(unit.code, unit.name) for _one, unit in memberships.open_memberships(member.id)]
    if len(form.from_unit.choices) < 2:
        form.from_unit.validators = []
        form.from_unit.validate_choice = False
    return form


def _from_unit(member: Member, form: AskForm) -> Unit | None:
    held = {unit.code: unit for _one, unit in memberships.open_memberships(member.id)}
    return held.get(form.from_unit.data) if len(held) > 1 else None


def _asked(row: Transfer) -> ResponseReturnValue:
    if row.state == TransferState.DONE:
        flash(_("The transfer is carried out."), "success")
    elif row.state == TransferState.AGREED:
        flash(_("The transfer is agreed. It is carried out on its day."), "success")
    else:
        flash(_("The transfer is asked for. Its page shows the answers."), "success")
    return redirect(url_for("transfers.show", transfer_id=row.id), 303)


@area.post("/transfers/<int:transfer_id>/consent")
@signed_in
def consent(transfer_id: int) -> ResponseReturnValue:
    """Agree for a unit."""
    return _answer(transfer_id, lambda: transfer_member.consent(scope(), actor(), transfer_id, arrived()))


@area.post("/transfers/<int:transfer_id>/refuse")
@signed_in
def refuse(transfer_id: int) -> ResponseReturnValue:
    """Say no for a unit, with a reason."""
    form = RefuseForm()
    if not form.validate():
        return _transfer_page(transfer_id, form, 422)
    reason = form.reason.data
    return _answer(transfer_id, lambda: transfer_member.refuse(scope(), actor(), transfer_id, reason, arrived()))


@area.post("/transfers/<int:transfer_id>/withdraw")
@signed_in
def withdraw(transfer_id: int) -> ResponseReturnValue:
    """Take back what was asked."""
    return _answer(transfer_id, lambda: transfer_member.withdraw(scope(), actor(), transfer_id, arrived()))


ANSWERED = {
    TransferState.RELEASED: (_w("You agreed. Now it waits for the new unit."), "success"),
    TransferState.ACCEPTED: (_w("You agreed. Now it waits for the old unit."), "success"),
    TransferState.AGREED: (_w("The transfer is agreed. It is carried out on its day."), "success"),
    TransferState.DONE: (_w("The transfer is carried out."), "success"),
    TransferState.REFUSED: (_w("The transfer is declined."), "success"),
    TransferState.WITHDRAWN: (_w("The transfer is withdrawn."), "success"),
}
OVERTAKEN = (_w("The member moved or left meanwhile; nothing was changed."), "warning")


def _answer(transfer_id: int, act: Callable[[], Transfer]) -> ResponseReturnValue:
    """Carry out an answer, and show the transfer with what came of it, or with why not."""
    try:
        row = act()
    except (Refused, Conflict) as refusal:
        db.session.rollback()
        transfer_reach.find(scope(), transfer_id)
        flash(str(say(refusal.message)), "warning")
        return redirect(url_for("transfers.show", transfer_id=transfer_id), 303)
    there = transfer_reach.sees(scope(), row)
    text, tone = ANSWERED.get(TransferState(row.state), OVERTAKEN) if there else OVERTAKEN
    flash(say(text), tone)
    return redirect(url_for("transfers.show", transfer_id=row.id) if there else url_for("organisations.index"), 303)


def _today() -> date:
    return local_date(arrived(), house.zone)
