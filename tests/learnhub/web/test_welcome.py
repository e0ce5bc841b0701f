"""Sign-in codes: printed by a secretary, used once by the member, never for somebody who could do more."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from learnhub.audit.trail import SYSTEM, Actor
from learnhub.identity import invitations
from learnhub.identity.models import Invitation, Member, SignInSession
from learnhub.journeys import import_roster, undo_import
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.organisations import memberships, roles
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


def page_of_slips(client: FlaskClient, where: str, from_page: str, *members: Member) -> tuple[int, str]:
    form = {"csrf_token": token(client, from_page), "id": [str(one.id) for one in members]}
    answer = client.post(where, data=form)
    return answer.status_code, answer.get_data(as_text=True)


def left_out_of(page: str) -> list[str]:
    """The sentences of a page that say who gets no code."""
    found = re.search(r"<ul>(.*?)</ul>", page.partition("exclamation-triangle")[2].partition("No code for")[2], re.S)
    return re.findall(r"<li>(.*?)</li>", found[1]) if found else []


def test_one_who_holds_a_role_stops_no_slip_of_the_others_and_is_named_before_and_after(
    app: Flask, client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    chief, colleague = new_staff(Role.ADMINISTRATOR, tree["B1"]), new_staff(Role.SECRETARY, tree["B1a"])
    chief.name, colleague.name, secretary.name = "赵管", "钱书<b>", "孙自己"
    secretary.locale = "en"
    others = [new_member(tree["B1"]), new_member(tree["B1a"])]
    db.session.commit()
    before = client.get("/units/B1/members").get_data(as_text=True)
    assert "2 members of this page hold a role" in before
    assert before.count("holds a role</span>") == 2
    status, page = page_of_slips(client, "/units/B1/slips", "/units/B1/members", chief, *others, colleague, secretary)
    assert status == 200
    assert page.count("slip-code") == 2
    by_role, oneself = left_out_of(page)
    assert by_role.startswith("2 members hold a role, so an administrator makes their codes: ")
    assert {"赵管", "钱书&lt;b&gt;"} == set(by_role.partition("codes: ")[2].split(", "))
    assert oneself.startswith("You yourself")
    assert set(db.session.scalars(select(Invitation.member_id))) == {one.id for one in others}


def test_where_nobody_remains_the_page_says_why_by_name_in_both_languages(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    chosen = [new_staff(Role.SECRETARY, tree["B1"]) for _n in range(2)]
    chosen[0].name, chosen[1].name, secretary.locale = "赵管", "钱书", "en"
    db.session.commit()
    status, page = page_of_slips(client, "/units/B1/slips", "/units/B1/members", *chosen)
    assert status == 403
    assert left_out_of(page)[0].endswith(("赵管, 钱书", "钱书, 赵管"))
    secretary.locale = "zh_Hans"
    db.session.commit()
    status, page = page_of_slips(client, "/units/B1/slips", "/units/B1/members", *chosen)
    assert status == 403
    assert "2名学员担任角色，登录码由管理员发放：" in page
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_an_administrator_is_told_of_nobody(app: Flask, tree: dict[str, Unit]) -> None:
    admin = new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD)
    admin.locale = "en"
    new_staff(Role.SECRETARY, tree["B1"])
    db.session.commit()
    browser = app.test_client()
    sign_in(browser, admin.number)
    assert "hold" not in browser.get("/units/HQ/members").get_data(as_text=True).partition("<main")[2]


def test_new_members_who_got_a_role_or_went_elsewhere_stop_no_slip_of_a_roster(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit], now: datetime
) -> None:
    data = "姓名,工号\n甲,N1\n乙,N2\n丙,N3\n".encode()
    report = import_roster.carry_out(data, "r.csv", unit=tree["B1"], actor=Actor(secretary), now=now)
    first, second, _third = db.session.scalars(select(Member).where(Member.number.startswith("N")).order_by("number"))
    roles.grant(SYSTEM, first, Role.SECRETARY, tree["B1"], now)
    memberships.transfer(second, tree["B2"], local_date(now, house.zone))
    secretary.locale = "en"
    db.session.commit()
    where = f"/rosters/{report['undo'].removeprefix('import:')}"
    assert "1 new member holds a role by now" in client.get(where).get_data(as_text=True)
    status, page = page_of_slips(client, f"{where}/slips", where)
    assert status == 200
    assert page.count("slip-code") == 1
    by_role, away = left_out_of(page)
    assert by_role.endswith("an administrator makes the code: 甲")
    assert away == "1 member who came with this roster is not in your reach any more."
    assert "乙" not in page


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
