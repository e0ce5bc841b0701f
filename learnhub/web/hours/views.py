"""My study hours: what counts in a year, what is missing, and the evidence of every minute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from courses.models import Course, Lesson
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.periods import Grain, Period, following, neighbour, parse_period, period_on
from learnhub.organisations.permissions import Permission
from learnhub.study_time.models import StudyInterval
from learnhub.transcripts import credit, numbers, spans
from learnhub.transcripts.columns import rounded
from learnhub.web.context import arrived, me, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.hours import charts

area = Blueprint("hours", __name__)

MOST_EVIDENCE = 500
"""Intervals shown of one month."""
BRIEF = 60
"""Seconds below which a visit is one of many."""


@dataclass(frozen=True)
class Evidence:
    """A stretch of credited time: in which lesson, how long the pages were open, how much was credited."""

    lesson: Lesson
    course: Course
    started_at: datetime
    ended_at: datetime
    present_seconds: int

    @property
    def credited_seconds(self) -> int:
        """Whole seconds credited."""
        return int((self.ended_at - self.started_at).total_seconds())

    @property
    def merged_seconds(self) -> int:
        """Seconds that were present in another tab or device at the same time, and so counted once."""
        return max(self.present_seconds - self.credited_seconds, 0)


@dataclass(frozen=True)
class Glances:
    """The visits of a day that were too short to say much: below a minute, present and credited."""

    day: date
    visits: list[Evidence]


@area.get("/hours")
@signed_in
def index() -> ResponseReturnValue:
    """My study hours."""
    return _page(me(), own=True)


@area.get("/members/<int:member_id>/hours")
@requires(Permission.SEE_MEMBERS)
def of_member(member_id: int) -> ResponseReturnValue:
    """A member's study hours."""
    return _page(scope().member(Permission.SEE_MEMBERS, member_id), own=False)


def _page(member: Member, *, own: bool) -> ResponseReturnValue:
    now = arrived()
    today = local_date(now, house.zone)
    month = _month(today)
    year = period_on(month.first or today, Grain.YEAR)
    line = numbers.of_member(member.id, spans.of_period(year, now))
    owed, had = line.owed or Fraction(0), line.hours
    return render_template(
        "hours/index.html",
        member=member,
        own=own,
        year=year.key,
        hours=rounded(had),
        owed=rounded(line.owed),
        missing=rounded(max(owed - had, Fraction(0))),
        chart=charts.weeks_of(member.id, year, now),
        by_course=_by_course(member.id, spans.of_period(year, now)),
        month=month,
        earlier=neighbour(month, -1),
        later=following(month, today),
        evidence=gathered(evidence(member.id, month)),
        minutes_per_hour=credit.rules(spans.of_period(year, now))[-1].minutes_per_hour,
    )


def _month(today: date) -> Period:
    asked = parse_period(request.args.get("month") or period_on(today, Grain.MONTH).key)
    return asked if asked.grain is Grain.MONTH else period_on(asked.first or today, Grain.MONTH)


def _by_course(member_id: int, span: spans.Span) -> list[tuple[Course, Fraction]]:
    found = credit.by_course(member_id, span)
    courses = {course.id: course for course in db.session.scalars(select(Course).where(Course.id.in_(list(found))))}
    return sorted(((courses[one], hours) for one, hours in found.items()), key=lambda pair: -pair[1])


def evidence(member_id: int, month: Period) -> list[Evidence]:
    """The credited intervals of a month, the newest first."""
    first, after = month.first, month.after
    if first is None or after is None:
        return []
    rows = db.session.execute(
        select(StudyInterval, Lesson, Course)
        .join(Lesson, Lesson.id == StudyInterval.lesson_id)
        .join(Course, Course.id == StudyInterval.course_id)
        .where(
            StudyInterval.member_id == member_id,
            StudyInterval.started_at >= start_of_day(first, house.zone) - timedelta(hours=6),
            StudyInterval.ended_at > start_of_day(first, house.zone),
            StudyInterval.started_at < start_of_day(after, house.zone),
        )
        .order_by(StudyInterval.started_at.desc())
        .limit(MOST_EVIDENCE)
    )
    return [
        Evidence(lesson, course, interval.started_at, interval.ended_at, interval.present_seconds)
        for interval, lesson, course in rows
    ]


def gathered(found: Iterable[Evidence]) -> list[Evidence | Glances]:
    """The evidence in its order; the short visits of a day stand together at its end."""
    lines: list[Evidence | Glances] = []
    for day, visits in groupby(found, key=lambda one: local_date(one.started_at, house.zone)):
        short: list[Evidence] = []
        for one in visits:
            (short if max(one.present_seconds, one.credited_seconds) < BRIEF else lines).append(one)
        if short:
            lines.append(Glances(day, short))
    return lines
