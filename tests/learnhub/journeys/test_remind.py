"""A secretary's reminder: to who is behind, in the unit and below, once a day, with a trace."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import Actor
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import remind
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.notices import inbox, outbox
from learnhub.notices.models import Notice
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.study_time.models import CreditRule, StudyDay, YearlyTarget
from tests.makers import new_course, new_member, new_staff, small_tree


@pytest.fixture
def tree(app: Flask, now: datetime) -> dict[str, Unit]:
    tree = small_tree()
    first = local_date(now, house.zone).replace(month=1, day=1)
    db.session.add(CreditRule(valid_from=first, minutes_per_hour=45))
    db.session.add(YearlyTarget(year=first.year, role="member", unit_id=0, hours=4_000))
    db.session.flush()
    return tree


def studied(member: Member, unit: Unit, hours: int, now: datetime, course_id: int) -> None:
    credited = hours * 45 * 60_000
    day = local_date(now - timedelta(days=1), house.zone)
    db.session.add(StudyDay(member_id=member.id, day=day, course_id=course_id, unit_id=unit.id, milliseconds=credited))
    db.session.flush()


def waiting(*members: Member) -> list[int]:
    return [inbox.unread(member.id) for member in members]


def test_those_below_half_are_reminded_in_the_unit_and_below(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    course = new_course()[0].course_id
    lazy, half, below, foreign, left, test = (
        new_member(tree[code], **more)
        for code, more in (("B1", {}), ("B1", {}), ("B1a", {}), ("B2", {}), ("B1", {}), ("B1", {"test": True}))
    )
    left.state = MemberState.LEFT
    studied(half, tree["B1"], 2, now, course)
    studied(below, tree["B1a"], 1, now, course)
    done = remind.members_behind(Actor(secretary), tree["B1"], now)
    assert (done.reminded, done.before) == (2, 0)
    assert waiting(lazy, half, below, foreign, left, test, secretary) == [1, 0, 1, 0, 0, 0, 0]
    found = inbox.of_member(lazy.id)[0][0]
    assert (found.path, found.sender) == ("/hours", secretary.name)
    assert "2026" in str(found.text)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reminder.sent")).one()
    assert (entry.object_kind, entry.unit_id, entry.details["reminded"]) == ("unit", tree["B1"].id, 2)


def test_nobody_is_reminded_twice_on_one_day_whichever_way(tree: dict[str, Unit], now: datetime) -> None:
    secretary, above = new_staff(Role.SECRETARY, tree["B1"]), new_staff(Role.ADMINISTRATOR, tree["HQ"])
    lazy, other = new_member(tree["B1"]), new_member(tree["B2"])
    first = remind.members_behind(Actor(secretary), tree["B1"], now)
    again = remind.members_behind(Actor(secretary), tree["B1"], now + timedelta(seconds=1))
    assert (again.reminded, again.before, again.notice_id) == (0, 1, first.notice_id)
    wider = remind.members_behind(Actor(above), tree["HQ"], now)
    assert (wider.reminded, wider.before) == (2, 1), "the branch's secretary and the other branch's member"
    single = remind.one_member(Actor(secretary), lazy, now)
    assert (single.reminded, single.before, single.notice_id) == (0, 1, None)
    assert waiting(lazy, other) == [1, 1]
    tomorrow = remind.members_behind(Actor(secretary), tree["B1"], now + timedelta(days=1))
    assert (tomorrow.reminded, tomorrow.before) == (1, 0)


def test_one_member_is_reminded_in_words_that_are_true(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    lazy, keen = new_member(tree["B1"]), new_member(tree["B1"])
    studied(keen, tree["B1"], 4, now, new_course()[0].course_id)
    for member, words in ((lazy, "less than half"), (keen, "Please look")):
        assert remind.one_member(Actor(secretary), member, now).reminded == 1
        assert words in str(inbox.of_member(member.id)[0][0].text)
    with pytest.raises(Refused):
        remind.one_member(Actor(secretary), secretary, now)


def test_after_taking_it_back_one_can_remind_again(tree: dict[str, Unit], now: datetime) -> None:
    secretary, lazy = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    done = remind.members_behind(Actor(secretary), tree["B1"], now)
    assert done.notice_id is not None
    assert outbox.take_back(Actor(secretary), db.session.get_one(Notice, done.notice_id), now) == 1
    assert waiting(lazy) == [0]
    assert remind.members_behind(Actor(secretary), tree["B1"], now).reminded == 1


def test_a_unit_with_nobody_behind_sends_nothing(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1a"])
    done = remind.members_behind(Actor(secretary), tree["B1a"], now)
    assert (done.reminded, done.before, done.notice_id) == (0, 0, None)
    assert db.session.scalars(select(Notice)).all() == []
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reminder.sent")).all() == []


def test_a_unit_too_large_for_one_click_says_what_to_do(
    tree: dict[str, Unit], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = new_staff(Role.ADMINISTRATOR, tree["HQ"])
    new_member(tree["B1"])
    monkeypatch.setattr(remind, "MOST_MEMBERS", 1)
    with pytest.raises(Refused, match="units below"):
        remind.members_behind(Actor(above), tree["HQ"], now)


def test_the_chosen_are_reminded_behind_or_not_and_nobody_beyond_the_unit(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    one, below, foreign, other = (new_member(tree[code]) for code in ("B1", "B1a", "B2", "B1"))
    actor = Actor(secretary)
    done = remind.chosen_members(actor, tree["B1"], [one.id, below.id, foreign.id, secretary.id, 0], now)
    assert (done.reminded, done.before) == (2, 0)
    assert waiting(one, below, foreign, other, secretary) == [1, 1, 0, 0, 0]
    again = remind.chosen_members(actor, tree["B1"], [one.id, other.id], now)
    assert (again.reminded, again.before, again.notice_id) == (1, 1, done.notice_id)
    for nobody in ([], [foreign.id], [secretary.id]):
        with pytest.raises(Refused):
            remind.chosen_members(actor, tree["B1"], nobody, now)
