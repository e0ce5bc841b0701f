"""Who holds which role on a unit: granting, ending, and naming a deputy for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learnhub.identity import members
from learnhub.identity.models import Member
from learnhub.journeys import stand_in
from learnhub.kernel.clock import start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import custom_roles, roles
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import DeputyForm, RoleForm
from learnhub.web.organisations.views import area
from learnhub.web.role_names import at_start, custom_name, role_names


@dataclass(frozen=True)
class GrantLine:
    """A grant as the settings show it; `last` is its last moment."""

    grant: RoleGrant
    member: Member
    role: str
    stands_in_for: str
    state: str
    """`running`, `coming` or `past`."""

    @property
    def last(self) -> datetime | None:
        """The last moment at which it holds."""
        return self.grant.ends_at - timedelta(seconds=1) if self.grant.ends_at else None


def grants_on(unit: Unit) -> dict[str, list[GrantLine]]:
    """The grants on a unit: those that run, those to come, and those that are over."""
    now, names = arrived(), role_names()
    found: dict[str, list[GrantLine]] = {"running": [], "coming": [], "past": []}
    for one in roles.on_unit(unit.id, now):
        over = one.grant.ends_at is not None and one.grant.ends_at <= now
        state = "running" if one.holds else "coming" if one.grant.starts_at > now and not over else "past"
        role = names.get(one.grant.role, one.grant.role)
        found[state].append(GrantLine(one.grant, one.member, role, one.stands_in_for or "", state))
    return found


def role_form(*, empty: bool = True) -> RoleForm:
    """The form that grants a role, with the custom roles of today; filled by the request unless `empty`."""
    form = RoleForm(formdata=None) if empty else RoleForm()
    names = role_names()
    form.role.choices = [(str(role), at_start(names[role])) for role in Role if role is not Role.MEMBER]
    form.role.choices += [(one.key, custom_name(one)) for one in custom_roles.current()]
    return form


def grant_asked(form: RoleForm, unit: Unit) -> RoleGrant:
    """Grant what a form asks for; refused with a sentence otherwise."""
    first, last = form.starts_on.data, form.ends_on.data
    return roles.grant(
        actor(),
        members.find_member(form.member.data.strip()),
        form.role.data,
        unit,
        arrived(),
        starts_at=start_of_day(first, house.zone) if first else None,
        ends_at=_after(last) if last else None,
    )


def _after(last: date) -> datetime:
    return start_of_day(last + timedelta(days=1), house.zone)


def _grant_in_reach(grant_id: int) -> RoleGrant:
    """A grant on a unit that the person administers; NotFound otherwise."""
    found = db.session.get(RoleGrant, grant_id)
    if found is None or not scope().reaches(Permission.ADMINISTER, found.unit_id):
        raise NotFound(lazy("There is no such role in your reach."))
    return found


@area.post("/roles/<int:grant_id>/end")
@requires(Permission.ADMINISTER)
def end_role(grant_id: int) -> ResponseReturnValue:
    """Take a role away, or a deputy's, from now on."""
    found = _grant_in_reach(grant_id)
    unit = db.session.get_one(Unit, found.unit_id)
    if found.delegated_from is not None:
        stand_in.take_back(actor(), found, arrived())
    else:
        roles.require_to_hold(actor(), custom_roles.opened_by(found.role), found.unit_id, arrived())
        roles.end(actor(), grant_id, arrived())
    flash(_("The role has ended."), "success")
    return redirect(url_for("organisations.settings", code=unit.code), 303)


@area.get("/roles/<int:grant_id>/deputy")
@requires(Permission.ADMINISTER)
def deputy(grant_id: int) -> ResponseReturnValue:
    """The form with which an administrator names a deputy for somebody who holds a role."""
    return _deputy_page(_grant_in_reach(grant_id), DeputyForm(formdata=None))


def _deputy_page(held: RoleGrant, form: DeputyForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "organisations/deputy.html",
        held=held,
        holder=db.session.get_one(Member, held.member_id),
        unit=db.session.get_one(Unit, held.unit_id),
        role=role_names().get(held.role, held.role),
        form=form,
    )
    return page, status


@area.post("/roles/<int:grant_id>/deputy")
@requires(Permission.ADMINISTER)
def name_deputy(grant_id: int) -> ResponseReturnValue:
    """Pass somebody's role on to a deputy for some days."""
    held = _grant_in_reach(grant_id)
    form = DeputyForm()
    if form.validate():
        try:
            form.pass_on(actor(), held, arrived())
        except DomainError as refusal:
            form.member.errors = [say(refusal.message)]
        else:
            flash(_("The deputy is named, and both are told."), "success")
            return redirect(url_for("organisations.settings", code=db.session.get_one(Unit, held.unit_id).code), 303)
    return _deputy_page(held, form, 422)
