"""Moving a unit: where to and from when, what would move, and the act itself."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import change_tree
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import MoveForm
from learnhub.web.organisations.views import area


def _form(found: Unit, sent: bool, *, csrf: bool) -> MoveForm:
    form = MoveForm(formdata=request.values if sent else None, meta={"csrf": csrf})
    form.to.offer(Permission.ADMINISTER, without=units.below(found.id))
    return form


def _page(found: Unit, form: MoveForm, shown: change_tree.Move | None, status: int = 200) -> ResponseReturnValue:
    stood = change_tree.history(found)
    return render_template("organisations/move.html", unit=found, form=form, shown=shown, stood=stood), status


@area.get("/units/<code>/move")
@requires(Permission.ADMINISTER)
def look_at_move(code: str) -> ResponseReturnValue:
    """Where a unit shall go; once that is said, what would move with it."""
    found = scope().unit(Permission.ADMINISTER, code)
    asked = "to" in request.args
    form = _form(found, asked, csrf=False)
    if not asked:
        above = db.session.get(Unit, found.parent_id) if found.parent_id else None
        form.to.data = above.code if above else None
        return _page(found, form, None)
    if not form.validate():
        return _page(found, form, None, 422)
    try:
        parent = scope().unit(Permission.ADMINISTER, form.to.data)
        on = form.on.data or local_date(arrived(), house.zone)
        shown = change_tree.look_at_move(found, parent, on, arrived())
    except Refused as refusal:
        form.to.errors = [str(say(refusal.message))]
        return _page(found, form, None, 422)
    return _page(found, form, shown)


@area.post("/units/<code>/move")
@requires(Permission.ADMINISTER)
def move(code: str) -> ResponseReturnValue:
    """Move a unit with all below it."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = _form(found, True, csrf=True)
    if not form.validate():
        return _page(found, form, None, 422)
    try:
        parent = scope().unit(Permission.ADMINISTER, form.to.data)
        change_tree.move(actor(), found, parent, form.on.data or local_date(arrived(), house.zone), arrived())
    except Refused as refusal:
        form.to.errors = [str(say(refusal.message))]
        return _page(found, form, None, 422)
    flash(_("The unit was moved."), "success")
    return redirect(url_for("organisations.settings", code=code), 303)
