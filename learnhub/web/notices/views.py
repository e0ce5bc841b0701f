"""Notices: my list and opening one; reminding who is behind, who has read it, and taking it back."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from learnhub.identity.models import Member
from learnhub.journeys import remind
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.notices import inbox, outbox
from learnhub.notices.outbox import Receipt
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, member_id, scope, signed_in_session
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.local_paths import local_path
from learnhub.web.notices.cursors import received_after, received_cursor, sent_after, sent_cursor
from learnhub.web.tables import chosen_ids

area = Blueprint("notices", __name__)


@area.app_context_processor
def names() -> dict[str, Any]:
    """What the header of every page asks for."""
    return {"unread_notices": unread_notices}


def unread_notices() -> int:
    """How many notices wait for this person: asked when a page shows it, once a request; 0 for visitors."""
    session = signed_in_session()
    if session is None:
        return 0
    if "unread_notices" not in g:
        g.unread_notices = inbox.unread(session.member_id)
    return cast(int, g.unread_notices)


@area.get("/notices")
@signed_in
def index() -> ResponseReturnValue:
    """My notices, the unread first."""
    after = received_after(request.args.get("after", ""))
    found, key = inbox.of_member(member_id(), after=after)
    further = received_cursor(key)
    return render_template(
        "notices/index.html",
        unread=[one for one in found if one.read_at is None],
        read=[one for one in found if one.read_at is not None],
        first_page=after is None,
        next_url=url_for("notices.index", after=further) if further else None,
        may_send=scope().has(Permission.SEE_MEMBERS),
    )


@area.post("/notices/<int:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Note that I have read a notice, and go where it leads."""
    path = inbox.read(member_id(), notice_id, arrived())
    return redirect(local_path(path, url_for("notices.index")), 303)


@area.post("/notices/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Note that I have read everything."""
    inbox.read_all(member_id(), arrived())
    return redirect(url_for("notices.index"), 303)


@area.post("/units/<code>/remind")
@requires(Permission.SEE_MEMBERS)
def remind_unit(code: str) -> ResponseReturnValue:
    """Remind the members of a unit, and below, who are behind with the year's hours, or those chosen in a table."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    back = local_path(request.form.get("back"), url_for("organisations.unit", code=code))
    try:
        if request.form.get("whom") == "chosen":
            done = remind.chosen_members(actor(), found, chosen_ids(request.form), arrived())
        else:
            done = remind.members_behind(actor(), found, arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return redirect(back, 303)
    return _say_how_many(done, back)


@area.post("/members/<int:member_id>/remind", endpoint="remind_member")
@requires(Permission.SEE_MEMBERS)
def remind_one(member_id: int) -> ResponseReturnValue:
    """Remind one member of the year's hours."""
    found = scope().member(Permission.SEE_MEMBERS, member_id)
    back = url_for("organisations.member", member_id=found.id)
    try:
        done = remind.one_member(actor(), found, arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return redirect(back, 303)
    return _say_how_many(done, back)


def _say_how_many(done: remind.Reminded, back: str) -> ResponseReturnValue:
    """How many were reminded, on the page of the receipts, where it can be taken back."""
    before = ngettext(
        "%(num)s member had been reminded today already.",
        "%(num)s members had been reminded today already.",
        done.before,
    )
    if done.reminded:
        text = ngettext("%(num)s member was reminded.", "%(num)s members were reminded.", done.reminded)
        flash(f"{text} {before}" if done.before else text, "success")
        return redirect(url_for("notices.sent", notice_id=done.notice_id), 303)
    flash(before if done.before else _("Nobody is behind: there is nobody to remind."), "info")
    return redirect(back, 303)


@area.get("/notices/sent")
@requires(Permission.SEE_MEMBERS)
def outgoing() -> ResponseReturnValue:
    """What I sent, and how many have read it."""
    after = sent_after(request.args.get("after", ""))
    found, key = outbox.sent_by(member_id(), after=after)
    further = sent_cursor(key)
    return render_template(
        "notices/outgoing.html",
        receipts=found,
        first_page=after is None,
        next_url=url_for("notices.outgoing", after=further) if further else None,
    )


@area.get("/notices/sent/<int:notice_id>")
@requires(Permission.SEE_MEMBERS)
def sent(notice_id: int) -> ResponseReturnValue:
    """One notice that was sent: who has read it."""
    receipt = outbox.find(scope(), notice_id)
    notice = receipt.notice
    rows, further = outbox.recipients(scope(), notice.id, after=request.args.get("after", ""))
    mine = notice.sender_id == member_id()
    return render_template(
        "notices/sent.html",
        receipt=receipt,
        notice=notice,
        sender=db.session.get(Member, notice.sender_id) if notice.sender_id else None,
        back=_back(receipt),
        rows=rows,
        first_page="after" not in request.args,
        next_url=url_for("notices.sent", notice_id=notice.id, after=further) if further else None,
        to_take_back=outbox.can_take_back(notice.id, arrived()) if mine else 0,
    )


def _back(receipt: Receipt) -> tuple[str, str]:
    """Address and name of the page that a sent notice belongs to."""
    unit_id = receipt.notice.unit_id
    unit = db.session.get(Unit, unit_id) if unit_id else None
    if unit is not None and scope().reaches(Permission.SEE_MEMBERS, unit.id):
        return url_for("organisations.unit", code=unit.code), unit.name
    return url_for("notices.outgoing"), _("Sent notices")


@area.post("/notices/sent/<int:notice_id>/take-back")
@requires(Permission.SEE_MEMBERS)
def take_back(notice_id: int) -> ResponseReturnValue:
    """Take a notice back from those who have not read it."""
    receipt = outbox.find(scope(), notice_id)
    back, whole = _back(receipt)[0], receipt.members
    try:
        gone = outbox.take_back(actor(), receipt.notice, arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return redirect(url_for("notices.sent", notice_id=notice_id), 303)
    flash(
        ngettext(
            "The notice was taken back from %(num)s member.", "The notice was taken back from %(num)s members.", gone
        ),
        "success",
    )
    return redirect(url_for("notices.sent", notice_id=notice_id) if gone < whole else back, 303)
