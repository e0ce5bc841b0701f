"""Points in the browser and the API: every number opens to its reason, within one's reach only."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from learnhub.identity.models import Member
from learnhub.kernel.words import _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.points import events, ledger, rules
from learnhub.points.ledger import Entry
from learnhub.web.api.paging import cursor_of
from tests.makers import PASSWORD, new_course, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask, now: datetime) -> dict[str, Unit]:
    """The small tree, with the default rules."""
    rules.ensure_default_rules(now, date(2026, 1, 1))
    return small_tree()


def complete(member: Member, lesson: str, at: datetime) -> Entry | None:
    reason = _("Lesson “%(title)s” completed", title=f"Title of {lesson}")
    return events.happened(member.id, "lesson_completed", lesson, occurred_at=at, now=at, reason=reason).entry


def test_a_member_reads_what_each_entry_is_for(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    entry = complete(member, "lesson:1", now)
    assert entry is not None
    visitor = Visitor(app, member)
    assert "Lesson “Title of lesson:1” completed" in visitor.page("/points")
    page = visitor.page(f"/points/{entry.id}")
    for fact in ("+2 points", "Lesson completed", "version 1", "at most 6 a day", "lesson:1", "Unit B1", "Entry 1"):
        assert fact in page
    assert "Take the points back" not in page


def test_every_zero_has_its_reason(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    lesson = new_course(unit=tree["HQ"])[0]
    title = lesson.title
    for n in (1, 2, 3, lesson.id):
        complete(member, f"lesson:{n}", now)
    page = Visitor(app, member).page("/points/refused")
    assert page.count("The daily cap of 6 points was reached.") == 1
    assert f"{title} · " in page, "what it was, by its name"
    assert "lesson:" not in page


def test_an_entry_says_why_in_words_and_how_to_check_it_apart(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    entry = complete(member, "lesson:7", now)
    assert entry is not None
    before, check = Visitor(app, member).page(f"/points/{entry.id}").split("How to check this entry")
    assert "<code>" not in before
    assert "lesson:7" in check
    assert re.search(r'Checksum</dt><dd><code class="hash">[0-9a-f]{64}<', check)


def test_entries_are_paged(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    for n in range(55):
        reason = _("Gift number %(n)s.", n=n)
        ledger.post(member.id, kind="gift", source_id=f"{n}", points=n, reason=reason, occurred_at=now, now=now)
    visitor = Visitor(app, member)
    first = visitor.page("/points")
    address = f"/points?before={cursor_of(7)}"  # signing in was the 56th entry
    assert address in first
    second = visitor.page(address)
    assert "Gift number 54." in first
    assert "Gift number 4." not in first
    assert "Gift number 4." in second
    for foreign in ("nonsense", cursor_of("x"), cursor_of(2**63), cursor_of(-1)):
        assert visitor.get(f"/points?before={foreign}").status_code == 422
        assert visitor.get(f"/points/refused?before={foreign}").status_code == 422
    assert visitor.get(f"/points/refused?before={cursor_of(now.isoformat(), 7)}").status_code == 200


def test_a_secretary_sees_members_within_reach_only(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    near, far = new_member(tree["B1a"], "Zhang Near"), new_member(tree["B2"], "Zhang Far")
    entries = [complete(near, "lesson:1", now), complete(far, "lesson:1", now)]
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    member = new_member(tree["B1a"], password=PASSWORD)
    near_id, far_id = near.id, far.id
    visitor = Visitor(app, secretary)
    assert "Zhang Near" in visitor.page(f"/members/{near_id}/points")
    visitor.page(f"/members/{near_id}/points/refused")
    assert entries[0] is not None
    assert entries[1] is not None
    assert "Take the points back" not in visitor.page(f"/points/{entries[0].id}")
    for address in (f"/members/{far_id}/points", f"/members/{far_id}/points/refused", f"/points/{entries[1].id}"):
        visitor.page(address, 404)
    visitor.page(f"/points/{2**70}", 404)
    assert visitor.post(f"/points/{entries[0].id}/reversal", {"reason": "x"}).status_code == 403
    plain = Visitor(app, member)
    plain.page(f"/points/{entries[0].id}", 404)
    plain.page(f"/members/{near_id}/points", 403)


def test_an_administrator_takes_points_back_with_a_reason(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    entry = complete(member, "lesson:1", now - timedelta(days=3))
    assert entry is not None
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    address = f"/points/{entry.id}/reversal"
    assert "Take the points back" in visitor.page(f"/points/{entry.id}")
    for reason in ("", "  "):
        refused = visitor.post(address, {"reason": reason})
        assert refused.status_code == 422
        assert "Say why" in refused.get_data(as_text=True)
    assert visitor.post(address, {"reason": "counted twice"}).status_code == 303
    again = visitor.post(address, {"reason": "kept words"})
    assert again.status_code == 422
    assert "already taken back" in again.get_data(as_text=True)
    page = Visitor(app, member).page(f"/points/{entry.id}")
    assert "counted twice" in page
    assert "See the entry that reversed them" in page
    assert "-2" in Visitor(app, member).page("/points")


def test_an_administrator_of_a_branch_corrects_there_only(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    entry = complete(new_member(tree["B2"]), "lesson:1", now)
    assert entry is not None
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    assert visitor.post(f"/points/{entry.id}/reversal", {"reason": "x"}).status_code == 404
    answer = visitor.json("POST", "/api/v1/points/reversals", {"entry": str(entry.id), "reason": "x"})
    assert answer.status_code == 404


def test_rules_are_changed_from_a_day_on(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    page = visitor.page("/points/rules")
    assert "Lesson completed" in page
    fields = {"amount": "3", "daily_cap": "9", "total_cap": "", "valid_from": "2099-01-01"}
    sent = {f"lesson_completed-{name}": value for name, value in fields.items()}
    assert visitor.post("/points/rules/lesson_completed", sent).status_code == 303
    version = rules.version_on("lesson_completed", date(2099, 1, 1))
    assert version is not None
    assert (version.number, version.amount, version.daily_cap, version.total_cap) == (2, 3, 9, None)
    for name, value in (("valid_from", "2001-01-01"), ("amount", "many"), ("amount", "99999"), ("valid_from", "")):
        faulty = visitor.post("/points/rules/lesson_completed", {**sent, f"lesson_completed-{name}": value})
        assert faulty.status_code == 422
        assert 'value="9"' in faulty.get_data(as_text=True)
    assert visitor.post("/points/rules/none", sent).status_code == 404
    Visitor(app, new_staff(Role.SECRETARY, tree["HQ"], password=PASSWORD)).page("/points/rules", 403)


def test_the_api_tells_the_same(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    for n in range(3):
        complete(member, f"lesson:{n}", now)
    other = new_member(tree["B2"])
    member_id, other_id = member.id, other.id
    visitor = Visitor(app, member)
    mine = visitor.json("GET", "/api/v1/me/points").get_json()
    assert mine["member"] == str(member_id)
    assert [one["grain"] for one in mine["periods"]] == ["day", "week", "month", "quarter", "year", "all"]
    assert mine["periods"][-1]["points"] >= 6
    first = visitor.json("GET", "/api/v1/points/entries?limit=3").get_json()
    rest = visitor.json("GET", f"/api/v1/points/entries?limit=3&cursor={first['next']}").get_json()
    listed = first["items"] + rest["items"]
    assert [one["sequence"] for one in listed] == sorted((one["sequence"] for one in listed), reverse=True)
    assert listed[-1]["points"] == 2
    assert listed[-1]["reason"] == "Lesson “Title of lesson:0” completed"
    assert visitor.json("GET", f"/api/v1/points/entries?member={other_id}").status_code == 404
    assert visitor.json("GET", f"/api/v1/points/entries?member={'9' * 19}").status_code == 404
    assert visitor.json("GET", "/api/v1/points/entries?member=x").status_code == 422
    entry = listed[-1]["id"]
    assert visitor.json("POST", "/api/v1/points/reversals", {"entry": entry, "reason": "x"}).status_code == 403


def test_the_api_takes_back_once(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    entry = complete(new_member(tree["B1"]), "lesson:1", now)
    assert entry is not None
    visitor = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    body = {"entry": str(entry.id), "reason": "counted twice"}
    for _try in range(2):
        answer = visitor.json("POST", "/api/v1/points/reversals", body, **{"Idempotency-Key": "k1"})
        assert answer.status_code == 201
        assert (answer.get_json()["points"], answer.get_json()["reverses"]) == (-2, str(entry.id))
    assert visitor.json("POST", "/api/v1/points/reversals", body).status_code == 422
    assert visitor.json("POST", "/api/v1/points/reversals", {**body, "more": 1}).status_code == 422
    assert visitor.json("POST", "/api/v1/points/reversals", {"entry": "x", "reason": "y"}).status_code == 422
