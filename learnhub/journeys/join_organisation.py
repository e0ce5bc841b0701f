"""A person joins the organisation: account, membership, trace."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from learnhub.audit.trail import Actor, record
from learnhub.identity import members
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations import memberships, roles, units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role


def join(
    actor: Actor,
    unit: Unit,
    number: str,
    name: str,
    now: datetime,
    *,
    password: str | None = None,
    sign_in_name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    post: str = "",
    starts_on: date | None = None,
    test: bool = False,
) -> Member:
    """Add a new member to a unit from a day on (by default today). Refused when the number is taken.

    Without a password nobody can sign in to the account until one is set.
    """
    member = members.new_member(
        number, name, now, password=password, sign_in_name=sign_in_name, email=email, phone=phone, test=test
    )
    day = starts_on or local_date(now, house.zone)
    memberships.join_unit(member, unit, day, post=" ".join(post.split())[:80])
    record(
        actor,
        "member.joined",
        "member",
        member.id,
        now,
        unit_id=unit.id,
        unit=unit.code,
        number=member.number,
        name=member.name,
        starts_on=day.isoformat(),
    )
    return member


def first_administrator(name: str, password: str, now: datetime, actor: Actor) -> Member:
    """Make an administrator of the whole organisation, and its first unit (code HQ) if there is none.

    For the command line: nobody but the system may raise an account like this.
    """
    if actor.id is not None:
        raise NotAllowed(_("Administrators are made here by the system only; leave out --as."))
    root = db.session.scalar(
        select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.created_at, Unit.id).limit(1)
    ) or units.new_unit("HQ", "HQ", now, kind="committee")
    member = join(actor, root, name, name, now, password=password)
    roles.grant(actor, member, Role.ADMINISTRATOR, root, now)
    return member
