"""Units and members through the API."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def bearer(app: Flask, client: FlaskClient) -> dict[str, str]:
    tree = small_tree()
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD, number="A1")
    for n in range(5):
        new_member(tree["B1a"], number=f"C{n}")
    new_member(tree["B2"], number="X1")
    db.session.commit()
    made = client.post("/api/v1/tokens", json={"name": secretary.number, "password": PASSWORD})
    return {"Authorization": f"Bearer {made.get_json()['token']}"}


def test_lists_hold_what_is_in_reach_page_by_page(client: FlaskClient, bearer: dict[str, str]) -> None:
    assert [unit["code"] for unit in client.get("/api/v1/units", headers=bearer).get_json()["items"]] == ["B1", "B1a"]
    numbers, cursor = [], ""
    while cursor is not None:
        query = {"limit": 2, "cursor": cursor}
        page = client.get("/api/v1/units/B1/members", query_string=query, headers=bearer).get_json()
        numbers += [member["number"] for member in page["items"]]
        cursor = page["next_cursor"]
    assert numbers == ["A1", "C0", "C1", "C2", "C3", "C4"]
    assert client.get("/api/v1/units/B2/members", headers=bearer).status_code == 404
    assert client.get("/api/v1/units/B1/members?cursor=nonsense", headers=bearer).status_code == 422


def test_a_repeated_call_with_a_key_adds_one_member(client: FlaskClient, bearer: dict[str, str]) -> None:
    headers = {**bearer, "Idempotency-Key": "k1"}
    body = {"number": "N1", "name": "王晓"}
    first = client.post("/api/v1/units/B1/members", json=body, headers=headers)
    again = client.post("/api/v1/units/B1/members", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = client.post("/api/v1/units/B1/members", json={**body, "name": "李"}, headers=headers)
    assert other.status_code == 422, "a key names one call"
    assert client.post("/api/v1/units/B1/members", json=body, headers=bearer).status_code == 422, "the number is taken"


def test_w02_fields_that_are_not_listed_are_refused(client: FlaskClient, bearer: dict[str, str]) -> None:
    for extra in ("role", "id", "state", "test", "points"):
        body = {"number": "N2", "name": "x", extra: "1"}
        assert client.post("/api/v1/units/B1/members", json=body, headers=bearer).status_code == 422


@pytest.mark.parametrize("key", [["x", "y"], [1, "z"], [True], [True, True], ["x", 2**70], [1.5], {}, "x", [], [None]])
def test_a_forged_cursor_is_refused_in_words(client: FlaskClient, bearer: dict[str, str], key: object) -> None:
    import base64
    import json

    cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    for path in ("units", "units/B1/members", "courses", "points/entries", "boards/members"):
        answer = client.get(f"/api/v1/{path}", query_string={"cursor": cursor}, headers=bearer)
        assert answer.status_code in {200, 422}, f"{path} {key}: {answer.status_code}"
