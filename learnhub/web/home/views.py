"""Home: what now? One glance for each role that the person holds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from learnhub.audit.models import AuditEntry, Import
from learnhub.authorship import works
from learnhub.boards import standings
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, period_at
from learnhub.learning import enrolments, progress
from learnhub.organisations import memberships
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.points import balances
from learnhub.quizzes import attempts, catalogue
from learnhub.transcripts import numbers, spans
from learnhub.transcripts.columns import rounded
from learnhub.web.context import arrived, member_id, scope
from learnhub.web.guards import signed_in
from learnhub.web.health.views import readiness

area = Blueprint("home", __name__)

MOST_QUIZZES = 4
MOST_BEHIND = 5


@dataclass(frozen=True)
class Behind:
    """A unit in a secretary's reach: how many members, how many below half of what they owe, and who is furthest."""

    unit: Unit
    members: int
    behind: int
    furthest: list[numbers.Line]


@area.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The first page of every role."""
    return render_template("home/index.html", **_member(), **_desk())


def _member() -> dict[str, Any]:
    """What every member sees: where I stopped, what is due, my hours and points of the year, my place."""
    now = arrived()
    year = period_at(now, Grain.YEAR, house.zone)
    month = period_at(now, Grain.MONTH, house.zone)
    line = numbers.of_member(member_id(), spans.of_period(year, now))
    unit_id = memberships.primary_unit_id(member_id(), now)
    unit = db.session.get(Unit, unit_id) if unit_id else None
    board = standings.member_board(month, unit, now=now, around=member_id(), top=1) if unit else None
    points = {one.period.grain: one.points for one in balances.current(member_id(), now)}
    owed = line.owed or Fraction(0)
    open_now = [one for one in catalogue.offered(scope()) if _is_due(one)]
    return {
        "going_on": progress.where_stopped(member_id()),
        "has_courses": bool(enrolments.of_member(member_id())),
        "quizzes": open_now[:MOST_QUIZZES],
        "hours": rounded(line.hours),
        "owed": rounded(line.owed),
        "missing": rounded(max(owed - line.hours, Fraction(0))),
        "points_year": points.get(Grain.YEAR, 0),
        "points_today": points.get(Grain.DAY, 0),
        "mine": board.mine if board else None,
        "unit": unit,
    }


def _is_due(offered: catalogue.Offered) -> bool:
    """Whether a quiz waits for me: begun, or open and still to be passed, or daily practice."""
    if offered.open_attempt is not None:
        return True
    passed = any(attempt.passed for attempt in offered.attempts)
    return attempts.why_not(offered.quiz, offered.attempts, arrived()) is None and (
        not passed or offered.quiz.mode == "practice"
    )


def _desk() -> dict[str, Any]:
    """What the other roles see, each only when it is held."""
    reach = scope()
    return {
        "behind": [_behind(unit) for unit in _own_units()] if reach.has(Permission.SEE_MEMBERS) else [],
        "works": {
            "courses": works.editable_courses(reach)[:5],
            "banks": works.editable_banks(reach)[:5],
            "imports": _last_imports(),
        }
        if reach.has(Permission.AUTHOR)
        else None,
        "health": readiness() if reach.has(Permission.ADMINISTER) else None,
        "last_acts": list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.at.desc()).limit(5)))
        if reach.has(Permission.ADMINISTER)
        else [],
        "known": current_app.view_functions,
        "roles": [role for role in reach.roles if role is not Role.MEMBER],
    }


def _own_units() -> list[Unit]:
    """The units on which the person was made secretary (or administrator)."""
    roots = scope().roots(Permission.SEE_MEMBERS)
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(roots)).order_by(Unit.position, Unit.code).limit(5)))


def _behind(unit: Unit) -> Behind:
    span = spans.of_period(period_at(arrived(), Grain.YEAR, house.zone), arrived())
    lines = list(numbers.sheet(unit, span, limit=500))
    late = sorted((one for one in lines if one.completion is not None and one.completion < 50), key=_completion)
    return Behind(unit, numbers.count(unit, span), len(late), late[:MOST_BEHIND])


def _completion(line: numbers.Line) -> tuple[Fraction, str]:
    return line.completion or Fraction(0), line.number


def _last_imports() -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(Import).where(Import.actor_id == member_id(), Import.state == "previewed")
        )
        or 0
    )
