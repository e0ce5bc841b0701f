"""The way through a paper: freely, or page after page with no way back. It is frozen with the paper in `layout["way"]`.

An attempt whose layout has no way goes freely, with as many questions on a page as its quiz says at the moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Table, case, literal, or_, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.words import Message, _
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.tries import Behaviour, behaviour

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]


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


def page_ends(layout: dict[str, Any], page: int, since: datetime | None) -> datetime | None:
    """When the time of a page is over that was first shown `since`: so many seconds for each of its questions.

    None where questions have no time of their own, before the page was shown, and for the last page: there the
    attempt's own deadline says it.
    """
    way = layout.get("way") or {}
    seconds = way.get("question_seconds")
    if not seconds or since is None or page >= pages_of(layout):
        return None
    return since + timedelta(seconds=int(seconds) * int(way["per_page"]))


def ends_with_its_page(attempt: Any) -> bool:
    """Whether the time of the page is that of the whole attempt: the last page, where questions have their time.

    `attempt` as in `require_here`.
    """
    way = attempt.layout.get("way") or {}
    timed = way.get("question_seconds") and attempt.page_since is not None
    return bool(timed) and attempt.page >= pages_of(attempt.layout)


def require_here(attempt: Any, slot: int, now: datetime, grace: timedelta) -> None:
    """Refused unless the question in a slot may be answered now; `Passed` where it lies behind or its time is over.

    `attempt` is an attempt or a row with its layout, page and `page_since`.
    """
    way = attempt.layout.get("way")
    if way is None or not way.get("sequential"):
        return
    its_page = (slot - 1) // int(way["per_page"]) + 1
    if its_page < attempt.page:
        raise Passed(_("You have left the page of this question, so its answer stands as it was."), now)
    if its_page > attempt.page:
        raise Refused(_("This question comes later. Go on page by page."), code="page")
    ends = page_ends(attempt.layout, attempt.page, attempt.page_since)
    if ends is not None and now > ends + grace:
        raise Passed(_("The time for this question is over."), ends)


def is_due(attempt: Attempt, now: datetime, grace: timedelta) -> bool:
    """Whether `serve` has something to note before the page is shown."""
    if not (attempt.layout.get("way") or {}).get("question_seconds"):
        return False
    ends = page_ends(attempt.layout, attempt.page, attempt.page_since)
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
    db.session.execute(update(ATTEMPT).where(*_open(attempt), here).values(page=page + 1, page_since=None))
    db.session.refresh(attempt)


def _open(attempt: Attempt) -> tuple[Any, ...]:
    mine = (ATTEMPT.c.member_id == attempt.member_id, ATTEMPT.c.id == attempt.id)
    return *mine, ATTEMPT.c.state == AttemptState.OPEN.value
