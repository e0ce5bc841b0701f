"""Terms of office: who holds which post of a unit from which day to which, and which posts are vacant.

A term is the formal record. What a roster writes beside a membership (`Membership.post`) is what the sheets print;
neither changes the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from learnhub.audit.trail import Actor, record
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.models import Term, Unit

SOON = timedelta(days=90)
"""A term that ends within so many days is named: an election takes its time."""


class How(StrEnum):
    """How somebody came to a post."""

    ELECTED = "elected"
    APPOINTED = "appointed"


@dataclass(frozen=True)
class Held:
    """A term with the name of who holds it."""

    term: Term
    name: str
    number: str
    ends_soon: bool = False


@dataclass(frozen=True)
class Posts:
    """The posts of a unit on a day: held, coming, past, and vacant ones."""

    held: Sequence[Held]
    coming: Sequence[Held]
    past: Sequence[Held]
    vacant: Sequence[str]


def holds_on(day: date) -> ColumnElement[bool]:
    """The condition that a term holds on a day."""
    return and_(Term.starts_on <= day, or_(Term.ends_on.is_(None), Term.ends_on > day))


def posts(unit: Unit, named: Sequence[str], day: date) -> Posts:
    """The posts of a unit on a day; `named` are those that its kind has."""
    rows = db.session.execute(
        select(Term, Member.name, Member.number)
        .join(Member, Member.id == Term.member_id)
        .where(Term.unit_id == unit.id)
        .order_by(Term.starts_on.desc(), Member.number)
    ).all()
    order = {post: at for at, post in enumerate(named)}
    held: list[Held] = []
    coming: list[Held] = []
    past: list[Held] = []
    for term, name, number in rows:
        over = term.ends_on is not None and term.ends_on <= day
        soon = not over and term.ends_on is not None and term.ends_on - day <= SOON
        (past if over else coming if term.starts_on > day else held).append(Held(term, name, number, soon))
    held.sort(key=lambda one: (order.get(one.term.post, len(order)), one.term.post))
    taken = {one.term.post for one in held}
    return Posts(held, coming, past, [post for post in named if post not in taken])


def begin(
    actor: Actor,
    unit: Unit,
    post: str,
    member: Member,
    starts_on: date,
    now: datetime,
    *,
    last_day: date | None = None,
    ordinal: int | None = None,
    how: How = How.ELECTED,
) -> Term:
    """A member holds a post from a day on. Refused when he or she holds it at that time already."""
    units.require_open(unit.id)
    post = " ".join(post.split())[:80]
    if not post:
        raise Refused(_("Name the post."))
    if last_day is not None and last_day < starts_on:
        raise Refused(_("The last day can't come before the first."))
    ends_on = last_day + timedelta(days=1) if last_day else None
    overlap = select(Term.id).where(
        Term.unit_id == unit.id,
        Term.post == post,
        Term.member_id == member.id,
        or_(Term.ends_on.is_(None), Term.ends_on > starts_on),
    )
    if ends_on is not None:
        overlap = overlap.where(Term.starts_on < ends_on)
    if db.session.scalar(overlap.limit(1)):
        raise Refused(_("%(name)s already holds this post at that time.", name=member.name))
    term = Term(
        unit_id=unit.id, post=post, member_id=member.id, starts_on=starts_on, ends_on=ends_on, ordinal=ordinal, how=how
    )
    db.session.add(term)
    db.session.flush()
    record(actor, "term.begun", "member", member.id, now, unit_id=unit.id, post=post, starts_on=starts_on.isoformat())
    return term


def end(actor: Actor, term: Term, now: datetime) -> None:
    """End a term today: yesterday was its last day. What was held stays in the past."""
    today = local_date(now, house.zone)
    if term.starts_on > today or (term.ends_on is not None and term.ends_on <= today):
        raise Refused(_("This term is not held today."))
    before = term.ends_on.isoformat() if term.ends_on else ""
    term.ends_on = today
    db.session.flush()
    record(actor, "term.ended", "member", term.member_id, now, unit_id=term.unit_id, post=term.post, before=before)
