"""Which fields there are and their rules: for administrators of the whole organisation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations import units
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields
from learnhub.organisations.profile.fields import CHANGED_BY_NAMES, KIND_NAMES, SEEN_BY_NAMES
from learnhub.organisations.profile.models import ChangedBy, Kind, MemberField, SeenBy
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.profiles.forms import NewFieldForm, RulesForm, name_of
from learnhub.web.profiles.views import area


def _require_whole() -> None:
    """The fields are the same for everybody, so whoever administers only a part does not change them."""
    if units.root().id not in scope().roots(Permission.ADMINISTER):
        raise NotAllowed(_w("The fields are kept by an administrator of the whole organisation."))


@area.get("/fields")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """All fields in their order, and the form for a new one."""
    _require_whole()
    return _index_page(NewFieldForm(formdata=None))


def _index_page(form: NewFieldForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "profiles/fields.html",
        fields=fields.everything(),
        form=form,
        kinds=KIND_NAMES,
        seen_by=SEEN_BY_NAMES,
        changed_by=CHANGED_BY_NAMES,
        name_of=name_of,
    )
    return page, status


@area.post("/fields")
@requires(Permission.ADMINISTER)
def add() -> ResponseReturnValue:
    """A new field after all others."""
    _require_whole()
    form = NewFieldForm()
    if form.validate():
        try:
            fields.add(
                actor(),
                form.label,
                arrived(),
                kind=Kind(form.kind.data),
                sensitive=form.sensitive.data,
                **_rules(form),
            )
        except Refused as refusal:
            form.zh_Hans.errors = [say(refusal.message)]
        else:
            flash(_("The field is added."), "success")
            return redirect(url_for("profiles.index"), 303)
    return _index_page(form, 422)


def _rules(form: RulesForm) -> dict[str, object]:
    return {
        "choices": (form.choices.data or "").splitlines(),
        "required": form.required.data,
        "seen_by": SeenBy(form.seen_by.data),
        "changed_by": ChangedBy(form.changed_by.data),
    }


@area.get("/fields/<int:field_id>")
@requires(Permission.ADMINISTER)
def field(field_id: int) -> ResponseReturnValue:
    """The rules of a field."""
    _require_whole()
    found = fields.find(field_id)
    form = RulesForm(
        formdata=None,
        zh_Hans=found.label.get("zh_Hans", ""),
        en=found.label.get("en", ""),
        choices="\n".join(found.choices),
        required=found.required,
        seen_by=found.seen_by,
        changed_by=found.changed_by,
    )
    return _field_page(found, form)


def _field_page(found: MemberField, form: RulesForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("profiles/field.html", field_=found, form=form, name=name_of(found), kinds=KIND_NAMES)
    return page, status


@area.post("/fields/<int:field_id>")
@requires(Permission.ADMINISTER)
def change(field_id: int) -> ResponseReturnValue:
    """Other rules for a field."""
    _require_whole()
    found = fields.find(field_id)
    form = RulesForm()
    if form.validate():
        try:
            fields.change(actor(), found, form.label, arrived(), **_rules(form))
        except Refused as refusal:
            form.changed_by.errors = [say(refusal.message)]
        else:
            flash(_("The field is saved."), "success")
            return redirect(url_for("profiles.index"), 303)
    return _field_page(found, form, 422)


@area.post("/fields/<int:field_id>/move")
@requires(Permission.ADMINISTER)
def move(field_id: int) -> ResponseReturnValue:
    """One place up or down."""
    _require_whole()
    fields.move(actor(), fields.find(field_id), request.form.get("to") == "up", arrived())
    return redirect(url_for("profiles.index"), 303)


@area.post("/fields/<int:field_id>/retire")
@requires(Permission.ADMINISTER)
def retire(field_id: int) -> ResponseReturnValue:
    """Out of use, or in use again; what it holds stays."""
    _require_whole()
    found = fields.find(field_id)
    if found.retired_at is None:
        fields.retire(actor(), found, arrived())
        flash(_("The field is retired. What it holds is kept."), "success")
    else:
        fields.restore(actor(), found, arrived())
        flash(_("The field is in use again."), "success")
    return redirect(url_for("profiles.index"), 303)
