"""Notices: once for each source and member, unread first, read receipts, and taking back from who has not read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import Actor
from learnhub.identity.models import Member, MemberState
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.words import Message, _
from learnhub.notices import inbox, outbox
from learnhub.notices.models import Kind, Notice
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from tests.at_once import at_once
from tests.makers import new_member, new_staff, small_tree


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def send(members: list[Member], now: datetime, source: str = "message:1", **fields: Any) -> outbox.Sent:
    given: dict[str, Any] = {"title": "Hello", "text": "A word", "kind": Kind.MESSAGE, **fields}
    return outbox.send([member.id for member in members], source=source, now=now, **given)


def titles(member: Member, **more: Any) -> list[str]:
    return [str(one.title) for one in inbox.of_member(member.id, **more)[0]]


def test_the_same_source_is_one_notice_and_goes_to_nobody_twice(tree: dict[str, Unit], now: datetime) -> None:
    first, second, late = (new_member(tree["B1"]) for _n in range(3))
    gone = new_member(tree["B1"])
    gone.state = MemberState.LEFT
    db.session.flush()
    sent = send([first, second, gone], now)
    assert (sent.new, sent.before) == (2, 0), "a closed account gets nothing"
    again = send([first, second, late], now + timedelta(minutes=1), title="Something else")
    assert (again.notice_id, again.new, again.before) == (sent.notice_id, 1, 2)
    assert titles(first) == titles(late) == ["Hello"]
    assert titles(gone) == []
    assert outbox.by_source("message:1") == sent.notice_id
    assert outbox.by_source("message:2") is None


def test_clicks_at_the_same_moment_send_once(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    ids = [new_member(tree["B1"]).id for _n in range(5)]

    def click(_n: int) -> int:
        fields: dict[str, Any] = {"title": "Hello", "text": "A word", "kind": Kind.MESSAGE}
        return outbox.send(ids, source="message:1", now=now, **fields).new

    assert sorted(at_once(app, click, 4)) == [0, 0, 0, 5]
    assert [inbox.unread(member_id) for member_id in ids] == [1] * 5


def test_words_of_ours_stay_messages_and_words_of_people_stay_as_written(tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"])
    send([member], now, title=_("Your study hours"), text="Home & <b>away</b> 100% 😀")
    found = inbox.of_member(member.id)[0][0]
    assert found.title == Message("Your study hours")
    assert found.text == "Home & <b>away</b> 100% 😀"


def test_the_unread_come_first_and_pages_follow_each_other(tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"])
    for n in range(5):
        send([member], now + timedelta(minutes=n), source=f"message:{n}", title=f"No {n}")
    same = now + timedelta(minutes=4)
    send([member], same, source="message:5", title="No 5")
    first = outbox.by_source("message:5")
    assert first is not None
    inbox.read(member.id, first, now)
    expected = ["No 4", "No 3", "No 2", "No 1", "No 0", "No 5"]
    assert titles(member) == expected
    paged, after = [], None
    for _page in range(9):
        found, after = inbox.of_member(member.id, after=after, limit=2)
        paged += [one.title for one in found]
        if after is None:
            break
    assert paged == expected


def test_reading_counts_once_and_only_for_who_has_the_notice(
    tree: dict[str, Unit], now: datetime, statements: Callable[[], Any]
) -> None:
    member, other = new_member(tree["B1"]), new_member(tree["B1"])
    sent = send([member], now, path="/hours")
    send([member], now, source="message:2")
    with statements() as seen:
        assert inbox.unread(member.id) == 2
    assert len(seen) == 1
    assert inbox.read(member.id, sent.notice_id, now) == "/hours"
    assert inbox.read(member.id, sent.notice_id, now + timedelta(hours=1)) == "/hours"
    read = next(one for one in inbox.of_member(member.id)[0] if one.id == sent.notice_id)
    assert read.read_at == now
    with pytest.raises(NotFound):
        inbox.read(other.id, sent.notice_id, now)
    assert inbox.read_all(member.id, now) == 1
    assert inbox.read_all(member.id, now) == 0
    assert inbox.unread(member.id) == 0


def test_the_sender_sees_who_has_read_it_and_nobody_else_does(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    foreign = new_staff(Role.SECRETARY, tree["B2"])
    above = new_staff(Role.ADMINISTRATOR, tree["HQ"])
    members = [new_member(tree["B1a"]) for _n in range(3)]
    outside = new_member(tree["B2"])
    sent = send([*members, outside], now, sender_id=secretary.id, unit_id=tree["B1"].id)
    inbox.read(members[1].id, sent.notice_id, now)
    mine = scope_of(secretary.id, now)
    receipt = outbox.find(mine, sent.notice_id)
    assert (receipt.members, receipt.read) == (4, 1)
    rows, after = outbox.recipients(mine, sent.notice_id, limit=2)
    more, end = outbox.recipients(mine, sent.notice_id, after=after or "", limit=2)
    assert [row.id for row in (*rows, *more)] == [member.id for member in members], "names within reach only"
    assert end is None
    assert [row.read_at for row in rows] == [None, now]
    assert outbox.find(scope_of(above.id, now), sent.notice_id).members == 4
    for nobody in (foreign, members[0]):
        with pytest.raises(NotFound):
            outbox.find(scope_of(nobody.id, now), sent.notice_id)


def test_what_was_sent_is_listed_the_last_first(
    tree: dict[str, Unit], now: datetime, statements: Callable[[], Any]
) -> None:
    secretary, member = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    for n in range(3):
        send([member], now + timedelta(days=n), source=f"message:{n}", title=f"No {n}", sender_id=secretary.id)
    with statements() as seen:
        found, after = outbox.sent_by(secretary.id, limit=2)
    assert len(seen) == 2
    assert [(one.title, one.members, one.read) for one in found] == [("No 2", 1, 0), ("No 1", 1, 0)]
    rest, after = outbox.sent_by(secretary.id, after=after, limit=2)
    assert [one.title for one in rest] == ["No 0"]
    assert after is None


def test_taking_back_reaches_only_who_has_not_read_it_in_ten_minutes(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    reader, other, early = (new_member(tree["B1"]) for _n in range(3))
    sent = send([early], now - timedelta(minutes=11), sender_id=secretary.id)
    send([reader, other], now - timedelta(minutes=9), sender_id=secretary.id)
    inbox.read(reader.id, sent.notice_id, now)
    notice = db.session.get_one(Notice, sent.notice_id)
    with pytest.raises(NotAllowed):
        outbox.take_back(Actor(other), notice, now)
    assert outbox.can_take_back(sent.notice_id, now) == 1
    assert outbox.take_back(Actor(secretary), notice, now) == 1
    assert [titles(one) for one in (reader, other, early)] == [["Hello"], [], ["Hello"]]
    with pytest.raises(Refused):
        outbox.take_back(Actor(secretary), notice, now)
    assert db.session.scalars(select(AuditEntry.action)).all().count("notice.taken_back") == 1


def test_a_notice_that_nobody_keeps_is_gone_and_can_be_sent_again(tree: dict[str, Unit], now: datetime) -> None:
    secretary, member = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    sent = send([member], now, sender_id=secretary.id)
    outbox.take_back(Actor(secretary), db.session.get_one(Notice, sent.notice_id), now)
    assert outbox.by_source("message:1") is None
    assert send([member], now, sender_id=secretary.id).new == 1


def test_who_got_one_lately_is_known_by_the_beginning_of_its_source(tree: dict[str, Unit], now: datetime) -> None:
    first, second = new_member(tree["B1"]), new_member(tree["B1"])
    send([first], now, source="reminder:hours:1")
    send([second], now - timedelta(days=1), source="reminder:hours:2")
    ids = [first.id, second.id]
    assert outbox.reached_since(ids, "reminder:hours:", now) == {first.id}
    assert outbox.reached_since(ids, "reminder_hours:", now - timedelta(days=2)) == set()
