"""What every person sees of their own learning: where I stopped, what is due, my year, my place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from learnhub.boards import standings
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, period_at
from learnhub.learning import enrolments, progress
from learnhub.notices import inbox
from learnhub.organisations import memberships
from learnhub.organisations.models import Unit
from learnhub.points import balances
from learnhub.quizzes import attempts, catalogue, results, series
from learnhub.quizzes.models import Mode
from learnhub.transcripts import numbers, spans
from learnhub.transcripts.columns import completion, rounded
from learnhub.web.context import arrived, member_id, scope

MOST_QUIZZES = 4
MOST_NOTICES = 3


def overview() -> dict[str, Any]:
    """Everything of the member's own part of the page."""
    now = arrived()
    unit_id = memberships.primary_unit_id(member_id(), now)
    unit = db.session.get(Unit, unit_id) if unit_id else None
    year = period_at(now, Grain.YEAR, house.zone)
    board = standings.member_board(year, unit, now=now, around=member_id(), top=1) if unit else None
    points = {one.period.grain: one.points for one in balances.current(member_id(), now)}
    waiting = [one for one in catalogue.offered(scope()) if _is_due(one)]
    return {
        "unit": unit,
        "today": now,
        **_going_on(),
        **_year(),
        "quizzes": sorted(waiting, key=_urgency)[:MOST_QUIZZES],
        "points_year": points.get(Grain.YEAR, 0),
        "points_today": points.get(Grain.DAY, 0),
        "this_year": year,
        "mine": board.mine if board else None,
        "notices": [one for one in inbox.of_member(member_id(), limit=MOST_NOTICES)[0] if one.read_at is None],
    }


def _going_on() -> dict[str, Any]:
    """The lesson to go on with, and how far its course is."""
    taken = enrolments.of_member(member_id())
    going_on = progress.where_stopped(member_id())
    course = next((one for one in taken if going_on and one.course.id == going_on[0].id), None)
    return {"going_on": going_on, "going_on_course": course, "has_courses": bool(taken)}


def _year() -> dict[str, Any]:
    """Hours of the year, what is owed and what is missing; percent for the ring."""
    line = numbers.of_member(member_id(), spans.of_period(period_at(arrived(), Grain.YEAR, house.zone), arrived()))
    owed, percent = line.owed or Fraction(0), completion(line)
    return {
        "hours": rounded(line.hours),
        "owed": rounded(line.owed),
        "missing": rounded(max(owed - line.hours, Fraction(0))),
        "percent": _percent(Fraction(percent)) if percent is not None else None,
    }


def _percent(completion: Fraction) -> int:
    """To the nearest whole, but never 100 while something is missing."""
    return 100 if completion >= 100 else min(int(completion + Fraction(1, 2)), 99)


def _is_due(offered: catalogue.Offered) -> bool:
    """Whether a quiz waits for me: begun, or open and still to be passed as far as I am told, or daily practice."""
    if offered.open_attempt is not None:
        return True
    mine = series.current(offered.quiz, offered.attempts, arrived())
    if series.ends(offered.quiz, arrived()) is not None and mine:
        return False
    if attempts.why_not(offered.quiz, offered.attempts, arrived(), offered.window) is not None:
        return False
    return offered.quiz.mode == Mode.PRACTICE or results.is_to_pass(offered.quiz, mine, arrived())


def _urgency(offered: catalogue.Offered) -> tuple[bool, bool, bool, float]:
    """What was begun first, then what closes, the nearest first, then practice; the rest as it was listed."""
    closes = offered.window.closes_at
    practice = offered.quiz.mode == Mode.PRACTICE
    return offered.open_attempt is None, closes is None, not practice, closes.timestamp() if closes else 0.0
