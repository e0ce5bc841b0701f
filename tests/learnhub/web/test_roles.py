"""The pages of roles: one table of permissions, grants with days, and deputies."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.audit.trail import Actor
from learnhub.identity.models import Member
from learnhub.kernel.clock import local_date, utcnow
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.organisations import deputies, roles
from learnhub.organisations.models import CustomRole, RoleGrant, Unit
from learnhub.organisations.permissions import Role
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


def browser_of(app: Flask, member: Member) -> FlaskClient:
    db.session.commit()
    browser = app.test_client()
    sign_in(browser, member.number)
    return browser


def today() -> date:
    return local_date(utcnow(), house.zone)


def test_the_page_s_table_is_the_one_that_guards_use(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    admin = browser_of(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    csrf = token(admin, "/permissions")
    made = {"csrf_token": csrf, "name_zh": "干事", "name_en": "Clerk", "permissions": ["see_members"]}
    assert admin.post("/permissions/roles", data=made).status_code == 303
    assert admin.post("/permissions/roles", data=made).status_code == 422
    member = new_member(tree["B1"], password=PASSWORD)
    granted = {"csrf_token": csrf, "role-member": member.number, "role-role": "clerk"}
    assert admin.post("/units/B1/roles", data=granted).status_code == 303
    clerk = browser_of(app, member)
    assert clerk.get("/units/B1/members").status_code == 200
    assert clerk.get("/units/B2/members").status_code == 404
    assert clerk.get("/desk/courses").status_code == 403
    ticks = {"csrf_token": csrf, "role": "clerk", "seen:clerk": "see_members", "tick": ["clerk:author"]}
    assert admin.post("/permissions", data=ticks).status_code == 303
    assert clerk.get("/units/B1/members").status_code == 403
    assert clerk.get("/desk/courses").status_code == 200
    assert admin.post("/permissions", data=ticks | {"tick": []}).status_code == 409, "somebody else changed it"
    names = {"csrf_token": csrf, "name_zh": "教研干事", "name_en": "Teacher"}
    assert admin.post("/permissions/roles/clerk/names", data=names).status_code == 303
    assert "教研干事" in clerk.get("/me").get_data(as_text=True)
    assert admin.post("/permissions/roles/clerk/retire", data={"csrf_token": csrf}).status_code == 303
    assert clerk.get("/desk/courses").status_code == 403
    assert admin.get("/units/B1/settings").status_code == 200


def test_the_table_is_for_the_top_only_and_takes_no_strange_permission(app: Flask, tree: dict[str, Unit]) -> None:
    branch = browser_of(app, new_staff(Role.ADMINISTRATOR, tree["B1"], password=PASSWORD))
    assert branch.get("/permissions").status_code == 404
    form = {"csrf_token": token(branch, "/me"), "name_zh": "甲", "name_en": "A", "permissions": ["administer"]}
    assert branch.post("/permissions/roles", data=form).status_code == 404
    admin = browser_of(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    form |= {"csrf_token": token(admin, "/permissions"), "permissions": ["everything"]}
    assert admin.post("/permissions/roles", data=form).status_code == 422
    assert db.session.scalars(select(CustomRole)).all() == []


def test_w02_a_form_s_extra_fields_change_no_role(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    """Fields that a page does not have are ignored: nobody writes a role, a holder or a state into a record."""
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    deputy, other = new_member(tree["B1"]), new_member(tree["HQ"])
    held = roles.grants_of(secretary.id, now)[0]
    browser = browser_of(app, secretary)
    extra = {"role": "administrator", "member_id": str(other.id), "unit_id": str(tree["HQ"].id), "state": "closed"}
    form = {"csrf_token": token(browser, "/me/deputies"), "grant": str(held.id), "member": deputy.number}
    form |= {"last": today().isoformat(), "delegated_from": "", "ends_at": "2099-01-01", **extra}
    assert browser.post("/me/deputies", data=form).status_code == 303
    granted = db.session.scalars(select(RoleGrant).where(RoleGrant.member_id == deputy.id)).one()
    assert (granted.role, granted.unit_id, granted.delegated_from) == ("secretary", tree["B1"].id, held.id)
    assert granted.ends_at is not None
    assert granted.ends_at - utcnow() < timedelta(days=1)
    profile = {"csrf_token": form["csrf_token"], "email": "", "phone": "", "locale": "en", **extra, "number": "X"}
    before = (secretary.number, secretary.state)
    assert browser.post("/me", data=profile).status_code == 303
    assert (secretary.number, secretary.state) == before
    assert [grant.role for grant in roles.grants_of(secretary.id, utcnow())] == ["secretary"]


def test_a_secretary_goes_on_holiday(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD, name="Shu Ji")
    deputy = new_member(tree["B2"], password=PASSWORD, name="Dai Li")
    held = roles.grants_of(secretary.id, now)[0]
    browser, other = browser_of(app, secretary), browser_of(app, deputy)
    form = {"csrf_token": token(browser, "/me/deputies"), "grant": str(held.id), "member": deputy.number}
    form |= {"last": (today() + timedelta(days=7)).isoformat(), "reason": "Holiday"}
    assert browser.post("/me/deputies", data=form | {"member": secretary.number}).status_code == 422
    assert browser.post("/me/deputies", data=form | {"last": "2099-01-01"}).status_code == 422
    assert browser.post("/me/deputies", data=form).status_code == 303
    assert "Shu Ji" in other.get("/").get_data(as_text=True)
    added = {"csrf_token": token(other, "/units/B1/members"), "number": "N1", "name": "New"}
    assert other.post("/units/B1/members", data=added).status_code == 303
    traced = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.joined")).one()
    assert (traced.actor_name, traced.details["stands_in_for"]) == ("Dai Li", "Shu Ji")
    granted = db.session.scalars(select(RoleGrant).where(RoleGrant.delegated_from == held.id)).one()
    stranger = browser_of(app, new_member(tree["B1"], password=PASSWORD))
    end = f"/me/deputies/{granted.id}/end"
    assert stranger.post(end, data={"csrf_token": token(stranger, "/me")}).status_code == 404
    assert other.post(end, data={"csrf_token": added["csrf_token"]}).status_code == 303
    assert other.get("/units/B1/members").status_code == 403
    assert browser.get("/units/B1/members").status_code == 200


def test_the_settings_show_what_runs_comes_and_has_ended(app: Flask, tree: dict[str, Unit], statements: object) -> None:
    admin = browser_of(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    csrf = token(admin, "/units/B1/settings")
    day = timedelta(days=1)
    for first, last in ((today(), today() + day), (today() + day, today() + 2 * day)):
        member = new_member(tree["B1"])
        form = {"role-starts_on": first.isoformat(), "role-ends_on": last.isoformat(), "role-role": "secretary"}
        answer = admin.post("/units/B1/roles", data=form | {"csrf_token": csrf, "role-member": member.number})
        assert answer.status_code == 303
    with statements() as few:  # type: ignore[operator]
        page = admin.get("/units/B1/settings", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert page.count("/deputy") == 2
    assert "To come" in page
    assert "<summary>Ended" not in page
    for _more in range(10):
        new_staff(Role.SECRETARY, tree["B1"])
    db.session.commit()
    with statements() as many:  # type: ignore[operator]
        admin.get("/units/B1/settings")
    assert len(many) == len(few)
    running = db.session.scalars(select(RoleGrant).where(RoleGrant.unit_id == tree["B1"].id)).first()
    assert running is not None
    form = {"csrf_token": csrf, "member": new_member(tree["B2"]).number, "last": today().isoformat()}
    assert admin.post(f"/roles/{running.id}/deputy", data=form).status_code == 303
    assert admin.get(f"/roles/{running.id}/deputy").status_code == 200
    granted = db.session.scalars(select(RoleGrant).where(RoleGrant.delegated_from.is_not(None))).one()
    assert admin.post(f"/roles/{granted.id}/end", data={"csrf_token": csrf}).status_code == 303
    assert "<summary>Ended" in admin.get("/units/B1/settings", headers={"Accept-Language": "en"}).get_data(as_text=True)


def test_a_deputy_makes_no_code_for_whom_they_stand_in_for(app: Flask, tree: dict[str, Unit], now: datetime) -> None:
    """A code opens the account: a deputy of a week must not choose an administrator's password."""
    admin = new_staff(Role.ADMINISTRATOR, tree["HQ"])
    deputy, member = new_member(tree["B1"], password=PASSWORD), new_member(tree["B1"])
    held = roles.grants_of(admin.id, now)[0]
    deputies.pass_on(Actor(admin), held, deputy, today(), today() + timedelta(days=7), utcnow())
    browser = browser_of(app, deputy)
    csrf = token(browser, "/units/HQ/members")
    asked = [{"csrf_token": csrf, "id": str(one.id)} for one in (admin, member)]
    assert [browser.post("/units/HQ/slips", data=form).status_code for form in asked] == [403, 200]


def test_a_deputy_takes_no_role_away_that_is_not_the_deputy_s_own(
    app: Flask, tree: dict[str, Unit], now: datetime
) -> None:
    chief, other = (new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD) for _n in range(2))
    deputy, moment = new_member(tree["B1"], password=PASSWORD), utcnow()
    held, others = (roles.grants_of(one.id, moment)[0] for one in (chief, other))
    deputies.pass_on(Actor(chief), held, deputy, today(), today(), moment)
    held_id, others_id = held.id, others.id
    browser = browser_of(app, deputy)
    csrf = {"csrf_token": token(browser, "/units/HQ/settings")}
    assert browser.post(f"/roles/{held_id}/end", data=csrf).status_code == 403
    assert browser.post(f"/roles/{others_id}/end", data=csrf).status_code == 403
    assert roles.administrators(utcnow()) == 2
    chief_s = browser_of(app, chief)
    csrf = {"csrf_token": token(chief_s, "/units/HQ/settings")}
    assert chief_s.post(f"/roles/{others_id}/end", data=csrf).status_code == 303
