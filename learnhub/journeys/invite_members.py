"""Members of a unit get sign-in codes, on paper or by mail, from whoever manages them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select

from learnhub.audit.trail import Actor, record
from learnhub.identity import code_mails, invitations
from learnhub.identity.models import OPEN_STATES, Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.words import Message, _
from learnhub.organisations import roles
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope

MOST = 500
"""So many codes at once: what one sitting at a printer can hand out."""


class Why(StrEnum):
    """Why somebody among the chosen gets no code."""

    ROLE = "role"
    """Holds a role that the actor could not give: a code opens the account, so it must not open more than that."""
    ONESELF = "oneself"
    LEFT = "left"
    NO_ADDRESS = "no_address"


LeftOut = Mapping[Why, Sequence[Member]]
"""Who gets no code, by why; reasons that hold for nobody are missing."""


class NobodyLeftError(NotAllowed):
    """None of the chosen gets a code from this actor."""

    def __init__(self, left_out: LeftOut, away: int) -> None:
        super().__init__(_nobody(left_out), left_out=left_out)
        self.left_out = left_out
        self.away = away


def _nobody(left_out: LeftOut) -> Message:
    """Why nobody gets a code: of one person by name, of several in general."""
    if set(left_out) == {Why.ONESELF}:
        return _("Change your own password on the page “Me”.")
    higher = left_out.get(Why.ROLE, ())
    if len(higher) == 1 and len(left_out) == 1:
        return _("%(name)s holds a role; an administrator makes the code.", name=higher[0].name)
    return _("None of the chosen can get a code from you.")


@dataclass(frozen=True)
class Slip:
    """What is printed for one member."""

    member: Member
    code: str


@dataclass(frozen=True)
class Invited:
    """The slips that are printed, and who got none; `away` counts those who are not in reach any more."""

    slips: list[Slip]
    left_out: LeftOut
    away: int = 0


@dataclass(frozen=True)
class Mailed:
    """To whom codes go by mail, and to whom none goes; `away` counts those who are not in reach any more."""

    going: list[Member]
    left_out: LeftOut
    away: int = 0


def invite(scope: Scope, actor: Actor, member_ids: Sequence[int], now: datetime, *, came: bool = False) -> Invited:
    """A fresh code for each of these members, by number; codes that wait for the mail are not sent any more.

    Oneself, who left and who holds a role that the actor could not give are left out and named; NotAllowed when nobody
    remains. NotFound when one is out of reach, unless they `came` with a roster that the actor sees: then those who
    have gone elsewhere since are only counted.
    """
    found = _found(scope, member_ids, now, came=came)
    ids = [member.id for member in found.members]
    code_mails.call_off(ids)
    codes = invitations.invite(ids, actor.id, now)
    for member in found.members:
        record(actor, "member.invited", "member", member.id, now)
    return Invited([Slip(member, codes[member.id]) for member in found.members], found.left_out, found.away)


def mail(scope: Scope, actor: Actor, member_ids: Sequence[int], now: datetime, *, came: bool = False) -> Mailed:
    """Let these members have a code by mail; each is made when its mail is sent. Refusals are those of `invite`.

    Who holds a role or has no address is kept among the mails that were not sent, so that it can be read later too.
    """
    found = _found(scope, member_ids, now, came=came)
    going = [member for member in found.members if member.email]
    code_mails.ask([member.id for member in going], actor.id, now)
    for member in going:
        record(actor, "member.invited_by_mail", "member", member.id, now)
    without = [member for member in found.members if not member.email]
    left_out = {**found.left_out, **({Why.NO_ADDRESS: without} if without else {})}
    code_mails.note_unsent(_reasons(left_out), actor.id, now)
    return Mailed(going, left_out, found.away)


def _reasons(left_out: LeftOut) -> dict[int, Message]:
    """Why no mail goes to those who could have one from somebody else, or with an address."""
    higher = left_out.get(Why.ROLE, ())
    reasons = {one.id: _("%(name)s holds a role; an administrator makes the code.", name=one.name) for one in higher}
    return reasons | {one.id: _("There is no e-mail address.") for one in left_out.get(Why.NO_ADDRESS, ())}


def who_holds_more(scope: Scope, member_ids: Sequence[int]) -> set[int]:
    """Those of these members, as many as there may be, for whom `invite` makes no code because of a role."""
    asked = set(member_ids) if len(member_ids) <= MOST else roles.holders_among(member_ids, scope.now)
    return roles.holding_more(scope.member_id, asked - {scope.member_id}, scope.now)


@dataclass
class _Found:
    members: list[Member] = field(default_factory=list)
    left_out: dict[Why, list[Member]] = field(default_factory=dict)
    away: int = 0

    def leave_out(self, why: Why, member: Member) -> None:
        self.left_out.setdefault(why, []).append(member)


def _found(scope: Scope, member_ids: Sequence[int], now: datetime, *, came: bool) -> _Found:
    """Those of these members who get a code, by number, and those who get none; the refusals of `invite`."""
    wanted = set(member_ids)
    if not 0 < len(wanted) <= MOST:
        raise Refused(_("Choose from 1 to %(most)s members.", most=MOST))
    in_reach = or_(Member.id == scope.member_id, Member.id.in_(scope.member_ids(Permission.MANAGE_MEMBERS)))
    members = db.session.scalars(select(Member).where(Member.id.in_(wanted), in_reach).order_by(Member.number)).all()
    found = _Found(away=len(wanted) - len(members))
    if found.away and not came:
        raise NotFound(_("There is no such member in your reach."))
    higher = roles.holding_more(scope.member_id, [one.id for one in members], now)
    for member in members:
        if member.id == scope.member_id:
            found.leave_out(Why.ONESELF, member)
        elif member.state not in OPEN_STATES:
            found.leave_out(Why.LEFT, member)
        elif member.id in higher:
            found.leave_out(Why.ROLE, member)
        else:
            found.members.append(member)
    if not found.members:
        raise NobodyLeftError(found.left_out, found.away)
    return found
