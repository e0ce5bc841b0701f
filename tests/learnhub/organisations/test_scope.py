"""What a member may do on which units."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.organisations import memberships, roles, units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.scope import scope_of
from tests.makers import new_member, new_staff, small_tree


def codes(found: list) -> list[str]:
    return sorted(unit.code for unit in found)


def test_a_secretary_reaches_the_unit_and_all_below_and_nothing_else(app: Flask, now: datetime) -> None:
    tree = small_tree()
    scope = scope_of(new_staff(Role.SECRETARY, tree["B1"]).id, now)
    assert codes(scope.units(Permission.SEE_MEMBERS)) == ["B1", "B1a"]
    assert scope.unit(Permission.SEE_MEMBERS, "B1a").code == "B1a"
    for foreign in ("HQ", "B2"):
        with pytest.raises(NotFound):
            scope.unit(Permission.SEE_MEMBERS, foreign)
    assert not scope.has(Permission.AUTHOR)


def test_what_a_committee_offers_reaches_its_branches_but_not_sideways(app: Flask, now: datetime) -> None:
    tree = small_tree()
    scope = scope_of(new_member(tree["B1a"]).id, now)
    assert codes(scope.units(Permission.LEARN)) == ["B1", "B1a", "HQ"]


def test_a_moved_branch_takes_its_secretary_s_reach_along(app: Flask, now: datetime) -> None:
    tree = small_tree()
    secretary = new_staff(Role.SECRETARY, tree["B2"])
    units.move(tree["B1"], tree["B2"])
    assert codes(scope_of(secretary.id, now).units(Permission.SEE_MEMBERS)) == ["B1", "B1a", "B2"]
    assert [unit.code for unit in units.path(tree["B1a"].id)] == ["HQ", "B2", "B1", "B1a"]
    with pytest.raises(Refused):
        units.move(tree["B2"], tree["B1a"])


def test_members_are_reached_by_where_they_belong_today(app: Flask, now: datetime) -> None:
    tree = small_tree()
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    member = new_member(tree["B1a"])
    assert scope_of(secretary.id, now).member(Permission.SEE_MEMBERS, member.id) is member
    memberships.transfer(member, tree["B2"], date(2026, 11, 22))
    with pytest.raises(NotFound):
        scope_of(secretary.id, now).member(Permission.SEE_MEMBERS, member.id)
    assert memberships.primary_unit_id(member.id, now) == tree["B2"].id
    assert memberships.primary_unit_id(member.id, now - timedelta(days=1)) == tree["B1a"].id


def test_a_role_ends_at_its_end(app: Flask, now: datetime) -> None:
    tree = small_tree()
    member = new_member(tree["HQ"])
    roles.grant(SYSTEM, member, Role.SECRETARY, tree["B1"], now, ends_at=now + timedelta(days=7))
    assert scope_of(member.id, now + timedelta(days=6)).has(Permission.SEE_MEMBERS)
    assert not scope_of(member.id, now + timedelta(days=7)).has(Permission.SEE_MEMBERS)


def test_nobody_raises_themselves_and_the_last_administrator_stays(app: Flask, now: datetime) -> None:
    tree = small_tree()
    admin = new_staff(Role.ADMINISTRATOR, tree["HQ"])
    with pytest.raises(NotAllowed):
        roles.grant(Actor(admin), admin, Role.SECRETARY, tree["B1"], now)
    granted = roles.grants_of(admin.id, now)[0]
    with pytest.raises(Refused):
        roles.end(SYSTEM, granted.id, now)
    new_staff(Role.ADMINISTRATOR, tree["HQ"])
    roles.end(SYSTEM, granted.id, now)
    assert not scope_of(admin.id, now).has(Permission.ADMINISTER)


def test_two_primary_memberships_never_overlap(app: Flask) -> None:
    tree = small_tree()
    member = new_member(tree["B1"])
    with pytest.raises(Refused):
        memberships.join_unit(member, tree["B2"], date(2026, 6, 1))
    assert memberships.join_unit(member, tree["B2"], date(2026, 6, 1), primary=False)


def test_the_condition_that_covers_a_unit_says_the_same_as_the_list_of_a_reach(app: Flask, now: datetime) -> None:
    tree = small_tree()
    people = [new_member(tree["B1a"]), new_staff(Role.SECRETARY, tree["B1"]), new_staff(Role.ADMINISTRATOR, tree["HQ"])]
    for person in people:
        scope = scope_of(person.id, now)
        for permission in Permission:
            covered = select(Unit.id).where(scope.covers(permission, Unit.id))
            assert set(db.session.scalars(covered)) == set(db.session.scalars(scope.unit_ids(permission)))
