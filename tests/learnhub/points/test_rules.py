"""Rules are dated: a change counts from its day on and leaves what was paid alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from learnhub.points import events, rules
from learnhub.points.balances import of_member
from learnhub.points.models import PointRule
from learnhub.points.rules import Version
from tests.makers import new_member, new_unit

TODAY = date(2026, 11, 22)


@pytest.fixture
def rule(app: Flask, now: datetime) -> PointRule:
    """The rule for lessons: 2 points, at most 6 a day, since New Year."""
    rules.ensure_default_rules(now, date(2026, 1, 1))
    return rules.rule_by_code("lesson_completed")


def test_a_new_version_counts_from_its_day_on(rule: PointRule, now: datetime) -> None:
    actor = Actor(new_member())
    version = rules.new_version(actor, rule, 3, None, 100, date(2026, 12, 1), now)
    assert (version.number, version.created_by) == (2, actor.id)
    amounts = [rules.version_on("lesson_completed", day).amount for day in (date(2026, 11, 30), date(2026, 12, 1))]  # type: ignore[union-attr]
    assert amounts == [2, 3]
    assert rules.version_on("lesson_completed", date(2025, 12, 31)) is None
    assert rules.version(version.id).total_cap == 100
    trace = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "rule.changed")).one()
    assert trace.details["amount"] == 3


def test_a_rule_changed_today_leaves_yesterday_alone(rule: PointRule, now: datetime) -> None:
    member = new_member(new_unit())
    yesterday = now - timedelta(days=1)

    def complete(lesson: str, at: datetime) -> int:
        return events.happened(member.id, "lesson_completed", lesson, occurred_at=at, now=at, reason=_("x")).points

    assert complete("lesson:1", yesterday) == 2
    before = of_member(member.id)
    rules.new_version(SYSTEM, rule, 5, 6, None, TODAY, now)
    assert of_member(member.id) == before
    assert complete("lesson:2", yesterday) == 2
    assert complete("lesson:3", now) == 5
    assert complete("lesson:4", now) == 1


def test_the_cap_of_a_day_counts_what_an_older_version_paid(rule: PointRule, now: datetime) -> None:
    member = new_member(new_unit())

    def complete(lesson: str) -> int:
        return events.happened(member.id, "lesson_completed", lesson, occurred_at=now, now=now, reason=_("x")).points

    assert [complete(f"lesson:{n}") for n in range(3)] == [2, 2, 2]
    rules.new_version(SYSTEM, rule, 4, 9, None, TODAY, now)
    assert complete("lesson:4") == 3


@pytest.mark.parametrize(
    ("amount", "daily_cap", "total_cap", "valid_from"),
    [
        (1001, None, None, TODAY),
        (-1001, None, None, TODAY),
        (1, 0, None, TODAY),
        (1, None, -1, TODAY),
        (1, 1_000_001, None, TODAY),
        (1, None, None, date(2026, 11, 21)),
    ],
)
def test_what_makes_no_sense_is_refused(
    rule: PointRule, now: datetime, amount: int, daily_cap: int | None, total_cap: int | None, valid_from: date
) -> None:
    with pytest.raises(Refused):
        rules.new_version(SYSTEM, rule, amount, daily_cap, total_cap, valid_from, now)


def test_versions_follow_each_other(rule: PointRule, now: datetime) -> None:
    rules.new_version(SYSTEM, rule, 3, None, None, date(2026, 12, 1), now)
    with pytest.raises(Refused):
        rules.new_version(SYSTEM, rule, 4, None, None, date(2026, 11, 25), now)
    rules.new_version(SYSTEM, rule, 5, None, None, date(2026, 12, 1), now)
    assert rules.version_on("lesson_completed", date(2026, 12, 1)).number == 3  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        rules.rule_by_code("none")
    with pytest.raises(NotFound):
        rules.version(7)


@pytest.mark.parametrize(
    ("amount", "daily_cap", "total_cap", "that_day", "in_all", "points"),
    [
        (2, None, None, 100, 100, 2),
        (2, 6, None, 4, 4, 2),
        (2, 6, None, 5, 5, 1),
        (2, 6, None, 6, 6, 0),
        (2, 6, None, 7, 7, 0),
        (2, 6, None, -3, -3, 2),
        (2, 6, 10, 0, 9, 1),
        (2, 6, 10, 0, 10, 0),
        (-5, 6, 10, 6, 10, -5),
    ],
)
def test_what_is_earned(
    amount: int, daily_cap: int | None, total_cap: int | None, that_day: int, in_all: int, points: int
) -> None:
    version = Version(1, 1, "r", "r", {}, 1, TODAY, None, amount, daily_cap, total_cap)
    assert events.earned(version, that_day, in_all)[0] == points
