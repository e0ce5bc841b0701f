"""The lobby before a quiz: who came when more pressed start than can be served waits here, in the order of coming.

A place is one row, written once on arrival; a second click, another tab and a reload find it. Whoever asks for their
place also lets the next ones in, as many as their process may: no row counts them, no process leads, and when one is
killed the others go on. A place that is let in is good for two minutes; after that its member may come again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from learnhub.kernel.db import at_hand, db
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import left_alone
from learnhub.organisations.models import Membership
from learnhub.quizzes.models import Attempt, LobbyPlace, Quiz, QuizWindow

PLACE: Table = LobbyPlace.__table__  # type: ignore[assignment]
ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
QUIZ: Table = Quiz.__table__  # type: ignore[assignment]

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
    connection = db.session.connection()
    asked = {"id": new_id(), "quiz_id": quiz_id, "member_id": member_id, "arrived_at": now}
    connection.execute(_arrival(connection.dialect.name == "sqlite"), {**asked, "missed": now - CLAIMED_WITHIN})


@cache
def _arrival(on_sqlite: bool) -> Any:
    new = sqlite.insert(PLACE) if on_sqlite else postgresql.insert(PLACE)
    return new.on_conflict_do_update(
        index_elements=["quiz_id", "member_id"],
        set_={"id": new.excluded.id, "arrived_at": new.excluded.arrived_at, "admitted_at": None},
        where=PLACE.c.admitted_at < bindparam("missed"),
    )


_BEFORE = PLACE.alias("before")
_FIND = (
    select(
        QUIZ.c.id,
        QUIZ.c.slug,
        QUIZ.c.title,
        PLACE.c.admitted_at,
        select(func.count())
        .select_from(_BEFORE)
        .where(_BEFORE.c.admitted_at.is_(None), _BEFORE.c.id < PLACE.c.id)
        .scalar_subquery()
        .label("ahead"),
    )
    .join_from(PLACE, QUIZ, QUIZ.c.id == PLACE.c.quiz_id)
    .where(PLACE.c.quiz_id == bindparam("of_quiz"), PLACE.c.member_id == bindparam("of_member"))
)
"""Put together once: thousands ask for their place within seconds."""


def find(quiz_id: int, member_id: int, now: datetime) -> Place | None:
    """A member's place; None without one, and when its turn was missed. One statement."""
    asked = {"of_quiz": quiz_id, "of_member": member_id}
    row = db.session.connection().execute(_FIND, asked).one_or_none()
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


_BY_MEMBER = (ATTEMPT.c.member_id == bindparam("of_member"), ATTEMPT.c.quiz_id == bindparam("of_quiz"))
_KNOCK = select(
    exists().where(*_BY_MEMBER),
    exists().where(PLACE.c.quiz_id == bindparam("of_quiz"), PLACE.c.member_id == bindparam("of_member")),
    exists().where(QuizWindow.quiz_id == bindparam("of_quiz")),
)


@dataclass(frozen=True)
class Known:
    """What is known of a member who presses start in a crowd; mostly nothing, and then no more is read."""

    has_attempts: bool
    has_place: bool
    has_windows: bool
    """Whether units have times of their own at the quiz."""


def knock(quiz_id: int, member_id: int) -> Known:
    """Whether a member has been at a quiz before; one statement."""
    return Known(*db.session.connection().execute(_KNOCK, {"of_quiz": quiz_id, "of_member": member_id}).one())


_ANYBODY = select(exists().where(PLACE.c.admitted_at.is_(None)))


def anybody_waits() -> bool:
    """Whether somebody waits to be let in; no transaction begins by asking."""
    with at_hand() as connection:
        return bool(connection.scalar(_ANYBODY))


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
