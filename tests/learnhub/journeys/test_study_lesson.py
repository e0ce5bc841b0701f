"""From opening a lesson to its points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Asset, Lesson
from learnhub.identity.models import Member
from learnhub.journeys import study_lesson
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.learning import enrolments, progress
from learnhub.points import rules
from learnhub.points.models import LedgerEntry
from tests.makers import new_course, new_member, new_unit


@pytest.fixture
def member(app: Flask, now: datetime) -> Member:
    rules.ensure_default_rules(now, date(2026, 1, 1))
    return new_member(new_unit("B1"))


def after(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)


def points() -> int:
    return sum(db.session.scalars(select(LedgerEntry.points)))


def test_marking_all_lessons_completes_the_course_and_pays_each_once(member: Member, now: datetime) -> None:
    first, second, third = new_course()
    for lesson in (first, first, second, third):
        study_lesson.mark_done(member.id, lesson, now)
    (taken,) = enrolments.of_member(member.id)
    assert (taken.done, taken.lessons, taken.completed) == (3, 3, True)
    assert points() == 6, "three lessons of two points, the daily cap"


def test_a_lesson_that_wants_time_is_completed_by_beats_alone(member: Member, now: datetime) -> None:
    (lesson,) = new_course(lessons=1, completion_rule="time", completion_seconds=60)
    with pytest.raises(Refused):
        study_lesson.mark_done(member.id, lesson, now)
    done = [study_lesson.beat(member.id, lesson, "tab", after(now, s)).completed for s in (0, 20, 40, 60)]
    assert done == [False, False, False, True]
    assert points() == 2


def test_a_video_is_completed_by_what_was_played(member: Member, now: datetime) -> None:
    (lesson,) = new_course(lessons=1, kind="video", completion_rule="coverage", completion_coverage=90)
    video = Asset(course_id=lesson.course_id, path="v.mp4", digest="0" * 64, media_type="video/mp4", size=1, seconds=60)
    db.session.add(video)
    db.session.flush()
    lesson.main_asset_id = video.id

    def play(second: int, *ranges: list[float]) -> study_lesson.Beaten:
        return study_lesson.beat(member.id, lesson, "tab", after(now, second), reported=list(ranges), position=second)

    assert play(0).coverage == 0
    assert not play(20, [0, 20, 1]).completed
    assert not play(40, [59, 60, 1]).completed, "a jump to the end counts one second"
    with pytest.raises(Refused):
        study_lesson.mark_done(member.id, lesson, after(now, 41))
    assert play(60, [20, 42, 1]).coverage == 73
    assert play(80, [40, 58, 1]).completed
    state = progress.of_lesson(member.id, lesson.id)
    assert state is not None
    assert (state.played, state.position) == ([[0, 58], [59, 60]], 80)


def test_leaving_and_coming_back_finds_everything(member: Member, now: datetime) -> None:
    first, second = new_course(lessons=2)
    study_lesson.mark_done(member.id, first, now)
    enrolments.leave(member.id, first.course_id, now)
    assert enrolments.of_member(member.id) == []
    assert progress.where_stopped(member.id) is None
    enrolments.enrol(member.id, first.course_id, after(now, 60))
    (taken,) = enrolments.of_member(member.id)
    assert (taken.done, taken.enrolment.enrolled_at) == (1, now)
    found = progress.where_stopped(member.id)
    assert found is not None
    assert found[1].id == second.id


def test_going_on_means_the_lesson_seen_last(member: Member, now: datetime) -> None:
    lessons = new_course(lessons=3)
    study_lesson.mark_done(member.id, lessons[0], now)
    study_lesson.beat(member.id, lessons[2], "tab", after(now, 5))
    found = progress.where_stopped(member.id)
    assert found is not None
    assert found[1].id == lessons[2].id


def test_a_beat_takes_a_fixed_number_of_statements(
    member: Member, now: datetime, statements: Callable[[], Any]
) -> None:
    lesson: Lesson = new_course(lessons=1, completion_rule="time", completion_seconds=10**6)[0]
    for second in (0, 20):
        study_lesson.beat(member.id, lesson, "tab", after(now, second))
    with statements() as seen:
        study_lesson.beat(member.id, lesson, "tab", after(now, 40))
    assert len(seen) == 10
