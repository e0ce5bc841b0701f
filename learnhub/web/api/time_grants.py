"""Granted time: the grants in my reach, and taking one back."""

from __future__ import annotations

from pydantic import BaseModel, Field

from learnhub.journeys import grant_time
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db
from learnhub.quizzes import grants, taken_back
from learnhub.quizzes.models import TimeGrant
from learnhub.quizzes.taken_back import Taken
from learnhub.web.api.blueprint import Body, api, documented
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import signed_in

LAST = 100
AT_ONCE = 10
"""Batches that a request carries out itself; the clock does the rest."""


class TakingBack(Body):
    """Why time is taken back."""

    reason: str = Field(max_length=500)


class TakenShown(BaseModel):
    """Granted time that was taken back: from how many running attempts so far, how many of which had used some of it.

    What was used stays with its member, who has a minute left.
    """

    reason: str
    at: str
    attempts: int
    used: int


class GrantShown(BaseModel):
    """A grant of time: for a member or a unit and all below, in one quiz or (null) in all."""

    id: str
    quiz: str | None
    member: str | None
    unit: str | None
    seconds: int
    reason: str
    lasting: bool
    may_pass_close: bool
    granted_at: str
    attempts: int
    reopened: int
    taken_back: TakenShown | None


class GrantList(BaseModel):
    """The newest grants in my reach."""

    items: list[GrantShown]


@api.get("/time-grants")
@documented(tag="time grants", answer=GrantList)
@signed_in
def time_grants() -> GrantList:
    """The newest hundred grants that I might give or take back, the newest first; none for who looks after nothing."""
    found = taken_back.last(scope(), LAST)
    ids = [one.id for one in found]
    counts, back = grants.counts(ids), taken_back.of_grants(ids)
    return GrantList(items=[_shown(one, counts.get(one.id, (0, 0)), back.get(one.id)) for one in found])


@api.post("/time-grants/<int:time_id>/take-back")
@documented(tag="time grants", body=TakingBack, answer=GrantShown, errors=(422,))
@signed_in
def take_time_back(time_id: int, body: TakingBack) -> GrantShown:
    """Take granted time back, with a reason: running clocks show it at once, closed attempts stay as they are.

    409 when it was taken back before; 404 for who might not give it.
    """
    grant_time.take_back(actor(), taken_back.find(scope(), time_id), body.reason, arrived())
    db.session.commit()
    grant_time.carry_back(time_id, arrived(), batches=AT_ONCE)
    found = taken_back.find(scope(), time_id)
    given, back = grants.counts([time_id]), taken_back.of_grants([time_id])
    return _shown(found, given.get(time_id, (0, 0)), back.get(time_id))


def _shown(grant: TimeGrant, counts: tuple[int, int], back: Taken | None) -> GrantShown:
    given, reopened = counts
    shown = TakenShown(reason=back.reason, at=iso(back.at), attempts=back.attempts, used=back.used) if back else None
    return GrantShown(
        id=str(grant.id),
        quiz=str(grant.quiz_id) if grant.quiz_id is not None else None,
        member=str(grant.member_id) if grant.member_id is not None else None,
        unit=str(grant.unit_id) if grant.unit_id is not None else None,
        seconds=grant.seconds,
        reason=grant.reason,
        lasting=grant.lasting,
        may_pass_close=grant.may_pass_close,
        granted_at=iso(grant.granted_at),
        attempts=given,
        reopened=reopened,
        taken_back=shown,
    )
