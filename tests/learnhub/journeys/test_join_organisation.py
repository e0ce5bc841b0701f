"""A person joins: account, membership and trace together, or nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity import passwords
from learnhub.identity.models import Member
from learnhub.journeys import join_organisation
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.organisations.models import Membership
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import scope_of
from tests.makers import PASSWORD, new_member, new_unit


def test_a_newcomer_belongs_to_the_unit_from_today_and_leaves_a_trace(app: Flask, now: datetime) -> None:
    unit = new_unit("B1")
    clerk = Actor(new_member(unit, name="Clerk"), "10.0.0.1")
    member = join_organisation.join(clerk, unit, " 0042 ", "王  晓", now, password=PASSWORD, post=" 组织  委员 ")
    belonging = db.session.scalars(select(Membership).where(Membership.member_id == member.id)).one()
    assert (member.number, member.name) == ("0042", "王 晓")
    assert (belonging.unit_id, belonging.starts_on, belonging.post) == (unit.id, date(2026, 11, 22), "组织 委员")
    assert passwords.matches(member.password_hash, PASSWORD)
    db.session.flush()
    trace = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.joined")).one()
    assert (trace.actor_name, trace.address, trace.unit_id) == ("Clerk", "10.0.0.1", unit.id)
    assert PASSWORD not in str(trace.details)


def test_a_number_is_given_once(app: Flask, now: datetime) -> None:
    unit = new_unit()
    join_organisation.join(SYSTEM, unit, "42", "Ada", now)
    with pytest.raises(Refused, match="42"):
        join_organisation.join(SYSTEM, unit, "42", "Grace", now)


def test_without_a_password_nobody_signs_in(app: Flask, now: datetime) -> None:
    member = join_organisation.join(SYSTEM, new_unit(), "42", "Ada", now)
    assert member.password_hash is None
    assert not passwords.matches(member.password_hash, "")


def test_the_first_administrator_gets_the_first_unit(app: Flask, now: datetime) -> None:
    admin = join_organisation.first_administrator("root", PASSWORD, now, SYSTEM)
    assert [unit.code for unit in scope_of(admin.id, now).units(Permission.ADMINISTER)] == ["HQ"]
    second = join_organisation.first_administrator("root2", PASSWORD, now, SYSTEM)
    assert [unit.code for unit in scope_of(second.id, now).units(Permission.ADMINISTER)] == ["HQ"]
    with pytest.raises(NotAllowed):
        join_organisation.first_administrator("root3", PASSWORD, now, Actor(admin))
    assert db.session.scalar(select(Member).where(Member.number == "root3")) is None
