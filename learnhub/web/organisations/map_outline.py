"""The outline behind the map, for who administers the whole organisation: bring one, replace it, remove it."""

from __future__ import annotations

from pathlib import PurePath

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learnhub.kernel.errors import Conflict, NotAllowed, Refused
from learnhub.kernel.words import _ as lazy
from learnhub.organisations import units
from learnhub.organisations.mapping import lines, outline
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.organisations.forms import OutlineForm
from learnhub.web.organisations.views import area


def _the_whole() -> Unit:
    top = units.root()
    if not scope().reaches(Permission.ADMINISTER, top.id):
        raise NotAllowed(lazy("The outline of the map is for administrators of the whole organisation."))
    return top


def _page(top: Unit, form: OutlineForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("organisations/map_outline.html", unit=top, form=form, current=outline.current())
    return page, status


@area.get("/map-outline")
@requires(Permission.ADMINISTER)
def map_outline() -> ResponseReturnValue:
    """Which outline is drawn, and the form for another."""
    return _page(_the_whole(), OutlineForm(formdata=None))


@area.post("/map-outline")
@requires(Permission.ADMINISTER)
@limiter.limit("30/minute")
def put_outline() -> ResponseReturnValue:
    """Take a file as the outline."""
    top = _the_whole()
    form = OutlineForm()
    if not form.validate():
        return _page(top, form, 422)
    file = form.file.data
    name = PurePath((file.filename or "outline.geojson").replace("\\", "/")).name
    try:
        outline.put(actor(), name, file.stream.read(lines.MOST_BYTES + 1), arrived())
    except (Conflict, Refused) as refusal:
        form.file.errors = [str(say(refusal.message))]
        return _page(top, form, 422)
    flash(_("The outline is drawn behind the points from now on."), "success")
    return redirect(url_for("organisations.map_of", code=top.code), 303)


@area.post("/map-outline/remove")
@requires(Permission.ADMINISTER)
def remove_outline() -> ResponseReturnValue:
    """Draw no outline any more."""
    _the_whole()
    outline.remove(actor(), arrived())
    flash(_("The outline is removed."), "success")
    return redirect(url_for("organisations.map_outline"), 303)
