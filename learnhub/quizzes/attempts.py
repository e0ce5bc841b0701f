"""Attempts: starting one (or going on with the open one), finding one's own, and the rules for another."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import defer, joinedload

from learnhub.identity.models import Member
from learnhub.kernel.clock import iso, local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.sql import is_sqlite
from learnhub.kernel.words import Message, _, n_
from learnhub.organisations.memberships import primary_unit_id
from learnhub.quizzes import beforehand, grants, pace, papers, seen, series, windows
from learnhub.quizzes.deadlines import deadline_for
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.windows import Window

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]


def start(
    quiz: Quiz,
    member: Member,
    now: datetime,
    *,
    preview: bool = False,
    seed: int | None = None,
    made: Sequence[Attempt] | None = None,
) -> Attempt:
    """Start an attempt with its frozen paper and deadline, or go on with the open one.

    However many calls come at once, one attempt is open and all get it: the unique index on open attempts says so.
    A preview (by who may author the quiz) skips the rules and counts nowhere. Refused when the rules allow no
    attempt now, or the paper can't be drawn. An overdue attempt is closed by the journey before, which may have read
    the member's attempts (`made`, as `all_of` gives them).
    """
    for _try in range(3):
        made = all_of(member.id, quiz.id) if made is None else made
        found = next((one for one in made if one.state == AttemptState.OPEN), None)
        if found is not None:
            return _go_on_with(found, preview)
        unit_id = primary_unit_id(member.id, now)
        window = Window(None, None) if preview else windows.for_unit(quiz, unit_id)
        if not preview:
            window = series.within(quiz, window, now)
            refusal = why_not(quiz, [one for one in made if not one.preview], now, window)
            if refusal is not None:
                raise Refused(refusal)
        number = _next_number([one.number for one in made], preview)
        attempt = _insert(quiz, member, now, number, seed, unit_id, window)
        if attempt is not None:
            return attempt
        made = None
    raise Conflict(_("This quiz was started and ended elsewhere at the same moment. Load the page again."))


def _go_on_with(found: Attempt, preview: bool) -> Attempt:
    if found.preview == preview:
        return found
    if preview:
        raise Refused(_("You have an attempt of your own open. Hand it in before you look at the preview."))
    raise Refused(_("You have a preview open. Hand it in before you start an attempt of your own."))


def _insert(
    quiz: Quiz,
    member: Member,
    now: datetime,
    number: int,
    seed: int | None,
    unit_id: int | None,
    window: Window,
) -> Attempt | None:
    """Write the attempt's row; None when somebody else's row for the same quiz and member came first.

    A preview's number lies below zero.
    """
    preview = number < 0
    granted = grants.Standing() if preview else grants.standing(quiz, member.id, unit_id)
    extra = window.extra_seconds + granted.seconds
    layout = pace.lengthened(_paper(quiz, member.id, now, preview, seed, window), extra)
    values = {
        "member_id": member.id,
        "id": new_id(),
        "quiz_id": quiz.id,
        "unit_id": unit_id or quiz.unit_id,
        "number": number,
        "state": AttemptState.OPEN.value,
        "preview": preview,
        "layout": layout,
        "started_at": now,
        "deadline": deadline_for(
            now, quiz.time_limit_seconds, extra, window.closes_at, past_close_seconds=granted.past_close
        ),
        "extra_seconds": extra,
        "past_close_seconds": granted.past_close,
        "page_extra_seconds": 0,
        "reopened": 0,
        "saves": 0,
        "closed_by": "",
        "digest": "",
        "full_marks": papers.full_marks(layout),
        "marks": [],
    }
    attempt: Attempt | None = db.session.scalar(_insertion(is_sqlite(), tuple(values)), values)
    if attempt is not None:
        grants.note(member.id, attempt.id, granted.grants, now)
    return attempt


@cache
def _insertion(on_sqlite: bool, columns: tuple[str, ...]) -> Any:
    """The statement for an engine, put together once; its values are given as it is carried out."""
    new = sqlite.insert(Attempt) if on_sqlite else postgresql.insert(Attempt)
    given = {name: bindparam(name, type_=ATTEMPT.c[name].type) for name in columns}
    return new.values(given).on_conflict_do_nothing().returning(Attempt)


def _paper(
    quiz: Quiz, member_id: int, now: datetime, preview: bool, seed: int | None, window: Window
) -> dict[str, Any]:
    """The frozen paper of an attempt that begins now: drawn beforehand where that still holds, else drawn here."""
    days = papers.seen_within(quiz.paper)
    lately = seen.questions([member_id], now - timedelta(days=days))[member_id] if days else frozenset()
    chosen = None if preview else series.set_of(quiz, now)
    if chosen is None and seed is None and not preview and beforehand.is_drawn(quiz):
        drawn = beforehand.take(quiz, member_id, lately, now)
        if drawn is not None:
            seed, chosen = drawn.seed, drawn.chosen
    seed = secrets.randbelow(papers.LARGEST_SEED) if seed is None else seed
    return papers.build(quiz, seed, lately, local_date(now, house.zone), window.closes_at, chosen)


def _next_number(taken: Iterable[int], preview: bool) -> int:
    """Attempts count from 1 up; previews from -1 down, so that they use up none."""
    return min([0, *taken]) - 1 if preview else max([0, *taken]) + 1


def why_not(quiz: Quiz, before: Sequence[Attempt], now: datetime, window: Window | None = None) -> Message | None:
    """Why a member with these attempts behind them may not start another one now; None when they may.

    `window` is when the quiz is open for the member's unit, if that is not the quiz's own time.
    """
    window = window or windows.of_quiz(quiz)
    if not quiz.published:
        return _("This quiz is not published.")
    if window.opens_at is not None and now < window.opens_at:
        return _("This quiz has not opened yet.")
    if window.closes_at is not None and now >= window.closes_at:
        return _("This quiz is closed.")
    counted = series.current(quiz, [attempt for attempt in before if not attempt.preview], now)
    if quiz.attempts_allowed is not None and len(counted) >= quiz.attempts_allowed:
        if series.ends(quiz, now) is not None:
            return _("You have done this set. The next one comes by itself.")
        return n_(
            "You have used the one attempt that this quiz allows.",
            "You have used all %(n)s attempts that this quiz allows.",
            n=quiz.attempts_allowed,
        )
    wait_until = may_start_again_at(quiz, counted)
    if wait_until is not None and now < wait_until:
        minutes = -int((now - wait_until) // timedelta(minutes=1))
        return n_("You may start again in %(n)s minute.", "You may start again in %(n)s minutes.", n=minutes)
    return None


def may_start_again_at(quiz: Quiz, counted: Iterable[Attempt]) -> datetime | None:
    """When the wait after the last attempt is over; None when there is none."""
    ends = [attempt.submitted_at for attempt in counted if attempt.submitted_at is not None]
    return max(ends) + timedelta(seconds=quiz.wait_seconds) if ends and quiz.wait_seconds else None


def attempts_left(quiz: Quiz, before: Sequence[Attempt]) -> int | None:
    """How many more attempts the quiz allows; None for any number. Of a daily set, `before` are those of its day."""
    if quiz.attempts_allowed is None:
        return None
    return max(0, quiz.attempts_allowed - sum(1 for attempt in before if not attempt.preview))


_FIND = (
    select(Attempt)
    .options(joinedload(Attempt.quiz, innerjoin=True))
    .where(Attempt.member_id == bindparam("member_id"), Attempt.id == bindparam("attempt_id"))
    .execution_options(populate_existing=True)
)
_OPEN = (
    select(Attempt)
    .where(
        Attempt.quiz_id == bindparam("quiz_id"),
        Attempt.member_id == bindparam("member_id"),
        Attempt.state == AttemptState.OPEN,
    )
    .execution_options(populate_existing=True)
)
LIGHT = [defer(column) for column in (Attempt.layout, Attempt.marks, Attempt.fixed, Attempt.flags)]
"""What is large in an attempt and is looked at in none but the one that is shown: read when it is asked for."""
_MADE = (
    select(Attempt)
    .options(*LIGHT)
    .where(
        Attempt.member_id == bindparam("member_id"), Attempt.quiz_id == bindparam("quiz_id"), Attempt.preview.is_(False)
    )
    .order_by(Attempt.number)
)
_ALL = (
    select(Attempt)
    .options(*LIGHT)
    .where(Attempt.member_id == bindparam("member_id"), Attempt.quiz_id == bindparam("quiz_id"))
    .order_by(Attempt.number)
    .execution_options(populate_existing=True)
)
"""Every request of an attempt asks for these: the statements are put together once."""


def find(member_id: int, attempt_id: int) -> Attempt:
    """A member's own attempt; NotFound for anybody else's, as if there were none."""
    attempt = db.session.scalar(_FIND, {"member_id": member_id, "attempt_id": attempt_id})
    if attempt is None:
        raise NotFound(_("There is no such attempt."))
    return attempt


def find_open(quiz_id: int, member_id: int) -> Attempt | None:
    """The member's open attempt at a quiz."""
    return db.session.scalar(_OPEN, {"quiz_id": quiz_id, "member_id": member_id})


def of_member(member_id: int, quiz_id: int) -> list[Attempt]:
    """A member's attempts at a quiz, previews left out, in order."""
    return list(db.session.scalars(_MADE, {"member_id": member_id, "quiz_id": quiz_id}))


def all_of(member_id: int, quiz_id: int) -> list[Attempt]:
    """A member's attempts at a quiz as they stand, previews too, in order."""
    return list(db.session.scalars(_ALL, {"member_id": member_id, "quiz_id": quiz_id}))


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether an open attempt takes no more answers and waits to be closed."""
    open_ = attempt.state == AttemptState.OPEN
    return open_ and attempt.deadline is not None and now > attempt.deadline + papers.grace_of(attempt.layout)


@dataclass(frozen=True)
class Clock:
    """The state of an attempt and its deadline; its page, and what was granted to the page since it was shown."""

    state: str
    deadline: datetime | None
    page: int
    page_extra_seconds: int


def clock(member_id: int, attempt_id: int) -> Clock:
    """The clock of a member's own attempt as it stands; one statement. NotFound as in `find`."""
    asked = select(ATTEMPT.c.state, ATTEMPT.c.deadline, ATTEMPT.c.page, ATTEMPT.c.page_extra_seconds)
    row = db.session.execute(asked.where(ATTEMPT.c.member_id == member_id, ATTEMPT.c.id == attempt_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such attempt."))
    return Clock(*row)


def clock_of(attempt: Attempt, now: datetime) -> dict[str, str | None]:
    """The two moments from which a page counts down; never the device's own clock."""
    return {"deadline": iso(attempt.deadline) if attempt.deadline else None, "server_now": iso(now)}
