"""Which role may do what: the fixed four to read, the custom ones to change, on one page."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.kernel.errors import Refused
from learnhub.organisations import custom_roles, units
from learnhub.organisations.models import CustomRole
from learnhub.organisations.permissions import GRANTED, PERMISSION_WORDS, Permission, permissions_of
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import CustomRoleForm
from learnhub.web.organisations.views import area
from learnhub.web.role_names import custom_name, role_names


def _require_the_top() -> None:
    """Only who administers the top unit may look: the roles are the whole organisation's."""
    scope().unit(Permission.ADMINISTER, units.root().code)


@area.get("/permissions")
@requires(Permission.ADMINISTER)
def permissions() -> ResponseReturnValue:
    """The table: each permission with its words, each role with what it may do."""
    _require_the_top()
    return _permissions_page(CustomRoleForm(formdata=None))


def _permissions_page(form: CustomRoleForm, status: int = 200) -> ResponseReturnValue:
    names, custom = role_names(), custom_roles.current()
    page = render_template(
        "organisations/permissions.html",
        permissions=PERMISSION_WORDS,
        fixed=[(role, names[role], may) for role, may in GRANTED.items()],
        custom=[(one, custom_name(one), permissions_of(one.key, one.permissions)) for one in custom],
        form=form,
    )
    return page, status


@area.post("/permissions")
@requires(Permission.ADMINISTER)
def change_permissions() -> ResponseReturnValue:
    """Save the ticks of the roles that the page showed; it takes effect at the next request of everybody."""
    _require_the_top()
    ticks = set(request.form.getlist("tick"))
    changed = 0
    for key in request.form.getlist("role"):
        role = custom_roles.find(key)
        wanted = {one for one in Permission if f"{key}:{one}" in ticks}
        seen = request.form.get(f"seen:{key}", "").split()
        changed += custom_roles.change(actor(), role, wanted, seen, arrived())
    flash(_("The roles are saved.") if changed else _("Nothing changed."), "success")
    return redirect(url_for("organisations.permissions"), 303)


@area.post("/permissions/roles")
@requires(Permission.ADMINISTER)
def add_role() -> ResponseReturnValue:
    """Make a custom role."""
    _require_the_top()
    form = CustomRoleForm()
    if form.validate():
        try:
            wanted = {Permission(one) for one in form.permissions.data or ()}
            custom_roles.make(actor(), form.name_en.data, form.name_zh.data, wanted, arrived())
        except Refused as refusal:
            form.name_en.errors = [say(refusal.message)]
        else:
            flash(_("The role is made. It can be granted in the settings of a unit."), "success")
            return redirect(url_for("organisations.permissions"), 303)
    return _permissions_page(form, 422)


@area.post("/permissions/roles/<role_key>/names")
@requires(Permission.ADMINISTER)
def rename_role(role_key: str) -> ResponseReturnValue:
    """Give a custom role other names."""
    role = _custom_role(role_key)
    asked: Any = request.form
    custom_roles.rename(actor(), role, asked.get("name_en", ""), asked.get("name_zh", ""), arrived())
    flash(_("The roles are saved."), "success")
    return redirect(url_for("organisations.permissions"), 303)


@area.post("/permissions/roles/<role_key>/retire")
@requires(Permission.ADMINISTER)
def retire_role(role_key: str) -> ResponseReturnValue:
    """Take a custom role out of use."""
    custom_roles.retire(actor(), _custom_role(role_key), arrived())
    flash(_("The role is retired: it opens nothing any more."), "success")
    return redirect(url_for("organisations.permissions"), 303)


def _custom_role(key: str) -> CustomRole:
    _require_the_top()
    return custom_roles.find(key)
