"""How much was studied in each of several periods side by side: hours of a member or a unit, members of a course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.periods import Period
from learnhub.organisations import units
from learnhub.study_time.models import StudyDay
from learnhub.transcripts import credit, spans


def hours_of_member(member_id: int, periods: Sequence[Period], as_at: datetime) -> list[Fraction]:
    """The hours of a member in each period, exact: over the parts of a year they add up to the sheet's hours."""
    first, after = _bounds(periods)
    days = credit.by_day(member_id, spans.Span(first, after, spans.to_the_millisecond(as_at)))
    return _summed(periods, days.items())


def hours_of_unit(unit_id: int, periods: Sequence[Period], as_at: datetime) -> list[Fraction]:
    """The hours that were studied in a unit and all below it in each period, by three statements at most.

    Time counts for the unit that the member belonged to when it was studied, so a past week does not change when
    somebody moves. Test members are left out.
    """
    first, after = _bounds(periods)
    rules = credit.rules(spans.Span(first, after, as_at))
    rows = db.session.execute(
        select(StudyDay.day, func.sum(StudyDay.milliseconds))
        .join(Member, Member.id == StudyDay.member_id)
        .where(
            StudyDay.unit_id.in_(units.below(unit_id)),
            StudyDay.day >= first,
            StudyDay.day < after,
            Member.test.is_(False),
        )
        .group_by(StudyDay.day)
    )
    return _summed(periods, ((day, credit.hours_on(day, int(milliseconds), rules)) for day, milliseconds in rows))


def students_of_courses(
    course_ids: Sequence[int], periods: Sequence[Period], unit_ids: Select[int] | None = None
) -> dict[int, list[int]]:
    """How many members studied each course in each period, by one statement; of these units only, if given.

    A course that nobody studied has zeros. Test members are left out.
    """
    found = {course_id: [0] * len(periods) for course_id in course_ids}
    first, after = _bounds(periods)
    place: ColumnElement[Any] = case(
        *((StudyDay.day < one.after, number) for number, one in enumerate(periods)), else_=len(periods) - 1
    )
    query = (
        select(StudyDay.course_id, place.label("place"), func.count(StudyDay.member_id.distinct()))
        .join(Member, Member.id == StudyDay.member_id)
        .where(
            StudyDay.course_id.in_(course_ids),
            StudyDay.day >= first,
            StudyDay.day < after,
            StudyDay.milliseconds > 0,
            Member.test.is_(False),
        )
        .group_by(StudyDay.course_id, "place")
    )
    if unit_ids is not None:
        query = query.where(StudyDay.unit_id.in_(unit_ids))
    for course_id, number, members in db.session.execute(query):
        found[course_id][int(number)] = members
    return found


def _bounds(periods: Sequence[Period]) -> tuple[date, date]:
    """The days from the first to after the last: periods follow one another without a gap."""
    return periods[0].first or spans.FIRST_DAY, periods[-1].after or spans.LAST_DAY


def _summed(periods: Sequence[Period], days: Iterable[tuple[date, Fraction]]) -> list[Fraction]:
    sums = [credit.NONE] * len(periods)
    for day, hours in days:
        for number, period in enumerate(periods):
            if period.contains(day):
                sums[number] += hours
                break
    return sums
