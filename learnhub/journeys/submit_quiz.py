"""A quiz from start to receipt: start, hand in or run out, marks, points, the lesson that it completes.

Closing, marking and everything earned are one transaction, so that what one of them shows the others hold too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from learnhub.identity.models import Member
from learnhub.journeys import quiz_rewards
from learnhub.kernel.db import db, reading, unit_of_work
from learnhub.quizzes import access, attempts, checking, closing, overdue, pace, papers
from learnhub.quizzes.access import Came
from learnhub.quizzes.checking import Checked
from learnhub.quizzes.closing import ClosedBy, Receipt
from learnhub.quizzes.conduct import doors
from learnhub.quizzes.models import Attempt, AttemptState, Quiz

log = structlog.get_logger()

NOWHERE = Came()
"""Who names neither code nor address: enough for a quiz that asks for none."""


@dataclass
class Swept:
    """What a run over the overdue attempts did: how many it closed, and attempts (ids) that need somebody's look."""

    closed: int = 0
    unmarked: list[int] = field(default_factory=list)
    """Closed, with questions that could not be marked."""
    failed: list[int] = field(default_factory=list)
    """Still open: closing them raised an error, which is in the log."""


def start(quiz: Quiz, member: Member, now: datetime, *, preview: bool = False, came: Came = NOWHERE) -> Attempt:
    """Start an attempt or go on with the open one; one that ran out is closed first. Refused as the rules say.

    Whoever comes from an address that the quiz does not take is NotAllowed either way; the access code is asked for
    at the beginning only.
    """
    if not preview:
        access.require_address(quiz, came.address)
    made: list[Attempt] | None = attempts.all_of(member.id, quiz.id)
    found = next((one for one in made or () if one.state == AttemptState.OPEN), None)
    if found is not None and attempts.is_over(found, now):
        _close(found.member_id, found.id, now, ClosedBy.REQUEST)
        found = made = None
    if found is None and not preview:
        access.require_code(quiz, came.code)
    attempt = attempts.start(quiz, member, now, preview=preview, made=made)
    doors.hang(attempt, now)
    return attempt


def hand_in(member_id: int, attempt_id: int, now: datetime) -> Receipt:
    """Hand an attempt in and give its receipt; the second time, and from twenty windows at once, the same one."""
    attempts.find(member_id, attempt_id)
    _close(member_id, attempt_id, now, ClosedBy.MEMBER)
    return closing.receipt(member_id, attempt_id)


def check(member_id: int, attempt_id: int, slot: int, now: datetime) -> Checked:
    """Check an answer during an attempt; one that ends it (in a challenge) closes it in the same transaction."""
    found = checking.check(member_id, attempt_id, slot, now)
    if found.ends:
        _close(member_id, attempt_id, now, ClosedBy.CHECK)
    return found


def show(attempt: Attempt, now: datetime) -> Attempt:
    """An attempt as `look_at` gave it, whose questions are shown now: where each has its time, it runs from now on.

    What that changes is written in a transaction of its own, since a page is looked at and not sent.
    """
    member_id, attempt_id = attempt.member_id, attempt.id
    if attempt.state != AttemptState.OPEN or not pace.is_due(attempt, now, papers.grace_of(attempt.layout)):
        return attempt
    with unit_of_work():
        show_within(attempts.find(member_id, attempt_id), now)
    return attempts.find(member_id, attempt_id)


def show_within(attempt: Attempt, now: datetime) -> None:
    """As `show`, in the transaction of a request that writes anyway."""
    if not pace.serve(attempt, now, papers.grace_of(attempt.layout)):
        _close(attempt.member_id, attempt.id, now, ClosedBy.CHECK)


def look_at(member_id: int, attempt_id: int, now: datetime) -> Attempt:
    """A member's own attempt as it stands now: one that ran out is closed first, in a transaction of its own."""
    attempt = attempts.find(member_id, attempt_id)
    if not attempts.is_over(attempt, now):
        return attempt
    with unit_of_work():
        _close(member_id, attempt_id, now, ClosedBy.REQUEST)
    return attempts.find(member_id, attempt_id)


def close_overdue(now: datetime, between: Callable[[], object] = lambda: None) -> Swept:
    """Close every attempt that ran out, in batches with a transaction each: one that fails stops no other.

    A batch that fails is closed again one by one, so that only what is at fault stays open. `between` is called after
    each batch: where there is one writer at a time, the clock lets others write then.
    """
    done, versions, seen = Swept(), overdue.Versions(), set[overdue.Key]()
    while keys := [key for key in _look(now) if key not in seen]:
        seen.update(keys)
        for start in range(0, len(keys), overdue.BATCH):
            _close_batch(keys[start : start + overdue.BATCH], now, versions, done)
            between()
    return done


def _look(now: datetime) -> list[overdue.Key]:
    db.session.rollback()
    with reading():
        found = overdue.find(now)
        db.session.rollback()
    return found


def _close_batch(keys: Sequence[overdue.Key], now: datetime, versions: overdue.Versions, done: Swept) -> None:
    try:
        with reading():
            ended = overdue.mark(keys, now, versions)
            db.session.rollback()
        with unit_of_work():
            closed = overdue.close(ended, now)
            quiz_rewards.reward_many(closed, now)
        marked = {one.key for one in ended}
        _close_each([key for key in keys if key not in marked], now, done)
    except Exception:
        log.exception("a batch could not be closed; its attempts are closed one by one", attempts=len(keys))
        _close_each(keys, now, done)
        return
    done.closed += len(closed)
    unmarked = [one for one in closed if one.marked.unmarked]
    done.unmarked += [one.row.id for one in unmarked]
    for one in unmarked:
        log.error("questions could not be marked", attempt=one.row.id, slots=one.marked.unmarked)


def _close_each(keys: Sequence[overdue.Key], now: datetime, done: Swept) -> None:
    for member_id, attempt_id in keys:
        try:
            with unit_of_work():
                marked = _close(member_id, attempt_id, now, ClosedBy.SWEEPER)
        except Exception:
            log.exception("attempt could not be closed", attempt=attempt_id)
            done.failed.append(attempt_id)
            continue
        if marked is not None:
            done.closed += 1
            if marked.unmarked:
                done.unmarked.append(attempt_id)


def _close(member_id: int, attempt_id: int, now: datetime, by: ClosedBy) -> closing.Marked | None:
    marked = closing.close(member_id, attempt_id, now, by)
    if marked is not None:
        quiz_rewards.reward(attempts.find(member_id, attempt_id), now)
    return marked
