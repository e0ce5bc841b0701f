"""Windows of quizzes follow the wall clock of the organisation's zone; what is stored is UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import DateTime, select, text
from werkzeug.datastructures import MultiDict

from learnhub.kernel.db import UTCDateTime, db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.organisations.permissions import Role
from learnhub.quizzes import attempts, windows
from learnhub.quizzes.models import Quiz
from learnhub.web.quizzes.forms import instant_of
from learnhub.web.quizzes.sitting import WindowForm
from tests.learnhub.quizzes.sitting import new_quiz
from tests.makers import NOW, PASSWORD, new_member, new_staff, new_unit
from tests.visiting import Visitor

MINUTE = timedelta(minutes=1)


@pytest.fixture
def zone(app: Flask, request: pytest.FixtureRequest) -> Iterator[ZoneInfo]:
    """The zone of the organisation, for as long as the test runs."""
    before, house.zone = house.zone, ZoneInfo(request.param)
    yield house.zone
    house.zone = before


def at(text_: str) -> datetime:
    """A wall-clock time of the organisation as an instant, as forms read it."""
    found = instant_of(datetime.fromisoformat(text_))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 1),
        ("Europe/Berlin", "2026-10-25", 3),
        ("America/New_York", "2026-03-08", 1),
        ("America/New_York", "2026-11-01", 3),
        ("Asia/Shanghai", "2026-03-29", 2),
    ],
    indirect=["zone"],
)
def test_e24_half_past_one_to_half_past_three_is_what_the_clock_on_the_wall_says(
    app: Flask, zone: ZoneInfo, day: str, hours: int
) -> None:
    opens, closes = at(f"{day}T01:30"), at(f"{day}T03:30")
    assert closes - opens == timedelta(hours=hours)
    unit = new_unit()
    quiz = new_quiz(unit, opens_at=opens, closes_at=closes, time_limit_seconds=6 * 3600)
    db.session.commit()
    with pytest.raises(Refused, match="not opened"):
        attempts.start(quiz, new_member(unit), opens - MINUTE)
    started = attempts.start(quiz, new_member(unit), opens)
    assert started.deadline == closes
    assert started.deadline.astimezone(zone).isoformat(timespec="minutes").startswith(f"{day}T03:30")
    with pytest.raises(Refused, match="closed"):
        attempts.start(quiz, new_member(unit), closes)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"], indirect=True)
@pytest.mark.parametrize("first", ["2026-03-05", "2026-03-25", "2026-10-22", "2026-10-28"])
def test_e24_a_week_later_is_the_same_time_on_the_wall(app: Flask, zone: ZoneInfo, first: str) -> None:
    unit = new_unit()
    quiz = new_quiz(unit, opens_at=at(f"{first}T09:00"), closes_at=at(f"{first}T10:00"))
    later = (datetime.fromisoformat(f"{first}T09:00") + timedelta(days=7)).isoformat()
    windows.put(
        quiz, unit, opens_at=at(later), closes_at=at(later) + timedelta(hours=1), extra_seconds=0, by=None, now=NOW
    )
    db.session.commit()
    found = windows.for_unit(quiz, unit.id)
    assert found.opens_at is not None
    assert found.opens_at.astimezone(zone).strftime("%H:%M") == "09:00"
    assert abs(found.opens_at - at(f"{first}T09:00") - timedelta(days=7)) in (timedelta(0), timedelta(hours=1))


@pytest.mark.sqlite_only
def test_e25_every_instant_is_stored_in_utc(app: Flask) -> None:
    kinds = {type(one.type) for table in db.metadata.tables.values() for one in table.columns}
    assert not {kind for kind in kinds if issubclass(kind, DateTime)}, "a time without its zone"
    assert UTCDateTime in kinds
    quiz = new_quiz(new_unit(), closes_at=datetime(2026, 7, 1, tzinfo=ZoneInfo("Asia/Shanghai")))
    db.session.commit()
    stored = db.session.execute(text("SELECT closes_at FROM quiz WHERE id = :id"), {"id": quiz.id}).scalar()
    assert str(stored).startswith("2026-06-30 16:00:00")


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York"], indirect=True)
@pytest.mark.sqlite_only
def test_e25_until_30_june_is_before_midnight_of_1_july_in_the_quizs_zone(app: Flask, zone: ZoneInfo) -> None:
    with app.test_request_context():
        form = WindowForm(formdata=MultiDict({"closes_at": "2026-06-30"}))
        closes = instant_of(form.closes_at.data)
    assert closes == datetime(2026, 7, 1, tzinfo=zone)
    unit = new_unit()
    quiz = new_quiz(unit, closes_at=closes)
    db.session.commit()
    last = datetime(2026, 6, 30, 23, 59, 59, 999000, tzinfo=zone).astimezone(UTC)
    assert attempts.start(quiz, new_member(unit), last).deadline == closes
    with pytest.raises(Refused, match="closed"):
        attempts.start(quiz, new_member(unit), last + timedelta(milliseconds=1))


@pytest.mark.sqlite_only
def test_e25_the_page_of_a_quiz_names_the_zone_of_its_times(app: Flask) -> None:
    unit = new_unit()
    quiz = new_quiz(unit, closes_at=NOW + timedelta(days=3650))
    visitor = Visitor(app, new_member(unit, password=PASSWORD))
    assert "China Time" in visitor.page(f"/quizzes/{quiz.slug}")


@pytest.mark.sqlite_only
def test_a_day_alone_in_the_form_of_a_quiz_is_its_whole_day(app: Flask) -> None:
    unit = new_unit()
    quiz = new_quiz(unit)
    quiz_id = quiz.id
    instructor = Visitor(app, new_staff(Role.INSTRUCTOR, unit, password=PASSWORD))
    form = {"unit_code": unit.code, "closes_at": "2027-06-30"}
    assert instructor.post(f"/desk/quizzes/{quiz_id}/windows", form).status_code == 303
    db.session.rollback()
    found = windows.for_unit(db.session.scalars(select(Quiz).where(Quiz.id == quiz_id)).one(), unit.id)
    assert found.closes_at == datetime(2027, 7, 1, tzinfo=house.zone)
