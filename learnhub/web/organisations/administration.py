"""The tree and the roles: for administrators."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from learnhub.audit.trail import record
from learnhub.identity import members
from learnhub.identity.models import Member
from learnhub.kernel.clock import start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.errors import DomainError, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import roles, units
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import ROLE_NAMES, Permission, Role
from learnhub.organisations.roles import holds_at
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import RenameForm, RoleForm, UnitForm
from learnhub.web.organisations.unit_kinds import kind_choices
from learnhub.web.organisations.views import area

PAGE = 50

__all__ = ["area"]


@area.get("/units/<code>/settings")
@requires(Permission.ADMINISTER)
def settings(code: str) -> ResponseReturnValue:
    """A unit's name and place, the units below it, and who holds which role on it."""
    found = scope().unit(Permission.ADMINISTER, code)
    rename = RenameForm(formdata=None, name=found.name)
    return _settings_page(found, rename, UnitForm(formdata=None), RoleForm(formdata=None))


def _settings_page(
    found: Unit, rename: RenameForm, below: UnitForm, role: RoleForm, status: int = 200
) -> ResponseReturnValue:
    below.kind.choices = kind_choices()
    held = db.session.execute(
        select(RoleGrant, Member)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(RoleGrant.unit_id == found.id, holds_at(arrived()))
        .order_by(RoleGrant.role, Member.number)
    ).all()
    page = render_template(
        "organisations/settings.html",
        unit=found,
        rename=rename,
        below=below,
        role=role,
        held=[(grant, member, ROLE_NAMES[Role(grant.role)]) for grant, member in held],
    )
    return page, status


@area.post("/units/<code>/settings")
@requires(Permission.ADMINISTER)
def change(code: str) -> ResponseReturnValue:
    """Rename a unit."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = RenameForm()
    if not form.validate():
        return _settings_page(found, form, UnitForm(formdata=None), RoleForm(formdata=None), 422)
    before = found.name
    units.rename(found, form.name.data)
    record(actor(), "unit.changed", "unit", found.id, arrived(), unit_id=found.id, before=before, name=found.name)
    flash(_("The unit is saved."), "success")
    return redirect(url_for("organisations.settings", code=code), 303)


@area.post("/units/<code>/units")
@requires(Permission.ADMINISTER)
def add_unit(code: str) -> ResponseReturnValue:
    """Add a unit below this one."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = UnitForm()
    form.kind.choices = kind_choices()
    if form.validate():
        try:
            made = units.new_unit(form.code.data, form.name.data, arrived(), parent=found, kind=form.kind.data)
        except Refused as refusal:
            form.code.errors = [say(refusal.message)]
        else:
            record(actor(), "unit.added", "unit", made.id, arrived(), unit_id=made.id, code=made.code, name=made.name)
            flash(_("The unit is added."), "success")
            return redirect(url_for("organisations.settings", code=made.code), 303)
    return _settings_page(found, RenameForm(formdata=None, name=found.name), form, RoleForm(formdata=None), 422)


@area.post("/units/<code>/roles")
@requires(Permission.ADMINISTER)
def grant(code: str) -> ResponseReturnValue:
    """Give a member a role on this unit."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = RoleForm()
    if form.validate():
        try:
            member = members.find_member(form.member.data.strip())
            last = form.ends_on.data
            ends_at = start_of_day(last + timedelta(days=1), house.zone) if last else None
            roles.grant(actor(), member, Role(form.role.data), found, arrived(), ends_at=ends_at)
        except DomainError as refusal:
            form.member.errors = [say(refusal.message)]
        else:
            flash(_("The role is granted."), "success")
            return redirect(url_for("organisations.settings", code=code), 303)
    return _settings_page(found, RenameForm(formdata=None, name=found.name), UnitForm(formdata=None), form, 422)


@area.post("/roles/<int:grant_id>/end")
@requires(Permission.ADMINISTER)
def end_role(grant_id: int) -> ResponseReturnValue:
    """Take a role away, from now on."""
    found = db.session.get(RoleGrant, grant_id)
    if found is None or not scope().reaches(Permission.ADMINISTER, found.unit_id):
        raise NotFound(lazy("There is no such role in your reach."))
    unit = db.session.get_one(Unit, found.unit_id)
    roles.end(actor(), grant_id, arrived())
    flash(_("The role has ended."), "success")
    return redirect(url_for("organisations.settings", code=unit.code), 303)
