"""A deputy stands in for somebody: the role is passed on, and both are told when it begins and when it is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from learnhub.audit.trail import Actor
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import unit_of_work
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations import deputies, roles
from learnhub.organisations.deputies import Deputation
from learnhub.organisations.models import RoleGrant

PAGE = "/me/deputies"
LOOK_BACK = timedelta(days=7)
"""A clock that stood still for a week still tells what it missed; nothing is told twice."""


def pass_on(
    actor: Actor, held: RoleGrant, deputy: Member, first: date, last: date, now: datetime, *, reason: str = ""
) -> RoleGrant:
    """Pass a role on for some days; both are told at once when it begins today."""
    granted = deputies.pass_on(actor, held, deputy, first, last, now, reason=reason)
    if granted.starts_at <= now:
        _tell_begun(deputies.one(granted.id), now)
    return granted


def take_back(actor: Actor, granted: RoleGrant, now: datetime) -> None:
    """End a deputation before its time; both are told."""
    told = deputies.one(granted.id)
    roles.end(actor, granted.id, now)
    _tell_over(told, now)


def tell(now: datetime) -> int:
    """Tell both of each deputation that began or ended lately, once; how many there were. For the clock."""
    with unit_of_work():
        found = deputies.begun_or_over(now - LOOK_BACK, now)
        for one in found:
            if one.grant.ends_at is not None and one.grant.ends_at <= now:
                _tell_over(one, now)
            else:
                _tell_begun(one, now)
    return len(found)


def _tell_begun(one: Deputation, now: datetime) -> None:
    last = local_date(one.last, house.zone).isoformat()
    to_deputy = _(
        "You stand in for %(name)s in %(unit)s until %(day)s.", name=one.principal.name, unit=one.unit.name, day=last
    )
    to_holder = _(
        "%(name)s stands in for you in %(unit)s until %(day)s.", name=one.deputy.name, unit=one.unit.name, day=last
    )
    _send(one, "begun", to_deputy, to_holder, now)


def _tell_over(one: Deputation, now: datetime) -> None:
    to_deputy = _("You no longer stand in for %(name)s in %(unit)s.", name=one.principal.name, unit=one.unit.name)
    to_holder = _("%(name)s no longer stands in for you in %(unit)s.", name=one.deputy.name, unit=one.unit.name)
    _send(one, "over", to_deputy, to_holder, now)


def _send(one: Deputation, what: str, to_deputy: Message, to_holder: Message, now: datetime) -> None:
    for whom, member, text in (("deputy", one.deputy, to_deputy), ("holder", one.principal, to_holder)):
        outbox.send(
            [member.id],
            source=f"deputy:{what}:{one.grant.id}:{whom}",
            kind=Kind.MESSAGE,
            title=_("Deputies"),
            text=text,
            now=now,
            path=PAGE,
        )
