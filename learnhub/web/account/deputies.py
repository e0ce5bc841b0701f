"""My deputies: passing my own roles on for some days, and what I do for others."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import stand_in
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, NotFound
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import deputies as standing
from learnhub.organisations.models import RoleGrant
from learnhub.web.account.views import area
from learnhub.web.context import actor, arrived, member_id
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import OwnDeputyForm
from learnhub.web.role_names import at_start, role_names


@area.get("/me/deputies")
@signed_in
def deputies() -> ResponseReturnValue:
    """Who stands in for me, for whom I stand in, and the form to name a deputy."""
    return _page(_form(empty=True))


@area.post("/me/deputies")
@signed_in
def name_deputy() -> ResponseReturnValue:
    """Pass one of my roles on."""
    form = _form(empty=False)
    if form.validate():
        try:
            form.pass_on(actor(), _own(int(form.grant.data)), arrived())
        except DomainError as refusal:
            form.member.errors = [say(refusal.message)]
        else:
            flash(_("The deputy is named, and both are told."), "success")
            return redirect(url_for("account.deputies"), 303)
    return _page(form, 422)


@area.post("/me/deputies/<int:grant_id>/end")
@signed_in
def end_deputy(grant_id: int) -> ResponseReturnValue:
    """Take a role back, or give it back, before its time."""
    stand_in.take_back(actor(), standing.find(grant_id, member_id(), arrived()), arrived())
    flash(_("It is over: nobody stands in any more."), "success")
    return redirect(url_for("account.deputies"), 303)


def _own(grant_id: int) -> RoleGrant:
    found = db.session.get(RoleGrant, grant_id)
    if found is None or found.member_id != member_id():
        raise NotFound(lazy("There is no such role any more."))
    return found


def _form(*, empty: bool) -> OwnDeputyForm:
    form = OwnDeputyForm(formdata=None) if empty else OwnDeputyForm()
    names = role_names()
    form.grant.choices = [
        (str(grant.id), f"{at_start(names.get(grant.role, grant.role))} · {unit.name}")
        for grant, unit in standing.own_roles(member_id(), arrived())
    ]
    return form


def _page(form: OwnDeputyForm, status: int = 200) -> ResponseReturnValue:
    around = standing.around(member_id(), arrived())
    page = render_template(
        "account/deputies.html",
        form=form,
        mine=[one for one in around if one.principal.id == member_id()],
        for_others=[one for one in around if one.deputy.id == member_id()],
        names=role_names(),
        now=arrived(),
    )
    return page, status
