"""The pages on which members retire, leave, come back and are erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learnhub.audit.trail import Actor
from learnhub.identity.models import Member, MemberState
from learnhub.journeys import leave_organisation
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Permission, Role
from learnhub.organisations.scope import scope_of
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def people(app: Flask, client: FlaskClient) -> dict[str, Member]:
    tree = small_tree()
    people = {
        "admin": new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD),
        "secretary": new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD),
        "member": new_member(tree["B1a"], name="Lin Jing", password=PASSWORD),
        "foreign": new_member(tree["B2"], name="Foreign"),
    }
    db.session.commit()
    return people


def change(client: FlaskClient, member: Member, act: str, **more: str) -> Any:
    address = f"/members/{member.id}/standing"
    form = {"csrf_token": token(client, "/me"), "act": act, "on": "2026-01-05", **more}
    return client.post(address, data=form)


def test_a_secretary_lets_a_member_leave_and_come_back(client: FlaskClient, people: dict[str, Member]) -> None:
    member = people["member"]
    sign_in(client, people["secretary"].number)
    assert f"/members/{member.id}/standing" in client.get(f"/members/{member.id}").get_data(as_text=True)
    assert change(client, member, "retire").status_code == 303
    assert change(client, member, "leave", reason="moved").status_code == 303
    assert client.get(f"/members/{member.id}").status_code == 404
    page = client.get(f"/members/{member.id}/standing").get_data(as_text=True)
    assert "moved" in page
    assert "/erasure" not in page, "a secretary erases nobody"
    assert "Lin Jing" in client.get("/units/B1/former").get_data(as_text=True)
    assert "Lin Jing" not in client.get("/units/B1/former?q=nobody").get_data(as_text=True)
    newcomer = client.application.test_client()
    assert sign_in(newcomer, member.number).status_code == 422
    assert change(client, member, "return", unit="B2").status_code == 422
    assert change(client, member, "return", unit="B1").status_code == 303
    assert client.get(f"/members/{member.id}").status_code == 200
    assert sign_in(newcomer, member.number).status_code == 303


def test_what_is_refused_is_said_beside_the_form(client: FlaskClient, people: dict[str, Member]) -> None:
    sign_in(client, people["secretary"].number)
    assert change(client, people["member"], "return").status_code == 422
    assert change(client, people["member"], "leave", on="2999-01-01").status_code == 422
    assert change(client, people["member"], "leave", on="soon").status_code == 422
    assert change(client, people["secretary"], "leave").status_code == 422
    assert change(client, people["foreign"], "leave").status_code == 404


def test_an_administrator_erases_who_left_and_is_asked_twice(client: FlaskClient, people: dict[str, Member]) -> None:
    member = people["member"]
    number = member.number
    sign_in(client, people["admin"].number)
    address = f"/members/{member.id}/erasure"
    form = {"csrf_token": token(client, "/me"), "number": number, "sure": "y"}
    assert client.post(address, data=form).status_code == 422, "not while active"
    change(client, member, "leave")
    assert number in client.get(address).get_data(as_text=True)
    assert client.post(address, data={**form, "number": "other"}).status_code == 422
    assert client.post(address, data={**form, "sure": ""}).status_code == 422
    assert client.post(address, data=form).status_code == 303
    page = client.get(f"/members/{member.id}/standing").get_data(as_text=True)
    assert number not in page
    assert "Lin Jing" not in client.get("/units/HQ/former").get_data(as_text=True)
    assert member.state == MemberState.ERASED


def test_a_secretary_can_t_erase(client: FlaskClient, people: dict[str, Member]) -> None:
    sign_in(client, people["secretary"].number)
    change(client, people["member"], "leave")
    form = {"csrf_token": token(client, "/me"), "number": people["member"].number, "sure": "y"}
    assert client.post(f"/members/{people['member'].id}/erasure", data=form).status_code == 403


def test_the_list_of_who_left_takes_a_fixed_number_of_statements(
    client: FlaskClient, people: dict[str, Member], now: datetime, statements: Callable[[], Any]
) -> None:
    sign_in(client, people["secretary"].number)
    counts = []
    for _round in range(2):
        with statements() as seen:
            client.get("/units/B1/former")
        counts.append(len(seen))
        scope = scope_of(people["admin"].id, now)
        unit = scope.unit(Permission.SEE_MEMBERS, "B1")
        for _n in range(5):
            leave_organisation.leave(scope, Actor(people["admin"]), new_member(unit), date(2026, 11, 22), "", now)
        db.session.commit()
    assert counts[0] == counts[1] <= 10
