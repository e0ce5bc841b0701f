"""Nobody gains or takes more than they hold, by roster, slip, details, photo, leaving or a deputy's week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import import_roster, invite_members, leave_organisation, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.organisations import custom_roles, deputies, roles
from learnhub.organisations.models import RoleGrant, Unit
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.profile import fields, photos, records
from learnhub.organisations.scope import Scope, scope_of
from tests.makers import new_member, new_staff, small_tree

TODAY = date(2026, 11, 22)


@dataclass
class Committee:
    """A committee whose administrator belongs to the branch B1, and people who would like to be administrator."""

    tree: dict[str, Unit]
    administrator: Member
    secretary: Member
    deputy: Member
    half: Member
    """Holds a custom role that may administer and manage members, but not take points back."""
    now: datetime

    def scope(self, who: Member) -> Scope:
        return scope_of(who.id, self.now)


@pytest.fixture
def committee(app: Flask, now: datetime) -> Committee:
    tree = small_tree()
    administrator = new_member(tree["B1"], name="Above", number="A1", email="above@example.cn")
    held = roles.grant(SYSTEM, administrator, Role.ADMINISTRATOR, tree["HQ"], now)
    deputy, half = new_member(tree["B1"], name="Deputy"), new_member(tree["B1"], name="Half")
    deputies.pass_on(Actor(administrator), held, deputy, TODAY, TODAY + timedelta(days=6), now)
    most = {Permission.ADMINISTER, Permission.MANAGE_MEMBERS, Permission.SEE_MEMBERS}
    roles.grant(SYSTEM, half, custom_roles.make(SYSTEM, "half", "一半", most, now).key, tree["HQ"], now)
    return Committee(tree, administrator, new_staff(Role.SECRETARY, tree["B1"]), deputy, half, now)


def by_slip(c: Committee, who: Member) -> None:
    invite_members.invite(c.scope(who), Actor(who), [c.administrator.id], c.now)


def by_details(c: Committee, who: Member) -> None:
    email = next(one for one in fields.standing() if one.key == "email")
    records.change(c.scope(who), Actor(who), c.administrator, email, "mine@example.cn")


def by_photo(c: Committee, who: Member) -> None:
    photos.remove(c.scope(who), Actor(who), c.administrator)


def by_leaving(c: Committee, who: Member) -> None:
    leave_organisation.leave(c.scope(who), Actor(who), c.administrator, TODAY, "", c.now)


def by_roster(c: Committee, who: Member) -> None:
    report = bring(c.tree["B1"], c.now, "Above,A1,,mine@example.cn", actor=Actor(who))
    if report["refused"]:
        raise NotAllowed(report["refused"][0]["reason"])


def bring(unit: Unit, now: datetime, *rows: str, actor: Actor = SYSTEM) -> Any:
    data = "\n".join(["姓名,工号,部门,邮箱", *rows, ""]).encode()
    return import_roster.carry_out(data, "r.csv", unit=unit, actor=actor, now=now)


@pytest.mark.parametrize("way", [by_slip, by_details, by_photo, by_leaving, by_roster])
@pytest.mark.parametrize("who", ["secretary", "deputy", "half"])
def test_no_way_leads_to_an_account_that_may_do_more(
    committee: Committee, way: Callable[[Committee, Member], None], who: str
) -> None:
    with pytest.raises(NotAllowed):
        way(committee, getattr(committee, who))
    assert committee.administrator.email == "above@example.cn"
    assert committee.administrator.state == MemberState.ACTIVE


def test_a_role_that_begins_later_guards_too_and_one_that_was_called_off_does_not(committee: Committee) -> None:
    c, later = committee, committee.now + timedelta(days=30)
    member = new_member(c.tree["B1"], number="L1", name="Later")
    db.session.add(RoleGrant(member_id=member.id, role=Role.SECRETARY, unit_id=c.tree["HQ"].id, starts_at=later))
    db.session.flush()
    assert bring(c.tree["B1"], c.now, "Later,L1,,new@example.cn", actor=Actor(c.secretary))["refused"]
    by_other = (c.scope(c.administrator), Actor(c.administrator), member, TODAY, "", c.now)
    leave_organisation.leave(*by_other)
    assert roles.holding_more(c.secretary.id, [member.id], c.now) == set()
    back = (c.scope(c.secretary), Actor(c.secretary), member, TODAY, "", c.now)
    leave_organisation.come_back(*back, unit=c.tree["B1"])
    assert member.state == MemberState.ACTIVE


def test_who_left_is_given_no_role(committee: Committee) -> None:
    c = committee
    member = new_member(c.tree["B1"])
    leave_organisation.leave(c.scope(c.secretary), Actor(c.secretary), member, TODAY, "", c.now)
    with pytest.raises(Refused):
        roles.grant(Actor(c.administrator), member, Role.SECRETARY, c.tree["B1"], c.now)


def test_an_administrator_of_all_changes_everybody_by_roster(committee: Committee) -> None:
    c = committee
    chief = new_staff(Role.ADMINISTRATOR, c.tree["HQ"])
    assert bring(c.tree["HQ"], c.now, "Above,A1,,new@example.cn", actor=Actor(chief))["updated"] == 1


def test_a_roster_that_tells_of_other_branches_is_for_who_manages_them_all(committee: Committee) -> None:
    """An administrator brings a file at the page of one branch, and it names people of another."""
    c = committee
    wide = bring(c.tree["B1"], c.now, "甲,N1,B1,", "乙,N2,B2,", actor=Actor(c.administrator))
    narrow = bring(c.tree["B1"], c.now, "丙,N3,B1a,", actor=Actor(c.administrator))
    for who, report, may in ((c.secretary, wide, False), (c.secretary, narrow, True), (c.administrator, wide, True)):
        if may:
            assert undo_import.undo(report["undo"], Actor(who), c.now)["withdrawn"]
        else:
            with pytest.raises(NotFound):
                undo_import.undo(report["undo"], Actor(who), c.now)
