"""Roles that an administrator makes: they open what is ticked, at the next request, and nothing once retired."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from learnhub.organisations import custom_roles, roles
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.scope import scope_of
from tests.makers import new_member, new_staff, small_tree


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def administrator(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.ADMINISTRATOR, tree["HQ"])


def test_a_role_opens_what_it_was_made_for(tree: dict[str, Unit], administrator: Member, now: datetime) -> None:
    clerk = custom_roles.make(Actor(administrator), "Clerk", "干事", {Permission.SEE_MEMBERS}, now)
    member = new_member(tree["B2"])
    roles.grant(Actor(administrator), member, clerk.key, tree["B1"], now)
    scope = scope_of(member.id, now)
    assert [unit.code for unit in scope.units(Permission.SEE_MEMBERS)] == ["B1", "B1a"]
    assert not scope.has(Permission.MANAGE_MEMBERS)
    assert list(scope.roles) == [Role.MEMBER, Role.SECRETARY], "the desk whose work it does"
    custom_roles.change(Actor(administrator), clerk, {Permission.AUTHOR}, ["see_members"], now)
    assert scope_of(member.id, now).has(Permission.AUTHOR)
    assert not scope_of(member.id, now).has(Permission.SEE_MEMBERS)
    custom_roles.retire(Actor(administrator), clerk, now)
    assert not scope_of(member.id, now).has(Permission.AUTHOR)
    with pytest.raises(Refused):
        roles.grant(Actor(administrator), new_member(), clerk.key, tree["B1"], now)
    with pytest.raises(NotFound):
        custom_roles.find(clerk.key)
    made = [one for one in db.session.scalars(select(AuditEntry.action)) if one.startswith("custom_role")]
    assert sorted(made) == ["custom_role.changed", "custom_role.made", "custom_role.retired"]


def test_nobody_gives_what_they_do_not_hold(tree: dict[str, Unit], administrator: Member, now: datetime) -> None:
    keeper = custom_roles.make(Actor(administrator), "Keeper", "管理干事", {Permission.ADMINISTER}, now)
    member, friend = new_member(tree["HQ"]), new_member(tree["HQ"])
    roles.grant(Actor(administrator), member, keeper.key, tree["HQ"], now)
    with pytest.raises(NotAllowed):
        roles.grant(Actor(member), friend, Role.SECRETARY, tree["B1"], now)
    with pytest.raises(NotAllowed):
        custom_roles.change(Actor(member), keeper, set(Permission), ["administer"], now)
    with pytest.raises(NotAllowed):
        custom_roles.make(Actor(member), "More", "更多", {Permission.AUTHOR}, now)
    branch = new_staff(Role.ADMINISTRATOR, tree["B1"])
    with pytest.raises(NotAllowed):
        custom_roles.make(Actor(branch), "More", "更多", {Permission.ADMINISTER}, now)
    roles.grant(Actor(branch), friend, Role.ADMINISTRATOR, tree["B1a"], now)


def test_names_are_one_s_own_and_changes_are_seen_first(administrator: Member, now: datetime) -> None:
    actor = Actor(administrator)
    clerk = custom_roles.make(actor, "Clerk", "干事", {Permission.SEE_MEMBERS}, now)
    again = [("clerk", "另一个"), ("Other", "干事"), ("", "甲"), ("A", " ")]
    for name_en, name_zh in again:
        with pytest.raises(Refused):
            custom_roles.make(actor, name_en, name_zh, set(), now)
    with pytest.raises(Conflict):
        custom_roles.change(actor, clerk, {Permission.AUTHOR}, ["author", "see_members"], now)
    assert not custom_roles.change(actor, clerk, {Permission.SEE_MEMBERS}, ["see_members"], now)
    custom_roles.rename(actor, clerk, "Branch clerk", "支部干事", now)
    assert (clerk.key, clerk.name_en) == ("clerk", "Branch clerk")
    assert custom_roles.make(actor, "Secretary", "文书", set(), now).key == "secretary-2"


def test_a_role_begins_and_ends_on_its_days(tree: dict[str, Unit], now: datetime) -> None:
    member, day = new_member(tree["B1"]), timedelta(days=1)
    roles.grant(SYSTEM, member, Role.SECRETARY, tree["B1"], now, starts_at=now + day, ends_at=now + 3 * day)
    held = [scope_of(member.id, now + n * day).has(Permission.SEE_MEMBERS) for n in range(4)]
    assert held == [False, True, True, False]
    with pytest.raises(Refused):
        roles.grant(SYSTEM, member, Role.SECRETARY, tree["B1"], now, starts_at=now + day, ends_at=now + day)


def test_the_last_administrator_of_the_top_stays_but_a_branch_s_may_go(
    tree: dict[str, Unit], administrator: Member, now: datetime
) -> None:
    branch = new_staff(Role.ADMINISTRATOR, tree["B1"])
    roles.end(SYSTEM, roles.grants_of(branch.id, now)[0].id, now)
    assert roles.grants_of(branch.id, now) == []
    with pytest.raises(Refused):
        roles.end(SYSTEM, roles.grants_of(administrator.id, now)[0].id, now)
