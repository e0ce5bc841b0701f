"""Splitting a unit: who goes along is looked for and ticked page by page in one plain form, then the unit is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from learnhub.journeys import split_unit
from learnhub.journeys.split_unit import Candidates
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.changing import asked_day
from learnhub.web.organisations.forms import SplitForm
from learnhub.web.organisations.unit_kinds import kind_choices
from learnhub.web.organisations.views import area
from learnhub.web.searches import asked as asking
from learnhub.web.searches.asked import Asked
from learnhub.web.searches.views import criteria_of

SPLIT = "split"
"""The button that makes the unit; every other one only looks on."""


@dataclass
class Choice:
    """How far the choosing of members has come: the search, the page, and who is chosen on all pages."""

    found: Candidates
    asked: Asked
    page: int = 1
    chosen: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, unit: Unit, sent: MultiDict[str, str]) -> Choice:
        """What the form says: `chosen` holds who was chosen on other pages, `member` the ticks of this one."""
        asked = asking.read(sent, criteria_of(unit))
        today = local_date(arrived(), house.zone)
        found = Candidates(unit, today, asked.conditions, asked.any_of)
        page = sent.get("page", "1")
        chosen = {int(one) for one in (*sent.get("chosen", "").split(), *sent.getlist("member")) if _is_id(one)}
        return cls(found, asked, int(page) if page.isdecimal() and len(page) < 6 else 1, chosen)

    def go_on(self, act: str) -> None:
        """Leaf, look anew, choose all who are found or nobody. Refused for too many."""
        if act in {"next", "previous"}:
            self.page += 1 if act == "next" else -1
            return
        if act == "all" and not self.asked.faulty:
            self.chosen |= self.found.ids(arrived())
            split_unit.require_few(len(self.chosen))
        elif act == "none":
            self.chosen = set()
        else:
            self.page = 1


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20


def _page(found: Unit, form: SplitForm, choice: Choice, status: int = 200) -> ResponseReturnValue:
    total = choice.found.count(arrived())
    pages = max(1, -(-total // split_unit.PAGE))
    choice.page = min(max(choice.page, 1), pages)
    people = choice.found.page((choice.page - 1) * split_unit.PAGE, arrived())
    here = {member.id for member, _membership in people}
    page = render_template(
        "organisations/split.html",
        unit=found,
        form=form,
        choice=choice,
        people=people,
        elsewhere=sorted(choice.chosen - here),
        total=total,
        pages=pages,
        asked=choice.asked,
        criteria=[(one.key, say(one.label)) for one in criteria_of(found)],
        most=asking.MOST,
    )
    return page, 422 if choice.asked.faulty else status


def _form(found: Unit, *, empty: bool) -> SplitForm:
    form = SplitForm(formdata=None, kind=found.kind) if empty else SplitForm()
    form.kind.choices = kind_choices()
    return form


@area.get("/units/<code>/split")
@requires(Permission.ADMINISTER)
def look_at_split(code: str) -> ResponseReturnValue:
    """The form for a new unit beside this one, with the members who may go along."""
    found = scope().unit(Permission.ADMINISTER, code)
    return _page(found, _form(found, empty=True), Choice.read(found, MultiDict()))


@area.post("/units/<code>/split")
@requires(Permission.ADMINISTER)
def split(code: str) -> ResponseReturnValue:
    """Look for members and choose them; in the end make a unit beside this one, and let them go on there."""
    found = scope().unit(Permission.ADMINISTER, code)
    form, choice = _form(found, empty=False), Choice.read(found, request.form)
    act = request.form.get("act", "find" if {"add", "without"} & set(request.form) else SPLIT)
    try:
        if act != SPLIT:
            choice.go_on(act)
            return _page(found, form, choice)
        if not form.validate():
            return _page(found, form, choice, 422)
        if found.parent_id is None or not scope().reaches(Permission.ADMINISTER, found.parent_id):
            raise Refused(_w("A unit beside this one is made by an administrator of the unit above."))
        new = split_unit.NewUnit(form.unit_code.data, form.name.data, form.kind.data)
        made = split_unit.split(actor(), found, new, choice.chosen, asked_day(form.on.data)[0], arrived())
    except Refused as refusal:
        form.unit_code.errors = [str(say(refusal.message))]
        return _page(found, form, choice, 422)
    flash(_("The unit is split."), "success")
    return redirect(url_for("organisations.settings", code=made.code), 303)
