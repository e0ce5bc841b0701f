"""Slips of paper with sign-in codes: for chosen members, or for all who came with a roster."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.audit.models import Import
from learnhub.identity import invitations
from learnhub.journeys import import_roster, invite_members
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations.permissions import Permission
from learnhub.web.context import actor, arrived, config, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.rosters.left_out import told
from learnhub.web.rosters.views import area
from learnhub.web.tables import chosen_ids


@area.post("/units/<code>/slips")
@requires(Permission.MANAGE_MEMBERS)
def print_chosen(code: str) -> ResponseReturnValue:
    """Slips for the chosen members of a unit."""
    unit = scope().unit(Permission.MANAGE_MEMBERS, code)
    chosen = chosen_ids(request.form)
    if not chosen:
        raise Refused(_w("Choose members first."))
    return _page(chosen, url_for("organisations.members", code=unit.code))


@area.post("/rosters/<int:import_id>/slips")
@signed_in
def print_new(import_id: int) -> ResponseReturnValue:
    """Slips for the members who came with a roster, so many at a time: `part` counts from 0."""
    row = import_roster.visible(scope(), import_id)
    return _page(part_of(row), url_for("rosters.show", import_id=row.id), came=True)


def part_of(row: Import) -> list[int]:
    """The members who came with a roster, of the part that a form names."""
    part = request.form.get("part", "0")
    first = int(part) * invite_members.MOST if part.isdecimal() and len(part) < 6 else 0
    return [int(one) for one in row.object_ids][first : first + invite_members.MOST]


def _page(member_ids: Sequence[int], back: str, *, came: bool = False) -> ResponseReturnValue:
    try:
        done = invite_members.invite(scope(), actor(), member_ids, arrived(), came=came)
    except invite_members.NobodyLeftError as nobody:
        return nobody_page(nobody, back)
    return render_template(
        "rosters/slips.html",
        slips=done.slips,
        left_out=told(done.left_out, done.away),
        back=back,
        address=config().base_url.rstrip("/") + url_for("account.welcome"),
        until=arrived() + invitations.LIFETIME,
    )


def nobody_page(nobody: invite_members.NobodyLeftError, back: str) -> ResponseReturnValue:
    """The page that says, by name, why none of the chosen gets a code."""
    return render_template("rosters/nobody.html", left_out=told(nobody.left_out, nobody.away), back=back), 403
