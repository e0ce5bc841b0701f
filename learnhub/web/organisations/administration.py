"""The tree and the roles: for administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learnhub.audit.trail import record
from learnhub.journeys import change_tree
from learnhub.kernel.errors import DomainError, Refused
from learnhub.organisations import units
from learnhub.organisations.mapping import places
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.changing import planned_on
from learnhub.web.organisations.forms import PlaceForm, RenameForm, RoleForm, UnitForm
from learnhub.web.organisations.granting import grant_asked, grants_on, role_form
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
    return _settings_page(found, rename, UnitForm(formdata=None), role_form())


def _settings_page(
    found: Unit,
    rename: RenameForm,
    below: UnitForm,
    role: RoleForm,
    status: int = 200,
    place: PlaceForm | None = None,
) -> ResponseReturnValue:
    below.kind.choices = kind_choices()
    page = render_template(
        "organisations/settings.html",
        unit=found,
        rename=rename,
        below=below,
        role=role,
        place=place or PlaceForm.of(places.of(found.id)),
        grants=grants_on(found),
        planned=planned_on(found),
        called=change_tree.names(found),
    )
    return page, status


@area.post("/units/<code>/settings")
@requires(Permission.ADMINISTER)
def change(code: str) -> ResponseReturnValue:
    """Rename a unit."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = RenameForm()
    if not form.validate():
        return _settings_page(found, form, UnitForm(formdata=None), role_form(), 422)
    before = found.name
    units.rename(found, form.name.data)
    record(actor(), "unit.changed", "unit", found.id, arrived(), unit_id=found.id, before=before, name=found.name)
    flash(_("The unit is saved."), "success")
    return redirect(url_for("organisations.settings", code=code), 303)


@area.post("/units/<code>/place")
@requires(Permission.ADMINISTER)
def put_place(code: str) -> ResponseReturnValue:
    """Say where a unit is on the map; empty takes it off."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = PlaceForm()
    if form.validate():
        try:
            place = places.read(form.longitude.data or "", form.latitude.data or "")
        except Refused as refusal:
            form.longitude.errors = [say(refusal.message)]
        else:
            places.put(actor(), found, place, arrived())
            flash(_("The place is saved.") if place else _("The unit has no place on the map."), "success")
            return redirect(url_for("organisations.settings", code=code, _anchor="place"), 303)
    rename = RenameForm(formdata=None, name=found.name)
    return _settings_page(found, rename, UnitForm(formdata=None), role_form(), 422, form)


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
    return _settings_page(found, RenameForm(formdata=None, name=found.name), form, role_form(), 422)


@area.post("/units/<code>/roles")
@requires(Permission.ADMINISTER)
def grant(code: str) -> ResponseReturnValue:
    """Give a member a role on this unit."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = role_form(empty=False)
    if form.validate():
        try:
            grant_asked(form, found)
        except DomainError as refusal:
            form.member.errors = [say(refusal.message)]
        else:
            flash(_("The role is granted."), "success")
            return redirect(url_for("organisations.settings", code=code), 303)
    return _settings_page(found, RenameForm(formdata=None, name=found.name), UnitForm(formdata=None), form, 422)
