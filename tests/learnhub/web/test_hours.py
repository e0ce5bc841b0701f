"""Study hours as a page: what counts, what is missing, and the evidence of every minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from courses.models import Lesson
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.study_time import beats
from learnhub.study_time.models import CreditRule, YearlyTarget
from tests.makers import PASSWORD, new_course, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

AFTERNOON = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _later_that_day() -> Iterator[None]:
    with time_machine.travel(AFTERNOON + timedelta(hours=3), tick=False):
        yield


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def lessons(tree: dict[str, Unit]) -> list[Lesson]:
    return new_course("open", unit=tree["HQ"])


@pytest.fixture
def member(tree: dict[str, Unit]) -> Member:
    return new_member(tree["B1"], password=PASSWORD)


def study(member: Member, lesson: Lesson, start: datetime, minutes: int, tab: str = "a") -> None:
    unit_id = small_unit(member)
    for second in range(0, minutes * 60 + 1, 20):
        moment = start + timedelta(seconds=second)
        beats.beat(member.id, tab, lesson.id, lesson.course_id, unit_id, moment)


def small_unit(member: Member) -> int:
    from learnhub.organisations.memberships import primary_unit_id

    found = primary_unit_id(member.id, AFTERNOON)
    assert found is not None
    return found


def test_the_page_shows_hours_target_and_what_is_missing(app: Flask, member: Member, lessons: list[Lesson]) -> None:
    db.session.add(YearlyTarget(year=2026, role="member", unit_id=0, hours=32_000))
    study(member, lessons[0], AFTERNOON, 45)
    study(member, lessons[1], AFTERNOON + timedelta(hours=1), 30)
    page = Visitor(app, member).page("/hours")
    figures = re.findall(r'<span class="value">([^<]+)', page)
    assert [float(one) for one in figures[:3]] == [1.67, 32, 30.33]
    assert "present 45 min, credited 45 min" in page
    assert "Course open" in page


def test_the_page_and_the_api_say_the_same(app: Flask, member: Member, lessons: list[Lesson]) -> None:
    study(member, lessons[0], AFTERNOON, 37)
    visitor = Visitor(app, member)
    shown = re.findall(r'<span class="value">([^<]+)', visitor.page("/hours"))
    assert shown[0].strip() == visitor.get("/api/v1/me/hours").get_json()["hours"]


def test_two_tabs_count_once_and_the_page_says_so(app: Flask, member: Member, lessons: list[Lesson]) -> None:
    unit_id = small_unit(member)
    for second in range(0, 601, 20):
        for tab in ("a", "b"):
            moment = AFTERNOON + timedelta(seconds=second + (3 if tab == "b" else 0))
            beats.beat(member.id, tab, lessons[0].id, lessons[0].course_id, unit_id, moment)
    page = Visitor(app, member).page("/hours")
    assert "credited 10 min" in page
    assert "open twice, counted once" in page


def test_an_hour_has_as_many_minutes_as_the_rule_of_its_day(app: Flask, member: Member, lessons: list[Lesson]) -> None:
    db.session.add(CreditRule(valid_from=AFTERNOON.date(), minutes_per_hour=60))
    study(member, lessons[0], AFTERNOON - timedelta(days=2), 45)
    study(member, lessons[0], AFTERNOON, 60)
    page = Visitor(app, member).page("/hours")
    assert [float(one) for one in re.findall(r'<span class="value">([^<]+)', page)[:1]] == [2.0]
    assert "1 study hour = 60 minutes" in page


def test_a_month_is_looked_at_by_itself_and_nonsense_is_refused(
    app: Flask, member: Member, lessons: list[Lesson]
) -> None:
    study(member, lessons[0], AFTERNOON - timedelta(days=40), 20)
    visitor = Visitor(app, member)
    assert "present 20 min" not in visitor.page("/hours")
    assert "present 20 min" in visitor.page("/hours?month=2026-10")
    assert visitor.get("/hours?month=2026-13").status_code == 422
    assert visitor.get("/hours?month=all").status_code < 500
    assert visitor.get("/hours?month=0001-01").status_code < 500
    assert visitor.get("/hours?month=9999-12").status_code < 500


def test_a_secretary_sees_the_hours_of_the_unit_s_members_only(
    app: Flask, member: Member, tree: dict[str, Unit], lessons: list[Lesson]
) -> None:
    study(member, lessons[0], AFTERNOON, 45)
    near = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    far = Visitor(app, new_staff(Role.SECRETARY, tree["B2"], password=PASSWORD))
    assert "credited 45 min" in near.page(f"/members/{member.id}/hours")
    assert far.get(f"/members/{member.id}/hours").status_code == 404


def test_the_short_visits_of_a_day_stand_together_and_none_is_lost(
    app: Flask, member: Member, lessons: list[Lesson]
) -> None:
    unit_id = small_unit(member)
    for minute in (10, 20, 30):
        for second in (0, 20):
            moment = AFTERNOON + timedelta(minutes=minute, seconds=second)
            beats.beat(member.id, "a", lessons[0].id, lessons[0].course_id, unit_id, moment)
    study(member, lessons[0], AFTERNOON + timedelta(hours=1), 5)
    page = Visitor(app, member).page("/hours")
    assert "3 visits below a minute" in page
    assert page.count('<details class="glances">') == 1
    assert page.index("credited 5 min") < page.index("3 visits below a minute") < page.index("credited 20 s")
    assert page.count("credited 20 s") == 3
