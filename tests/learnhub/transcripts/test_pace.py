"""Hours and members by period: the same numbers as the sheet, by a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.periods import Grain, lately, parse_period, parts
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.study_time.models import CreditRule, StudyDay, StudyInterval
from learnhub.transcripts import numbers, pace, spans
from tests.makers import new_course, new_member, small_tree

TODAY = date(2026, 11, 22)


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def studied(member: Member, unit: Unit, course_id: int, day: date, minutes: int) -> None:
    db.session.add(
        StudyDay(member_id=member.id, day=day, course_id=course_id, unit_id=unit.id, milliseconds=60_000 * minutes)
    )
    db.session.flush()


def test_the_months_of_a_member_add_up_to_the_hours_of_the_sheet(
    app: Flask, tree: dict[str, Unit], now: datetime
) -> None:
    member, lesson = new_member(tree["B1"]), new_course("one")[0]
    db.session.add_all([CreditRule(valid_from=date(2026, 3, 10), minutes_per_hour=60)])
    for day, minutes in ((date(2026, 3, 9), 45), (date(2026, 3, 10), 60), (date(2026, 10, 31), 7), (TODAY, 30)):
        studied(member, tree["B1"], lesson.course_id, day, minutes)
    db.session.add(
        StudyInterval(
            member_id=member.id,
            lesson_id=lesson.id,
            course_id=lesson.course_id,
            started_at=now - timedelta(minutes=31),
            ended_at=now - timedelta(minutes=1),
        )
    )
    db.session.flush()
    year = parse_period("2026")
    hours = pace.hours_of_member(member.id, parts(year, Grain.MONTH, TODAY), now)
    assert hours[2] == 2
    assert hours[9] == Fraction(7, 60)
    assert hours[10] == Fraction(29, 60), "the last two minutes are not settled yet"
    assert sum(hours) == numbers.of_member(member.id, spans.of_period(year, now)).hours
    assert sum(pace.hours_of_member(member.id, parts(year, Grain.WEEK, TODAY), now)) == sum(hours)


def test_the_weeks_of_a_unit_hold_all_below_it_where_it_was_studied(
    app: Flask, tree: dict[str, Unit], now: datetime, statements: Callable[[], Any]
) -> None:
    course_id = new_course("one")[0].course_id
    near, moved, tester = new_member(tree["B1a"]), new_member(tree["B2"]), new_member(tree["B1"], test=True)
    studied(near, tree["B1a"], course_id, date(2026, 11, 16), 45)
    studied(near, tree["B1a"], course_id, date(2026, 11, 15), 90)
    studied(moved, tree["B1"], course_id, TODAY, 45)
    studied(moved, tree["B2"], course_id, TODAY, 45)
    studied(tester, tree["B1"], course_id, TODAY, 45)
    weeks = lately(TODAY, Grain.WEEK, 3)
    assert [one.key for one in weeks] == ["2026-W45", "2026-W46", "2026-W47"]
    assert pace.hours_of_unit(tree["B1"].id, weeks, now) == [0, 2, 2]
    assert pace.hours_of_unit(tree["HQ"].id, weeks, now) == [0, 2, 3]
    assert pace.hours_of_unit(tree["B1a"].id, weeks[-1:], now) == [1]
    with statements() as few:
        pace.hours_of_unit(tree["B1a"].id, weeks, now)
    with statements() as many:
        pace.hours_of_unit(tree["HQ"].id, lately(TODAY, Grain.WEEK, 50), now)
    assert len(few) == len(many) == 2


def test_a_course_has_a_pulse(app: Flask, tree: dict[str, Unit], now: datetime, statements: Callable[[], Any]) -> None:
    one, other, idle = (new_course(slug)[0].course_id for slug in ("one", "other", "idle"))
    people = [new_member(tree["B1"]), new_member(tree["B2"]), new_member(tree["B1"], test=True)]
    for member in people:
        studied(member, tree["B1"], one, TODAY, 10)
        studied(member, tree["B1"], one, TODAY - timedelta(days=1), 10)
    studied(people[0], tree["B1"], one, TODAY - timedelta(days=7), 10)
    studied(people[1], tree["B2"], other, TODAY, 10)
    studied(people[0], tree["B1"], other, TODAY, 0)
    weeks = lately(TODAY, Grain.WEEK, 2)
    with statements() as seen:
        found = pace.students_of_courses([one, other, idle], weeks)
    assert found == {one: [1, 2], other: [0, 1], idle: [0, 0]}
    assert len(seen) == 1
    assert pace.students_of_courses([other], weeks, units.below(tree["B1"].id)) == {other: [0, 0]}
    assert pace.students_of_courses([], weeks) == {}


def test_weeks_are_cut_at_the_edges_of_the_year() -> None:
    weeks = parts(parse_period("2026"), Grain.WEEK)
    assert (weeks[0].key, weeks[0].first, weeks[0].after) == ("2026-W01", date(2026, 1, 1), date(2026, 1, 5))
    assert (weeks[-1].key, weeks[-1].after) == ("2026-W53", date(2027, 1, 1))
    assert len(weeks) == 53
    assert [one.key for one in parts(parse_period("2026-Q4"), Grain.MONTH)] == ["2026-10", "2026-11", "2026-12"]
    assert parts(parse_period("all"), Grain.YEAR) == []
    assert [one.key for one in lately(date(2026, 1, 1), Grain.WEEK, 2)] == ["2025-W52", "2026-W01"]
