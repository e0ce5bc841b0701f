"""Study hours as at a moment: credited milliseconds by member and course, and the hours that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import func, select

from learnhub.kernel.clock import local_date, start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.study_time.models import CreditRule, StudyDay, StudyInterval
from learnhub.transcripts.spans import Span

SETTLED = timedelta(minutes=2)
"""A running lesson is credited backwards by its next beat, so study time counts when it is this old: then a sheet as at
a moment shows the same whenever it is made."""

MINUTES_PER_HOUR = 45
"""Where no rule is in force: the academic hour (学时)."""


NONE = Fraction(0)


class Rule(NamedTuple):
    """From which day on so many minutes make an hour."""

    valid_from: date
    minutes_per_hour: int


def rules(span: Span) -> list[Rule]:
    """The credit rules of a span, the oldest first; the first one holds on its first day."""
    found = [
        Rule(valid_from, minutes)
        for valid_from, minutes in db.session.execute(
            select(CreditRule.valid_from, CreditRule.minutes_per_hour)
            .where(CreditRule.valid_from < span.after)
            .order_by(CreditRule.valid_from)
        )
    ]
    before = [rule for rule in found if rule.valid_from <= span.first]
    return (before[-1:] or [Rule(date.min, MINUTES_PER_HOUR)]) + [r for r in found if r.valid_from > span.first]


def totals(member_ids: Sequence[int], span: Span, by: list[Rule]) -> dict[int, Fraction]:
    """The hours of members in a span under its rules, exact."""
    return {member_id: hours for (member_id,), hours in _summed(_credited(member_ids, span, by), 1).items()}


def by_course(member_id: int, span: Span) -> dict[int, Fraction]:
    """The hours of one member by course, exact."""
    summed = _summed(_credited([member_id], span, rules(span)), 2)
    return {course_id: hours for (_member_id, course_id), hours in summed.items()}


def by_day(member_id: int, span: Span) -> dict[date, Fraction]:
    """The hours of one member by calendar day, exact."""
    of_rules = rules(span)
    cut = span.as_at - SETTLED
    today = local_date(cut, house.zone)
    days = db.session.execute(
        select(StudyDay.day, func.sum(StudyDay.milliseconds))
        .where(StudyDay.member_id == member_id, StudyDay.day >= span.first, StudyDay.day < min(span.after, today))
        .group_by(StudyDay.day)
    )
    found = {day: hours_on(day, int(milliseconds), of_rules) for day, milliseconds in days}
    if span.first <= today < span.after:
        running = sum(row[2] for row in _until([member_id], start_of_day(today, house.zone), cut))
        if running:
            found[today] = hours_on(today, running, of_rules)
    return found


def hours_on(day: date, milliseconds: int, by: Sequence[Rule]) -> Fraction:
    """The hours that credited time makes by the rule of its day; the rules are those of a span that holds the day."""
    rule = next(one for one in reversed(by) if one.valid_from <= day or one is by[0])
    return Fraction(milliseconds, 60_000 * rule.minutes_per_hour)


def _summed(credited: Iterator[tuple[int, int, int, int]], key: int) -> dict[tuple[int, ...], Fraction]:
    """Hours by the first `key` columns. Milliseconds are added as whole numbers: a sheet has many rows."""
    milliseconds: dict[tuple[int, ...], dict[int, int]] = {}
    for row in credited:
        of_rule = milliseconds.setdefault(row[:key], {})
        of_rule[row[3]] = of_rule.get(row[3], 0) + row[2]
    return {
        whose: sum((Fraction(sum_, 60_000 * minutes) for minutes, sum_ in of_rule.items()), NONE)
        for whose, of_rule in milliseconds.items()
    }


def _credited(member_ids: Sequence[int], span: Span, by: list[Rule]) -> Iterator[tuple[int, int, int, int]]:
    """Member, course, milliseconds, minutes to the hour: one statement a rule, and one for the last day."""
    cut = span.as_at - SETTLED
    today = local_date(cut, house.zone)
    for number, rule in enumerate(by):
        first = max(span.first, rule.valid_from)
        after = min(by[number + 1].valid_from if number + 1 < len(by) else span.after, span.after)
        for row in _whole_days(member_ids, first, min(after, today)):
            yield *row, rule.minutes_per_hour
        if first <= today < after:
            for row in _until(member_ids, start_of_day(today, house.zone), cut):
                yield *row, rule.minutes_per_hour


def _whole_days(member_ids: Sequence[int], first: date, after: date) -> list[tuple[int, int, int]]:
    if first >= after:
        return []
    rows = db.session.execute(
        select(StudyDay.member_id, StudyDay.course_id, func.sum(StudyDay.milliseconds))
        .where(StudyDay.member_id.in_(member_ids), StudyDay.day >= first, StudyDay.day < after)
        .group_by(StudyDay.member_id, StudyDay.course_id)
    )
    return [(member_id, course_id, int(milliseconds)) for member_id, course_id, milliseconds in rows]


def _until(member_ids: Sequence[int], start: datetime, cut: datetime) -> list[tuple[int, int, int]]:
    """What the intervals of a day credit up to a moment."""
    rows = db.session.execute(
        select(
            StudyInterval.member_id, StudyInterval.course_id, StudyInterval.started_at, StudyInterval.ended_at
        ).where(
            StudyInterval.member_id.in_(member_ids),
            StudyInterval.started_at >= start - timedelta(days=1),
            StudyInterval.started_at < cut,
            StudyInterval.ended_at > start,
        )
    )
    return [
        (member_id, course_id, (min(ended, cut) - max(started, start)) // timedelta(milliseconds=1))
        for member_id, course_id, started, ended in rows
    ]
