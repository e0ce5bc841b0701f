"""Posting: once for each event, in one order for each member, and never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.kernel import periods
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.organisations import memberships
from learnhub.points import ledger
from learnhub.points.balances import of_member
from learnhub.points.ledger import Entry
from learnhub.points.models import LedgerEntry, UnitBalance
from tests.at_once import at_once
from tests.makers import new_member, new_unit, small_tree


def post(member_id: int, points: int, now: datetime, source_id: str = "lesson:1", **more: Any) -> Entry:
    more = {"kind": "lesson_completed", "reason": _("Lesson completed"), "occurred_at": now, **more}
    return ledger.post(member_id, source_id=source_id, points=points, now=now, **more)


def test_points_count_in_every_period_of_the_moment_and_for_the_unit_of_the_moment(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B1a"])
    entry = post(member.id, 3, now)
    assert entry.unit_id == tree["B1a"].id
    assert entry.day.isoformat() == "2026-11-22"
    assert of_member(member.id) == dict.fromkeys(["2026", "2026-11", "2026-11-22", "2026-Q4", "2026-W47", "all"], 3)
    by_unit = db.session.execute(select(UnitBalance.unit_id, UnitBalance.period, UnitBalance.points)).all()
    assert {(unit, points) for unit, _period, points in by_unit} == {(tree["B1a"].id, 3)}
    assert len(by_unit) == 6


def test_who_belongs_nowhere_earns_for_the_top_of_the_tree(app: Flask, now: datetime) -> None:
    tree = small_tree()
    assert post(new_member().id, 1, now).unit_id == tree["HQ"].id


def test_an_evening_in_greenwich_is_the_next_day_in_the_house(app: Flask, now: datetime) -> None:
    member = new_member(new_unit())
    entry = post(member.id, 1, datetime(2026, 10, 31, 17, 0, tzinfo=now.tzinfo))
    assert (entry.event_month, entry.day.isoformat()) == ("2026-11", "2026-11-01")


def test_l01_the_same_event_delivered_again_is_one_entry_and_each_call_returns_it(app: Flask, now: datetime) -> None:
    member = new_member(new_unit())
    first = post(member.id, 2, now)
    again = [post(member.id, 2, now + timedelta(hours=n), occurred_at=now) for n in range(1, 5)]
    assert {entry.id for entry in again} == {first.id}
    assert not first.repeated
    assert all(entry.repeated for entry in again)
    assert of_member(member.id)["all"] == 2


def test_l01_the_same_event_delivered_by_sixteen_at_once_is_one_entry(app: Flask, now: datetime) -> None:
    member_id = new_member(new_unit()).id
    db.session.commit()
    results = at_once(app, lambda _n: post(member_id, 2, now).id, 16)
    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    assert of_member(member_id)["all"] == 2
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_l02_the_same_key_with_other_points_is_refused_and_logged(
    app: Flask, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    member = new_member(new_unit())
    post(member.id, 2, now)
    with pytest.raises(Conflict):
        post(member.id, 3, now)
    assert of_member(member.id)["all"] == 2
    assert "ledger refused an entry" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["member_id", "kind", "source_id", "entry_no", "event_month"])
def test_l03_no_part_of_the_key_may_be_null(app: Flask, now: datetime, part: str) -> None:
    member = new_member(new_unit())
    post(member.id, 2, now)
    row = dict(db.session.execute(select(LedgerEntry.__table__)).one()._mapping)
    row.update(id=1, sequence=2, **({"source_id": "lesson:2"} | {part: None}))
    with pytest.raises(IntegrityError):
        db.session.execute(insert(LedgerEntry.__table__), [row])  # type: ignore[arg-type]


def test_l03_two_different_events_never_share_a_key(app: Flask, now: datetime) -> None:
    member = new_member(new_unit())
    keys = {
        (entry.member_id, entry.kind, entry.source_id, entry.entry_no)
        for entry in (
            post(member.id, 1, now, "a:1"),
            post(member.id, 1, now, "a:11"),
            post(member.id, 1, now, "a:1", entry_no=2),
            post(member.id, 1, now, "a:1", kind="quiz_passed"),
        )
    }
    assert len(keys) == 4
    assert of_member(member.id)["all"] == 4
    for unfit in ({"source_id": ""}, {"kind": ""}, {"source_id": "x" * 81}, {"kind": "x" * 33}, {"entry_no": 0}):
        with pytest.raises(ValueError, match="event"):
            post(member.id, 1, now, **{"source_id": "a:3", **unfit})


@pytest.mark.parametrize("change", [update(LedgerEntry).values(points=100), delete(LedgerEntry), "TRUNCATE ledger"])
def test_l05_the_ledger_can_be_neither_changed_nor_emptied(app: Flask, engine: str, now: datetime, change: Any) -> None:
    post(new_member(new_unit()).id, 1, now)
    db.session.commit()
    if engine == "sqlite" and isinstance(change, str):
        change = delete(LedgerEntry)
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(change) if isinstance(change, str) else change)


def test_l06_a_correction_is_a_new_entry_that_names_the_one_it_takes_back(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member, admin = new_member(tree["B1"]), new_member(tree["HQ"])
    entry = post(member.id, 5, now - timedelta(days=40))
    memberships.transfer(member, tree["B2"], now.date())
    reversal = ledger.reverse(Actor(admin), entry.id, "marked by mistake", now)
    assert (reversal.points, reversal.reverses, reversal.actor_id) == (-5, entry.id, admin.id)
    assert (reversal.unit_id, reversal.day, reversal.posted_at) == (tree["B1"].id, entry.day, now)
    assert set(of_member(member.id).values()) == {0}
    assert ledger.find(entry.id).points == 5


def test_l06_a_second_reversal_of_the_same_entry_is_refused(app: Flask, now: datetime) -> None:
    member = new_member(new_unit())
    entry = post(member.id, 5, now)
    reversal = ledger.reverse(SYSTEM, entry.id, "a mistake", now)
    for refused in (entry.id, reversal.id):
        with pytest.raises(Refused):
            ledger.reverse(SYSTEM, refused, "again", now)
    with pytest.raises(Conflict):
        post(member.id, -5, now, "entry:other", kind="reversal", reverses=entry.id)
    with pytest.raises(NotFound):
        ledger.reverse(SYSTEM, 7, "no such entry", now)
    assert of_member(member.id)["all"] == 0


def test_l06_of_eight_reversals_at_once_one_is_posted(app: Flask, now: datetime) -> None:
    member_id = new_member(new_unit()).id
    entry_id = post(member_id, 5, now).id
    db.session.commit()
    results = at_once(app, lambda _n: ledger.reverse(SYSTEM, entry_id, "a mistake", now), 8)
    assert [type(result) for result in results if not isinstance(result, Refused)] == [Entry]
    assert of_member(member_id)["all"] == 0


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_nothing_is_taken_back_without_a_reason(app: Flask, now: datetime, reason: str) -> None:
    entry = post(new_member(new_unit()).id, 5, now)
    with pytest.raises(Refused):
        ledger.reverse(SYSTEM, entry.id, reason, now)


def test_a_penalty_larger_than_the_balance_makes_it_negative(app: Flask, now: datetime) -> None:
    member = new_member(new_unit())
    post(member.id, 2, now)
    post(member.id, -9, now, "penalty:1", kind="penalty")
    assert of_member(member.id)["all"] == -7
    post(member.id, 3, now, "lesson:2")
    assert of_member(member.id)["all"] == -4


def test_l10_sixteen_writers_to_one_member_lose_nothing(app: Flask, now: datetime) -> None:
    member_id = new_member(new_unit()).id
    db.session.commit()

    def write(n: int) -> int:
        for k in range(3):
            post(member_id, 1, now, f"lesson:{n}-{k}")
            db.session.commit()
        return n

    assert at_once(app, write, 16) == list(range(16))
    assert of_member(member_id)["all"] == 48
    sequences = db.session.scalars(select(LedgerEntry.sequence).order_by(LedgerEntry.sequence)).all()
    assert sequences == list(range(1, 49))


def test_posting_takes_six_statements_and_a_repeat_no_more(app: Flask, now: datetime, statements: Any) -> None:
    member_id = new_member(new_unit()).id
    db.session.commit()
    with statements() as first:
        post(member_id, 2, now)
    with statements() as second:
        post(member_id, 2, now)
    assert len(first) == 6
    assert len(second) <= 6


def test_the_keys_of_a_moment_are_what_the_balances_hold(app: Flask, now: datetime) -> None:
    member = new_member(new_unit())
    post(member.id, 2, now)
    assert sorted(of_member(member.id)) == periods.keys_at(now, house.zone)
