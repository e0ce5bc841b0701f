"""Who sits now, more time and times of units, in the browser without JavaScript; and the running clock."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from learnhub.identity.models import Member
from learnhub.kernel.clock import iso, utcnow
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes import windows
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.web.quizzes import clock_events
from tests.learnhub.quizzes.sitting import new_quiz, right
from tests.learnhub.web.sitter import Sitter
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def quiz(tree: dict[str, Unit]) -> Quiz:
    return new_quiz(tree["HQ"], title="Fire", time_limit_seconds=1800)


@pytest.fixture
def instructor(app: Flask, tree: dict[str, Unit]) -> Visitor:
    return Visitor(app, new_staff(Role.INSTRUCTOR, tree["HQ"], password=PASSWORD))


@pytest.fixture
def secretary(app: Flask, tree: dict[str, Unit]) -> Visitor:
    """Who looks after B1."""
    return Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))


def sits(app: Flask, quiz: Quiz, unit: Unit, name: str) -> Sitter:
    sitter = Sitter(app, new_member(unit, name, password=PASSWORD), quiz)
    sitter.start()
    return sitter


def left(attempt: Attempt) -> timedelta:
    db.session.refresh(attempt)
    assert attempt.deadline is not None
    return attempt.deadline - attempt.started_at


def test_e21_the_chosen_have_ten_minutes_more_and_their_page_says_so(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, instructor: Visitor
) -> None:
    wang, li = (sits(app, quiz, tree["B1"], name) for name in ("Wang Fang", "Li Na"))
    wang.send({"s1-choice": right(wang.attempt, 1)["choice"]})
    address = f"/desk/quizzes/{quiz.id}/sitting"
    page = instructor.page(address)
    assert "2 attempts are open" in page
    assert "1 / 3" in page
    form = {"id": str(wang.attempt.id), "minutes": "10", "reason": "The screen broke", "whom": "all"}
    assert instructor.post(address, form).status_code == 303
    assert (left(wang.attempt), left(li.attempt)) == (timedelta(minutes=40), timedelta(minutes=30))
    page = instructor.page(address)
    assert "1 attempt has more time." in page
    assert "The screen broke" in page
    clock = wang.json("GET", f"/api/v1/attempts/{wang.attempt.id}/clock").get_json()
    assert clock["deadline"] == iso(wang.attempt.deadline or datetime.max)
    wang.post(f"/attempts/{wang.attempt.id}/hand-in")
    assert "The screen broke" in wang.page(f"/attempts/{wang.attempt.id}/review")


def test_a_secretary_gives_a_branch_time_after_a_power_cut(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, secretary: Visitor
) -> None:
    mine, other = sits(app, quiz, tree["B1a"], "Wang Fang"), sits(app, quiz, tree["B2"], "Li Na")
    page = secretary.page("/units/B1/sitting")
    assert "Wang Fang" in page
    assert "Li Na" not in page
    form = {"whom": "all", "minutes": "15", "reason": "Power cut"}
    assert secretary.post("/units/B1/sitting", form).status_code == 303
    assert (left(mine.attempt), left(other.attempt)) == (timedelta(minutes=45), timedelta(minutes=30))


def test_a_form_that_is_sent_twice_grants_once(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, secretary: Visitor
) -> None:
    sitter = sits(app, quiz, tree["B1"], "Wang Fang")
    keys = re.findall(r'name="key" value="([^"]+)"', secretary.page("/units/B1/sitting"))
    form = {"whom": "all", "minutes": "15", "reason": "Power cut", "key": keys[0]}
    for _click in range(2):
        assert secretary.post("/units/B1/sitting", form).status_code == 303
        assert "1 attempt has more time." in secretary.page("/units/B1/sitting")
    assert left(sitter.attempt) == timedelta(minutes=45)
    secretary.post("/units/B1/sitting", form | {"minutes": "5"})
    assert left(sitter.attempt) == timedelta(minutes=50), "going back and asking for something else is another wish"
    again = re.findall(r'name="key" value="([^"]+)"', secretary.page("/units/B1/sitting"))[0]
    secretary.post("/units/B1/sitting", form | {"key": again})
    assert left(sitter.attempt) == timedelta(minutes=65)


def test_one_member_has_always_more_time(app: Flask, tree: dict[str, Unit], quiz: Quiz, secretary: Visitor) -> None:
    member = new_member(tree["B1"], "Wang Fang", password=PASSWORD)
    form = {"whom": "member", "number": member.number, "minutes": "20", "reason": "Reads slowly", "lasting": "y"}
    assert secretary.post("/units/B1/sitting", form).status_code == 303
    assert "Nobody in progress is affected" in secretary.page("/units/B1/sitting")
    sitter = Sitter(app, member, quiz)
    assert left(sitter.start()) == timedelta(minutes=50)


def test_time_that_was_granted_by_mistake_is_taken_back_from_the_running_clock(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, secretary: Visitor, instructor: Visitor
) -> None:
    sitter = sits(app, quiz, tree["B1"], "Wang Fang")
    form = {"whom": "all", "minutes": "15", "reason": "Power cut"}
    secretary.post("/units/B1/sitting", form)
    grant_id = re.findall(r'name="grant" value="(\d+)"', secretary.page("/units/B1/sitting"))[0]
    wish = {"grant": grant_id, "reason": "It was branch 2"}
    address = f"/desk/quizzes/{quiz.id}/sitting/take-back"
    assert instructor.post(address, wish).status_code == 404, "it is for all quizzes of the branch: not the author's"
    secretary.post("/units/B1/sitting/take-back", wish | {"reason": " "})
    assert "Say why the time is taken back" in secretary.page("/units/B1/sitting")
    assert left(sitter.attempt) == timedelta(minutes=45)
    assert secretary.post("/units/B1/sitting/take-back", wish).status_code == 303
    page = secretary.page("/units/B1/sitting")
    assert "1 attempt has less time." in page
    assert "The time was taken back: It was branch 2" in page
    assert left(sitter.attempt) == timedelta(minutes=30)
    clock = sitter.json("GET", f"/api/v1/attempts/{sitter.attempt.id}/clock").get_json()
    assert clock["deadline"] == iso(sitter.attempt.deadline or datetime.max)
    secretary.post("/units/B1/sitting/take-back", wish)
    assert "This time was taken back already." in secretary.page("/units/B1/sitting")
    assert secretary.post("/units/B1/sitting/take-back", {"grant": "x", "reason": "?"}).status_code == 404
    sitter.post(f"/attempts/{sitter.attempt.id}/hand-in")
    assert "was taken back: It was branch 2" in sitter.page(f"/attempts/{sitter.attempt.id}/review")


def test_the_api_lists_granted_time_and_takes_it_back(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, instructor: Visitor, secretary: Visitor
) -> None:
    sitter = sits(app, quiz, tree["B1"], "Wang Fang")
    form = {"id": str(sitter.attempt.id), "minutes": "10", "reason": "The screen broke", "whom": "all"}
    instructor.post(f"/desk/quizzes/{quiz.id}/sitting", form)
    (shown,) = secretary.get("/api/v1/time-grants").get_json()["items"]
    assert (shown["seconds"], shown["attempts"], shown["taken_back"]) == (600, 1, None)
    address = f"/api/v1/time-grants/{shown['id']}/take-back"
    assert sitter.json("POST", address, {"reason": "Mine"}).status_code == 404
    assert sitter.get("/api/v1/time-grants").get_json() == {"items": []}
    token = {"X-CSRFToken": secretary.token()}
    answer = secretary.client.post(address, json={"reason": "It was another's screen"}, headers=token)
    assert answer.status_code == 200
    assert answer.get_json()["taken_back"] | {"at": ""} == {
        "reason": "It was another's screen", "at": "", "attempts": 1, "used": 0,
    }  # fmt: skip
    assert left(sitter.attempt) == timedelta(minutes=30)
    assert secretary.client.post(address, json={"reason": "Again"}, headers=token).status_code == 409


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, "Say why there is more time"),
        ({"minutes": ""}, "Say how many minutes"),
        ({"minutes": "9999"}, "between 1 and 1440"),
        ({"whom": "member", "number": "NOBODY"}, "no member with the number “NOBODY”"),
        ({"whom": "member", "number": " "}, "Enter the member&#39;s number."),
        ({"id": "1"}, "not open any more"),
    ],
)
def test_a_faulty_wish_is_refused_with_what_was_typed(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, secretary: Visitor, change: dict[str, str], said: str
) -> None:
    sitter = sits(app, quiz, tree["B1"], "Wang Fang")
    form = {"whom": "all", "minutes": "15", "reason": "Power cut in the hall", **change}
    answer = secretary.post("/units/B1/sitting", form)
    assert answer.status_code == 422
    assert said in answer.text
    assert form["reason"] in answer.text
    assert left(sitter.attempt) == timedelta(minutes=30)


def test_the_member_of_another_unit_can_not_be_given_time(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, secretary: Visitor
) -> None:
    foreign = sits(app, quiz, tree["B2"], "Li Na")
    form = {"minutes": "15", "reason": "x", "whom": "all", "id": str(foreign.attempt.id)}
    assert secretary.post("/units/B1/sitting", form).status_code == 422
    member = db.session.get_one(Member, foreign.attempt.member_id)
    form = {"minutes": "15", "reason": "x", "whom": "member", "number": member.number}
    assert secretary.post("/units/B1/sitting", form).status_code == 422
    assert left(foreign.attempt) == timedelta(minutes=30)


def test_a_unit_has_its_own_times_and_the_quizs_ones_again(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, instructor: Visitor
) -> None:
    address = f"/desk/quizzes/{quiz.id}/windows"
    form = {"unit_code": "B1", "opens_at": "2036-01-01T08:00", "extra_minutes": "5"}
    assert instructor.post(address, form).status_code == 303
    assert windows.for_unit(quiz, tree["B1a"].id).extra_seconds == 300
    page = instructor.page(f"/desk/quizzes/{quiz.id}/sitting")
    assert "B1 has its own times." in page
    member = Sitter(app, new_member(tree["B1"], password=PASSWORD), quiz)
    assert "This quiz has not opened yet." in member.page(f"/quizzes/{quiz.slug}")
    assert "2036" in member.page(f"/quizzes/{quiz.slug}")
    instructor.post(address, {"unit_code": "B1", "remove": "1"})
    assert "This quiz has not opened yet." not in member.page(f"/quizzes/{quiz.slug}")
    instructor.post(address, {"unit_code": "B1"})
    assert "Say what is different" in instructor.page(f"/desk/quizzes/{quiz.id}/sitting")


def test_the_clock_streams_each_change_and_the_end(
    app: Flask, tree: dict[str, Unit], quiz: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_events, "LOOKS_EVERY", 0.0)
    sitter = sits(app, quiz, tree["B1"], "Wang Fang")
    whose, attempt_id = sitter.attempt.member_id, sitter.attempt.id
    db.session.commit()
    events = clock_events._events(app, whose, attempt_id)
    assert next(events).startswith(b"retry:")
    first = json.loads(next(events).split(b"data: ")[1])
    assert first["state"] == "open"
    db.session.get_one(Attempt, (whose, attempt_id)).deadline = utcnow() + timedelta(hours=3)
    db.session.commit()
    later = json.loads(next(one for one in events if one.startswith(b"event")).split(b"data: ")[1])
    assert later["deadline"] > first["deadline"]
    sitter.post(f"/attempts/{attempt_id}/hand-in")
    assert json.loads(next(one for one in events if one.startswith(b"event")).split(b"data: ")[1])["state"] == "closed"
    assert list(events) == []


def test_streams_are_bounded_and_given_back(app: Flask, tree: dict[str, Unit], quiz: Quiz) -> None:
    sitter = sits(app, quiz, tree["B1"], "Wang Fang")
    address = f"/attempts/{sitter.attempt.id}/clock"
    held = [sitter.client.get(address) for _n in range(clock_events.STREAMS)]
    assert {one.status_code for one in held} == {200}
    assert sitter.client.get(address).status_code == 204
    for one in held:
        one.close()
    again = sitter.client.get(address)
    assert (again.status_code, again.mimetype) == (200, "text/event-stream")
    again.close()
