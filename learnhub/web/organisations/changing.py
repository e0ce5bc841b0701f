"""Merging and closing units: what would happen is shown, then it is done, or planned for a day to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import close_unit, merge_units, planned_changes
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.notices import wording
from learnhub.organisations import units
from learnhub.organisations.models import ChangeKind, ChangeState, Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import CloseForm, MergeForm
from learnhub.web.organisations.views import area
from learnhub.web.role_names import role_names


def asked_day(on: date | None) -> tuple[date, date, bool]:
    """The day asked for, the day as at which it is looked at (today at the latest), and whether it lies ahead."""
    today = local_date(arrived(), house.zone)
    day = on or today
    return day, min(day, today), day > today


@dataclass(frozen=True)
class PlannedLine:
    """A planned change as the settings show it; `own`: whether it can be withdrawn there."""

    id: int
    unit: str
    what: str
    day: date
    asked_by: str
    reason: str
    own: bool


def planned_on(unit: Unit) -> list[PlannedLine]:
    """What is planned for a unit, or names it, and what could not be carried out."""
    lines = []
    for one in planned_changes.of_unit(unit.id):
        row, target = one.change, one.target.name if one.target else ""
        what = {
            ChangeKind.MOVE: _("moves below %(unit)s", unit=target),
            ChangeKind.MERGE: _("passes into %(unit)s", unit=target),
            ChangeKind.CLOSE: _("closes; members go on in %(unit)s", unit=target) if target else _("closes"),
        }[ChangeKind(row.kind)]
        reason = str(say(wording.read(row.reason))) if row.reason else ""
        own = row.state == ChangeState.PLANNED and row.unit_id == unit.id
        lines.append(PlannedLine(row.id, one.unit.name, what, row.effective_on, one.asked_by.name, reason, own))
    return lines


def _merge_form(found: Unit, sent: bool, *, csrf: bool) -> MergeForm:
    form = MergeForm(formdata=request.values if sent else None, meta={"csrf": csrf})
    form.to.offer(Permission.ADMINISTER, without=units.below(found.id))
    return form


def _page(template: str, found: Unit, form: Any, shown: Any, status: int = 200) -> ResponseReturnValue:
    """A change of the tree as a form; with what would happen once that is known."""
    day, _look, ahead = asked_day(form.on.data)
    page = render_template(template, unit=found, form=form, shown=shown, day=day, ahead=ahead, names=role_names())
    return page, status


def _merge_page(
    found: Unit, form: MergeForm, shown: merge_units.Merger | None, status: int = 200
) -> ResponseReturnValue:
    return _page("organisations/merge.html", found, form, shown, status)


@area.get("/units/<code>/merge")
@requires(Permission.ADMINISTER)
def look_at_merge(code: str) -> ResponseReturnValue:
    """Into which unit this one shall pass; once that is said, what would pass and what would end."""
    found = scope().unit(Permission.ADMINISTER, code)
    asked = "to" in request.args
    form = _merge_form(found, asked, csrf=False)
    if not asked:
        return _merge_page(found, form, None)
    if not form.validate():
        return _merge_page(found, form, None, 422)
    try:
        target = scope().unit(Permission.ADMINISTER, form.to.data)
        shown = merge_units.look(found, target, asked_day(form.on.data)[1], arrived())
    except Refused as refusal:
        form.to.errors = [str(say(refusal.message))]
        return _merge_page(found, form, None, 422)
    return _merge_page(found, form, shown)


@area.post("/units/<code>/merge")
@requires(Permission.ADMINISTER)
def merge(code: str) -> ResponseReturnValue:
    """Let a unit pass into another, or plan it."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = _merge_form(found, True, csrf=True)
    if not form.validate():
        return _merge_page(found, form, None, 422)
    day, _look, ahead = asked_day(form.on.data)
    keep = bool(form.keep_roles.data)
    try:
        target = scope().unit(Permission.ADMINISTER, form.to.data)
        if ahead:
            planned_changes.plan(actor(), ChangeKind.MERGE, found, day, arrived(), target=target, keep_roles=keep)
        else:
            merge_units.merge(actor(), found, target, day, arrived(), keep_roles=keep)
    except Refused as refusal:
        form.to.errors = [str(say(refusal.message))]
        return _merge_page(found, form, None, 422)
    flash(_("The change is planned.") if ahead else _("The units are merged."), "success")
    return redirect(url_for("organisations.settings", code=code if ahead else target.code), 303)


def _close_form(found: Unit, sent: bool, *, csrf: bool) -> CloseForm:
    form = CloseForm(formdata=request.values if sent else None, meta={"csrf": csrf})
    form.to.offer(Permission.ADMINISTER, without=units.below(found.id), empty=str(say(_w("nowhere: nobody is left"))))
    return form


def _close_target(form: CloseForm) -> Unit | None:
    return scope().unit(Permission.ADMINISTER, form.to.data) if form.to.data else None


def _close_page(
    found: Unit, form: CloseForm, shown: close_unit.Closing | None, status: int = 200
) -> ResponseReturnValue:
    return _page("organisations/close.html", found, form, shown, status)


@area.get("/units/<code>/close")
@requires(Permission.ADMINISTER)
def look_at_close(code: str) -> ResponseReturnValue:
    """From which day on a unit shall be closed; once that is said, what would end."""
    found = scope().unit(Permission.ADMINISTER, code)
    asked = "on" in request.args
    form = _close_form(found, asked, csrf=False)
    if not asked:
        return _close_page(found, form, None)
    if not form.validate():
        return _close_page(found, form, None, 422)
    try:
        _day, look, ahead = asked_day(form.on.data)
        shown = close_unit.look(found, look, arrived(), target=_close_target(form), ahead=ahead)
    except Refused as refusal:
        form.on.errors = [str(say(refusal.message))]
        return _close_page(found, form, None, 422)
    return _close_page(found, form, shown)


@area.post("/units/<code>/close")
@requires(Permission.ADMINISTER)
def close(code: str) -> ResponseReturnValue:
    """Close a unit, or plan it."""
    found = scope().unit(Permission.ADMINISTER, code)
    form = _close_form(found, True, csrf=True)
    if not form.validate():
        return _close_page(found, form, None, 422)
    day, _look, ahead = asked_day(form.on.data)
    try:
        if ahead:
            planned_changes.plan(actor(), ChangeKind.CLOSE, found, day, arrived(), target=_close_target(form))
        else:
            close_unit.close(actor(), found, day, arrived(), target=_close_target(form))
    except Refused as refusal:
        form.on.errors = [str(say(refusal.message))]
        return _close_page(found, form, None, 422)
    flash(_("The change is planned.") if ahead else _("The unit is closed."), "success")
    return redirect(url_for("organisations.settings", code=code), 303)


@area.post("/units/<code>/reopen")
@requires(Permission.ADMINISTER)
def reopen(code: str) -> ResponseReturnValue:
    """Open a unit again that was closed by mistake."""
    close_unit.reopen(actor(), scope().unit(Permission.ADMINISTER, code), arrived())
    flash(_("The unit is open again."), "success")
    return redirect(url_for("organisations.settings", code=code), 303)


@area.post("/units/<code>/changes/<int:planned_id>/withdraw")
@requires(Permission.ADMINISTER)
def withdraw_change(code: str, planned_id: int) -> ResponseReturnValue:
    """Take a planned change back."""
    planned_changes.withdraw(actor(), scope().unit(Permission.ADMINISTER, code), planned_id, arrived())
    flash(_("The planned change is withdrawn."), "success")
    return redirect(url_for("organisations.settings", code=code), 303)
