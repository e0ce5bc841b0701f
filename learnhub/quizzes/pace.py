"""The way through a paper: freely, or page after page with no way back. It is frozen with the paper in `layout["way"]`.

An attempt whose layout has no way goes freely, with as many questions on a page as its quiz says at the moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, case, literal, or_, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.words import Message, _
from learnhub.quizzes.deadlines import deadline_for
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.tries import Behaviour, behaviour

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]
HERE = (ATTEMPT.c.layout, ATTEMPT.c.page, ATTEMPT.c.page_since, ATTEMPT.c.page_extra_seconds, ATTEMPT.c.fixed)
"""What is asked of an attempt's row to know which answers it takes now."""


class Navigation(StrEnum):
    """Whether a member may turn back."""

    FREE = "free"
    SEQUENTIAL = "sequential"


class Passed(Refused):
    """An answer to a page that lies behind the member, or whose time is over: it does not count.

    Up to `end` it was in time: what the device recorded before is kept as a late answer.
    """

    def __init__(self, message: Message, end: datetime) -> None:
        super().__init__(message, code="page")
        self.end = end


def frozen(quiz: Quiz, questions: int) -> dict[str, Any] | None:
    """What a new attempt keeps of the way through its paper; None for a free one."""
    way: dict[str, Any] = {}
    if quiz.navigation == Navigation.SEQUENTIAL:
        way |= {"sequential": True, "per_page": quiz.questions_per_page or max(1, questions)}
    if quiz.behaviour != Behaviour.AT_END:
        way |= {"behaviour": str(quiz.behaviour)}
    if quiz.behaviour == Behaviour.TRIES:
        way |= {"tries": quiz.tries, "penalty": quiz.penalty}
    if quiz.behaviour == Behaviour.CHALLENGE:
        way |= {"sequential": True, "per_page": 1}
    if quiz.question_seconds and way.get("sequential"):
        way |= {"question_seconds": quiz.question_seconds}
    return way or None


def is_sequential(layout: dict[str, Any]) -> bool:
    """Whether there is no way back in this attempt."""
    return bool((layout.get("way") or {}).get("sequential"))


def per_page(layout: dict[str, Any], quiz: Quiz) -> int:
    """How many questions of this attempt stand on a page."""
    frozen_with_it = (layout.get("way") or {}).get("per_page")
    return int(frozen_with_it or quiz.questions_per_page or len(layout["slots"]) or 1)


def pages_of(layout: dict[str, Any]) -> int:
    """How many pages an attempt has whose pages are frozen."""
    return -(-len(layout["slots"]) // int(layout["way"].get("per_page", 1)))


def lengthened(layout: dict[str, Any], extra_seconds: int) -> dict[str, Any]:
    """The layout of an attempt that begins with extra time: where questions have their own time, each has an equal
    part of it, rounded up to whole seconds."""
    way = layout.get("way") or {}
    if not way.get("question_seconds") or extra_seconds <= 0:
        return layout
    part = -(-extra_seconds // max(1, len(layout["slots"])))
    return {**layout, "way": {**way, "question_seconds": int(way["question_seconds"]) + part}}


def own_end(attempt: Any) -> datetime | None:
    """When the time of the page itself is over: so many seconds for each of its questions since it was first shown,
    and what was granted to it. None where questions have no time of their own, and before the page was shown.

    `attempt` is an attempt or a row with its layout, page, `page_since` and `page_extra_seconds`.
    """
    if attempt.page_since is None or not is_timed(attempt):
        return None
    way = attempt.layout["way"]
    per_page = int(way["per_page"])
    questions = min(per_page, len(attempt.layout["slots"]) - (attempt.page - 1) * per_page)
    seconds = int(way["question_seconds"]) * questions + attempt.page_extra_seconds
    return cast(datetime, attempt.page_since + timedelta(seconds=seconds))


def page_ends(attempt: Any) -> datetime | None:
    """When the page takes no more answers and the next one comes; `attempt` and None as in `own_end`.

    None for the last page too: there the attempt's own deadline says it.
    """
    return None if is_last(attempt) else own_end(attempt)


def is_last(attempt: Any) -> bool:
    """Whether an attempt whose questions have their own time is on its last page, which ends with the attempt."""
    return is_timed(attempt) and attempt.page >= pages_of(attempt.layout)


def is_timed(attempt: Any) -> bool:
    """Whether each question of an attempt has its own time."""
    return bool((attempt.layout.get("way") or {}).get("question_seconds"))


def ends_without(row: Any, seconds: int = 0, past_close: int = 0, of_page: int = 0) -> datetime | None:
    """When an attempt's row ends by its frozen limit and close, the time of its last page and what was granted, less
    so many seconds of it; None when nothing ends it."""
    layout = row.layout
    ends = deadline_for(
        row.started_at,
        layout["limit"],
        row.extra_seconds - seconds,
        datetime.fromisoformat(layout["closes"]) if layout["closes"] else None,
        past_close_seconds=row.past_close_seconds - past_close,
    )
    last = own_end(row) if is_last(row) else None
    if last is None:
        return ends
    last -= timedelta(seconds=of_page)
    return last if ends is None else min(ends, last)


def require_here(attempt: Any, slot: int, now: datetime, grace: timedelta) -> None:
    """Refused unless the question in a slot may be answered now; `Passed` where it lies behind or its time is over.

    `attempt` as in `own_end`.
    """
    way = attempt.layout.get("way")
    if way is None or not way.get("sequential"):
        return
    its_page = (slot - 1) // int(way["per_page"]) + 1
    if its_page < attempt.page:
        raise Passed(_("You have left the page of this question, so its answer stands as it was."), now)
    if its_page > attempt.page:
        raise Refused(_("This question comes later. Go on page by page."), code="page")
    ends = page_ends(attempt)
    if ends is not None and now > ends + grace:
        raise Passed(_("The time for this question is over."), ends)


def is_due(attempt: Attempt, now: datetime, grace: timedelta) -> bool:
    """Whether `serve` has something to note before the page is shown."""
    if not is_timed(attempt):
        return False
    ends = page_ends(attempt)
    return attempt.page_since is None or (ends is not None and now > ends + grace)


def serve(attempt: Attempt, now: datetime, grace: timedelta) -> bool:
    """Note that the page is shown now for the first time; from then on its time runs, however often it is loaded.

    A page whose time is over is left for the next one. Gives False where the attempt is over instead: a challenge
    ends with a question that was not answered in time.
    """
    if not is_due(attempt, now, grace):
        return True
    if attempt.page_since is not None:
        if behaviour(attempt.layout) == Behaviour.CHALLENGE and attempt.page not in attempt.fixed:
            return False
        _leave(attempt, attempt.page)
    values: dict[str, Any] = {"page_since": now}
    if attempt.page >= pages_of(attempt.layout):
        way = attempt.layout["way"]
        count = len(attempt.layout["slots"]) - (attempt.page - 1) * int(way["per_page"])
        end = now + timedelta(seconds=int(way["question_seconds"]) * count)
        sooner = or_(ATTEMPT.c.deadline.is_(None), ATTEMPT.c.deadline > end)
        values["deadline"] = case((sooner, literal(end, ATTEMPT.c.deadline.type)), else_=ATTEMPT.c.deadline)
    here = (ATTEMPT.c.page == attempt.page, ATTEMPT.c.page_since.is_(None))
    db.session.execute(update(ATTEMPT).where(*_open(attempt), *here).values(**values))
    db.session.refresh(attempt)
    return True


def go_on(attempt: Attempt, page: int) -> int:
    """Leave a page of a sequential attempt for the next one; the page on which its member is then.

    Called twice for the same page it goes on once: a double click skips nothing. On the last page it stays there.
    Conflict with `code="closed"` for an attempt that is over.
    """
    if attempt.state != AttemptState.OPEN:
        raise Conflict(_("This attempt is over; answers are no longer taken."), code="closed")
    if not is_sequential(attempt.layout) or page != attempt.page or page >= pages_of(attempt.layout):
        return attempt.page
    if behaviour(attempt.layout) == Behaviour.CHALLENGE and page not in attempt.fixed:
        raise Refused(_("Answer this question and check it; then the next one comes."))
    _leave(attempt, page)
    return attempt.page


def _leave(attempt: Attempt, page: int) -> None:
    here = ATTEMPT.c.page == page
    next_one = {"page": page + 1, "page_since": None, "page_extra_seconds": 0}
    db.session.execute(update(ATTEMPT).where(*_open(attempt), here).values(**next_one))
    db.session.refresh(attempt)


def _open(attempt: Attempt) -> tuple[Any, ...]:
    mine = (ATTEMPT.c.member_id == attempt.member_id, ATTEMPT.c.id == attempt.id)
    return *mine, ATTEMPT.c.state == AttemptState.OPEN.value
