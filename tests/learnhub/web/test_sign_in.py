"""Signing in and out, and what a session is worth."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learnhub.identity import passwords
from learnhub.identity.models import Member
from learnhub.kernel.clock import utcnow
from learnhub.kernel.db import db
from learnhub.web.local_paths import local_path
from tests.makers import PASSWORD, new_member, small_tree

pytestmark = pytest.mark.sqlite_only


def token(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found
    return found.group(1)


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **data: str):
    return client.post("/sign-in", data={"csrf_token": token(client), "name": name, "password": password, **data})


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("learnhub")
    return found.value if found else ""


@pytest.fixture
def member(app: Flask) -> str:
    new_member(small_tree()["B1"], number="M1", sign_in_name="Wang", password=PASSWORD)
    db.session.commit()
    return "Wang"


def test_signing_in_by_name_or_number_leads_to_where_one_wanted(client: FlaskClient, member: str) -> None:
    assert client.get("/me/devices").headers["Location"] == "/sign-in?next=/me/devices"
    answer = sign_in(client, "wang", next="/me/devices")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/devices")
    assert client.get("/me").status_code == 200
    other = client.application.test_client()
    assert sign_in(other, "M1").status_code == 303


def test_a_wrong_password_keeps_the_name_and_says_so(client: FlaskClient, member: str) -> None:
    answer = sign_in(client, "wang", "not this one")
    assert answer.status_code == 422
    assert 'value="wang"' in answer.get_data(as_text=True)
    assert "not this one" not in answer.get_data(as_text=True)


def test_an_older_hash_is_made_anew_when_its_password_comes_by(client: FlaskClient, member: str) -> None:
    found = db.session.scalars(select(Member)).one()
    older = found.password_hash = PasswordHasher(memory_cost=16, time_cost=1, parallelism=1).hash(PASSWORD)
    db.session.commit()
    assert sign_in(client, "wang", "not this one").status_code == 422
    assert found.password_hash == older
    assert sign_in(client, "wang").status_code == 303
    assert found.password_hash != older
    assert not passwords.needs_rehash(found.password_hash)
    assert sign_in(client.application.test_client(), "wang").status_code == 303


def test_guessing_is_slowed_down_per_name_and_address_only(client: FlaskClient, member: str) -> None:
    for _ in range(5):
        assert sign_in(client, "wang", "guess guess").status_code == 422
    assert sign_in(client, "wang").status_code == 422, "the right password must wait too, here"
    elsewhere = client.application.test_client()
    page = elsewhere.get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.7"}).get_data(as_text=True)
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert csrf
    answer = elsewhere.post(
        "/sign-in",
        data={"csrf_token": csrf.group(1), "name": "wang", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert answer.status_code == 303, "nobody can lock somebody else out"


def test_w04_a_session_id_changes_and_ends_on_the_server(client: FlaskClient, member: str) -> None:
    client.get("/sign-in")
    before = cookie(client)
    sign_in(client, member)
    first = cookie(client)
    assert first != before
    stolen = client.application.test_client()
    stolen.set_cookie("learnhub", first)
    assert stolen.get("/me").status_code == 200
    data = {
        "csrf_token": token(client, "/me/password"),
        "current": PASSWORD,
        "new": "another fine day",
        "again": "another fine day",
    }
    assert client.post("/me/password", data=data).status_code == 303
    assert cookie(client) != first
    assert client.get("/me").status_code == 200
    assert stolen.get("/me").status_code == 303, "a new password ends every other session at its next request"
    kept = cookie(client)
    client.post("/sign-out", data={"csrf_token": token(client, "/me")})
    stolen.set_cookie("learnhub", kept)
    assert stolen.get("/me").status_code == 303, "signing out ends the session on the server"


def test_w03_unsafe_methods_need_the_token_and_our_own_origin(client: FlaskClient, member: str) -> None:
    sign_in(client, member)
    good = token(client, "/me")
    form = {"email": "a@example.org", "phone": "", "locale": ""}
    assert client.post("/me", data=form).status_code == 400
    assert client.post("/me", data={**form, "csrf_token": "wrong"}).status_code == 400
    for origin in ("https://evil.example", "null"):
        assert client.post("/me", data={**form, "csrf_token": good}, headers={"Origin": origin}).status_code == 400
    assert client.post("/me", data=form, headers={"X-CSRFToken": good, "HX-Request": "true"}).status_code == 303
    assert (
        client.post("/me", data={**form, "csrf_token": good}, headers={"Origin": "http://localhost"}).status_code == 303
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.com",
        "/\\evil.com",
        "\\\\evil.com",
        "https://evil.com",
        "javascript:alert(1)",
        "/\t/evil.com",
        "evil",
        "",
        None,
        "/ /x",
        "///evil",
    ],
)
def test_w09_only_local_paths_are_followed(wanted: str | None) -> None:
    assert local_path(wanted, "/home") == "/home"


@pytest.mark.parametrize("wanted", ["/", "/me", "/courses?q=网络&page=2", "/units/B1#members"])
def test_w09_our_own_paths_are_kept(wanted: str) -> None:
    assert local_path(wanted, "/home") == wanted


def test_an_idle_session_asks_in_place_and_sends_what_was_written(client: FlaskClient, member: str) -> None:
    sign_in(client, member)
    form = {"csrf_token": token(client, "/me"), "field-email": "late@example.org"}
    door = "/sign-in/resume?path=/me/details"
    with time_machine.travel(utcnow() + timedelta(hours=13), tick=True):
        asked = client.post("/me/details", data=form)
        assert asked.status_code == 401
        page = asked.get_data(as_text=True)
        assert 'value="late@example.org"' in page
        assert client.post(door, data={**form, "resume_password": "wrong"}).status_code == 401
        again = client.post(door, data={**form, "resume_password": PASSWORD})
        assert (again.status_code, again.headers["Location"]) == (307, "/me/details")
        assert client.post("/me/details", data=form).status_code == 303, "the page's own token still holds"
        assert 'value="late@example.org"' in client.get("/me/details").get_data(as_text=True)


def test_e17_a_script_is_told_by_json_and_goes_on_after_the_password(client: FlaskClient, member: str) -> None:
    sign_in(client, member)
    csrf = token(client, "/me")
    with time_machine.travel(utcnow() + timedelta(hours=13), tick=True):
        refused = client.get("/api/v1/me")
        assert (refused.status_code, refused.content_type) == (401, "application/problem+json")
        headers = {"X-CSRFToken": csrf, "Accept": "application/json"}
        assert client.post("/sign-in/resume", json={"password": "wrong"}, headers=headers).status_code == 401
        assert client.post("/sign-in/resume", json={"password": PASSWORD}, headers=headers).status_code == 204
        assert client.get("/api/v1/me").get_json()["number"] == "M1"


def test_a_device_is_signed_out_from_another(client: FlaskClient, member: str) -> None:
    phone = client.application.test_client()
    sign_in(phone, member)
    sign_in(client, member)
    page = client.get("/me/devices").get_data(as_text=True)
    (ending,) = re.findall(r"/me/devices/\d+/end", page)
    assert client.post(ending, data={"csrf_token": token(client, "/me/devices")}).status_code == 303
    assert phone.get("/me").status_code == 303
    assert client.post(ending, data={"csrf_token": token(client, "/me")}).status_code == 404


def test_a_token_for_programs_reads_or_writes_as_it_was_made(client: FlaskClient, member: str, now: datetime) -> None:
    made = client.post("/api/v1/tokens", json={"name": "wang", "password": PASSWORD, "scopes": ["read"]})
    assert made.status_code == 201
    bearer = {"Authorization": f"Bearer {made.get_json()['token']}"}
    assert client.get("/api/v1/me", headers=bearer).get_json()["unit"] == "B1"
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer lh_wrong"}).status_code == 401
    assert client.get("/me", headers=bearer).status_code == 303, "a token opens the API only"


def test_w02_extra_fields_are_refused(client: FlaskClient, member: str) -> None:
    answer = client.post("/api/v1/tokens", json={"name": "wang", "password": PASSWORD, "role": "administrator"})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "role"
