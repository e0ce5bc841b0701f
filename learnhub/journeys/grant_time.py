"""More time, from the word to every clock: written down once, carried out in batches, open attempts moved, those that
their clock had ended opened again with their points taken back, and word to whom it was opened for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from learnhub.audit.trail import SYSTEM, Actor, record
from learnhub.identity.models import Member
from learnhub.journeys import quiz_rewards
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.words import _, n_
from learnhub.notices import outbox
from learnhub.notices.models import Kind
from learnhub.organisations.models import Unit
from learnhub.quizzes import grants, taken_back
from learnhub.quizzes.grants import Given
from learnhub.quizzes.models import Attempt, AttemptState, Quiz, TimeGrant

log = structlog.get_logger()


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: how long, for whom, why; the fields are those of `TimeGrant`."""

    seconds: int
    reason: str
    member_id: int | None = None
    unit: Unit | None = None
    quiz: Quiz | None = None
    may_pass_close: bool = False
    lasting: bool = False
    reopens_from: datetime | None = None
    call_key: str | None = None


@dataclass
class Done:
    """How many attempts have had the time by this call, and how many of them were opened again."""

    moved: int = 0
    reopened: int = 0


def grant(actor: Actor, wish: Wish, now: datetime, *, unit_id: int | None = None) -> TimeGrant:
    """Write a grant down, with one line in the audit trail; errors as in `grants.give`.

    Who asks was found to reach whom it is for. `unit_id` is where a member's grant counts. It is carried out by
    `carry_out` after this transaction, here or by the clock, whichever comes first.
    """
    made, is_new = grants.give(
        seconds=wish.seconds,
        reason=wish.reason,
        by=actor.id,
        now=now,
        quiz=wish.quiz,
        member_id=wish.member_id,
        unit_id=wish.unit.id if wish.unit else None,
        may_pass_close=wish.may_pass_close,
        lasting=wish.lasting,
        reopens_from=wish.reopens_from,
        call_key=wish.call_key,
    )
    if not is_new:
        return made
    details: dict[str, object] = {"seconds": wish.seconds, "reason": made.reason}
    if wish.member_id is not None:
        details["member"] = str(wish.member_id)
    if wish.quiz is not None:
        details["quiz"] = wish.quiz.title
    record(actor, "time.granted", "time_grant", made.id, now, unit_id=made.unit_id or unit_id, **details)
    return made


def carry_out(grant_id: int, now: datetime, *, batches: int | None = None) -> Done:
    """Give the time of a grant to its attempts, a transaction for each batch, until none is left (or `batches` are
    done: the clock goes on). Broken off anywhere, it goes on where it was."""
    done = Done()
    while batches is None or batches > 0:
        with unit_of_work():
            made = db.session.get_one(TimeGrant, grant_id, with_for_update={"key_share": True})
            batch = grants.next_batch(made)
            given = [one for key in batch if (one := _apply(made, *key, now)) is not None]
            if not batch:
                made.carried_out_at = made.carried_out_at or now
                return done
        done.moved += len(given)
        done.reopened += sum(one.reopened for one in given)
        batches = batches - 1 if batches is not None else None
        if not given:
            log.warning("attempts were handed in while their time was granted", grant=grant_id, attempts=len(batch))
    return done


def carry_out_waiting(now: datetime) -> Done:
    """Carry out every grant that was broken off, and take back what was not taken yet; the clock's job."""
    done = Done()
    for grant_id in grants.waiting():
        one = carry_out(grant_id, now)
        done.moved += one.moved
        done.reopened += one.reopened
    for grant_id in taken_back.waiting(now):
        carry_back(grant_id, now)
    return done


@dataclass
class TakenBack:
    """From how many running attempts time was taken by this call, and how many of them had used some of it."""

    attempts: int = 0
    used: int = 0


def take_back(actor: Actor, made: TimeGrant, reason: str, now: datetime, *, unit_id: int | None = None) -> None:
    """Write down that a grant no longer holds, with one line in the audit trail; errors as in `taken_back.take_back`.

    Who asks was found to reach it. `carry_back` takes the time after this transaction, here or by the clock.
    """
    entry = taken_back.take_back(made, reason, actor.id, now)
    details: dict[str, object] = {"seconds": made.seconds, "reason": entry.reason, "granted_for": made.reason}
    if made.member_id is not None:
        details["member"] = str(made.member_id)
    if made.quiz_id is not None:
        details["quiz"] = db.session.get_one(Quiz, made.quiz_id).title
    record(actor, "time.taken_back", "time_grant", made.id, now, unit_id=made.unit_id or unit_id, **details)


def carry_back(grant_id: int, now: datetime, *, batches: int | None = None) -> TakenBack:
    """Take the time of a grant from the attempts that run, a transaction for each batch, as `carry_out` gives it."""
    done = TakenBack()
    while batches is None or batches > 0:
        with unit_of_work():
            made = db.session.get_one(TimeGrant, grant_id)
            batch = taken_back.next_batch(grant_id)
            kept = [one for key in batch if (one := taken_back.take_from(made, *key, now)) is not None]
        if not kept:
            break
        done.attempts += len(kept)
        done.used += sum(1 for seconds in kept if seconds)
        batches = batches - 1 if batches is not None else None
    return done


def _apply(made: TimeGrant, member_id: int, attempt_id: int, now: datetime) -> Given | None:
    before = db.session.get_one(Attempt, (member_id, attempt_id), populate_existing=True)
    was_closed, had_passed = before.state == AttemptState.CLOSED, bool(before.passed)
    given = grants.apply(made, member_id, attempt_id, now)
    if given is None or not given.reopened:
        return given
    attempt = db.session.get_one(Attempt, (member_id, attempt_id), populate_existing=True)
    if was_closed:
        quiz_rewards.take_back(_granter(made), attempt, had_passed, now)
    _tell(made, attempt, now)
    return given


def _granter(made: TimeGrant) -> Actor:
    member = db.session.get(Member, made.granted_by) if made.granted_by is not None else None
    return Actor(member) if member is not None else SYSTEM


def _tell(made: TimeGrant, attempt: Attempt, now: datetime) -> None:
    """Word to a member whose attempt is open again: they have left it, so no clock on a page tells them."""
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    minutes = -(-made.seconds // 60)
    outbox.send(
        [attempt.member_id],
        source=f"time:{made.id}:{attempt.id}",
        kind=Kind.REMINDER,
        title=_("Open again: %(quiz)s", quiz=quiz.title),
        text=n_(
            "You have %(n)s more minute; your answers are there. The reason: %(reason)s",
            "You have %(n)s more minutes; your answers are there. The reason: %(reason)s",
            n=minutes,
            reason=made.reason,
        ),
        now=now,
        path=f"/attempts/{attempt.id}",
        unit_id=attempt.unit_id,
    )
