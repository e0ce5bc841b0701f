"""Imports through the API."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from courses import catalogue
from learnhub.audit.trail import SYSTEM
from learnhub.journeys import import_questions
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from question_bank import authoring
from tests.courses.packing import packed, small_course
from tests.makers import PASSWORD, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

FILE = "题型,题干,选项A,选项B,答案\n单选题,水的沸点？,100,50,A\n单选题,没有答案,1,2,\n".encode()


@pytest.fixture
def tree(app: Flask) -> dict[str, Any]:
    return small_tree()


def send(visitor: Visitor, file: bytes, name: str = "题库😀.csv", **fields: str) -> TestResponse:
    headers = {**visitor.headers, "X-CSRFToken": visitor.token()}
    data = {"file": (BytesIO(file), name), **fields}
    return visitor.client.post("/api/v1/imports", data=data, headers=headers)


def author(app: Flask, tree: dict[str, Any]) -> Visitor:
    return Visitor(app, new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD))


def test_a_program_brings_questions_and_reads_the_report_again(app: Flask, tree: dict[str, Any]) -> None:
    visitor = author(app, tree)
    answer = send(visitor, FILE, kind="questions", bank="new-bank")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    report = answer.get_json()
    assert (report["imported"], report["skipped"], len(report["refused"])) == (1, 0, 1)
    again = visitor.json("GET", "/api/v1/imports/" + report["undo"].removeprefix("import:")).get_json()
    assert again["state"] == "accepted"
    assert again["file_name"] == "题库😀.csv"
    assert again["refused"] == report["refused"]


def test_a_dry_run_lists_the_questions_and_writes_nothing(app: Flask, tree: dict[str, Any]) -> None:
    answer = send(author(app, tree), FILE, bank="new-bank", dry_run="true")
    assert answer.status_code == 200
    assert [one["stem"] for one in answer.get_json()["questions"]] == ["水的沸点？"]
    assert authoring.find_bank("new-bank") is None


def test_a_program_brings_a_course(app: Flask, tree: dict[str, Any]) -> None:
    answer = send(author(app, tree), packed(small_course()), "茶.zip", kind="course")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert answer.get_json()["imported"] == 3
    assert catalogue.find("tea").state == "published"


def test_strict_is_refused_with_the_rows(app: Flask, tree: dict[str, Any]) -> None:
    answer = send(author(app, tree), FILE, bank="new-bank", strict="1")
    assert answer.status_code == 422
    assert len(answer.get_json()["refused"]) == 1
    assert authoring.find_bank("new-bank") is None


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_a_foreign_bank_is_not_there(app: Flask, tree: dict[str, Any], now: datetime, dry_run: str) -> None:
    db.session.commit()
    import_questions.carry_out(FILE, "a.csv", bank_slug="theirs", actor=SYSTEM, unit=tree["B2"], now=now)
    assert send(author(app, tree), FILE, bank="theirs", dry_run=dry_run).status_code == 404


def test_a_foreign_import_is_not_there(app: Flask, tree: dict[str, Any], now: datetime) -> None:
    db.session.commit()
    report = import_questions.carry_out(FILE, "a.csv", bank_slug="b", actor=SYSTEM, unit=tree["B1"], now=now)
    address = "/api/v1/imports/" + report["undo"].removeprefix("import:")
    assert author(app, tree).json("GET", address).status_code == 404
    db.session.expire_all()
    head = Visitor(app, new_staff(Role.ADMINISTRATOR, tree["HQ"], password=PASSWORD))
    assert head.json("GET", address).status_code == 200


def test_what_is_no_import_is_refused_in_words(app: Flask, tree: dict[str, Any]) -> None:
    visitor = author(app, tree)
    assert send(visitor, b"", bank="new-bank").status_code == 422
    assert send(visitor, b"\x89PNG\r\n\x1a\n\0", bank="new-bank").status_code == 422
    assert send(visitor, FILE).status_code == 422
    assert send(visitor, FILE, kind="people").status_code == 422
    assert send(visitor, FILE, bank="new-bank", dry_run="perhaps").status_code == 422
    assert send(visitor, b"no zip", "tea.zip", kind="course").status_code == 422
    assert send(visitor, FILE, bank="new-bank", unit="B2").status_code == 404
    assert visitor.json("POST", "/api/v1/imports", {"kind": "questions"}).status_code == 422


ROSTER = "姓名,工号,部门\n赵一,R001,\n钱二,R002,没有这个组织\n".encode()


def test_a_program_brings_a_roster_and_sees_each_row_before(app: Flask, tree: dict[str, Any]) -> None:
    visitor = Visitor(app, new_staff(Role.SECRETARY, tree["B1"], password=PASSWORD))
    asked = {"kind": "roster", "unit": "B1"}
    before = send(visitor, ROSTER, "r.csv", dry_run="true", **asked)
    assert before.status_code == 200, before.get_data(as_text=True)
    assert [(row["number"], row["verdict"]) for row in before.get_json()["rows"]] == [
        ("R001", "new"),
        ("R002", "refused"),
    ]
    done = send(visitor, ROSTER, "r.csv", **asked)
    report = done.get_json()
    assert (done.status_code, report["imported"], len(report["refused"]), report["missing"]) == (201, 1, 1, 1)
    assert send(visitor, ROSTER, "r.csv", **asked).get_json()["skipped"] == 1, "twice changes nothing"


@pytest.mark.parametrize(("role", "code", "status"), [("secretary", "B2", 404), ("instructor", "B1", 404)])
def test_a_roster_stays_in_reach(app: Flask, tree: dict[str, Any], role: str, code: str, status: int) -> None:
    visitor = Visitor(app, new_staff(Role(role), tree["B1"], password=PASSWORD))
    assert send(visitor, ROSTER, "r.csv", kind="roster", unit=code).status_code == status


def test_members_import_nothing(app: Flask, tree: dict[str, Any]) -> None:
    visitor = Visitor(app, new_member(tree["B1"], password=PASSWORD))
    assert send(visitor, FILE, bank="new-bank").status_code == 403


def test_a_repeated_upload_with_a_key_is_carried_out_once(app: Flask, tree: dict[str, Any]) -> None:
    visitor = author(app, tree)
    visitor.headers["Idempotency-Key"] = "k1"
    first, again = send(visitor, FILE, bank="b1"), send(visitor, FILE, bank="b1")
    assert first.get_json()["ids"] == again.get_json()["ids"] != []
    other = send(visitor, FILE.replace(b"100", b"101"), bank="b1")
    assert other.status_code == 422, "a key names one file"
