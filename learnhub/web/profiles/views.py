"""One's own details: what each field holds, what may be changed, what waits, and the photo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations.permissions import Permission
from learnhub.organisations.profile import fields, photos, ranks, records
from learnhub.organisations.profile.models import MemberField, RequestState
from learnhub.organisations.profile.ranks import Rank
from learnhub.web.context import actor, arrived, me, scope
from learnhub.web.files import answer
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.profiles.forms import PhotoForm, name_of, shown, values_form

area = Blueprint("profiles", __name__)


@area.get("/me/details")
@signed_in
def own() -> ResponseReturnValue:
    """My details: each field, what waits for approval, what changed."""
    return _own_page(None)


@area.post("/me/details")
@signed_in
def save_own() -> ResponseReturnValue:
    """Change what is mine to change at once; propose what needs approval."""
    member = me()
    form, mine = _own_form(member)
    done = keep(form, mine, lambda field, text: _save_own(member, field, text)) if form.validate() else None
    if done is None:
        return _own_page(form, 422)
    if "proposed" in done:
        flash(_("Your secretary has to approve this change. Until then the old value stays."), "success")
    if "changed" in done:
        flash(_("Your details are saved."), "success")
    if not done:
        flash(_("Nothing is different."), "info")
    return redirect(url_for("profiles.own"), 303)


def _save_own(member: Member, field: MemberField, text: str) -> str:
    if ranks.may_change(field, ranks.changing(scope(), member.id)):
        return "changed" if records.change(scope(), actor(), member, field, text) else ""
    return "proposed" if records.propose(scope(), actor(), member, field, text) else ""


def keep(form: Any, mine: Sequence[MemberField], save: Any) -> set[str] | None:
    """Save every field of a form; None when one is refused: it carries the reason, and nothing is kept."""
    done = set()
    refused = False
    for field in mine:
        try:
            done.add(save(field, form[field.key].data or ""))
        except Refused as refusal:
            form[field.key].errors = [say(refusal.message)]
            refused = True
    if refused:
        db.session.rollback()
        return None
    return done - {""}


def _own_form(member: Member) -> tuple[Any, list[MemberField]]:
    rank = ranks.changing(scope(), member.id)
    standing = fields.standing()
    mine = [one for one in standing if ranks.may_change(one, rank) or ranks.may_propose(one, rank)]
    held = records.values_of(member, mine)
    for asked in records.requests_of(member.id):
        if asked.state == RequestState.WAITING:
            held[asked.field_id] = records.proposed(asked)
    return values_form(mine, held, {}, own=True), mine


def _own_page(form: Any, status: int = 200) -> ResponseReturnValue:
    member = me()
    standing = [one for one in fields.standing() if ranks.may_see(one, ranks.seeing(scope(), member.id))]
    known, rank = {one.id: one for one in standing}, ranks.changing(scope(), member.id)
    requests = [(one, known[one.field_id]) for one in records.requests_of(member.id) if one.field_id in known]
    page = render_template(
        "profiles/own.html",
        member=member,
        form=form or _own_form(member)[0],
        asks=any(ranks.may_propose(one, ranks.changing(scope(), member.id)) for one in standing),
        photo=photos.current(member.id),
        photo_form=PhotoForm(formdata=None),
        held=[(one, text) for one, text in _read(member, standing)],
        requests=[(one, field, records.proposed(one)) for one, field in requests],
        history=records.history(member, standing),
        approved=[
            name_of(one) for one in known.values() if not ranks.may_change(one, rank) and ranks.may_propose(one, rank)
        ],
        name_of=name_of,
        shown=shown,
    )
    return page, status


def _read(member: Member, standing: list[MemberField]) -> list[tuple[MemberField, str | None]]:
    held = records.values_of(member, standing)
    return [(one, held[one.id]) for one in standing]


@area.post("/me/changes/<int:request_id>/withdraw")
@signed_in
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take a change back that nobody decided yet."""
    records.withdraw(actor(), records.own_request(scope(), request_id), arrived())
    flash(_("The change is taken back."), "success")
    return redirect(url_for("profiles.own"), 303)


@area.get("/members/<int:member_id>/photo")
@signed_in
def photo(member_id: int) -> ResponseReturnValue:
    """The photo of a member, for who may see the member."""
    member = scope().member(Permission.SEE_MEMBERS, member_id)
    return answer(photos.find(member.id).digest, f"{member.number}.jpg", "image/jpeg")


@area.post("/members/<int:member_id>/photo")
@signed_in
def save_photo(member_id: int) -> ResponseReturnValue:
    """A new photo, or none any more: of oneself, or of a member whose record one keeps."""
    member = scope().member(Permission.MANAGE_MEMBERS, member_id)
    back = redirect(_page_of(member), 303)
    if "remove" in request.form:
        photos.remove(scope(), actor(), member)
        flash(_("The photo is removed."), "success")
        return back
    form = PhotoForm()
    if not form.validate():
        raise Refused(_w("Choose a photo."))
    photos.put(scope(), actor(), member, form.photo.data.read(photos.MOST_BYTES + 1))
    flash(_("The photo is saved."), "success")
    return back


def _page_of(member: Member) -> str:
    own_page = ranks.changing(scope(), member.id) is Rank.SELF or member.id == me().id
    return url_for("profiles.own") if own_page else url_for("profiles.details", member_id=member.id)


from learnhub.web.profiles import administration, keeping  # noqa: E402, F401 (put their views on the same blueprint)
