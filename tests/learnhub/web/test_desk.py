"""An instructor's afternoon at the desk, by plain forms: courses, questions, files brought and taken back."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from courses import catalogue
from learnhub.audit.models import Import
from learnhub.audit.trail import SYSTEM
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import import_questions
from learnhub.kernel.db import db
from learnhub.organisations.permissions import Role
from question_bank import authoring
from question_bank.models import Question
from tests.courses.packing import packed, picture, small_course
from tests.makers import PASSWORD, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only

FILE = """题型,题干,选项A,选项B,答案
单选题,水的沸点是多少度？,100,50,A
单选题,水的沸点是多少度,100,50,A
单选题,没有答案的题,1,2,
"""


@pytest.fixture
def tree(app: Flask) -> dict[str, Any]:
    return small_tree()


@pytest.fixture
def author(app: Flask, tree: dict[str, Any], now: datetime) -> Visitor:
    """An instructor of B1, which owns the bank `demo`; B2 owns the bank `theirs`."""
    for slug, code in (("demo", "B1"), ("theirs", "B2")):
        bank = authoring.create_bank(slug, slug, now)
        works.own(Work.BANK, bank.id, tree[code].id, now)
    return Visitor(app, new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD))


def send(
    author: Visitor, file: bytes, name: str, address: str = "/desk/banks/demo/import", **more: str
) -> TestResponse:
    fields = {"format": "auto", "encoding": "", **more}
    return author.post(address, {"file": (BytesIO(file), name), **fields})


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_is_looked_at_then_accepted_then_taken_back(author: Visitor) -> None:
    answer = send(author, FILE.encode("gb18030"), "题库😀.csv")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = author.page(address)
    assert count(Question) == 0
    for words in ("题库😀.csv", "水的沸点是多少度？", "skipped", "Refused"):
        assert words in page
    assert author.post(address + "/accept").status_code == 303
    assert count(Question) == 1
    author.post(address + "/accept")
    assert count(Question) == 1
    assert "Accepted" in author.page(address)
    author.post(address + "/undo")
    assert "Taken back" in author.page(address)
    assert db.session.scalar(select(Question.state)) == "withdrawn"
    assert author.post(address + "/undo").status_code == 303
    assert "题库😀.csv" in author.page("/desk/courses")


@pytest.mark.parametrize(
    ("file", "name"), [(b"", "empty.csv"), (picture(), "a.csv"), (b"\xff\xfe\xfd\x81", "a.csv"), (b"<x/>", "a.xml")]
)
def test_a_wrong_file_is_refused_in_words_and_not_kept(author: Visitor, file: bytes, name: str) -> None:
    answer = send(author, file, name)
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)
    assert count(Import) == 0


def test_pasted_text_comes_in_as_a_file_does(author: Visitor) -> None:
    typed = {"format": "auto", "encoding": "", "text": "::水::水的沸点？{=100 ~50}"}
    answer = author.post("/desk/banks/demo/import", typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "水的沸点？" in author.page(answer.headers["Location"])
    faulty = author.post("/desk/banks/demo/import", {**typed, "text": "Kept but no questions"})
    assert faulty.status_code == 422
    assert "Kept but no questions" in faulty.get_data(as_text=True)
    assert author.post("/desk/banks/demo/import", {"format": "auto", "encoding": ""}).status_code == 422


def test_an_encoding_that_is_named_is_believed(author: Visitor) -> None:
    address = send(author, FILE.encode("big5", "replace"), "a.csv", encoding="gb18030").headers.get("Location")
    assert address is None or "水的沸点" not in author.page(address)
    address = send(author, FILE.encode("gb18030"), "a.csv", encoding="gb18030").headers["Location"]
    assert "水的沸点" in author.page(address)


def test_a_package_is_looked_at_then_published_then_taken_back(author: Visitor) -> None:
    answer = send(author, packed(small_course()), "茶🍵.zip", "/desk/import-course", unit="B1")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    address = answer.headers["Location"]
    page = author.page(address)
    assert "茶的种类" in page
    assert catalogue.with_slug("tea") is None
    author.post(address + "/accept")
    assert catalogue.find("tea").state == "published"
    author.post(address + "/undo")
    assert catalogue.with_slug("tea") is None
    assert send(author, b"no zip", "x.zip", "/desk/import-course", unit="B1").status_code == 422
    assert send(author, packed(small_course()), "x.zip", "/desk/import-course", unit="B2").status_code == 422


def test_a_course_is_written_from_nothing(author: Visitor) -> None:
    made = author.post("/desk/new-course", {"title": "茶", "slug": "tea", "language": "zh_Hans", "unit": "B1"})
    assert made.headers["Location"].endswith("/desk/courses/tea")
    assert author.post("/desk/courses/tea/state", {"state": "published"}).status_code == 422
    author.post("/desk/courses/tea/modules", {"title": "开始"})
    module = catalogue.outline(catalogue.find("tea")).chapters[0].module
    lesson = author.post(f"/desk/courses/tea/modules/{module.id}/lessons", {"title": "One", "kind": "text"})
    where = lesson.headers["Location"]
    typed = {"title": "One", "minutes": "7", "rule": "time", "rule_minutes": "5", "body_source": "**bold** <script>x"}
    preview = author.post(where, {**typed, "do": "preview"}).get_data(as_text=True)
    assert "<strong>bold</strong>" in preview
    assert "<script>x" not in preview
    assert author.post(where, typed).status_code == 303
    kept = catalogue.outline(catalogue.find("tea")).lessons[0]
    assert (kept.completion_rule, kept.completion_seconds, kept.nominal_seconds) == ("time", 300, 420)
    faulty = author.post(where, {**typed, "title": ""})
    assert faulty.status_code == 422
    assert "**bold**" in faulty.get_data(as_text=True)
    files = author.post(where + "/files", {"file": (BytesIO(picture()), "leaf.png")})
    assert files.status_code == 303
    assert "leaf.png" in author.page(where)
    assert author.post("/desk/courses/tea/state", {"state": "published"}).status_code == 303
    assert catalogue.find("tea").state == "published"


def test_a_fault_in_a_new_lesson_is_said_and_keeps_what_was_typed(author: Visitor) -> None:
    author.post("/desk/new-course", {"title": "茶", "slug": "tea", "language": "zh_Hans", "unit": "B1"})
    author.post("/desk/courses/tea/modules", {"title": "开始"})
    module = catalogue.outline(catalogue.find("tea")).chapters[0].module
    answer = author.post(f"/desk/courses/tea/modules/{module.id}/lessons", {"title": "x" * 201, "kind": "text"})
    assert answer.status_code == 422
    assert "x" * 201 in answer.get_data(as_text=True)


KINDS = {
    "single_choice": {"options-0-text": "100", "options-0-right": "y", "options-1-text": "50"},
    "multiple_choice": {
        "options-0-text": "a", "options-0-right": "y", "options-1-text": "b", "options-1-right": "y",
        "options-2-text": "c",
    },
    "true_false": {"answer": "true"},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_is_written_by_a_plain_form(author: Visitor, kind: str) -> None:
    address = f"/desk/banks/demo/new-question?kind={kind}"
    assert author.page(address)
    answer = author.post(address, {"stem": "水的沸点？", "mark": "2", "difficulty": "3", **KINDS[kind]})
    assert answer.status_code == 303, re.findall(r"field-error[^<]*<|<li>.*</li>", answer.get_data(as_text=True))
    assert "水的沸点？" in author.page(answer.headers["Location"])
    faulty = author.post(address, {"stem": "Kept words", "mark": "x", "difficulty": "3", **KINDS[kind]})
    assert faulty.status_code == 422
    assert "Kept words" in faulty.get_data(as_text=True)


def test_more_rows_keep_what_was_typed(author: Visitor) -> None:
    address = "/desk/banks/demo/new-question?kind=multiple_choice"
    page = author.post(address, {"stem": "Kept words", **KINDS["multiple_choice"], "more": "rows"})
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Kept words" in text
    assert 'name="options-9-text"' in text
    assert count(Question) == 0


@pytest.mark.parametrize("kind", ["multiple_choice", "fill_in"])
def test_a_question_with_as_many_rows_as_there_may_be_is_edited(author: Visitor, now: datetime, kind: str) -> None:
    options = [{"html": f"option {n}", "fraction": "1/60"} for n in range(60)]
    blanks = [{"answers": [{"text": f"answer {n}", "fraction": "1"}]} for n in range(60)]
    content = {"options": options} if kind == "multiple_choice" else {"blanks": blanks}
    draft = authoring.QuestionDraft(kind=kind, stem_html="____ " * 60, content=content)
    made = authoring.add_question(authoring.get_bank("demo"), draft, now)
    address = f"/desk/banks/demo/questions/{made.id}/edit"
    assert author.page(address)
    assert author.post(address, {"stem": "x", "more": "rows"}).status_code == 200


def test_nothing_of_another_unit_is_there(author: Visitor, tree: dict[str, Any], now: datetime) -> None:
    report = import_questions.carry_out(
        FILE.encode(), "a.csv", bank_slug="theirs", actor=SYSTEM, unit=tree["B2"], now=now
    )
    name = report["undo"].removeprefix("import:")
    question = f"questions/{report['ids'][0]}"
    for address in ("banks/theirs", "banks/theirs/import", f"imports/{name}", f"banks/theirs/{question}"):
        author.page(f"/desk/{address}", 404)
    author.page(f"/desk/banks/demo/{question}", 404)
    assert send(author, FILE.encode(), "a.csv", "/desk/banks/theirs/import").status_code == 404
    for step in ("accept", "undo"):
        assert author.post(f"/desk/imports/{name}/{step}").status_code == 404
    assert "theirs" not in author.page("/desk/banks")
