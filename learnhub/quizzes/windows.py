"""When a quiz is open for whom: the quiz's own times, or those of the nearest unit above a member that has its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Date, bindparam, func, select

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit, UnitPath
from learnhub.quizzes.models import Quiz, QuizWindow

MOST_EXTRA = 24 * 3600


@dataclass(frozen=True)
class Window:
    """From when until when a member may sit a quiz (None: no bound), and their unit's extra time in seconds."""

    opens_at: datetime | None
    closes_at: datetime | None
    extra_seconds: int = 0


def of_quiz(quiz: Quiz) -> Window:
    """The quiz's own times."""
    return Window(quiz.opens_at, quiz.closes_at)


def for_member(quizzes: Iterable[Quiz], member_id: int, now: datetime) -> dict[int, Window]:
    """The window of each quiz (by its id) for a member, by their primary unit today; one statement for all of them."""
    return _resolve(quizzes, _FOR_MEMBER, member_id=member_id, day=local_date(now, house.zone))


def for_unit(quiz: Quiz, unit_id: int | None) -> Window:
    """The window of one quiz for members of a unit."""
    return of_quiz(quiz) if unit_id is None else _resolve([quiz], _FOR_UNIT, unit_id=unit_id)[quiz.id]


def _above(unit_id: Any) -> Any:
    """The windows of some quizzes for all units above one, the nearest last."""
    return (
        select(QuizWindow)
        .join(UnitPath, UnitPath.above_id == QuizWindow.unit_id)
        .where(UnitPath.below_id == unit_id, QuizWindow.quiz_id.in_(bindparam("quiz_ids", expanding=True)))
        .order_by(UnitPath.depth.desc())
    )


_DAY: Any = bindparam("day", type_=Date())
_FOR_UNIT = _above(bindparam("unit_id"))
_FOR_MEMBER = _above(
    select(Membership.unit_id)
    .where(Membership.member_id == bindparam("member_id"), Membership.primary, holds_on(_DAY))
    .scalar_subquery()
)


def _resolve(quizzes: Iterable[Quiz], query: Any, **about: Any) -> dict[int, Window]:
    found = {quiz.id: quiz for quiz in quizzes}
    windows = {quiz_id: of_quiz(quiz) for quiz_id, quiz in found.items()}
    if not found:
        return windows
    for row in db.session.scalars(query, {"quiz_ids": list(found), **about}):
        windows[row.quiz_id] = _over(found[row.quiz_id], row)
    return windows


def _over(quiz: Quiz, row: QuizWindow) -> Window:
    return Window(row.opens_at or quiz.opens_at, row.closes_at or quiz.closes_at, row.extra_seconds)


def of_units(quiz: Quiz) -> list[tuple[QuizWindow, Unit]]:
    """The windows that units have of their own, by the units' order."""
    rows = db.session.execute(
        select(QuizWindow, Unit)
        .join(Unit, Unit.id == QuizWindow.unit_id)
        .where(QuizWindow.quiz_id == quiz.id)
        .order_by(Unit.position, Unit.code)
    )
    return [(row, unit) for row, unit in rows]


def put(
    quiz: Quiz,
    unit: Unit,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    extra_seconds: int,
    by: int | None,
    now: datetime,
) -> QuizWindow:
    """Give a unit its own times, or change them. Attempts that were started keep the deadline they began with.

    Refused when nothing differs from the quiz's own times, when they end before they begin, and for a unit that the
    quiz does not reach.
    """
    if not (opens_at or closes_at or extra_seconds):
        raise Refused(
            _("Say what is different for this unit: when it opens, when it closes, or how much longer it has.")
        )
    opens, closes = opens_at or quiz.opens_at, closes_at or quiz.closes_at
    if opens and closes and opens >= closes:
        raise Refused(_("For this unit the quiz closes before it opens."))
    if not 0 <= extra_seconds <= MOST_EXTRA:
        raise Refused(_("Extra time lies between nothing and one day."))
    if db.session.get(UnitPath, (quiz.unit_id, unit.id)) is None:
        raise Refused(_("This quiz does not reach that unit."))
    row = db.session.get(QuizWindow, (quiz.id, unit.id)) or QuizWindow(quiz_id=quiz.id, unit_id=unit.id)
    row.opens_at, row.closes_at, row.extra_seconds = opens_at, closes_at, extra_seconds
    row.set_by, row.set_at = by, now
    db.session.add(row)
    db.session.flush()
    _note_the_last(quiz)
    return row


def remove(quiz: Quiz, unit: Unit) -> None:
    """Let a unit have the quiz's own times again; NotFound when it has them already."""
    row = db.session.get(QuizWindow, (quiz.id, unit.id))
    if row is None:
        raise NotFound(_("This unit has no times of its own."))
    db.session.delete(row)
    db.session.flush()


def _note_the_last(quiz: Quiz) -> None:
    """The quiz knows its latest close, so that reviews open when the last unit is done. It never moves back by itself:
    somebody may be sitting until then."""
    latest = db.session.scalar(select(func.max(QuizWindow.closes_at)).where(QuizWindow.quiz_id == quiz.id))
    if latest is not None and (quiz.last_close_at is None or latest > quiz.last_close_at):
        quiz.last_close_at = latest
        db.session.flush()
