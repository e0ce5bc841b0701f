"""Sign-in codes: printed by a secretary, used once by the member, never for somebody who could do more."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from learnhub.audit.trail import Actor
from learnhub.identity import invitations
from learnhub.identity.models import Invitation, Member, SignInSession
from learnhub.journeys import import_roster, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only
CHOSEN = "three quiet rivers"


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def secretary(client: FlaskClient, tree: dict[str, Unit]) -> Member:
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    db.session.commit()
    sign_in(client, secretary.number)
    return secretary


def slips(client: FlaskClient, *members: Member, unit: str = "B1") -> tuple[int, list[str]]:
    form = {"csrf_token": token(client, f"/units/{unit}/members"), "id": [str(one.id) for one in members]}
    answer = client.post(f"/units/{unit}/slips", data=form)
    return answer.status_code, re.findall(r'slip-code">([A-Z2-9-]+)<', answer.get_data(as_text=True))


def choose(browser: FlaskClient, code: str, password: str = CHOSEN) -> int:
    form = {"csrf_token": token(browser, "/welcome"), "code": code, "new": password, "again": password}
    return browser.post("/welcome", data=form).status_code


def test_a_printed_code_becomes_a_password_once(
    app: Flask, client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    member = new_member(tree["B1a"])
    status, (code,) = slips(client, member)
    assert status == 200
    assert not db.session.scalar(select(Invitation).where(Invitation.digest.contains(code)))
    browser = app.test_client()
    wide = code.lower().replace("-", " ").translate({ord("2"): "２"})
    assert choose(browser, wide) == 303
    assert sign_in(browser, member.number, CHOSEN).status_code == 303
    assert choose(app.test_client(), code) == 422


def test_a_forgotten_password_ends_the_sessions_that_were_open(
    app: Flask, client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    member = new_member(tree["B1"], password=PASSWORD)
    db.session.commit()
    old = app.test_client()
    sign_in(old, member.number)
    _status, (code,) = slips(client, member)
    assert choose(app.test_client(), code) == 303
    assert old.get("/me").status_code == 303
    open_ = select(func.count()).where(SignInSession.member_id == member.id, SignInSession.ended_at.is_(None))
    assert db.session.scalar(open_) == 0


def test_a_bad_password_leaves_the_code_in_force(
    app: Flask, client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    _status, (code,) = slips(client, new_member(tree["B1"]))
    assert choose(app.test_client(), code, "12345678") == 422
    assert choose(app.test_client(), code) == 303


def test_a_new_slip_takes_the_force_from_the_old_one_and_a_code_ends(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit], now: datetime
) -> None:
    member = new_member(tree["B1"])
    old = invitations.invite([member.id], None, now)[member.id]
    new = invitations.invite([member.id], None, now)[member.id]
    assert invitations.member_of(new, now).id == member.id
    for code, at in ((old, now), (new, now + invitations.LIFETIME), ("", now), ("X" * 16, now)):
        with pytest.raises(Refused):
            invitations.member_of(code, at + timedelta(seconds=1))


def test_no_code_for_foreign_members_for_roles_above_or_for_oneself(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    chief = new_staff(Role.ADMINISTRATOR, tree["B1"])
    colleague = new_staff(Role.SECRETARY, tree["B1"])
    foreign = new_member(tree["B2"])
    own = new_member(tree["B1"])
    for chosen, status in (([chief], 403), ([colleague], 403), ([secretary], 403), ([own, foreign], 404), ([], 422)):
        assert slips(client, *chosen) == (status, [])
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_an_administrator_makes_codes_for_those_who_hold_roles(
    app: Flask, tree: dict[str, Unit], secretary: Member
) -> None:
    admin = new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD)
    db.session.commit()
    browser = app.test_client()
    sign_in(browser, admin.number)
    assert slips(browser, secretary, unit="HQ")[0] == 200


def test_the_new_members_of_a_roster_get_slips_and_can_still_be_taken_back(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit], now: datetime
) -> None:
    data = "姓名,工号\n甲,N1\n乙,N2\n".encode()
    report = import_roster.carry_out(data, "r.csv", unit=tree["B1"], actor=Actor(secretary), now=now)
    page = f"/rosters/{report['undo'].removeprefix('import:')}"
    answer = client.post(f"{page}/slips", data={"csrf_token": token(client, page)})
    assert answer.get_data(as_text=True).count("slip-code") == 2
    assert answer.headers["Cache-Control"] == "no-store"
    assert undo_import.undo(report["undo"], Actor(secretary), now)["withdrawn"] == 2
