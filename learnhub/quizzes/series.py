"""Sets of the day and of the week: drawn anew for each, the same for everybody, each ending at its midnight.

A set that was missed is not made up for: the next day has its own. Attempts count for the day on which they began.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Table, select
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import Json, Model, db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, neighbour, period_at
from learnhub.kernel.sql import upsert
from learnhub.quizzes import papers
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.papers import Chosen
from learnhub.quizzes.windows import Window

LONGEST_OVERHANG = timedelta(days=1)
"""How far time that was granted may carry an attempt past the end of its set."""


class Series(StrEnum):
    """Whether a quiz comes again with new questions."""

    NONE = ""
    DAILY = "daily"
    WEEKLY = "weekly"
    TOPIC = "topic"
    """Not by the calendar: practice on a topic, whenever one likes."""


GRAINS = {Series.DAILY: Grain.DAY, Series.WEEKLY: Grain.WEEK}


class DrawnSet(Model):
    """The questions of a day or week that everybody has: drawn by the first who begins, then kept."""

    __tablename__ = "drawn_set"

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), primary_key=True)
    period: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Such as 2026-11-22 or 2026-W47, by the organisation's calendar."""
    questions: Mapped[list[Any]] = mapped_column(Json)
    """[{"question": "…", "version": "…", "mark": thousandths}]."""
    drawn_at: Mapped[datetime]


DRAWN: Table = DrawnSet.__table__  # type: ignore[assignment]


def period_of(quiz: Quiz, instant: datetime) -> Period | None:
    """The day or week of a quiz that an instant lies in; None for one that does not come again."""
    grain = GRAINS.get(Series(quiz.series))
    return period_at(instant, grain, house.zone) if grain is not None else None


def ends(quiz: Quiz, instant: datetime) -> datetime | None:
    """When the set of that moment is over: the midnight after its day or week; None without sets."""
    period = period_of(quiz, instant)
    return period.bounds(house.zone)[1] if period is not None else None


def closed_for_all(quiz: Quiz, attempt: Attempt) -> datetime | None:
    """When nobody may sit the questions of an attempt any more; None for a quiz that never closes."""
    over = ends(quiz, attempt.started_at)
    if over is None:
        return quiz.closed_for_all_at
    last = quiz.last_close_at
    return last if last is not None and over < last <= over + LONGEST_OVERHANG else over


def current(quiz: Quiz, made: Sequence[Attempt], now: datetime) -> list[Attempt]:
    """The attempts that count against this day or week; all of them where there are no sets."""
    period = period_of(quiz, now)
    if period is None:
        return list(made)
    return [one for one in made if period_of(quiz, one.started_at) == period]


def is_done(quiz: Quiz, made: Sequence[Attempt], now: datetime) -> bool | None:
    """Whether this day's or week's set was handed in, however it went; None where there are no sets."""
    if period_of(quiz, now) is None:
        return None
    return any(one.state == AttemptState.CLOSED for one in current(quiz, made, now))


def within(quiz: Quiz, window: Window, now: datetime) -> Window:
    """The window of an attempt that begins now: it ends with its set at the latest."""
    over = ends(quiz, now)
    if over is None or (window.closes_at is not None and window.closes_at <= over):
        return window
    return replace(window, closes_at=over)


def set_of(quiz: Quiz, now: datetime) -> list[Chosen] | None:
    """The questions that everybody has now; None where each attempt has its own.

    The first call of a day or week draws them, with a seed that follows from quiz and period. Questions of the last
    days' sets are left out as the rules for drawing say, as long as the bank has enough others.
    """
    period = period_of(quiz, now)
    if period is None or not quiz.same_for_all:
        return None
    found = _kept(quiz.id, period.key)
    if found is None:
        stored: list[Any] = [
            {"question": str(one.question_id), "version": str(one.version_id), "mark": one.mark}
            for one in _draw(quiz, period.key, now)
        ]
        values = {"quiz_id": quiz.id, "period": period.key, "questions": stored, "drawn_at": now}
        db.session.execute(upsert(DRAWN).values(**values).on_conflict_do_nothing())
        found = _kept(quiz.id, period.key) or stored
    return [Chosen(int(one["question"]), int(one["version"]), int(one["mark"])) for one in found]


def _kept(quiz_id: int, period: str) -> list[Any] | None:
    found: list[Any] | None = db.session.scalar(select(DRAWN.c.questions).filter_by(quiz_id=quiz_id, period=period))
    return found


def _draw(quiz: Quiz, period: str, now: datetime) -> list[Chosen]:
    seed = int(hashlib.sha256(f"{quiz.id}:{period}".encode()).hexdigest()[:13], 16)
    today, seen = local_date(now, house.zone), _asked_lately(quiz, now)
    try:
        return papers.choose(quiz.paper, seed, seen, today)
    except Refused:
        if not seen:
            raise
        return papers.choose(quiz.paper, seed, on=today)


def _asked_lately(quiz: Quiz, now: datetime) -> frozenset[int]:
    days = papers.seen_within(quiz.paper)
    if not days:
        return frozenset()
    since = now - timedelta(days=days)
    sets = db.session.scalars(select(DRAWN.c.questions).where(DRAWN.c.quiz_id == quiz.id, DRAWN.c.drawn_at >= since))
    return frozenset(int(one["question"]) for questions in sets for one in questions)


def streak(quiz: Quiz, made: Iterable[Attempt], now: datetime) -> int:
    """How many days or weeks in a row were handed in, up to this one, or to the last as long as this one may follow."""
    done = {period_of(quiz, one.started_at) for one in made if one.state == AttemptState.CLOSED and not one.preview}
    here = period_of(quiz, now)
    if here is not None and here not in done:
        here = neighbour(here, -1)
    length = 0
    while here is not None and here in done:
        length, here = length + 1, neighbour(here, -1)
    return length
