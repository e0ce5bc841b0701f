"""What ends with a unit, whether it closes or passes into another: roles, terms of office and transfers on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, or_, select, update

from learnhub.audit.trail import Actor, record
from learnhub.authorship.models import Ownership, Work
from learnhub.identity.models import Member
from learnhub.journeys import transfer_member
from learnhub.kernel.db import db
from learnhub.kernel.sql import is_sqlite, locked
from learnhub.kernel.words import Message, _
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations import roles
from learnhub.organisations.models import Lapse, RoleGrant, Term, Transfer, Unit
from learnhub.quizzes.models import Quiz


@dataclass(frozen=True)
class Owned:
    """How many courses, banks and quizzes belong to a unit."""

    courses: int
    banks: int
    quizzes: int


def wait_for_others(*unit_ids: int) -> None:
    """Rosters, transfers and whoever adds somebody to one of these units wait until the change is written.

    On SQLite whoever writes is alone already.
    """
    if not is_sqlite():
        top = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
        db.session.execute(top.with_for_update())
    wanted = locked(select(Unit).where(Unit.id.in_(unit_ids)).order_by(Unit.id))
    db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def held(unit: Unit, now: datetime) -> Sequence[tuple[RoleGrant, Member]]:
    """The roles on a unit that run or are to come, with who holds them; those of deputies too."""
    rows = db.session.execute(
        select(RoleGrant, Member)
        .join(Member, Member.id == RoleGrant.member_id)
        .where(RoleGrant.unit_id == unit.id, or_(RoleGrant.ends_at.is_(None), RoleGrant.ends_at > now))
        .order_by(RoleGrant.delegated_from.is_not(None), Member.number, RoleGrant.id)
    )
    return [(grant, member) for grant, member in rows]


def end_roles(actor: Actor, unit: Unit, now: datetime) -> None:
    """All roles on a unit end now, with what was passed on from them; one that was to begin later never begins."""
    for grant, _member in held(unit, now):
        db.session.refresh(grant)
        if grant.starts_at > now:
            grant.ends_at = grant.starts_at
            db.session.flush()
            record(actor, "role.ended", "member", grant.member_id, now, unit_id=unit.id, role=grant.role)
        elif grant.ends_at is None or grant.ends_at > now:
            roles.end(actor, grant.id, now)


def terms(unit: Unit, on: date) -> int:
    """How many terms of office of a unit last beyond a day, or begin later."""
    return db.session.scalar(select(func.count()).where(*_lasting(unit, on))) or 0


def end_terms(unit: Unit, on: date) -> None:
    """The terms of office of a unit end with the day before; one that was to begin later is never held."""
    end = case((Term.starts_on > on, Term.starts_on), else_=on)
    db.session.execute(update(Term).where(*_lasting(unit, on)).values(ends_on=end))
    db.session.expire_all()


def _lasting(unit: Unit, on: date) -> tuple[ColumnElement[bool], ...]:
    return (Term.unit_id == unit.id, or_(Term.ends_on.is_(None), Term.ends_on > on))


def transfers(unit: Unit) -> Sequence[Transfer]:
    """The transfers from or to a unit that are under way."""
    wanted = select(Transfer).where(
        Transfer.closed_at.is_(None), or_(Transfer.from_unit_id == unit.id, Transfer.to_unit_id == unit.id)
    )
    return db.session.scalars(locked(wanted.order_by(Transfer.id))).all()


def let_lapse(rows: Iterable[Transfer], now: datetime) -> None:
    """Nothing can come of these transfers: their unit is gone."""
    for row in rows:
        transfer_member.lapse(row, Lapse.CLOSED, now)


def owned(unit: Unit) -> Owned:
    """What belongs to a unit; by two statements."""
    rows = db.session.execute(
        select(Ownership.work, func.count()).where(Ownership.unit_id == unit.id).group_by(Ownership.work)
    )
    works = {work: count for work, count in rows}
    quizzes = db.session.scalar(select(func.count()).where(Quiz.unit_id == unit.id)) or 0
    return Owned(works.get(Work.COURSE, 0), works.get(Work.BANK, 0), quizzes)


def tell(
    member_ids: Iterable[int],
    unit: Unit,
    text: Message,
    actor: Actor,
    on: date,
    now: datetime,
    *,
    what: str = "ended",
) -> None:
    """Tell those whose roles on a unit ended or passed on; not who did it."""
    others = sorted(set(member_ids) - {actor.id})
    if others:
        outbox.send(
            others,
            source=f"unit:{unit.id}:{what}:{on.isoformat()}:{now.timestamp():.0f}",
            kind=Kind.MESSAGE,
            title=_("Your role has ended") if what == "ended" else _("Your role goes on in another unit"),
            text=text,
            now=now,
        )
