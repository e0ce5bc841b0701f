"""The units in reach, and one member with their numbers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, following, neighbour, parse_period, period_at
from learnhub.learning import enrolments
from learnhub.organisations import browsing, headcounts, memberships, transfers, units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.transcripts import columns, numbers, spans
from learnhub.web import as_at
from learnhub.web.context import arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say

area = Blueprint("organisations", __name__)

PAGE = 50
LONGEST = 80
"""Letters of a search."""


@area.get("/units")
@requires(Permission.SEE_MEMBERS)
def index() -> ResponseReturnValue:
    """The units in reach, one level at a time, with how many members each has with all below; and a search by name.

    As at a day of the past they hang, and have members, as then; what is out of reach now has no link.
    """
    asked, day = request.args.get("q", "").strip()[:LONGEST], as_at.read(request.args)
    page, at, reach = _page_number(), day.at, (scope(), Permission.SEE_MEMBERS)
    opened = _opened(request.args.get("open", "")[:64])
    found = browsing.found(*reach, asked)
    if found is None:
        found = browsing.directly_below(opened.id, at.tree) if opened else browsing.tops(*reach)
    level = browsing.level(found, (page - 1) * PAGE, PAGE, at)
    shown = [branch.unit.id for branch in level.branches]
    counted = [*shown, *([opened.id] if opened else [])]
    answer = render_template(
        "organisations/index.html",
        asked=asked,
        day=day,
        opened=opened,
        path=browsing.path_in(*reach, opened.id, at.tree) if opened else [],
        level=level,
        linked=browsing.among(*reach, shown) if at.past else shown,
        above=browsing.above_of(*reach, shown, at.tree) if asked else {},
        heads=headcounts.as_at(at, counted) if at.past else headcounts.headcounts(arrived()),
        page=page,
        pages=max(1, -(-level.total // PAGE)),
    )
    return answer, 422 if day.fault else 200


def _opened(code: str) -> Unit | None:
    """The unit whose level is shown: the one asked for, or the only one where the reach begins."""
    if code:
        return scope().unit(Permission.SEE_MEMBERS, code)
    tops = browsing.level(browsing.tops(scope(), Permission.SEE_MEMBERS), 0, 1)
    return tops.branches[0].unit if tops.total == 1 else None


def _page_number() -> int:
    asked = request.args.get("page", "")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def asked_period() -> Period:
    """The year, quarter or month of the address; this year without one."""
    key = request.args.get("period", "")
    return parse_period(key) if key else period_at(arrived(), Grain.YEAR, house.zone)


@area.get("/members/<int:member_id>")
@requires(Permission.SEE_MEMBERS)
def member(member_id: int) -> ResponseReturnValue:
    """One member: who they are, where they belong, and the numbers of a period."""
    found = scope().member(Permission.SEE_MEMBERS, member_id)
    period = asked_period()
    span = spans.of_period(period, arrived())
    unit_id = memberships.primary_unit_id(found.id, arrived())
    start, end = span.bounds
    sat = db.session.execute(
        select(Attempt, Quiz)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(
            Attempt.member_id == found.id,
            Attempt.state == AttemptState.CLOSED,
            Attempt.preview.is_(False),
            Attempt.closed_at >= start,
            Attempt.closed_at < end,
        )
        .order_by(Attempt.closed_at.desc())
        .limit(PAGE)
    ).all()
    return render_template(
        "organisations/member.html",
        member=found,
        path=units.path(unit_id) if unit_id else [],
        period=period,
        earlier=neighbour(period, -1),
        later=following(period, local_date(arrived(), house.zone)),
        line=columns.shown(numbers.of_member(found.id, span), say),
        columns=columns.COLUMNS,
        courses=enrolments.of_member(found.id),
        sat=sat,
        may_move=transfers.managed(scope(), found.number) is not None,
        may_manage=unit_id is not None and scope().reaches(Permission.MANAGE_MEMBERS, unit_id),
    )


from learnhub.web.organisations import (  # noqa: E402, F401 (put their views on the same blueprint)
    administration,
    belonging,
    by_kind,
    changing,
    granting,
    leaving,
    map_outline,
    map_page,
    moving,
    permissions,
    posts,
    progress,
    splitting,
    trail,
    unit_kinds,
)
