"""Points as pages: balances and entries, why an entry stands there, taking one back, and the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain
from learnhub.kernel.words import _ as lazy
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.points import balances, entries, ledger, rules
from learnhub.points.ledger import Entry
from learnhub.points.models import PointRule
from learnhub.web.api.paging import cursor_of
from learnhub.web.context import actor, arrived, me, member_id, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import translated as _
from learnhub.web.points import charts, sources
from learnhub.web.points.cursors import entries_before, refused_before
from learnhub.web.points.forms import ReversalForm, RuleForm

area = Blueprint("points", __name__)

GRAINS = {
    Grain.DAY: lazy("Today"),
    Grain.WEEK: lazy("This week"),
    Grain.MONTH: lazy("This month"),
    Grain.QUARTER: lazy("This quarter"),
    Grain.YEAR: lazy("This year"),
    Grain.ALL: lazy("All time"),
}


@area.get("/points")
@signed_in
def index() -> ResponseReturnValue:
    """My points: what I have in each period, and every entry."""
    return _points_page(me())


@area.get("/points/refused")
@signed_in
def refused() -> ResponseReturnValue:
    """My events that earned nothing, with the reasons."""
    return _refused_page(me())


@area.get("/members/<int:member_id>/points")
@requires(Permission.SEE_MEMBERS)
def of_member(member_id: int) -> ResponseReturnValue:
    """A member's points."""
    return _points_page(scope().member(Permission.SEE_MEMBERS, member_id))


@area.get("/members/<int:member_id>/points/refused")
@requires(Permission.SEE_MEMBERS)
def refused_of_member(member_id: int) -> ResponseReturnValue:
    """A member's events that earned nothing."""
    return _refused_page(scope().member(Permission.SEE_MEMBERS, member_id))


def _points_page(member: Member) -> ResponseReturnValue:
    before = entries_before(request.args.get("before", ""))
    found, after = entries.of_member(member.id, before=before)
    return render_template(
        "points/index.html",
        member=member,
        own=member.id == member_id(),
        standings=[(GRAINS[one.period.grain], one.points) for one in balances.current(member.id, arrived())],
        chart=charts.months_of(member.id, arrived()) if before is None else None,
        entries=found,
        units=_units(found),
        next_url=_address("index", "of_member", member, before=cursor_of(after)) if after else None,
        first_page=before is None,
        refused_url=_address("refused", "refused_of_member", member),
    )


def _refused_page(member: Member) -> ResponseReturnValue:
    found, after = entries.refused_of(member.id, before=refused_before(request.args.get("before", "")))
    further = cursor_of(after[0].isoformat(), after[1]) if after else ""
    return render_template(
        "points/refused.html",
        member=member,
        own=member.id == member_id(),
        refusals=found,
        titles=_titles(),
        about=sources.named(one.source_id for one in found),
        next_url=_address("refused", "refused_of_member", member, before=further) if further else None,
        back_url=_address("index", "of_member", member),
    )


def _address(mine: str, theirs: str, member: Member, **query: Any) -> str:
    """The address of a page about me, or of the same page about another member."""
    if member.id == member_id():
        return url_for(f"points.{mine}", **query)
    return url_for(f"points.{theirs}", member_id=member.id, **query)


@area.get("/points/<int:entry_id>")
@signed_in
def entry(entry_id: int) -> ResponseReturnValue:
    """One entry and why it stands there."""
    return _entry_page(entries.find(scope(), Permission.SEE_MEMBERS, entry_id), ReversalForm(formdata=None))


@area.post("/points/<int:entry_id>/reversal")
@requires(Permission.CORRECT_POINTS)
def take_back(entry_id: int) -> ResponseReturnValue:
    """Take an entry back, with a reason."""
    found = entries.find_to_correct(scope(), entry_id)
    form = ReversalForm()
    if not form.validate():
        return _entry_page(found, form, 422)
    try:
        reversal = ledger.reverse(actor(), found.id, form.reason.data, arrived())
    except Refused as refusal:
        form.form_errors = [refusal.message]
        return _entry_page(found, form, 422)
    flash(_("The points are taken back."), "success")
    return redirect(url_for("points.entry", entry_id=reversal.id), 303)


def _entry_page(found: Entry, form: ReversalForm, status: int = 200) -> ResponseReturnValue:
    explained = entries.explain(found)
    open_ = found.reverses is None and explained.reversed_by is None
    page = render_template(
        "points/entry.html",
        why=explained,
        entry=found,
        own=found.member_id == member_id(),
        form=form,
        correctable=open_ and entries.may_correct(scope(), found),
        back_url=_address("index", "of_member", explained.member),
    )
    return page, status


@area.get("/points/rules", endpoint="rules")
@requires(Permission.ADMINISTER)
def rules_page() -> ResponseReturnValue:
    """What pays how much: the rules with all their versions."""
    return _rules_page()


@area.post("/points/rules/<code>")
@requires(Permission.ADMINISTER)
def change_rule(code: str) -> ResponseReturnValue:
    """Change a rule from a day on."""
    rule = rules.rule_by_code(code)
    form = RuleForm(prefix=f"{rule.code}-")
    if not form.validate():
        return _rules_page({rule.code: form}, 422)
    try:
        version = rules.new_version(
            actor(),
            rule,
            form.amount.data,
            form.daily_cap.data,
            form.total_cap.data,
            form.valid_from.data,
            arrived(),
        )
    except Refused as refusal:
        form.form_errors = [refusal.message]
        return _rules_page({rule.code: form}, 422)
    flash(_("Version %(n)s of the rule is saved.", n=version.number), "success")
    return redirect(url_for("points.rules") + f"#{rule.code}", 303)


def _rules_page(faulty: dict[str, RuleForm] | None = None, status: int = 200) -> ResponseReturnValue:
    today = local_date(arrived(), house.zone)
    by_code: dict[str, list[rules.Version]] = {}
    for version in rules.every_version():
        by_code.setdefault(version.code, []).append(version)
    forms = {code: _form_of(versions[0], today) for code, versions in by_code.items()}
    current = {code: rules.version_on(code, today) for code in by_code}
    page = render_template(
        "points/rules.html", rules=by_code, forms=forms | (faulty or {}), faulty=faulty or {}, current=current
    )
    return page, status


def _form_of(last: rules.Version, today: date) -> RuleForm:
    """The form for the next version of a rule, filled in with the last."""
    return RuleForm(
        formdata=None,
        prefix=f"{last.code}-",
        amount=last.amount,
        daily_cap=last.daily_cap,
        total_cap=last.total_cap,
        valid_from=max(today, last.valid_from),
    )


def _titles() -> dict[str, dict[str, Any]]:
    """What each kind of event is called, by language."""
    return {event: title for event, title in db.session.execute(select(PointRule.event, PointRule.title))}


def _units(found: list[Entry]) -> dict[int, str]:
    ids = {one.unit_id for one in found}
    return {unit_id: name for unit_id, name in db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids)))}
