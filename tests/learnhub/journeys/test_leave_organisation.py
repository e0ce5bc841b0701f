"""Members retire, leave and come back; what belongs to that changes together."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import Actor
from learnhub.boards.standings import member_board
from learnhub.identity import invitations, sessions, tokens
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import leave_organisation
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.kernel.periods import parse_period
from learnhub.kernel.words import _
from learnhub.organisations import former, roles
from learnhub.organisations.memberships import primary_unit_id
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.scope import scope_of
from learnhub.points import ledger
from learnhub.study_time.models import YearlyTarget
from learnhub.transcripts import numbers, spans
from tests.makers import PASSWORD, new_member, new_staff, small_tree

TODAY = date(2026, 11, 22)


def leave(by: Member, member: Member, now: datetime, on: date = TODAY) -> None:
    leave_organisation.leave(scope_of(by.id, now), Actor(by), member, on, "moved away", now)


def come_back(by: Member, member: Member, now: datetime, unit: Unit | None = None) -> None:
    leave_organisation.come_back(scope_of(by.id, now), Actor(by), member, TODAY, "", now, unit=unit)


def test_who_left_belongs_nowhere_and_opens_nothing(app: Flask, now: datetime) -> None:
    tree = small_tree()
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    member = new_member(tree["B1a"], password=PASSWORD)
    key = sessions.start(member, now, "10.0.0.1", "phone")
    _token, text = tokens.make(member, "script", ["read"], 30, now)
    code = invitations.invite([member.id], secretary.id, now)[member.id]
    leave(secretary, member, now)
    db.session.commit()
    session = sessions.read(key)
    assert session is not None
    assert not session.open
    assert tokens.read(text, now) is None
    assert sessions.account(member.number, "10.0.0.1", now).member_id is None
    with pytest.raises(Refused):
        invitations.member_of(code, now)
    assert primary_unit_id(member.id, now) is None
    assert primary_unit_id(member.id, now - timedelta(days=1)) == tree["B1a"].id
    scope = scope_of(secretary.id, now)
    with pytest.raises(NotFound):
        scope.member(Permission.SEE_MEMBERS, member.id)
    assert former.reachable(scope, Permission.MANAGE_MEMBERS, member.id) is member
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.left")).one()
    assert (entry.object_id, entry.unit_id) == (str(member.id), tree["B1a"].id)


def test_who_left_is_found_by_the_last_unit_only(app: Flask, now: datetime) -> None:
    tree = small_tree()
    foreign, own = new_staff(Role.SECRETARY, tree["B2"]), new_staff(Role.SECRETARY, tree["B1"])
    member = new_member(tree["B1"])
    leave(own, member, now)
    with pytest.raises(NotFound):
        former.reachable(scope_of(foreign.id, now), Permission.SEE_MEMBERS, member.id)


def test_leavers_vanish_from_live_boards_and_the_unit_keeps_its_points(app: Flask, now: datetime) -> None:
    tree = small_tree()
    admin = new_staff(Role.ADMINISTRATOR, tree["HQ"])
    member = new_member(tree["B1"])
    ledger.post(
        member.id, kind="quiz_passed", source_id="q:1", points=5, reason=_("Quiz passed"), occurred_at=now, now=now
    )
    period = parse_period("2026")
    assert [row.member_id for row in member_board(period, tree["B1"], now=now).rows] == [member.id]
    leave(admin, member, now)
    assert member_board(period, tree["B1"], now=now).rows == []
    assert numbers.of_member(member.id, spans.of_period(period, now)).points == 5


def test_roles_end_but_never_the_last_administrator_s(app: Flask, now: datetime) -> None:
    tree = small_tree()
    first, second = (new_staff(Role.ADMINISTRATOR, tree["HQ"]) for _n in range(2))
    later = now + timedelta(days=5)
    db.session.add(RoleGrant(member_id=second.id, role=Role.SECRETARY, unit_id=tree["B1"].id, starts_at=later))
    leave(first, second, now)
    assert roles.grants_of(second.id, now) == roles.grants_of(second.id, later) == []
    third = new_staff(Role.SECRETARY, tree["HQ"])
    with pytest.raises(NotAllowed):
        leave(third, first, now)
    with pytest.raises(NotAllowed):
        leave(first, first, now)


def test_who_retired_learns_on_and_owes_nothing_from_that_day(app: Flask, now: datetime) -> None:
    tree = small_tree()
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    member = new_member(tree["B1"], password=PASSWORD)
    db.session.add_all(YearlyTarget(year=year, role="member", hours=40_000) for year in (2026, 2027))
    db.session.flush()
    scope = scope_of(secretary.id, now)
    leave_organisation.retire(scope, Actor(secretary), member, TODAY, "", now)
    this_year = spans.of_period(parse_period("2026"), now)
    assert numbers.of_member(member.id, this_year).owed is None
    assert not numbers.of_member(member.id, this_year).behind
    before = spans.of_period(parse_period("2026-10"), now)
    assert numbers.of_member(member.id, before).owed, "what was owed before stays owed"
    db.session.commit()
    assert sessions.account(member.number, "10.0.0.1", now).member_id == member.id
    come_back(secretary, member, now)
    assert numbers.of_member(member.id, this_year).owed


def test_who_left_comes_back_to_a_unit(app: Flask, now: datetime) -> None:
    tree = small_tree()
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    member = new_member(tree["B1"], password=PASSWORD)
    leave(secretary, member, now)
    with pytest.raises(Refused):
        come_back(secretary, member, now)
    come_back(secretary, member, now, tree["B1a"])
    assert member.state == MemberState.ACTIVE
    assert primary_unit_id(member.id, now) == tree["B1a"].id
    with pytest.raises(Refused):
        come_back(secretary, member, now, tree["B1a"])


def test_nobody_leaves_tomorrow_or_before_the_last_change(app: Flask, now: datetime) -> None:
    tree = small_tree()
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    member = new_member(tree["B1"])
    with pytest.raises(Refused):
        leave(secretary, member, now, TODAY + timedelta(days=1))
    scope = scope_of(secretary.id, now)
    leave_organisation.retire(scope, Actor(secretary), member, TODAY, "", now)
    with pytest.raises(Refused):
        leave(secretary, member, now, TODAY - timedelta(days=1))
