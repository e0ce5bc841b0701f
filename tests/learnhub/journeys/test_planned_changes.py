"""A change of the tree waits for its day: withdrawn before, carried out by the clock, or refused with its reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.journeys import change_tree, merge_units, planned_changes, split_unit
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.notices.models import Delivery
from learnhub.organisations import memberships, roles, units
from learnhub.organisations.models import ChangeKind, Membership, Unit, UnitChange
from learnhub.organisations.permissions import Role
from tests.makers import new_member, new_staff, small_tree

TODAY = date(2026, 11, 22)
DAY = TODAY + timedelta(days=3)


def planned_merger(now: datetime) -> tuple[dict[str, Unit], Actor, UnitChange]:
    tree = small_tree()
    actor = Actor(new_staff(Role.ADMINISTRATOR, tree["HQ"]))
    new_staff(Role.SECRETARY, tree["B1"])
    row = planned_changes.plan(actor, ChangeKind.MERGE, tree["B1"], DAY, now, target=tree["B2"], keep_roles=True)
    db.session.commit()
    return tree, actor, row


def test_a_planned_merger_waits_for_its_day_and_the_clock(app: Flask, now: datetime) -> None:
    tree, _actor, row = planned_merger(now)
    assert planned_changes.carry_out_due(now + timedelta(days=2)) == 0
    assert tree["B1"].closed_on is None
    assert planned_changes.carry_out_due(now + timedelta(days=4)) == 1
    db.session.expire_all()
    assert (row.state, tree["B1"].closed_on) == ("done", DAY), "a clock that stood still does it as of its day"
    assert planned_changes.carry_out_due(now + timedelta(days=4)) == 0


def test_what_no_longer_fits_is_refused_with_its_reason_and_told(app: Flask, now: datetime) -> None:
    tree, actor, row = planned_merger(now)
    change_tree.move(SYSTEM, tree["B2"], tree["B1a"], TODAY, now)
    db.session.commit()
    assert planned_changes.carry_out_due(now + timedelta(days=3)) == 0
    db.session.expire_all()
    assert row.state == "refused"
    assert row.reason
    assert tree["B1"].closed_on is None
    assert list(db.session.scalars(select(Delivery.member_id))) == [actor.id]


def test_who_no_longer_administers_the_units_changes_nothing(app: Flask, now: datetime) -> None:
    tree, actor, row = planned_merger(now)
    assert actor.member
    new_staff(Role.ADMINISTRATOR, tree["HQ"])
    roles.end(SYSTEM, roles.grants_of(actor.member.id, now)[0].id, now)
    db.session.commit()
    assert planned_changes.carry_out_due(now + timedelta(days=3)) == 0
    db.session.expire_all()
    assert row.state == "refused"


def test_a_planned_change_is_withdrawn_and_only_one_waits(app: Flask, now: datetime) -> None:
    tree, actor, row = planned_merger(now)
    with pytest.raises(Refused):
        planned_changes.plan(actor, ChangeKind.CLOSE, tree["B1"], DAY, now)
    with pytest.raises(NotFound):
        planned_changes.withdraw(actor, tree["B2"], row.id, now)
    planned_changes.withdraw(actor, tree["B1"], row.id, now)
    assert planned_changes.carry_out_due(now + timedelta(days=3)) == 0
    for day in (TODAY, TODAY + timedelta(days=400)):
        with pytest.raises(Refused):
            planned_changes.plan(actor, ChangeKind.CLOSE, tree["B2"], day, now)


def test_a_planned_move_and_a_planned_closing_are_carried_out(app: Flask, now: datetime) -> None:
    tree = small_tree()
    actor = Actor(new_staff(Role.ADMINISTRATOR, tree["HQ"]))
    planned_changes.plan(actor, ChangeKind.MOVE, tree["B1a"], DAY, now, target=tree["B2"])
    planned_changes.plan(actor, ChangeKind.CLOSE, tree["B1"], DAY, now)
    assert len(planned_changes.of_unit(tree["B2"].id)) == 1
    db.session.commit()
    assert planned_changes.carry_out_due(now + timedelta(days=3)) == 2
    db.session.expire_all()
    assert (tree["B1a"].parent_id, tree["B1"].closed_on) == (tree["B2"].id, DAY)


def test_chosen_members_go_on_in_the_new_unit_beside(app: Flask, now: datetime) -> None:
    tree = small_tree()
    going, staying = new_member(tree["B1"]), new_member(tree["B1"])
    on = TODAY - timedelta(days=4)
    new = split_unit.NewUnit("B9", "Ninth", "branch")
    for wrong in (set(), {going.id, new_member(tree["B2"]).id}):
        with pytest.raises(Refused):
            split_unit.split(SYSTEM, tree["B1"], new, wrong, on, now)
    with pytest.raises(Refused):
        split_unit.split(SYSTEM, tree["HQ"], new, {going.id}, on, now)
    made = split_unit.split(SYSTEM, tree["B1"], new, {going.id}, on, now)
    assert made.parent_id == tree["HQ"].id

    def members(unit: Unit, day: date) -> set[int]:
        wanted = select(Membership.member_id).where(Membership.unit_id == unit.id, memberships.holds_on(day))
        return set(db.session.scalars(wanted))

    assert (members(made, TODAY), members(tree["B1"], TODAY)) == ({going.id}, {staying.id})
    assert members(tree["B1"], on - timedelta(days=1)) == {going.id, staying.id}
    merge_units.merge(SYSTEM, made, tree["B1"], TODAY, now)
    assert members(tree["B1"], TODAY) == {going.id, staying.id}
    assert units.unit_by_code("B9").closed_on == TODAY


def test_a_planned_closing_lets_members_go_on_in_its_target(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["B2"])
    actor = Actor(new_staff(Role.ADMINISTRATOR, tree["HQ"]))
    for wrong in ("B1", "B1a"):
        with pytest.raises(Refused):
            planned_changes.plan(actor, ChangeKind.CLOSE, tree["B1"], DAY, now, target=tree[wrong])
    planned_changes.plan(actor, ChangeKind.CLOSE, tree["B2"], DAY, now, target=tree["B1a"])
    db.session.commit()
    assert planned_changes.carry_out_due(now + timedelta(days=3)) == 1
    db.session.expire_all()
    held = db.session.scalars(select(Membership).where(Membership.member_id == member.id)).all()
    assert sorted((one.unit_id, one.ends_on) for one in held if one.ends_on) == [(tree["B2"].id, DAY)]
    assert [one.unit_id for one in held if one.ends_on is None] == [tree["B1a"].id]
    assert tree["B2"].closed_on == DAY
