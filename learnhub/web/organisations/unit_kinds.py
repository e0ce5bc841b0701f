"""The kinds of units, for who administers the whole organisation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import kinds as all_kinds
from learnhub.organisations import units
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


def _page(form: KindForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "organisations/kinds.html", form=form, kinds=list(all_kinds.known().values()), names=dict(kind_choices())
    )
    return page, status


@area.get("/unit-kinds")
@requires(Permission.ADMINISTER)
def kinds() -> ResponseReturnValue:
    """Which kinds of units there are; the form holds the one whose key the address names."""
    _require_the_whole()
    kind = all_kinds.known().get(request.args.get("key", ""))
    if kind is None:
        return _page(KindForm(formdata=None))
    below, posts = " ".join(kind.below), "\n".join(kind.posts)
    names = {"name_zh": kind.name_zh, "name_en": kind.name_en}
    return _page(KindForm(formdata=None, key=kind.key, below=below, posts=posts, **names))


@area.post("/unit-kinds")
@requires(Permission.ADMINISTER)
def write_kind() -> ResponseReturnValue:
    """Add a kind, or change the one of that key."""
    _require_the_whole()
    form = KindForm()
    if not form.validate():
        return _page(form, 422)
    names = {"zh": form.name_zh.data or "", "en": form.name_en.data or ""}
    below, posts = (form.below.data or "").split(), (form.posts.data or "").splitlines()
    try:
        all_kinds.write(actor(), form.key.data.strip(), names, below, posts, arrived())
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
