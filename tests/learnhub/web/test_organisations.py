"""Units and members for secretaries; the tree and roles for administrators."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations import units
from learnhub.organisations.models import RoleGrant
from learnhub.organisations.permissions import Role
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def secretary(app: Flask, client: FlaskClient) -> Member:
    tree = small_tree()
    new_member(tree["B1a"], name="林静 😀")
    new_member(tree["B2"], name="Foreign")
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    db.session.commit()
    sign_in(client, secretary.number)
    return secretary


@pytest.fixture
def administrator(app: Flask, client: FlaskClient) -> Member:
    admin = new_staff(Role.ADMINISTRATOR, small_tree()["HQ"], password=PASSWORD)
    db.session.commit()
    sign_in(client, admin.number)
    return admin


def test_a_secretary_sees_the_unit_and_below(client: FlaskClient, secretary: Member) -> None:
    tree = client.get("/units").get_data(as_text=True)
    assert "B1a" in tree
    assert not re.search(r"\bB2\b", tree)
    page = client.get("/units/B1").get_data(as_text=True)
    assert "林静 😀" in page
    assert "Foreign" not in page
    for foreign in ("/units/B2", "/units/HQ", "/units/B2/members", "/units/nothing"):
        assert client.get(foreign).status_code == 404
    assert client.get("/units/B1?period=2026-13").status_code == 422


def test_adding_a_member_keeps_what_was_typed_when_it_is_refused(client: FlaskClient, secretary: Member) -> None:
    form = {
        "csrf_token": token(client, "/units/B1/members"),
        "number": "N1",
        "name": "王晓",
        "password": "plain sailing 8",
    }
    assert client.post("/units/B1/members", data=form).status_code == 303
    again = client.post("/units/B1/members", data=form)
    assert again.status_code == 422
    assert 'value="王晓"' in again.get_data(as_text=True)
    assert "王晓" in client.get("/units/B1/members?q=王").get_data(as_text=True)
    assert client.post("/units/B2/members", data=form).status_code == 404
    newcomer = client.application.test_client()
    assert sign_in(newcomer, "N1", "plain sailing 8").status_code == 303


def test_a_member_s_page_is_found_in_reach_only(client: FlaskClient, secretary: Member) -> None:
    ids = {member.name: member.id for member in db.session.scalars(select(Member))}
    assert client.get(f"/members/{ids['林静 😀']}").status_code == 200
    assert client.get(f"/members/{ids['林静 😀']}/hours").status_code == 200
    assert client.get(f"/members/{ids['Foreign']}").status_code == 404
    assert client.get("/members/9223372036854775808").status_code == 404


def test_an_administrator_builds_the_tree_and_grants_roles(client: FlaskClient, administrator: Member) -> None:
    csrf = token(client, "/units/B1/settings")
    page = client.get("/units/B1/settings").get_data(as_text=True)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "every field has an id of its own"
    added = {"csrf_token": csrf, "below-code": "B1b", "below-name": "第二组", "below-kind": "team"}
    assert client.post("/units/B1/units", data=added).headers["Location"] == "/units/B1b/settings"
    assert client.post("/units/B1/units", data=added).status_code == 422
    assert client.post("/units/B1b/settings", data={"csrf_token": csrf, "name": "第三组"}).status_code == 303
    assert client.post("/units/B1b/move", data={"csrf_token": csrf, "to": "B2"}).status_code == 303
    unit = units.unit_by_code("B1b")
    assert [one.code for one in units.path(unit.id)] == ["HQ", "B2", "B1b"]
    member = new_member(unit)
    db.session.commit()
    role = {"csrf_token": csrf, "role-member": member.number, "role-role": "secretary", "role-ends_on": "2099-12-31"}
    assert client.post("/units/B1b/roles", data=role).status_code == 303
    role["role-member"] = "nobody"
    assert client.post("/units/B1b/roles", data=role).status_code == 422
    role["role-member"] = administrator.number
    assert client.post("/units/B1b/roles", data=role).status_code == 422, "nobody raises themselves"
    held = db.session.scalars(select(RoleGrant).where(RoleGrant.member_id == member.id)).one()
    assert client.post(f"/roles/{held.id}/end", data={"csrf_token": csrf}).status_code == 303
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"unit.added", "unit.changed", "unit.moved", "role.granted", "role.ended"} <= actions
    trail = client.get("/audit?action=role.granted").get_data(as_text=True)
    assert "role.granted" in trail


def test_the_last_administrator_stays(client: FlaskClient, administrator: Member, now: datetime) -> None:
    held = db.session.scalars(select(RoleGrant).where(RoleGrant.member_id == administrator.id)).one()
    answer = client.post(f"/roles/{held.id}/end", data={"csrf_token": token(client, "/units/HQ/settings")})
    assert answer.status_code == 422
    assert client.get("/audit").status_code == 200
