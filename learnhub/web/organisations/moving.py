"""Moving a unit: where to and from when, what would move, and the act itself."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import change_tree, planned_changes
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations import units
from learnhub.organisations.models import ChangeKind, Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.changing import asked_day
from learnhub.web.organisations.forms import MoveForm
from learnhub.web.organisations.views import area


def _form(found: Unit, sent: bool, *, csrf: bool) -> MoveForm:
    form = MoveForm(formdata=request.values if sent else None, meta={"csrf": csrf})
    form.to.offer(Permission.ADMINISTER, without=units.below(found.id))
    return form


def _page(found: Unit, form: MoveForm, shown: change_tree.Move | None, status: int = 200) -> ResponseReturnValue:
    stood = change_tree.history(found)
    ahead = asked_day(form.on.data)[2]
    page = render_template("organisations/move.html", unit=found, form=form, shown=shown, stood=stood, ahead=ahead)
    return page, status


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
        day, look, _ahead = asked_day(form.on.data)
        shown = replace(change_tree.look_at_move(found, parent, look, arrived()), on=day)
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
        day, _look, ahead = asked_day(form.on.data)
        if ahead:
            planned_changes.plan(actor(), ChangeKind.MOVE, found, day, arrived(), target=parent)
        else:
            change_tree.move(actor(), found, parent, day, arrived())
    except Refused as refusal:
        form.to.errors = [str(say(refusal.message))]
        return _page(found, form, None, 422)
    flash(_("The change is planned.") if ahead else _("The unit was moved."), "success")
    return redirect(url_for("organisations.settings", code=code), 303)
