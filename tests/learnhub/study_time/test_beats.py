"""Beats become credited time, each second once, by the server's clock."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from courses.models import Course, CourseModule, Lesson
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.study_time import beats
from learnhub.study_time.models import StudyDay, StudyInterval, StudyPresence
from tests.makers import new_member, new_unit


class Desk:
    """A member before some lessons."""

    def __init__(self, now: datetime) -> None:
        self.unit: Unit = new_unit("B1")
        self.member: Member = new_member(self.unit)
        self.now = now
        course = Course(slug="c", title="C", created_at=now, updated_at=now)
        db.session.add(course)
        db.session.flush()
        module = CourseModule(course_id=course.id, position=1, title="M")
        db.session.add(module)
        db.session.flush()
        self.lessons = [
            Lesson(course_id=course.id, module_id=module.id, position=n, slug=str(n), title="L", kind="text")
            for n in (1, 2)
        ]
        db.session.add_all(self.lessons)
        db.session.flush()
        self.course_id = course.id

    def beat(self, second: float, tab: str = "a", lesson: int = 0) -> int:
        moment = self.now + timedelta(seconds=second)
        found = self.lessons[lesson]
        return beats.beat(self.member.id, tab, found.id, self.course_id, self.unit.id, moment).milliseconds

    def total(self) -> int:
        return sum(db.session.scalars(select(StudyDay.milliseconds)))


@pytest.fixture
def desk(app: Flask, now: datetime) -> Desk:
    return Desk(now)


def test_the_first_beat_credits_nothing_and_the_next_the_time_between(desk: Desk) -> None:
    assert [desk.beat(second) for second in (0, 20, 50)] == [0, 20_000, 30_000]
    (interval,) = db.session.scalars(select(StudyInterval))
    assert interval.ended_at - interval.started_at == timedelta(seconds=50)
    assert interval.present_seconds == 50


def test_s01_no_more_is_credited_than_the_server_saw_pass(desk: Desk) -> None:
    desk.beat(0)
    assert desk.beat(60) == 45_000, "one beat credits at most 45 seconds"
    assert desk.beat(60.5) == 500
    assert desk.beat(60.5) == 0, "a doubled beat"
    assert desk.beat(59) == 0, "a clock that steps back"


@given(
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 200)), min_size=1, max_size=60),
)
def test_s01_credit_never_exceeds_elapsed_time_whatever_comes(steps: list[tuple[int, int]]) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    until, since, now, total = start, start, start, timedelta(0)
    for forward, _noise in steps:
        now += timedelta(seconds=forward / 20)
        _present, begin, end = beats.credited(since, until, now)
        if end > begin:
            assert begin >= until
            assert end <= now
            total += end - begin
            until = end
        since = now
    assert total <= now - start


def test_s02_tabs_and_devices_together_make_one_minute_of_a_minute(desk: Desk) -> None:
    for second in range(0, 61, 5):
        for n, tab in enumerate(("phone", "desk", "third", "fourth", "fifth")):
            desk.beat(second + n * 0.3, tab, lesson=n % 2)
    assert desk.total() <= 61_200
    assert desk.total() >= 60_000
    rows = db.session.scalars(select(StudyInterval).order_by(StudyInterval.started_at)).all()
    assert all(one.ended_at <= other.started_at for one, other in itertools.pairwise(rows))


def test_s02_concurrent_beats_of_one_member_never_add_up(app: Flask, desk: Desk) -> None:
    db.session.commit()
    member_id, course_id, unit_id = desk.member.id, desk.course_id, desk.unit.id
    lessons = [lesson.id for lesson in desk.lessons]
    db.session.commit()
    failures: list[BaseException] = []

    def device(n: int) -> None:
        with app.app_context():
            try:
                for second in range(0, 61, 10):
                    moment = desk.now + timedelta(seconds=second)
                    beats.beat(member_id, f"tab{n}", lessons[n % 2], course_id, unit_id, moment)
                    db.session.commit()
            except BaseException as failure:
                failures.append(failure)

    threads = [threading.Thread(target=device, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert desk.total() <= 60_000


def test_s03_a_sleep_of_an_hour_gains_nothing(desk: Desk) -> None:
    desk.beat(0)
    desk.beat(20)
    assert desk.beat(3620) == 0
    assert desk.beat(3640) == 20_000
    ends = [interval.ended_at for interval in db.session.scalars(select(StudyInterval).order_by(StudyInterval.id))]
    assert ends[0] == desk.now + timedelta(seconds=20), "the first interval ended at its last beat"


def test_s04_ten_times_as_many_beats_credit_no_more(desk: Desk) -> None:
    assert sum(desk.beat(second / 10) for second in range(601)) == 60_000


def test_s09_time_is_split_at_midnight(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 22, 15, 59, 50, tzinfo=UTC)  # ten seconds before midnight in Shanghai
    desk.beat(0)
    desk.beat(30)
    days = dict(db.session.execute(select(StudyDay.day, StudyDay.milliseconds)).all())
    assert days == {date(2026, 11, 22): 10_000, date(2026, 11, 23): 20_000}


def test_a_beat_takes_a_fixed_small_number_of_statements(desk: Desk, statements: Callable[[], Any]) -> None:
    desk.beat(0)
    desk.beat(20)
    with statements() as seen:
        desk.beat(40)
    assert len(seen) == 7


def test_days_and_intervals_add_up_to_the_same_whatever_the_clock_reads(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 22, 15, 59, 11, 123_456, tzinfo=UTC)
    for n in range(12):
        desk.beat(n * 17.000789, "ab"[n % 2], lesson=n % 2)
        desk.beat(n * 17.000789 + 3.3, "c")
    intervals = db.session.scalars(select(StudyInterval)).all()
    credited = sum(((one.ended_at - one.started_at) for one in intervals), timedelta(0))
    assert credited == timedelta(milliseconds=desk.total())


def test_what_was_present_is_never_less_than_what_was_credited(desk: Desk) -> None:
    for n in range(200):
        desk.beat(n * 20.4)
    (interval,) = db.session.scalars(select(StudyInterval))
    assert interval.present_seconds == int((interval.ended_at - interval.started_at).total_seconds())


def test_a_page_that_comes_back_under_a_new_name_gets_nothing_for_the_time_away(desk: Desk) -> None:
    desk.beat(0, "before")
    desk.beat(10, "before")
    assert desk.beat(70, "after") == 0
    assert desk.beat(90, "after") == 20_000


def test_closed_tabs_are_forgotten_and_nothing_credited_goes(desk: Desk) -> None:
    desk.beat(0)
    desk.beat(20)
    beats.forget_tabs(desk.now + timedelta(days=1))
    assert desk.total() == 20_000
    assert db.session.scalars(select(StudyPresence)).all() == []
