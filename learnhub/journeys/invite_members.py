"""Members of a unit get sign-in codes on paper, from whoever manages them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.identity import invitations
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.words import _
from learnhub.organisations import roles
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope

MOST = 500
"""So many slips at once: what one sitting at a printer can hand out."""


@dataclass(frozen=True)
class Slip:
    """What is printed for one member."""

    member: Member
    code: str


def invite(scope: Scope, actor: Actor, member_ids: Sequence[int], now: datetime) -> list[Slip]:
    """A fresh code for each of these members, by number.

    NotFound when one is out of reach; NotAllowed for oneself, and when one holds a role that the actor does not
    administer: a code opens the account, so it must not open more than the actor could give.
    """
    wanted = sorted(set(member_ids))
    if not 0 < len(wanted) <= MOST:
        raise Refused(_("Choose from 1 to %(most)s members.", most=MOST))
    found = db.session.scalars(
        select(Member)
        .where(Member.id.in_(wanted), Member.id.in_(scope.member_ids(Permission.MANAGE_MEMBERS)))
        .order_by(Member.number)
    ).all()
    if len(found) != len(wanted):
        raise NotFound(_("There is no such member in your reach."))
    if scope.member_id in wanted:
        raise NotAllowed(_("Change your own password on the page “Me”."))
    _refuse_higher(scope, found, now)
    active = [member for member in found if member.state in OPEN_STATES]
    codes = invitations.invite([member.id for member in active], actor.id, now)
    for member in active:
        record(actor, "member.invited", "member", member.id, now)
    return [Slip(member, codes[member.id]) for member in active]


def _refuse_higher(scope: Scope, members: Sequence[Member], now: datetime) -> None:
    """Whoever holds a role gets a code from who could give that role: an administrator in their own right.

    A role that begins later counts too: whoever chose the password has it then.
    """
    higher = roles.holding_more(scope.member_id, [member.id for member in members], now)
    for member in members:
        if member.id in higher:
            raise NotAllowed(_("%(name)s holds a role; an administrator makes the code.", name=member.name))
