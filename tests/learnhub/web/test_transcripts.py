"""Transcripts and sheets in the browser, and the public page that confirms them."""

from __future__ import annotations

import io
import re
from datetime import date, datetime

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from learnhub.points import rules
from tests.learnhub.web.test_sign_in import sign_in, token
from tests.makers import PASSWORD, new_member, new_staff, small_tree

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask, now: datetime) -> dict:
    rules.ensure_default_rules(now, date(2026, 1, 1))
    return small_tree()


@pytest.fixture
def member(tree: dict, client: FlaskClient) -> Member:
    member = new_member(tree["B1"], name="王晓", password=PASSWORD)
    db.session.commit()
    sign_in(client, member.number)
    return member


def test_a_member_fetches_a_transcript_that_anybody_can_confirm(client: FlaskClient, member: Member) -> None:
    assert "王晓" in client.get("/transcript").get_data(as_text=True)
    form = {"csrf_token": token(client, "/transcript"), "format": "pdf"}
    answer = client.post("/transcript", data=form)
    assert answer.content_type == "application/pdf"
    code = re.search(r"LH(-[0-9A-Z]{4}){4}", answer.headers["Content-Disposition"])
    assert code
    stranger = client.application.test_client()
    page = stranger.get(f"/verify/{code.group(0)}").get_data(as_text=True)
    assert "王晓" in page
    assert "notice-success" in page
    assert stranger.get("/verify/LH-0000-0000-0000-0000").status_code == 404
    csrf = token(stranger, "/verify")
    upload = {"csrf_token": csrf, "file": (io.BytesIO(answer.data), "t.pdf")}
    checked = stranger.post("/verify", data=upload, content_type="multipart/form-data").get_data(as_text=True)
    assert "notice-success" in checked
    broken = {"csrf_token": csrf, "file": (io.BytesIO(b"%PDF-1.4 nothing"), "😀.pdf")}
    refused = stranger.post("/verify", data=broken, content_type="multipart/form-data").get_data(as_text=True)
    assert "notice-danger" in refused
    assert stranger.post("/verify", data={"csrf_token": csrf}).status_code == 200
    assert stranger.get("/verify/key").get_json()["crv"] == "Ed25519"


def test_the_sheet_holds_the_page_s_rows(client: FlaskClient, tree: dict) -> None:
    secretary = new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD)
    names = {new_member(tree["B1a"], name=f"学员{n}").name for n in range(3)}
    new_member(tree["B2"], name="外人")
    db.session.commit()
    sign_in(client, secretary.number)
    page = client.get("/units/B1").get_data(as_text=True)
    form = {"csrf_token": token(client, "/units/B1"), "format": "xlsx"}
    answer = client.post("/units/B1/scores", data=form)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = {cell.value for row in book.active.iter_rows() for cell in row}
    assert names <= cells
    assert all(name in page for name in names)
    assert "外人" not in cells
    assert client.post("/units/B2/scores", data=form).status_code == 404
    assert client.post("/units/B1/scores", data={**form, "from": "soon"}).status_code == 422
    assert client.post("/units/B1/scores", data={**form, "format": "exe"}).status_code == 422


def test_a_member_s_numbers_agree_on_page_and_api(client: FlaskClient, member: Member) -> None:
    transcript = client.get("/api/v1/me/transcript").get_json()
    hours = client.get("/api/v1/me/hours").get_json()
    assert transcript["numbers"]["hours"] == hours["hours"] == "0.00"
    assert transcript["numbers"]["points"] == hours["points"] == 1, "the first sign-in of the day"
    assert client.get("/api/v1/me/hours?period=nonsense").status_code == 422
