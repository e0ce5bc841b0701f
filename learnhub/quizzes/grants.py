"""More time: for one member, for a unit and all below it, for everybody whom an incident hit; each with its reason.

A grant is one row; carrying it out goes over the attempts in batches, each a transaction of its own, and notes for each
attempt that it has had its time. So it can be broken off anywhere and gone on with, and nobody gets it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, exists, false, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import upsert
from learnhub.kernel.words import _
from learnhub.organisations.models import UnitPath
from learnhub.quizzes import late_answers, pace, papers
from learnhub.quizzes.deadlines import takes_saves
from learnhub.quizzes.models import Attempt, AttemptState, GrantedTime, HandMark, Quiz, TimeGrant
from learnhub.quizzes.taken_back_models import GrantTakenBack

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
GRANTED: Table = GrantedTime.__table__  # type: ignore[assignment]

LONGEST = 24 * 3600
LONGEST_REASON = 500
BATCH = 200
"""Attempts whose deadlines move in one transaction."""
BY_THE_CLOCK = ("request", "sweeper")


@dataclass(frozen=True)
class Standing:
    """What a member has beyond a quiz's limit when an attempt starts: seconds, those that also move the close, and the
    grants (id, seconds) that they come from."""

    seconds: int = 0
    past_close: int = 0
    grants: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Given:
    """An attempt that has just had the time of a grant."""

    member_id: int
    attempt_id: int
    quiz_id: int
    unit_id: int
    deadline: datetime | None
    reopened: bool


def give(
    *,
    seconds: int,
    reason: str,
    by: int | None,
    now: datetime,
    quiz: Quiz | None = None,
    member_id: int | None = None,
    unit_id: int | None = None,
    may_pass_close: bool = False,
    lasting: bool = False,
    reopens_from: datetime | None = None,
    call_key: str | None = None,
) -> tuple[TimeGrant, bool]:
    """Write a grant down, and whether this call did; `carry_out` gives it to the attempts.

    The same `call_key` again (a double click, a form that is sent once more) is the same grant: the unique key says so.
    Refused without a reason, a length or a whom.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say why there is more time: it stands in the audit trail."))
    if len(reason) > LONGEST_REASON:
        raise Refused(_("A reason has at most %(n)s characters.", n=LONGEST_REASON))
    if not 1 <= seconds <= LONGEST:
        raise Refused(_("Extra time lies between one second and one day."))
    if (member_id is None) == (unit_id is None):
        raise Refused(_("Extra time is for one member or for one unit."))
    if reopens_from is not None and reopens_from > now:
        raise Refused(_("An incident begins before now."))
    grant_id = db.session.scalar(
        upsert(TimeGrant.__table__)
        .values(
            id=new_id(),
            quiz_id=quiz.id if quiz else None,
            member_id=member_id,
            unit_id=unit_id,
            seconds=seconds,
            may_pass_close=may_pass_close,
            lasting=lasting,
            reopens_from=reopens_from,
            reason=reason,
            granted_by=by,
            granted_at=now,
            call_key=call_key,
        )
        .on_conflict_do_nothing(index_elements=["call_key"])
        .returning(TimeGrant.id)
    )
    if grant_id is not None:
        return db.session.get_one(TimeGrant, grant_id), True
    return db.session.scalars(select(TimeGrant).where(TimeGrant.call_key == call_key)).one(), False


_STANDING = (
    select(TimeGrant.id, TimeGrant.seconds, TimeGrant.may_pass_close)
    .where(
        TimeGrant.lasting.is_(True),
        ~exists().where(GrantTakenBack.grant_id == TimeGrant.id),
        or_(TimeGrant.quiz_id.is_(None), TimeGrant.quiz_id == bindparam("of_quiz")),
        or_(
            TimeGrant.member_id == bindparam("of_member"),
            TimeGrant.unit_id.in_(select(UnitPath.above_id).where(UnitPath.below_id == bindparam("of_unit"))),
        ),
    )
    .order_by(TimeGrant.id)
)


def standing(quiz: Quiz, member_id: int, unit_id: int | None) -> Standing:
    """The lasting grants that a new attempt of a member starts with; one statement."""
    asked = {"of_quiz": quiz.id, "of_member": member_id, "of_unit": unit_id}
    rows = db.session.connection().execute(_STANDING, asked).all()
    return Standing(
        sum(row.seconds for row in rows),
        sum(row.seconds for row in rows if row.may_pass_close),
        tuple((row.id, row.seconds) for row in rows),
    )


def note(member_id: int, attempt_id: int, grants: Sequence[tuple[int, int]], now: datetime) -> None:
    """A new attempt began with the time of these grants."""
    if grants:
        rows = [
            {"member_id": member_id, "attempt_id": attempt_id, "grant_id": grant, "seconds": seconds, "at": now}
            for grant, seconds in grants
        ]
        db.session.execute(insert(GRANTED), [{**row, "reopened": False} for row in rows])


def waiting(limit: int = 20) -> list[int]:
    """The grants that still have attempts to give their time to, oldest first."""
    query = select(TimeGrant.id).where(TimeGrant.carried_out_at.is_(None)).order_by(TimeGrant.granted_at)
    return list(db.session.scalars(query.limit(limit)))


def next_batch(grant: TimeGrant, limit: int = BATCH) -> list[tuple[int, int]]:
    """The attempts (member id, id) that should have the time of a grant and have not had it, in the order of their key.

    Those that were open when it was given or began since, and those that their clock ended since `reopens_from`. What
    is closed by its member, was marked by a person, or is followed by another attempt stays closed. A grant that was
    taken back has none.
    """
    rows = db.session.execute(
        select(ATTEMPT.c.member_id, ATTEMPT.c.id)
        .where(_meant(grant), _not_had(grant), or_(ATTEMPT.c.state == AttemptState.OPEN.value, _may_reopen(grant)))
        .order_by(ATTEMPT.c.member_id, ATTEMPT.c.id)
        .limit(limit)
    )
    return [(member_id, attempt_id) for member_id, attempt_id in rows]


def _meant(grant: TimeGrant) -> ColumnElement[bool]:
    runs = or_(ATTEMPT.c.deadline.is_not(None), ATTEMPT.c.page_since.is_not(None))
    conditions: list[ColumnElement[bool]] = [ATTEMPT.c.preview.is_(False), runs]
    if not grant.lasting:
        conditions.append(ATTEMPT.c.started_at <= grant.granted_at)
    if grant.quiz_id is not None:
        conditions.append(ATTEMPT.c.quiz_id == grant.quiz_id)
    if grant.member_id is not None:
        conditions.append(ATTEMPT.c.member_id == grant.member_id)
    else:
        below = select(UnitPath.below_id).where(UnitPath.above_id == grant.unit_id)
        conditions.append(ATTEMPT.c.unit_id.in_(below))
    return and_(*conditions)


def _not_had(grant: TimeGrant) -> ColumnElement[bool]:
    had = exists().where(
        GRANTED.c.member_id == ATTEMPT.c.member_id,
        GRANTED.c.attempt_id == ATTEMPT.c.id,
        GRANTED.c.grant_id == grant.id,
    )
    return and_(~had, ~exists().where(GrantTakenBack.grant_id == grant.id))


def _may_reopen(grant: TimeGrant) -> ColumnElement[bool]:
    if grant.reopens_from is None:
        return false()
    later = aliased(Attempt)
    return and_(
        ATTEMPT.c.state == AttemptState.CLOSED.value,
        ATTEMPT.c.closed_by.in_(BY_THE_CLOCK),
        ATTEMPT.c.deadline >= grant.reopens_from,
        ~exists().where(
            later.member_id == ATTEMPT.c.member_id, later.quiz_id == ATTEMPT.c.quiz_id, later.number > ATTEMPT.c.number
        ),
        ~exists().where(HandMark.member_id == ATTEMPT.c.member_id, HandMark.attempt_id == ATTEMPT.c.id),
    )


def apply(grant: TimeGrant, member_id: int, attempt_id: int, now: datetime) -> Given | None:
    """Move the deadline of one attempt, and open it again when its clock ended it and there is time left. Where each
    question has its own time, the page that its member is on has the time too.

    None when it was handed in by its member in the meantime. The update takes the attempt's row, so that a save, a
    close and a grant come one after another.
    """
    mine = (ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)
    past_close = grant.seconds if grant.may_pass_close else 0
    row = db.session.execute(
        update(ATTEMPT)
        .where(*mine, or_(ATTEMPT.c.state == AttemptState.OPEN.value, ATTEMPT.c.closed_by.in_(BY_THE_CLOCK)))
        .values(
            extra_seconds=ATTEMPT.c.extra_seconds + grant.seconds,
            past_close_seconds=ATTEMPT.c.past_close_seconds + past_close,
            page_extra_seconds=case(
                (ATTEMPT.c.page_since.is_not(None), ATTEMPT.c.page_extra_seconds + grant.seconds), else_=0
            ),
        )
        .returning(*ATTEMPT.c)
    ).one_or_none()
    if row is None:
        return None
    deadline = _deadline_after(grant, row)
    values: dict[str, object] = {"deadline": deadline}
    reopened = row.state == AttemptState.CLOSED and deadline is not None and deadline > now
    if reopened:
        values |= _AS_OPEN | {"reopened": row.reopened + 1}
    if row.state == AttemptState.OPEN or reopened:
        db.session.execute(update(ATTEMPT).where(*mine).values(**values))
    note_one = {"member_id": member_id, "attempt_id": attempt_id, "grant_id": grant.id, "seconds": grant.seconds}
    db.session.execute(insert(GRANTED), {**note_one, "at": now, "reopened": reopened})
    ran_out = reopened or (row.state == AttemptState.OPEN and _ran_out(grant, row, now))
    if ran_out and takes_saves(now, deadline, papers.grace_of(row.layout)):
        late_answers.count_what_is_in_time(member_id, attempt_id)
    if deadline is not None:
        _note_the_last(row.quiz_id, deadline)
    return Given(member_id, attempt_id, row.quiz_id, row.unit_id, deadline, reopened)


_AS_OPEN: dict[str, object] = {
    "state": AttemptState.OPEN.value,
    "submitted_at": None,
    "closed_at": None,
    "closed_by": "",
    "digest": "",
    "score": None,
    "passed": None,
    "waits": 0,
    "marks": [],
}


def _ran_out(grant: TimeGrant, row: Any, now: datetime) -> bool:
    """Whether an open attempt, or the page that its member is on, took no answers before it had the time."""
    grace, page_ends = papers.grace_of(row.layout), pace.page_ends(row)
    page_ended = page_ends is not None and not takes_saves(now, page_ends - timedelta(seconds=grant.seconds), grace)
    return page_ended or not takes_saves(now, row.deadline, grace)


def _deadline_after(grant: TimeGrant, row: Any) -> datetime | None:
    """The deadline of an attempt's row by its frozen limit and close, the time of its last question and all the time
    granted; never an earlier one, and None where nothing ends it yet.

    An attempt that began before the clock's rules were frozen with the paper has the time after its deadline.
    """
    before = cast(datetime | None, row.deadline)
    if before is None:
        return None
    if "limit" not in row.layout:
        return before + timedelta(seconds=grant.seconds)
    ends = pace.ends_without(row)
    return before if ends is None else max(before, ends)


def _note_the_last(quiz_id: int, deadline: datetime) -> None:
    """The quiz knows how long its last member sits, so that reviews open after that."""
    db.session.execute(
        update(Quiz)
        .where(
            Quiz.id == quiz_id,
            Quiz.closes_at < deadline,
            or_(Quiz.last_close_at.is_(None), Quiz.last_close_at < deadline),
        )
        .values(last_close_at=deadline)
    )


_OF_ATTEMPT = (
    select(TimeGrant)
    .join(GrantedTime, GrantedTime.grant_id == TimeGrant.id)
    .where(GrantedTime.member_id == bindparam("member_id"), GrantedTime.attempt_id == bindparam("attempt_id"))
    .order_by(TimeGrant.granted_at, TimeGrant.id)
)


def of_attempt(attempt: Attempt) -> list[TimeGrant]:
    """The grants whose time an attempt has had, in order: the member sees why the clock shows more."""
    return list(db.session.scalars(_OF_ATTEMPT, {"member_id": attempt.member_id, "attempt_id": attempt.id}))


def counts(grant_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """To how many attempts each of these grants gave its time, and how many of them it opened again."""
    rows = db.session.execute(
        select(GrantedTime.grant_id, func.count(), func.count(case((GrantedTime.reopened, 1))))
        .where(GrantedTime.grant_id.in_(grant_ids))
        .group_by(GrantedTime.grant_id)
    )
    return {grant_id: (given, reopened) for grant_id, given, reopened in rows}
