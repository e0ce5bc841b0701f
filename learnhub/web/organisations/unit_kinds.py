"""The kinds of units, for who administers the whole organisation."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import kinds as all_kinds
from learnhub.organisations import units
from learnhub.organisations.kinds import Kind
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import html_language, say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import KindForm
from learnhub.web.organisations.views import area


def kind_choices() -> list[tuple[str, str]]:
    """The kinds with their names in the reader's language."""
    return [(kind.key, str(say(kind.called(html_language())))) for kind in all_kinds.known().values()]


def _require_the_whole() -> None:
    if not scope().reaches(Permission.ADMINISTER, units.root().id):
        raise NotAllowed(lazy("Kinds of units are for administrators of the whole organisation."))


def _form(**more: Any) -> KindForm:
    form = KindForm(**more)
    form.below.choices = kind_choices()
    return form


def _page(form: KindForm, status: int = 200, kind: Kind | None = None) -> ResponseReturnValue:
    known, names = list(all_kinds.known().values()), dict(kind_choices())
    return render_template("organisations/kinds.html", form=form, kinds=known, names=names, kind=kind), status


@area.get("/unit-kinds")
@requires(Permission.ADMINISTER)
def kinds() -> ResponseReturnValue:
    """Which kinds of units there are; the form holds the one whose key the address names."""
    _require_the_whole()
    kind = all_kinds.known().get(request.args.get("key", ""))
    if kind is None:
        return _page(_form(formdata=None))
    names = {"name_zh": kind.name_zh, "name_en": kind.name_en}
    form = _form(formdata=None, key=kind.key, below=list(kind.below), posts="\n".join(kind.posts), **names)
    return _page(form, kind=kind)


@area.post("/unit-kinds")
@requires(Permission.ADMINISTER)
def write_kind() -> ResponseReturnValue:
    """Add a kind, or change the one of that key."""
    _require_the_whole()
    form = _form()
    if not form.validate():
        return _page(form, 422)
    names = {"zh": form.name_zh.data or "", "en": form.name_en.data or ""}
    posts = (form.posts.data or "").splitlines()
    try:
        all_kinds.write(actor(), form.key.data.strip(), names, form.below.data or [], posts, arrived())
    except Refused as refusal:
        form.key.errors = [str(say(refusal.message))]
        return _page(form, 422)
    flash(_("The kind is saved."), "success")
    return redirect(url_for("organisations.kinds"), 303)


@area.post("/unit-kinds/<key>/remove")
@requires(Permission.ADMINISTER)
def remove_kind(key: str) -> ResponseReturnValue:
    """Take a kind out of the list."""
    _require_the_whole()
    all_kinds.remove(actor(), key, arrived())
    flash(_("The kind is removed."), "success")
    return redirect(url_for("organisations.kinds"), 303)
