"""The units in reach, and one member with their numbers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, following, neighbour, parse_period, period_at
from learnhub.learning import enrolments
from learnhub.organisations import memberships, transfers, units
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit, UnitPath
from learnhub.organisations.permissions import Permission
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.transcripts import columns, numbers, spans
from learnhub.web.context import arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say

area = Blueprint("organisations", __name__)

PAGE = 50


@area.get("/units")
@requires(Permission.SEE_MEMBERS)
def index() -> ResponseReturnValue:
    """The units in reach, as a tree, with how many members each has with all below."""
    found = scope().units(Permission.SEE_MEMBERS)
    return render_template("organisations/index.html", tree=units.printed_tree(found), heads=_heads(found))


def _heads(found: list[Unit]) -> dict[int, int]:
    """Members of each unit and all below it, today, by one statement."""
    rows = db.session.execute(
        select(UnitPath.above_id, func.count(Membership.member_id.distinct()))
        .join(Membership, Membership.unit_id == UnitPath.below_id)
        .join(Member, Member.id == Membership.member_id)
        .where(
            UnitPath.above_id.in_([unit.id for unit in found]),
            holds_on(local_date(arrived(), house.zone)),
            Member.test.is_(False),
        )
        .group_by(UnitPath.above_id)
    )
    return {unit_id: count for unit_id, count in rows}


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
    granting,
    leaving,
    permissions,
    progress,
    trail,
)
