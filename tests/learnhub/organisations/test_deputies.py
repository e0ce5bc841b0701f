"""A role is passed on for some days: never further than it is held, never to raise oneself, always traced."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor, record
from learnhub.identity.models import Member
from learnhub.journeys import stand_in
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.notices.models import Delivery, Notice
from learnhub.organisations import deputies, roles
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.scope import scope_of
from tests.at_once import at_once
from tests.makers import new_member, new_staff, new_unit, small_tree

TODAY = date(2026, 11, 22)
WEEK = timedelta(days=7)


def held_by(member: Member, now: datetime) -> RoleGrant:
    return roles.grants_of(member.id, now)[0]


def sees(member: Member, now: datetime) -> list[str]:
    return sorted(unit.code for unit in scope_of(member.id, now).units(Permission.SEE_MEMBERS))


def notices_of(member: Member) -> list[str]:
    query = select(Notice.source).join(Delivery).where(Delivery.member_id == member.id).order_by(Notice.at, Notice.id)
    return [source.split(":")[1] for source in db.session.scalars(query)]


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def test_a_deputy_reaches_what_the_role_reaches_for_a_week(tree: dict[str, Unit], now: datetime) -> None:
    secretary, deputy = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B2"])
    deputies.pass_on(Actor(secretary), held_by(secretary, now), deputy, TODAY + WEEK, TODAY + 2 * WEEK, now)
    assert sees(deputy, now) == []
    assert sees(deputy, now + WEEK) == ["B1", "B1a"]
    assert sees(secretary, now + WEEK) == ["B1", "B1a"], "who passes a role on keeps it"
    assert sees(deputy, now + 2 * WEEK) == ["B1", "B1a"], "the last day counts"
    assert sees(deputy, now + 2 * WEEK + timedelta(days=1)) == []


def test_a_deputation_ends_with_the_role_itself(tree: dict[str, Unit], now: datetime) -> None:
    secretary, deputy = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    held = held_by(secretary, now)
    granted = deputies.pass_on(Actor(secretary), held, deputy, TODAY, TODAY + WEEK, now)
    later = now + timedelta(hours=1)
    held.ends_at = later
    assert sees(deputy, now) == ["B1", "B1a"]
    assert sees(deputy, later) == [], "however the role came to its end"
    held.ends_at = None
    roles.end(SYSTEM, held.id, later)
    db.session.refresh(granted)
    assert granted.ends_at == later


def test_nobody_raises_themselves_or_passes_on_what_is_not_theirs(tree: dict[str, Unit], now: datetime) -> None:
    admin, secretary = new_staff(Role.ADMINISTRATOR, tree["HQ"]), new_staff(Role.SECRETARY, tree["B1"])
    deputy, other = new_member(tree["B1"]), new_member(tree["B1"])
    held, top = held_by(secretary, now), held_by(admin, now)
    for actor, role, to in (
        (secretary, held, secretary),
        (admin, held, admin),
        (secretary, top, other),
        (other, held, deputy),
    ):
        with pytest.raises(NotAllowed):
            deputies.pass_on(Actor(actor), role, to, TODAY, TODAY + WEEK, now)
    granted = deputies.pass_on(Actor(admin), top, deputy, TODAY, TODAY + WEEK, now)
    with pytest.raises(Refused):
        deputies.pass_on(Actor(deputy), granted, other, TODAY, TODAY + WEEK, now)
    with pytest.raises(NotAllowed):
        roles.grant(Actor(deputy), other, Role.SECRETARY, tree["B2"], now)
    with pytest.raises(NotAllowed):
        deputies.pass_on(Actor(deputy), held, other, TODAY, TODAY + WEEK, now)
    with pytest.raises(Refused):
        roles.end(SYSTEM, top.id, now)


def test_days_and_people_are_checked(tree: dict[str, Unit], now: datetime) -> None:
    secretary, deputy = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    stranger = new_member(new_unit("X"))
    held = held_by(secretary, now)
    held.ends_at = now + 5 * WEEK
    for first, last in (
        (TODAY - timedelta(days=1), TODAY),
        (TODAY + WEEK, TODAY),
        (TODAY, TODAY + timedelta(days=91)),
        (TODAY, TODAY + 6 * WEEK),
    ):
        with pytest.raises(Refused):
            deputies.pass_on(Actor(secretary), held, deputy, first, last, now)
    with pytest.raises(NotFound):
        deputies.pass_on(Actor(secretary), held, stranger, TODAY, TODAY, now)
    deputies.pass_on(Actor(secretary), held, deputy, TODAY, TODAY + WEEK, now)
    with pytest.raises(Refused):
        deputies.pass_on(Actor(secretary), held, deputy, TODAY + WEEK, TODAY + 2 * WEEK, now)


def test_both_are_told_once_when_it_begins_and_when_it_is_over(tree: dict[str, Unit], now: datetime) -> None:
    secretary, deputy = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    stand_in.pass_on(Actor(secretary), held_by(secretary, now), deputy, TODAY + WEEK, TODAY + WEEK, now)
    db.session.commit()
    stand_in.tell(now)
    assert notices_of(deputy) == []
    for moment in (now + WEEK, now + WEEK + timedelta(minutes=5)):
        stand_in.tell(moment)
    assert notices_of(deputy) == notices_of(secretary) == ["begun"]
    for days in (1, 2):
        stand_in.tell(now + WEEK + timedelta(days=days))
    assert notices_of(deputy) == notices_of(secretary) == ["begun", "over"]


def test_what_a_deputy_does_is_traced_with_both_names(tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"], name="Shu")
    deputy = new_staff(Role.SECRETARY, tree["B2"], name="Dai")
    deputies.pass_on(Actor(secretary), held_by(secretary, now), deputy, TODAY, TODAY + WEEK, now)
    scope = scope_of(deputy.id, now)
    actor = Actor(deputy, "", lambda unit_id: scope.stands_in_for(Permission.MANAGE_MEMBERS, unit_id))
    record(actor, "member.joined", "member", 1, now, unit_id=tree["B1a"].id)
    record(actor, "member.joined", "member", 2, now, unit_id=tree["B2"].id)
    db.session.flush()
    traced = {one.object_id: one.details for one in db.session.scalars(select(AuditEntry)) if one.action[0] == "m"}
    assert traced == {"1": {"stands_in_for": "Shu"}, "2": {}}
    assert scope.stands_in_for(Permission.AUTHOR, tree["B1"].id) == ""


def test_a_deputy_costs_no_statement_more(app: Flask, tree: dict[str, Unit], now: datetime, statements: object) -> None:
    secretary, deputy = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    deputies.pass_on(Actor(secretary), held_by(secretary, now), deputy, TODAY, TODAY + WEEK, now)
    db.session.flush()
    with statements() as seen:  # type: ignore[operator]
        assert scope_of(deputy.id, now).has(Permission.SEE_MEMBERS)
    assert len(seen) == 2
    for _more in range(20):
        other = new_member(tree["B1"])
        deputies.pass_on(Actor(secretary), held_by(secretary, now), other, TODAY, TODAY + WEEK, now)
    db.session.flush()
    with statements() as seen:  # type: ignore[operator]
        assert len(deputies.around(secretary.id, now)) == 21
        assert len(roles.on_unit(tree["B1"].id, now)) == 22
    assert len(seen) == 2


def test_a_double_click_passes_a_role_on_once(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    secretary, deputy = new_staff(Role.SECRETARY, tree["B1"]), new_member(tree["B1"])
    held_id, deputy_id, secretary_id = held_by(secretary, now).id, deputy.id, secretary.id

    def press(_n: int) -> int:
        held, who = db.session.get_one(RoleGrant, held_id), db.session.get_one(Member, deputy_id)
        actor = Actor(db.session.get_one(Member, secretary_id))
        return deputies.pass_on(actor, held, who, TODAY, TODAY + WEEK, now).id

    results = at_once(app, press, 4)
    assert sum(isinstance(one, int) for one in results) == 1, results
    assert sum(isinstance(one, Refused) for one in results) == 3, results


def test_a_double_click_grants_a_role_once(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    administrator, member = new_staff(Role.ADMINISTRATOR, tree["HQ"]), new_member(tree["B1"])
    ids = administrator.id, member.id, tree["B1"].id

    def press(_n: int) -> int:
        who, whom = (db.session.get_one(Member, one) for one in ids[:2])
        return roles.grant(Actor(who), whom, Role.SECRETARY, db.session.get_one(Unit, ids[2]), now).id

    results = at_once(app, press, 4)
    assert sum(isinstance(one, int) for one in results) == 1, results
    assert sum(isinstance(one, Refused) for one in results) == 3, results


def test_a_role_that_lasts_longer_or_begins_earlier_is_granted_beside_one(tree: dict[str, Unit], now: datetime) -> None:
    member = new_member(tree["B1"])
    roles.grant(SYSTEM, member, Role.SECRETARY, tree["B1"], now, ends_at=now + WEEK)
    roles.grant(SYSTEM, member, Role.SECRETARY, tree["B1"], now, ends_at=now + 2 * WEEK)
    with pytest.raises(Refused):
        roles.grant(SYSTEM, member, Role.SECRETARY, tree["B1"], now + WEEK, ends_at=now + 2 * WEEK)
    roles.grant(SYSTEM, member, Role.SECRETARY, tree["B1"], now)
