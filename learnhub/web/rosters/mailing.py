"""Sign-in codes by mail: for chosen members, or for all who came with a roster; and what became of each."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from learnhub.identity import code_mails
from learnhub.identity.models import MailState, Member
from learnhub.journeys import import_roster, invite_members
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import Message
from learnhub.kernel.words import _ as _w
from learnhub.organisations import memberships, units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.language import say
from learnhub.web.rosters.left_out import told
from learnhub.web.rosters.slips import nobody_page, part_of
from learnhub.web.rosters.views import area
from learnhub.web.tables import chosen_ids

PAGE = 50
MOST_NAMED = 10
"""So many names in the sentence after; the page itself names all."""
STATES = {
    MailState.WAITING: (_w("waiting"), "neutral"),
    MailState.SENT: (_w("sent"), "success"),
    MailState.FAILED: (_w("not sent"), "danger"),
}


@area.post("/units/<code>/mailed-codes")
@requires(Permission.MANAGE_MEMBERS)
def mail_chosen(code: str) -> ResponseReturnValue:
    """Codes by mail for the chosen members of a unit."""
    unit = scope().unit(Permission.MANAGE_MEMBERS, code)
    chosen = chosen_ids(request.form)
    if not chosen:
        raise Refused(_w("Choose members first."))
    return _mailed(chosen, unit.code, url_for("organisations.members", code=unit.code))


@area.post("/rosters/<int:import_id>/mailed-codes")
@signed_in
def mail_new(import_id: int) -> ResponseReturnValue:
    """Codes by mail for the members who came with a roster, so many at a time: `part` counts from 0."""
    row = import_roster.visible(scope(), import_id)
    back = url_for("rosters.show", import_id=row.id)
    return _mailed(part_of(row), db.session.get_one(Unit, row.unit_id).code, back, came=True)


def _mailed(member_ids: Sequence[int], code: str, back: str, *, came: bool = False) -> ResponseReturnValue:
    if not house.mail_url:
        raise Refused(_w("No mail is sent from here. Print the codes."))
    try:
        done = invite_members.mail(scope(), actor(), member_ids, arrived(), came=came)
    except invite_members.NobodyLeftError as nobody:
        return nobody_page(nobody, back)
    if done.going:
        n = len(done.going)
        flash(ngettext("A code goes to %(num)s member by mail.", "Codes go to %(num)s members by mail.", n), "success")
    for sentence in told(done.left_out, done.away, most=MOST_NAMED):
        flash(sentence, "warning")
    return redirect(url_for("rosters.mailed", code=code), 303)


@area.get("/units/<code>/mailed-codes")
@requires(Permission.MANAGE_MEMBERS)
def mailed(code: str) -> ResponseReturnValue:
    """What became of the codes that were mailed to members of a unit and below."""
    unit = scope().unit(Permission.MANAGE_MEMBERS, code)
    after = request.args.get("after", "")
    below = int(after) if after.isdecimal() and len(after) < 19 else None
    members = memberships.members_of(units.below(unit.id), local_date(arrived(), house.zone))
    found = code_mails.of_members(Member.id.in_(members), after=below, limit=PAGE + 1)
    rows = [
        {"member": member, "mail": one, "state": _shown(one.state), "reason": _why(one.reason)}
        for one, member in found[:PAGE]
    ]
    further = url_for("rosters.mailed", code=unit.code, after=found[PAGE - 1][0].id) if len(found) > PAGE else None
    return render_template("rosters/mailed.html", unit=unit, rows=rows, next_url=further, first_page=below is None)


def _shown(state: str) -> tuple[str, str]:
    words, tone = STATES[MailState(state)]
    return say(words), tone


def _why(reason: dict[str, object] | None) -> str:
    return say(Message.from_json(reason)) if reason else ""
