"""Units and their members: who is behind, who belongs, a member's numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select

from learnhub.identity.models import Member
from learnhub.journeys import join_organisation
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, neighbour, parse_period, period_at
from learnhub.learning import enrolments
from learnhub.organisations import memberships, units
from learnhub.organisations.memberships import holds_on
from learnhub.organisations.models import Membership, Unit, UnitPath
from learnhub.organisations.permissions import Permission
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.transcripts import columns, numbers, spans
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.organisations.forms import MemberForm

area = Blueprint("organisations", __name__)

MOST_ROWS = 500
"""Members on one page of progress; the sheet has them all."""
PAGE = 50

SORTS: dict[str, Callable[[numbers.Line], Any]] = {
    "completion": lambda line: (line.completion is None, line.completion or 0, line.number),
    "name": lambda line: (line.name, line.number),
    "unit": lambda line: (line.unit_code, line.number),
    "points": lambda line: (-line.points, line.number),
    "hours": lambda line: (-line.hours, line.number),
}


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


@area.get("/units/<code>")
@requires(Permission.SEE_MEMBERS)
def unit(code: str) -> ResponseReturnValue:
    """Progress of a unit's members in a period, who is behind first."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    period = asked_period()
    span = spans.of_period(period, arrived())
    sort = request.args.get("sort", "completion")
    total = numbers.count(found, span)
    lines = list(numbers.sheet(found, span, limit=MOST_ROWS))
    if total <= MOST_ROWS:
        lines.sort(key=SORTS.get(sort, SORTS["completion"]))
    return render_template(
        "organisations/unit.html",
        unit=found,
        path=[one for one in units.path(found.id) if scope().reaches(Permission.SEE_MEMBERS, one.id)],
        children=units.children(found.id),
        period=period,
        span=span,
        as_at=spans.printed(span.as_at),
        earlier=neighbour(period, -1),
        later=neighbour(period, 1),
        periods=[period_at(arrived(), grain, house.zone) for grain in (Grain.YEAR, Grain.QUARTER, Grain.MONTH)],
        lines=[(line.member_id, columns.shown(line, say)) for line in lines],
        columns=columns.COLUMNS,
        total=total,
        behind=sum(1 for line in lines if line.behind),
        complete=total <= MOST_ROWS,
        sort=sort,
        may_add=scope().reaches(Permission.MANAGE_MEMBERS, found.id),
        may_administer=scope().reaches(Permission.ADMINISTER, found.id),
    )


@area.get("/units/<code>/members")
@requires(Permission.SEE_MEMBERS)
def members(code: str) -> ResponseReturnValue:
    """Who belongs to a unit and all below it today, with search; and the form to add one."""
    found = scope().unit(Permission.SEE_MEMBERS, code)
    return _members_page(found, MemberForm(formdata=None))


def _members_page(found: Unit, form: MemberForm, status: int = 200) -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:80]
    after = request.args.get("after", "")
    query = (
        select(Member, Unit, Membership)
        .join(Membership, Membership.member_id == Member.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.unit_id.in_(units.below(found.id)), holds_on(local_date(arrived(), house.zone)))
    )
    if search:
        query = query.where(
            or_(
                Member.name.icontains(search, autoescape=True),
                Member.number.icontains(search, autoescape=True),
                Member.phone.icontains(search, autoescape=True),
            )
        )
    if after:
        query = query.where(Member.number > after)
    rows = db.session.execute(query.order_by(Member.number).limit(PAGE + 1)).all()
    page = render_template(
        "organisations/members.html",
        unit=found,
        rows=rows[:PAGE],
        search=search,
        next=rows[PAGE - 1][0].number if len(rows) > PAGE else None,
        form=form,
        may_add=scope().reaches(Permission.MANAGE_MEMBERS, found.id),
    )
    return page, status


@area.post("/units/<code>/members")
@requires(Permission.MANAGE_MEMBERS)
def add_member(code: str) -> ResponseReturnValue:
    """Add a member to a unit."""
    found = scope().unit(Permission.MANAGE_MEMBERS, code)
    form = MemberForm()
    if not form.validate():
        return _members_page(found, form, 422)
    try:
        member = join_organisation.join(
            actor(),
            found,
            form.number.data,
            form.name.data,
            arrived(),
            password=form.password.data or None,
            post=form.post.data or "",
            starts_on=form.starts_on.data,
        )
    except Refused as refusal:
        db.session.rollback()
        form.number.errors = [say(refusal.message)]
        return _members_page(scope().unit(Permission.MANAGE_MEMBERS, code), form, 422)
    flash(_("%(name)s was added.", name=member.name), "success")
    return redirect(url_for("organisations.members", code=code), 303)


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
        later=neighbour(period, 1),
        line=columns.shown(numbers.of_member(found.id, span), say),
        columns=columns.COLUMNS,
        courses=enrolments.of_member(found.id),
        sat=sat,
    )


from learnhub.web.organisations import administration  # noqa: E402, F401 (puts its views on the same blueprint)
