"""The details of members as a secretary keeps them, and the changes that wait for a decision."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.audit.trail import record
from learnhub.identity.models import Member
from learnhub.journeys import decide_change
from learnhub.kernel.clock import local_date
from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import Message
from learnhub.kernel.words import _ as _w
from learnhub.organisations import memberships, units
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields, photos, ranks, records
from learnhub.organisations.profile.models import ChangeRequest, MemberField
from learnhub.organisations.profile.ranks import Rank
from learnhub.organisations.profile.values import masked
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import translated as _
from learnhub.web.profiles.forms import PhotoForm, name_of, shown, values_form
from learnhub.web.profiles.views import area, keep


@area.get("/members/<int:member_id>/details")
@requires(Permission.SEE_MEMBERS)
def details(member_id: int) -> ResponseReturnValue:
    """What the fields hold for a member, sensitive ones hidden, and what changed."""
    return _details_page(scope().member(Permission.SEE_MEMBERS, member_id))


def _seen(member: Member) -> list[MemberField]:
    rank = ranks.seeing(scope(), member.id)
    return [one for one in fields.standing() if ranks.may_see(one, rank)]


def _details_page(member: Member, opened: int | None = None) -> ResponseReturnValue:
    seen = _seen(member)
    held = records.values_of(member, seen)
    return render_template(
        "profiles/details.html",
        member=member,
        photo=photos.current(member.id),
        photo_form=PhotoForm(formdata=None),
        held=[(one, held[one.id] if one.id == opened else masked(one, held[one.id])) for one in seen],
        opened=opened,
        history=records.history(member, seen),
        may_change=ranks.changing(scope(), member.id) >= Rank.SECRETARY,
        masked=masked,
        name_of=name_of,
        shown=shown,
    )


@area.post("/members/<int:member_id>/fields/<int:field_id>/show")
@requires(Permission.SEE_MEMBERS)
def show(member_id: int, field_id: int) -> ResponseReturnValue:
    """A sensitive field in full, once; the trail says who looked."""
    member = scope().member(Permission.SEE_MEMBERS, member_id)
    field = next((one for one in _seen(member) if one.id == field_id), None)
    if field is None:
        raise NotFound(_w("There is no such field."))
    unit_id = memberships.primary_unit_id(member.id, arrived())
    record(actor(), "field.shown", "member", member.id, arrived(), unit_id=unit_id, field=field.key)
    return _details_page(member, field.id)


@area.get("/members/<int:member_id>/details/edit")
@requires(Permission.MANAGE_MEMBERS)
def edit(member_id: int) -> ResponseReturnValue:
    """The form with what is the secretary's to change."""
    member = scope().member(Permission.MANAGE_MEMBERS, member_id)
    return _edit_page(member, _edit_form(member)[0])


def _edit_form(member: Member) -> tuple[Any, list[MemberField]]:
    rank = ranks.changing(scope(), member.id)
    mine = [one for one in fields.standing() if ranks.may_change(one, rank)]
    held = records.values_of(member, mine)
    hints: dict[int, Message | str] = {
        one.id: _w("Empty: it stays %(value)s.", value=masked(one, held[one.id]))
        for one in mine
        if one.sensitive and held[one.id]
    }
    return values_form(mine, {one.id: held[one.id] for one in mine if not one.sensitive}, hints), mine


def _edit_page(member: Member, form: Any, status: int = 200) -> ResponseReturnValue:
    return render_template("profiles/edit.html", member=member, form=form), status


@area.post("/members/<int:member_id>/details/edit")
@requires(Permission.MANAGE_MEMBERS)
def save(member_id: int) -> ResponseReturnValue:
    """Change a member's fields; the trail names them, the history keeps what they held."""
    member = scope().member(Permission.MANAGE_MEMBERS, member_id)
    form, mine = _edit_form(member)
    done = keep(form, mine, lambda field, text: _save(member, field, text)) if form.validate() else None
    if done is None:
        return _edit_page(scope().member(Permission.MANAGE_MEMBERS, member_id), form, 422)
    if done:
        unit_id = memberships.primary_unit_id(member.id, arrived())
        record(actor(), "member.changed", "member", member.id, arrived(), unit_id=unit_id, fields=sorted(done))
    flash(_("The details are saved.") if done else _("Nothing is different."), "success")
    return redirect(url_for("profiles.details", member_id=member.id), 303)


def _save(member: Member, field: MemberField, text: str) -> str:
    if field.sensitive and not text.strip() and records.values_of(member, [field])[field.id]:
        return ""
    return field.key if records.change(scope(), actor(), member, field, text) else ""


@area.get("/units/<code>/changes")
@requires(Permission.MANAGE_MEMBERS)
def waiting(code: str) -> ResponseReturnValue:
    """The changes of a unit's members, and below, that wait."""
    found = scope().unit(Permission.MANAGE_MEMBERS, code)
    there = memberships.members_of(units.below(found.id), local_date(arrived(), house.zone))
    total = records.count_waiting(there)
    pages = max(1, -(-total // records.PAGE))
    asked = request.args.get("page", "1")
    page = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 6 else 1
    return render_template(
        "profiles/waiting.html",
        unit=found,
        total=total,
        rows=records.waiting(there, arrived(), page=page),
        leaf=(_leaf(code, page - 1) if page > 1 else None, _leaf(code, page + 1) if page < pages else None),
        masked=masked,
        name_of=name_of,
        shown=shown,
    )


def _leaf(code: str, page: int) -> str:
    return url_for("profiles.waiting", code=code, page=page)


@area.post("/changes/<int:request_id>/approve")
@requires(Permission.MANAGE_MEMBERS)
def approve(request_id: int) -> ResponseReturnValue:
    """Let a change happen that a member proposed."""
    asked = records.request_to_decide(scope(), request_id)
    decide_change.approve(scope(), actor(), asked)
    flash(_("The change is made, and the member is told."), "success")
    return _back_to_list(asked)


@area.post("/changes/<int:request_id>/refuse")
@requires(Permission.MANAGE_MEMBERS)
def refuse(request_id: int) -> ResponseReturnValue:
    """Turn a change down that a member proposed, with the reason."""
    asked = records.request_to_decide(scope(), request_id)
    decide_change.refuse(scope(), actor(), asked, request.form.get("reason", ""))
    flash(_("The change is turned down, and the member is told why."), "success")
    return _back_to_list(asked)


def _back_to_list(asked: ChangeRequest) -> ResponseReturnValue:
    """To the list one came from; to the member when it is not known."""
    code = request.form.get("unit", "")
    if code and len(code) <= 64:
        return redirect(url_for("profiles.waiting", code=code), 303)
    return redirect(url_for("profiles.details", member_id=asked.member_id), 303)
