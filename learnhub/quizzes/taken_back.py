"""Granted time taken back: a counter-entry with its reason, and for each attempt how much of the time went.

A grant stays as it was given. Attempts that are closed stay as they are. A running clock goes back to where it would be
without the grant, but to no moment that has passed: what was used is used, its member keeps it and has a minute to end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, bindparam, case, exists, func, insert, or_, select, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from learnhub.quizzes import pace
from learnhub.quizzes.grants import BATCH, LONGEST_REASON
from learnhub.quizzes.models import Attempt, AttemptState, GrantedTime, Quiz, TimeGrant
from learnhub.quizzes.taken_back_models import GrantTakenBack, TimeTakenBack

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
GRANTED: Table = GrantedTime.__table__  # type: ignore[assignment]

TO_END = timedelta(minutes=1)
"""What is left at least on a clock from which time is taken."""
LOOKED_AFTER = timedelta(days=1)
"""So long the clock looks for attempts that still have the time: one may have begun while it was taken back."""


BACK: Table = TimeTakenBack.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Taken:
    """What became of a grant that was taken back: of how many running attempts, and how many had used some of it."""

    reason: str
    by: int | None
    at: datetime
    attempts: int = 0
    used: int = 0


def within_reach(scope: Scope) -> Any:
    """The condition that a member may take a grant back: they might give it now.

    For all quizzes or one: by who manages the unit or member it is for. For one quiz: by its authors, for units and
    members in their reach.
    """
    written = and_(
        TimeGrant.quiz_id.in_(select(Quiz.id).where(Quiz.unit_id.in_(scope.unit_ids(Permission.AUTHOR)))),
        or_(
            TimeGrant.unit_id.in_(scope.unit_ids(Permission.AUTHOR)),
            TimeGrant.member_id.in_(scope.member_ids(Permission.AUTHOR)),
        ),
    )
    managed = or_(
        TimeGrant.unit_id.in_(scope.unit_ids(Permission.MANAGE_MEMBERS)),
        TimeGrant.member_id.in_(scope.member_ids(Permission.MANAGE_MEMBERS)),
    )
    return or_(written, managed)


def find(scope: Scope, grant_id: int) -> TimeGrant:
    """A grant that the member may take back; NotFound otherwise, as if there were none."""
    found = db.session.scalar(select(TimeGrant).where(TimeGrant.id == grant_id, within_reach(scope)))
    if found is None:
        raise NotFound(_("There is no such grant of time in your reach."))
    return found


def reachable(scope: Scope, grant_ids: Iterable[int]) -> frozenset[int]:
    """Those of these grants that the member may take back."""
    query = select(TimeGrant.id).where(TimeGrant.id.in_(list(grant_ids)), within_reach(scope))
    return frozenset(db.session.scalars(query))


def last(scope: Scope, limit: int) -> list[TimeGrant]:
    """The newest grants that the member may take back, or might have."""
    query = select(TimeGrant).where(within_reach(scope)).order_by(TimeGrant.granted_at.desc(), TimeGrant.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def take_back(grant: TimeGrant, reason: str, by: int | None, now: datetime) -> GrantTakenBack:
    """Write down that a grant no longer holds; `take_from` takes its time from the attempts.

    The grant's row is locked first, so that a batch that gives its time just now comes before or not at all. Refused
    without a reason; Conflict when it was taken back before.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say why the time is taken back: it stands in the audit trail."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("A reason has at most %(n)s characters.", n=LONGEST_REASON))
    db.session.execute(select(TimeGrant.id).where(TimeGrant.id == grant.id).with_for_update(key_share=True))
    if db.session.get(GrantTakenBack, grant.id, populate_existing=True) is not None:
        raise Conflict(_("This time was taken back already."))
    made = GrantTakenBack(grant_id=grant.id, reason=reason, taken_by=by, at=now)
    db.session.add(made)
    db.session.flush()
    return made


def waiting(now: datetime) -> list[int]:
    """Grants taken back lately of which an open attempt still has the time."""
    query = (
        select(GrantTakenBack.grant_id)
        .where(GrantTakenBack.at > now - LOOKED_AFTER, exists().where(*_left_of(GrantTakenBack.grant_id)))
        .order_by(GrantTakenBack.at)
    )
    return list(db.session.scalars(query))


def next_batch(grant_id: int, limit: int = BATCH) -> list[tuple[int, int]]:
    """The open attempts (member id, id) that still have the time of a grant, in the order of their key."""
    rows = db.session.execute(
        select(ATTEMPT.c.member_id, ATTEMPT.c.id)
        .where(*_left_of(grant_id))
        .order_by(ATTEMPT.c.member_id, ATTEMPT.c.id)
        .limit(limit)
    )
    return [(member_id, attempt_id) for member_id, attempt_id in rows]


def _left_of(grant_id: Any) -> tuple[Any, ...]:
    return (
        GRANTED.c.grant_id == grant_id,
        ATTEMPT.c.member_id == GRANTED.c.member_id,
        ATTEMPT.c.id == GRANTED.c.attempt_id,
        ATTEMPT.c.state == AttemptState.OPEN.value,
        ~exists().where(
            BACK.c.member_id == GRANTED.c.member_id,
            BACK.c.attempt_id == GRANTED.c.attempt_id,
            BACK.c.grant_id == GRANTED.c.grant_id,
        ),
    )


def take_from(grant: TimeGrant, member_id: int, attempt_id: int, now: datetime) -> int | None:
    """Take the time of a grant from one attempt, and from the page that had it if its member is still there; how many
    seconds of it had been used and stay.

    None when the attempt was closed in the meantime. Its row is locked first: a save, a close and this come one after
    another.
    """
    mine = (ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)
    row = db.session.execute(
        locked(select(*ATTEMPT.c).where(*mine, ATTEMPT.c.state == AttemptState.OPEN.value))
    ).one_or_none()
    if row is None:
        return None
    entry = {"member_id": member_id, "attempt_id": attempt_id, "grant_id": grant.id}
    had_at = db.session.scalars(select(GRANTED.c.at).filter_by(**entry)).one()
    past_close = grant.seconds if grant.may_pass_close else 0
    here = row.page_since is not None and had_at >= row.page_since
    of_page = min(grant.seconds, row.page_extra_seconds) if here else 0
    kept = page_kept = _used(pace.own_end(row), of_page, now)
    if not of_page and pace.is_timed(row):
        kept = grant.seconds
    values: dict[str, Any] = {"page_extra_seconds": row.page_extra_seconds - of_page + page_kept}
    if row.deadline is not None:
        without = _ends(row, grant.seconds, past_close, of_page)
        values["deadline"] = min(row.deadline, max(min(row.deadline, now + TO_END), without))
        if row.layout.get("limit") or past_close or not pace.is_timed(row):
            kept = min(grant.seconds, _beyond(without, row.deadline, now))
    db.session.execute(
        update(ATTEMPT)
        .where(*mine)
        .values(
            **values,
            extra_seconds=row.extra_seconds - grant.seconds + kept,
            past_close_seconds=row.past_close_seconds - past_close + min(past_close, kept),
        )
    )
    db.session.execute(insert(BACK), {**entry, "seconds": grant.seconds - kept, "kept": kept, "at": now})
    return kept


def _used(end: datetime | None, seconds: int, now: datetime) -> int:
    """How much of the time that a page had is used."""
    if end is None:
        return 0
    return min(seconds, _beyond(end - timedelta(seconds=seconds), end, now))


def _beyond(without: datetime, end: datetime, now: datetime) -> int:
    """How many seconds a clock keeps beyond where it would have ended: it has a minute left, or what was left of it."""
    return max(0, -int((without - min(end, now + TO_END)) // timedelta(seconds=1)))


def _ends(row: Any, seconds: int, past_close: int, of_page: int) -> datetime:
    """When an attempt that has a deadline would end without so much of its granted time."""
    if "limit" not in row.layout:
        moved: datetime = row.deadline - timedelta(seconds=seconds)
        return moved
    ends = pace.ends_without(row, seconds, past_close, of_page)
    return ends if ends is not None else row.deadline


def of_grants(grant_ids: Iterable[int]) -> dict[int, Taken]:
    """What became of those of these grants that were taken back; one statement."""
    rows = db.session.execute(
        select(
            GrantTakenBack.grant_id,
            GrantTakenBack.reason,
            GrantTakenBack.taken_by,
            GrantTakenBack.at,
            func.count(BACK.c.attempt_id),
            func.count(case((BACK.c.kept > 0, 1))),
        )
        .outerjoin(BACK, BACK.c.grant_id == GrantTakenBack.grant_id)
        .where(GrantTakenBack.grant_id.in_(list(grant_ids)))
        .group_by(GrantTakenBack.grant_id)
    )
    return {grant_id: Taken(reason, by, at, had, used) for grant_id, reason, by, at, had, used in rows}


@dataclass(frozen=True)
class Lost:
    """Time that an attempt had and lost again."""

    seconds: int
    reason: str


_LOST = (
    select(BACK.c.seconds, GrantTakenBack.reason)
    .join(GrantTakenBack, GrantTakenBack.grant_id == BACK.c.grant_id)
    .where(BACK.c.member_id == bindparam("member_id"), BACK.c.attempt_id == bindparam("attempt_id"), BACK.c.seconds > 0)
    .order_by(BACK.c.at)
)


def of_attempt(attempt: Attempt) -> Sequence[Lost]:
    """What was taken back of the time of an attempt, and why: its member reads it beside what was granted."""
    rows = db.session.execute(_LOST, {"member_id": attempt.member_id, "attempt_id": attempt.id})
    return [Lost(row.seconds, row.reason) for row in rows]
