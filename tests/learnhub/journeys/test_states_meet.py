"""Rosters, leaving, erasing and transfers of one member: in a row, and at the same moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity import sessions, states
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import erase_member, import_roster, leave_organisation, transfer_member, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations import memberships, roles
from learnhub.organisations.models import Membership, Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from learnhub.organisations.transfers import Wanted
from tests.at_once import at_once
from tests.makers import PASSWORD, new_member, new_staff, small_tree

TODAY = date(2026, 11, 22)


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def bring(unit: Unit, now: datetime, *rows: str) -> Any:
    data = "\n".join(["姓名,工号,部门,加入日期", *rows, ""]).encode()
    return import_roster.carry_out(data, "r.csv", unit=unit, actor=SYSTEM, now=now)


def leave(by: Member, member: Member, now: datetime, on: date = TODAY) -> None:
    leave_organisation.leave(scope_of(by.id, now), Actor(by), member, on, "", now)


def states_of(member: Member) -> list[str]:
    return [one.state for one in states.history(member.id)]


def homes(member_id: int) -> list[Membership]:
    """The primary memberships of a member that go on."""
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(Membership).where(
                Membership.member_id == member_id, Membership.primary, Membership.ends_on.is_(None)
            )
        )
    )


def test_a_roster_that_brings_a_leaver_back_says_so_in_the_history(tree: dict[str, Unit], now: datetime) -> None:
    chief, member = new_staff(Role.ADMINISTRATOR, tree["HQ"]), new_member(tree["B1"], name="Wang", number="W1")
    leave(chief, member, now)
    report = bring(tree["B1"], now, "Wang,W1,,")
    assert report["updated"] == 1
    assert (member.state, states_of(member)) == (MemberState.ACTIVE, ["active", "left"])
    key = sessions.start(member, now, "10.0.0.1", "phone")
    done = undo_import.undo(report["undo"], Actor(chief), now)
    db.session.commit()
    assert (member.state, states_of(member), done["restored"]) == (MemberState.LEFT, ["left", "active", "left"], 1)
    session = sessions.read(key)
    assert session is not None
    assert not session.open
    assert homes(member.id) == []
    assert states.history(member.id)[0].made_by == chief.id


def test_nobody_comes_back_by_a_roster_before_the_day_of_leaving(tree: dict[str, Unit], now: datetime) -> None:
    chief, member = new_staff(Role.ADMINISTRATOR, tree["HQ"]), new_member(tree["B1"], name="Wang", number="W1")
    leave(chief, member, now, TODAY - timedelta(days=1))
    assert bring(tree["B1"], now, "Wang,W1,,2026-03-01")["refused"]
    assert homes(member.id) == []


def test_an_erased_member_comes_back_by_no_file(tree: dict[str, Unit], now: datetime) -> None:
    chief, member = new_staff(Role.ADMINISTRATOR, tree["HQ"]), new_member(tree["B1"], name="Wang", number="W1")
    leave(chief, member, now)
    erase_member.erase(Actor(chief), member, "W1", now)
    code = member.number
    report = bring(tree["B1"], now, f"Wang,{code},,")
    assert (len(report["refused"]), report["updated"]) == (1, 0)
    with pytest.raises(Refused, match="erased already"):
        erase_member.erase(Actor(chief), member, code, now)


def test_taking_a_roster_back_closes_the_account_of_who_stays(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now, "甲,001,,")
    member = db.session.scalars(select(Member).where(Member.number == "001")).one()
    key = sessions.start(member, now, "10.0.0.1", "phone")
    assert undo_import.undo(report["undo"], SYSTEM, now)["left"] == 1
    db.session.commit()
    session = sessions.read(key)
    assert session is not None
    assert not session.open
    assert states_of(member) == ["left"]


def test_taking_a_roster_back_leaves_who_was_given_a_role_or_was_erased_since(
    tree: dict[str, Unit], now: datetime
) -> None:
    chief = new_staff(Role.ADMINISTRATOR, tree["HQ"])
    report = bring(tree["B1"], now, "甲,001,,", "乙,002,,", "丙,003,,")
    risen, erased, plain = (
        db.session.scalars(select(Member).where(Member.number == number)).one() for number in ("001", "002", "003")
    )
    roles.grant(SYSTEM, risen, Role.ADMINISTRATOR, tree["HQ"], now)
    leave(chief, erased, now)
    erase_member.erase(Actor(chief), erased, "002", now)
    plain_id = plain.id
    done = undo_import.undo(report["undo"], SYSTEM, now)
    assert (done["withdrawn"], done["left"], done["stays"]) == (1, 0, 1)
    assert (risen.state, erased.state) == (MemberState.ACTIVE, MemberState.ERASED)
    assert len(homes(risen.id)) == 1
    assert db.session.get(Member, plain_id) is None


def test_of_two_administrators_who_let_each_other_leave_one_stays(
    app: Flask, tree: dict[str, Unit], now: datetime
) -> None:
    pair = [new_staff(Role.ADMINISTRATOR, tree["HQ"]).id for _n in range(2)]

    def press(n: int) -> None:
        leave(db.session.get_one(Member, pair[n]), db.session.get_one(Member, pair[1 - n]), now)

    results = at_once(app, press, 2)
    db.session.expire_all()
    assert roles.administrators(now) == 1, results
    assert sum(one is None for one in results) == 1, results


def test_who_comes_back_twice_at_once_belongs_to_one_unit(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    chief, member = new_staff(Role.ADMINISTRATOR, tree["HQ"]), new_member(tree["B1"], password=PASSWORD)
    leave(chief, member, now)
    chief_id, member_id, unit_id = chief.id, member.id, tree["B1"].id

    def press(_n: int) -> None:
        by = db.session.get_one(Member, chief_id)
        unit, who = db.session.get_one(Unit, unit_id), db.session.get_one(Member, member_id)
        leave_organisation.come_back(scope_of(by.id, now), Actor(by), who, TODAY, "", now, unit=unit)

    results = at_once(app, press, 4)
    assert sum(one is None for one in results) == 1, results
    assert sum(isinstance(one, Refused) for one in results) == 3, results
    assert len(homes(member_id)) == 1


@pytest.mark.parametrize("other", ["transfer", "roster"])
def test_who_leaves_while_being_moved_belongs_nowhere(
    app: Flask, tree: dict[str, Unit], now: datetime, other: str
) -> None:
    """Whichever comes first: who left belongs to no unit, and who belongs to a unit did not leave."""
    chief = new_staff(Role.ADMINISTRATOR, tree["HQ"]).id
    ids = [new_member(tree["B1"], number=f"W{n}", name=f"Wang{n}").id for n in range(6)]
    to_id, from_id = tree["B2"].id, tree["HQ"].id

    def press(n: int) -> None:
        by, member = db.session.get_one(Member, chief), db.session.get_one(Member, ids[n // 2])
        if n % 2:
            leave(by, member, now)
        elif other == "roster":
            bring(db.session.get_one(Unit, from_id), now, f"{member.name},{member.number},B2,")
        else:
            wanted = Wanted(db.session.get_one(Unit, to_id), TODAY)
            transfer_member.ask(scope_of(by.id, now), Actor(by), member, wanted, now)

    at_once(app, press, 12)
    for one in ids:
        db.session.expire_all()
        left = db.session.get_one(Member, one).state == MemberState.LEFT
        assert len(homes(one)) == (0 if left else 1)
        assert (memberships.primary_unit_id(one, now) is None) == left
