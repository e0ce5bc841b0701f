"""The way through a paper: freely, or page after page with no way back. It is frozen with the paper in `layout["way"]`.

An attempt whose layout has no way goes freely, with as many questions on a page as its quiz says at the moment.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Table, update

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, Refused
from learnhub.kernel.words import _
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.tries import Behaviour, behaviour

ATTEMPT: Table = Attempt.__table__  # type: ignore[assignment]


class Navigation(StrEnum):
    """Whether a member may turn back."""

    FREE = "free"
    SEQUENTIAL = "sequential"


class Passed(Refused):
    """An answer to a page that lies behind the member: it is kept as a late one, and does not count."""


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
    return way or None


def is_sequential(layout: dict[str, Any]) -> bool:
    """Whether there is no way back in this attempt."""
    return bool((layout.get("way") or {}).get("sequential"))


def per_page(layout: dict[str, Any], quiz: Quiz) -> int:
    """How many questions of this attempt stand on a page."""
    frozen_with_it = (layout.get("way") or {}).get("per_page")
    return int(frozen_with_it or quiz.questions_per_page or len(layout["slots"]) or 1)


def require_here(layout: dict[str, Any], page: int, slot: int) -> None:
    """Refused unless the question in a slot may be answered by who is on this page; `Passed` where it lies behind."""
    way = layout.get("way")
    if way is None or not way.get("sequential"):
        return
    its_page = (slot - 1) // int(way["per_page"]) + 1
    if its_page < page:
        raise Passed(_("You have left the page of this question, so its answer stands as it was."), code="page")
    if its_page > page:
        raise Refused(_("This question comes later. Go on page by page."), code="page")


def go_on(attempt: Attempt, page: int) -> int:
    """Leave a page of a sequential attempt for the next one; the page on which its member is then.

    Called twice for the same page it goes on once: a double click skips nothing. On the last page it stays there.
    Conflict with `code="closed"` for an attempt that is over.
    """
    if attempt.state != AttemptState.OPEN:
        raise Conflict(_("This attempt is over; answers are no longer taken."), code="closed")
    way = attempt.layout.get("way") or {}
    pages = -(-len(attempt.layout["slots"]) // int(way.get("per_page", 1)))
    if not way.get("sequential") or page != attempt.page or page >= pages:
        return attempt.page
    if behaviour(attempt.layout) == Behaviour.CHALLENGE and page not in attempt.fixed:
        raise Refused(_("Answer this question and check it; then the next one comes."))
    db.session.execute(
        update(ATTEMPT)
        .where(
            ATTEMPT.c.member_id == attempt.member_id,
            ATTEMPT.c.id == attempt.id,
            ATTEMPT.c.state == AttemptState.OPEN.value,
            ATTEMPT.c.page == page,
        )
        .values(page=page + 1)
    )
    db.session.refresh(attempt)
    return attempt.page
