"""Members of a unit get sign-in codes, on paper or by mail, from whoever manages them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.identity import code_mails, invitations
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.words import _
from learnhub.organisations import roles
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope

MOST = 500
"""So many codes at once: what one sitting at a printer can hand out."""


@dataclass(frozen=True)
class Slip:
    """What is printed for one member."""

    member: Member
    code: str


def invite(scope: Scope, actor: Actor, member_ids: Sequence[int], now: datetime) -> list[Slip]:
    """A fresh code for each of these members, by number; codes that wait for the mail are not sent any more.

    NotFound when one is out of reach; oneself among others is left out. NotAllowed for oneself alone, and when one
    holds a role that the actor does not administer: a code opens the account, so it must not open more than the
    actor could give.
    """
    members = _found(scope, member_ids, now)
    ids = [member.id for member in members]
    code_mails.call_off(ids)
    codes = invitations.invite(ids, actor.id, now)
    for member in members:
        record(actor, "member.invited", "member", member.id, now)
    return [Slip(member, codes[member.id]) for member in members]


@dataclass(frozen=True)
class Mailed:
    """To whom codes go by mail, and who has no address: for them a slip can be printed."""

    going: list[Member]
    without: list[Member]


def mail(scope: Scope, actor: Actor, member_ids: Sequence[int], now: datetime) -> Mailed:
    """Let these members have a code by mail; each is made when its mail is sent. Refusals are those of `invite`."""
    members = _found(scope, member_ids, now)
    going = [member for member in members if member.email]
    code_mails.ask([member.id for member in going], actor.id, now)
    for member in going:
        record(actor, "member.invited_by_mail", "member", member.id, now)
    return Mailed(going, [member for member in members if not member.email])


def _found(scope: Scope, member_ids: Sequence[int], now: datetime) -> list[Member]:
    """Those of these members whose accounts are open, by number; the refusals of `invite`."""
    wanted = set(member_ids)
    if not 0 < len(wanted) <= MOST:
        raise Refused(_("Choose from 1 to %(most)s members.", most=MOST))
    if wanted == {scope.member_id}:
        raise NotAllowed(_("Change your own password on the page “Me”."))
    wanted.discard(scope.member_id)
    found = db.session.scalars(
        select(Member)
        .where(Member.id.in_(wanted), Member.id.in_(scope.member_ids(Permission.MANAGE_MEMBERS)))
        .order_by(Member.number)
    ).all()
    if len(found) != len(wanted):
        raise NotFound(_("There is no such member in your reach."))
    _refuse_higher(scope, found, now)
    return [member for member in found if member.state in OPEN_STATES]


def _refuse_higher(scope: Scope, members: Sequence[Member], now: datetime) -> None:
    """Whoever holds a role gets a code from who could give that role: an administrator in their own right.

    A role that begins later counts too: whoever chose the password has it then.
    """
    higher = roles.holding_more(scope.member_id, [member.id for member in members], now)
    for member in members:
        if member.id in higher:
            raise NotAllowed(_("%(name)s holds a role; an administrator makes the code.", name=member.name))
