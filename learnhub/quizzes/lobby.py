"""The lobby before a quiz: who came when more pressed start than can be served waits here, in the order of coming.

A place is one row, written once on arrival; a second click, another tab and a reload find it. Whoever asks for their
place also lets the next ones in, as many as their process may: no row counts them, no process leads, and when one is
killed the others go on. A place that is let in is good for two minutes; after that its member may come again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, Table, delete, exists, func, select, update
from sqlalchemy.orm import aliased

from learnhub.kernel.db import db
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import left_alone, upsert
from learnhub.organisations.models import Membership
from learnhub.quizzes.models import LobbyPlace, Quiz

PLACE: Table = LobbyPlace.__table__  # type: ignore[assignment]

CLAIMED_WITHIN = timedelta(minutes=2)
FORGET_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Place:
    """A member's place: how many stand before it, and whether its turn has come."""

    quiz_id: int
    slug: str
    title: str
    ahead: int
    admitted: bool


def arrive(quiz_id: int, member_id: int, now: datetime) -> None:
    """Stand at the end, or keep the place one has; a turn that was missed is the end again. One statement."""
    new = upsert(PLACE).values(id=new_id(), quiz_id=quiz_id, member_id=member_id, arrived_at=now)
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=["quiz_id", "member_id"],
            set_={"id": new.excluded.id, "arrived_at": now, "admitted_at": None},
            where=PLACE.c.admitted_at < now - CLAIMED_WITHIN,
        )
    )


def find(quiz_id: int, member_id: int, now: datetime) -> Place | None:
    """A member's place; None without one, and when its turn was missed. One statement."""
    before = aliased(LobbyPlace)
    ahead = (
        select(func.count())
        .select_from(before)
        .where(before.admitted_at.is_(None), before.id < LobbyPlace.id)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(Quiz.id, Quiz.slug, Quiz.title, ahead.label("ahead"), LobbyPlace.admitted_at)
        .join(LobbyPlace, LobbyPlace.quiz_id == Quiz.id)
        .where(LobbyPlace.quiz_id == quiz_id, LobbyPlace.member_id == member_id)
    ).one_or_none()
    if row is None or (row.admitted_at is not None and row.admitted_at < now - CLAIMED_WITHIN):
        return None
    admitted = row.admitted_at is not None
    return Place(row.id, row.slug, row.title, 0 if admitted else row.ahead, admitted)


def admit(count: int, now: datetime) -> int:
    """Let the next so many in, first come first served; how many there were. Two who do so at once let in others."""
    first = left_alone(select(PLACE.c.id).where(PLACE.c.admitted_at.is_(None)).order_by(PLACE.c.id).limit(count))
    done = db.session.execute(
        update(PLACE).where(PLACE.c.id.in_(first.scalar_subquery())).values(admitted_at=now).returning(PLACE.c.id)
    )
    return len(done.all())


def claim(quiz_id: int, member_id: int, now: datetime) -> bool:
    """Take one's turn: the place is given up, and whether there was one. Of two tabs one takes it."""
    done = db.session.execute(
        delete(PLACE)
        .where(
            PLACE.c.quiz_id == quiz_id,
            PLACE.c.member_id == member_id,
            PLACE.c.admitted_at >= now - CLAIMED_WITHIN,
        )
        .returning(PLACE.c.id)
    )
    return done.one_or_none() is not None


def anybody_waits() -> bool:
    """Whether somebody waits to be let in."""
    return bool(db.session.scalar(select(exists().where(PLACE.c.admitted_at.is_(None)))))


def count(unit_ids: Select[int], quiz: Quiz | None = None) -> int:
    """How many members of these units wait, at one quiz or at all."""
    query = select(func.count()).select_from(LobbyPlace).where(LobbyPlace.admitted_at.is_(None))
    if quiz is not None:
        query = query.where(LobbyPlace.quiz_id == quiz.id)
    members = select(Membership.member_id).where(Membership.unit_id.in_(unit_ids), Membership.ends_on.is_(None))
    return db.session.scalar(query.where(LobbyPlace.member_id.in_(members))) or 0


def forget(now: datetime) -> None:
    """Remove the places of who never came back."""
    db.session.execute(delete(PLACE).where(PLACE.c.arrived_at < now - FORGET_AFTER))
