"""The search builder as pages: conditions in the address, kept searches, and the found as files."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.organisations.profile.models import ChangedBy, MemberField, SeenBy
from learnhub.organisations.search.models import SavedSearch
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only

CALLED = {"f0": "name", "o0": "contains", "v0": "Lin"}


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def secretary(tree: dict[str, Unit], client: FlaskClient) -> Member:
    new_member(tree["B1a"], name="Lin Jing", phone="+86 139")
    new_member(tree["B1"], name="=Lin()", email="lin@example.org")
    new_member(tree["B2"], name="Lin Foreign")
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    db.session.commit()
    sign_in(client, secretary.number)
    return secretary


def text(client: FlaskClient, **asked: str) -> str:
    return str(client.get("/units/B1/search", query_string=asked).get_data(as_text=True))


def test_the_address_carries_the_search(client: FlaskClient, secretary: Member) -> None:
    page = text(client, **CALLED)
    assert "Lin Jing" in page
    assert "=Lin()" in page
    assert "Lin Foreign" not in page
    both = {**CALLED, "f1": "email", "o1": "missing"}
    assert "=Lin()" not in text(client, **both)
    either = {**CALLED, "v0": "Nobody", "f1": "email", "o1": "present", "match": "any"}
    assert "=Lin()" in text(client, **either)
    assert "v0=Lin" in page, "sorting keeps the search"


def test_lines_are_added_and_removed_by_buttons(client: FlaskClient, secretary: Member) -> None:
    assert 'name="f1"' not in text(client, **CALLED)
    assert 'name="f1"' in text(client, **CALLED, add="1")
    both = {**CALLED, "f1": "email", "o1": "missing"}
    assert 'value="Lin"' not in text(client, **both, without="0")
    assert 'type="date"' in text(client, f0="joined")


def test_what_can_t_be_asked_is_said_beside_its_line(client: FlaskClient, secretary: Member) -> None:
    answer = client.get("/units/B1/search?f0=joined&o0=before&v0=soon")
    assert answer.status_code == 422
    assert "soon" in answer.get_data(as_text=True)
    assert client.get("/units/B1/search?f0=nothing&o0=is&v0=x&without=99&page=-1&sort=seen").status_code == 200


def test_a_shared_search_is_found_by_who_sees_the_unit(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    form = {"csrf_token": token(client, "/me"), "name": "All called Lin", **CALLED}
    assert client.post("/units/B1/search", data=form).status_code == 303
    assert client.post("/units/B1/search", data={**form, "name": "Ours", "shared": "1"}).status_code == 303
    ids = {one.name: one.id for one in db.session.scalars(select(SavedSearch))}
    there = client.get(f"/searches/{ids['Ours']}")
    assert there.headers["Location"] == "/units/B1/search?f0=name&o0=contains&v0=Lin"
    for unit, found in (("HQ", True), ("B1a", False), ("B2", False)):
        other = new_staff(Role.SECRETARY, tree[unit], password=PASSWORD)
        db.session.commit()
        browser = client.application.test_client()
        sign_in(browser, other.number)
        assert (browser.get(f"/searches/{ids['Ours']}").status_code == 303) is found
        assert browser.get(f"/searches/{ids['All called Lin']}").status_code == 404
        if found:
            assert "Ours" in browser.get("/units/B1/search").get_data(as_text=True)
            data = {"csrf_token": token(browser, "/me")}
            assert browser.post(f"/searches/{ids['Ours']}/remove", data=data).status_code == 403
    remove = {"csrf_token": token(client, "/me")}
    assert client.post(f"/searches/{ids['Ours']}/remove", data=remove).status_code == 303
    assert client.get(f"/searches/{ids['Ours']}").status_code == 404
    assert client.post("/units/B1/search", data={**form, "name": " "}).status_code == 303


def test_the_file_holds_the_found_and_the_columns_shown(client: FlaskClient, secretary: Member) -> None:
    form = {"csrf_token": token(client, "/me"), "col": ["name", "phone"], **CALLED}
    answer = client.post("/units/B1/search/export", data={**form, "format": "csv"})
    lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[1:] == ["Lin Jing,'+86 139", "'=Lin(),"]
    answer = client.post("/units/B1/search/export", data={**form, "format": "xlsx"})
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["Lin Jing", "+86 139"], ["=Lin()", ""]]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    assert client.post("/units/B1/search/export", data={**form, "format": "exe"}).status_code == 422


def test_the_page_takes_a_fixed_number_of_statements(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit], statements: Callable[[], Any]
) -> None:
    counts = []
    for _round in range(2):
        with statements() as seen:
            text(client, **CALLED)
        counts.append(len(seen))
        for n in range(60):
            new_member(tree["B1"], name=f"Lin {n}")
        db.session.commit()
    assert counts[0] == counts[1] <= 14


def test_a_phone_that_only_administrators_see_is_neither_asked_nor_listed_nor_written(
    client: FlaskClient, secretary: Member
) -> None:
    ask = {"f0": "phone", "o0": "contains", "v0": "139"}
    shown = {**CALLED, "col": "phone", "sort": "phone"}
    assert "=Lin()" not in text(client, **ask)
    assert "+86 139" in text(client, **shown)
    assert "Lin Jing" in client.get("/units/B1/members?q=86+139").get_data(as_text=True)
    phone = db.session.scalars(select(MemberField).where(MemberField.key == "phone")).one()
    phone.seen_by, phone.changed_by = SeenBy.ADMINISTRATOR, ChangedBy.ADMINISTRATOR
    db.session.commit()
    assert "=Lin()" in text(client, **ask), "the condition is not known to a secretary"
    assert "+86 139" not in text(client, **shown)
    assert "Lin Jing" not in client.get("/units/B1/members?q=86+139").get_data(as_text=True)
    headers = {"X-CSRFToken": token(client, "/units/B1/search")}
    file = client.post("/units/B1/search/export", data={**shown, "format": "csv"}, headers=headers)
    assert file.status_code == 200
    assert "+86 139" not in file.get_data(as_text=True)


def test_conditions_that_can_not_be_asked_are_told(client: FlaskClient, secretary: Member) -> None:
    assert "未采用" not in text(client, **CALLED)
    page = text(client, f0="field-gone", o0="is", v0="Secret", f1="name", o1="contains", v1="Lin", f9="name")
    assert "有2个条件未采用" in page
    assert "Lin Jing" in page
    assert "left=2" in page, "sorting keeps saying so"
    assert "有2个条件未采用" in text(client, **CALLED, left="2")


def test_a_shared_search_hides_what_the_reader_can_not_ask(
    client: FlaskClient, secretary: Member, tree: dict[str, Unit]
) -> None:
    field = MemberField(
        key="level", label={"en": "Level"}, seen_by=SeenBy.ADMINISTRATOR, changed_by=ChangedBy.ADMINISTRATOR
    )
    owner = new_member(tree["HQ"])
    db.session.add(field)
    db.session.add(
        SavedSearch(
            owner_id=owner.id,
            unit_id=tree["B1"].id,
            name="Shared",
            any_of=False,
            conditions=[["field-level", "is", "Secret"], ["name", "contains", "Lin"]],
            shared=True,
            created_at=secretary.created_at,
        )
    )
    db.session.commit()
    kept = db.session.scalars(select(SavedSearch)).one()
    where = client.get(f"/searches/{kept.id}").headers["Location"]
    assert "Secret" not in where
    page = client.get(where).get_data(as_text=True)
    assert "有1个条件未采用" in page
    assert "Lin Jing" in page
