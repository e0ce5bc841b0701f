"""What an event earns: the rule of its day, caps that hold, and a reason for every zero."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from learnhub.audit.trail import SYSTEM
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.words import _
from learnhub.points import events, ledger, rules
from learnhub.points.balances import of_member
from learnhub.points.events import Outcome
from learnhub.points.models import LedgerEntry, RefusedEvent
from tests.at_once import at_once
from tests.makers import new_member, new_unit


@pytest.fixture
def member_id(app: Flask, now: datetime) -> int:
    """A member of an organisation with the default rules."""
    member = new_member(new_unit())
    rules.ensure_default_rules(now, date(2026, 1, 1))
    member_id = member.id
    db.session.commit()
    return member_id


def happened(member_id: int, source_id: str, now: datetime, event: str = "lesson_completed", **more: Any) -> Outcome:
    more = {"occurred_at": now, "reason": _("Lesson completed"), **more}
    return events.happened(member_id, event, source_id, now=now, **more)


def test_an_event_is_paid_by_the_rule_of_its_day(member_id: int, now: datetime) -> None:
    outcome = happened(member_id, "lesson:1", now)
    assert outcome.points == 2
    assert outcome.entry is not None
    assert outcome.entry.rule_version_id == rules.version_on("lesson_completed", now.date()).id  # type: ignore[union-attr]


def test_the_default_rules_are_made_once(member_id: int, now: datetime) -> None:
    assert rules.ensure_default_rules(now, date(2026, 1, 1)) == []
    found = {version.code: (version.amount, version.daily_cap) for version in rules.every_version()}
    assert found == {
        "lesson_completed": (2, 6),
        "quiz_handed_in": (1, 3),
        "quiz_passed": (5, 10),
        "first_sign_in": (1, None),
    }


def test_a_daily_cap_is_paid_up_to_and_the_rest_is_refused_with_its_reason(member_id: int, now: datetime) -> None:
    rule = rules.rule_by_code("lesson_completed")
    rules.new_version(SYSTEM, rule, 4, 6, None, date(2026, 11, 23), now)
    tomorrow = now + timedelta(days=1)
    outcomes = [happened(member_id, f"lesson:{n}", tomorrow) for n in range(3)]
    assert [outcome.points for outcome in outcomes] == [4, 2, 0]
    assert str(outcomes[2].refusal) == "The daily cap of 6 points was reached."
    assert happened(member_id, "lesson:9", now + timedelta(days=2)).points == 4
    refused = db.session.scalars(select(RefusedEvent)).one()
    assert (refused.source_id, refused.kind) == ("lesson:2", "lesson_completed")


def test_a_total_cap_holds_over_the_days(member_id: int, now: datetime) -> None:
    rule = rules.rule_by_code("quiz_passed")
    rules.new_version(SYSTEM, rule, 5, None, 8, date(2026, 11, 22), now)
    paid = [happened(member_id, f"quiz:{n}", now + timedelta(days=n), "quiz_passed").points for n in range(3)]
    assert paid == [5, 3, 0]


def test_fifty_simultaneous_events_against_a_cap_of_six_pay_exactly_six(
    app: Flask, member_id: int, now: datetime
) -> None:
    results = at_once(app, lambda n: happened(member_id, f"lesson:{n}", now).points, 50)
    assert sorted(results) == [0] * 47 + [2] * 3
    assert of_member(member_id)["all"] == 6
    assert db.session.scalar(select(func.count()).select_from(RefusedEvent)) == 47


def test_l01_an_event_delivered_again_gives_the_same_outcome(app: Flask, member_id: int, now: datetime) -> None:
    first = happened(member_id, "lesson:1", now)
    later = happened(member_id, "lesson:1", now + timedelta(days=30), occurred_at=now + timedelta(days=30))
    assert later.entry is not None
    assert first.entry is not None
    assert (later.entry.id, later.repeated, first.repeated) == (first.entry.id, True, False)
    for n in range(2, 5):
        last = happened(member_id, f"lesson:{n}", now)
    assert not last.points
    assert happened(member_id, "lesson:4", now + timedelta(days=1)).refusal == last.refusal
    db.session.commit()
    at_once(app, lambda _n: happened(member_id, "lesson:1", now).points, 8)
    assert of_member(member_id)["all"] == 6


def test_what_was_taken_back_leaves_room_below_the_cap(member_id: int, now: datetime) -> None:
    entries = [happened(member_id, f"lesson:{n}", now).entry for n in range(3)]
    assert entries[0] is not None
    ledger.reverse(SYSTEM, entries[0].id, "opened by mistake", now)
    assert happened(member_id, "lesson:7", now).points == 2
    assert happened(member_id, "lesson:0", now).repeated


def test_no_rule_no_points(member_id: int, now: datetime) -> None:
    assert str(happened(member_id, "x:1", now, "sang_a_song").refusal) == "No rule pays for this."
    before = datetime(2025, 12, 30, tzinfo=now.tzinfo)
    assert str(happened(member_id, "lesson:1", now, occurred_at=before).refusal) == "No rule pays for this."


def test_test_members_and_previews_earn_nothing(app: Flask, member_id: int, now: datetime) -> None:
    tester = new_member(new_unit(), test=True)
    assert str(happened(tester.id, "lesson:1", now).refusal) == "Test accounts earn no points."
    assert happened(member_id, "lesson:1", now, preview=True).refusal is not None
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 0
    assert happened(member_id, "lesson:1", now).points == 2
    with pytest.raises(NotFound):
        happened(7, "lesson:1", now)


def test_an_event_takes_a_fixed_number_of_statements(member_id: int, now: datetime, statements: Any) -> None:
    with statements() as seen:
        happened(member_id, "lesson:1", now)
    assert len(seen) <= 11
