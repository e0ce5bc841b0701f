"""Essays, file uploads and cases are written at the desk, without JavaScript."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from learnhub.authorship.models import Act, Hand
from learnhub.kernel.db import db
from question_bank.models import Question, QuestionVersion
from tests.desks import instructor_with_bank
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def desk(app: Flask, now: datetime) -> Visitor:
    """An instructor of B1, which owns a bank."""
    return instructor_with_bank(app, now)[0]


def newest() -> QuestionVersion:
    found = db.session.scalar(select(QuestionVersion).order_by(QuestionVersion.id.desc()).limit(1))
    assert found is not None
    return found


def write(desk: Visitor, kind: str, **fields: Any) -> Any:
    return desk.post(
        f"/desk/banks/general/new-question?kind={kind}", {"stem": "Why?", "mark": "2", "difficulty": "3", **fields}
    )


RUBRIC = {"rubric-0-title": "Content", "rubric-0-levels": "3 all of it\n1.5：half\n0 nothing"}


def test_an_essay_is_written_with_its_rubric_and_comes_back_as_it_was(desk: Visitor) -> None:
    sent = write(desk, "essay", least="200", template="Dear …", marker="Air", **RUBRIC)
    assert sent.status_code == 303
    content = newest().content
    (criterion,) = content["rubric"]
    assert [(level["points"], level["text"]) for level in criterion["levels"]] == [
        ("3", "all of it"),
        ("1.5", "half"),
        ("0", "nothing"),
    ]
    assert (content["least"], content["most"], content["template"]) == (200, 0, "Dear …")
    page = desk.page(sent.headers["Location"])
    assert "a person, by the rubric" in page
    edit = f"{sent.headers['Location']}/edit"
    form = desk.page(edit)
    assert "3 all of it\n1.5 half\n0 nothing" in form
    same = {"stem": "Why?", "mark": "2", "difficulty": "3", "least": "200", "template": "Dear …", "marker": "Air"}
    desk.post(edit, {**same, "rubric-0-title": "Content", "rubric-0-levels": "3 all of it\n1.5 half\n0 nothing"})
    assert newest().number == 1, "nothing was changed"
    desk.post(edit, {**same, "least": "100"})
    assert (newest().number, newest().content["rubric"]) == (2, [])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rubric-0-title": "Content"}, "Criterion 1 needs"),
        ({"rubric-0-title": "", "rubric-1-levels": "3 all"}, "Criterion 2 needs"),
        ({"rubric-0-title": "Content", "rubric-0-levels": "all of it"}, "Criterion 1 needs"),
        ({"rubric-0-title": "Content", "rubric-0-levels": "0 nothing"}, "one of them is above 0"),
        ({"least": "300", "most": "200"}, "lies above the most"),
        ({"mark": "NaN", **RUBRIC}, "between 0 and 1000"),
        ({"mark": "-Infinity", **RUBRIC}, "between 0 and 1000"),
    ],
)
def test_what_is_no_rubric_is_said(desk: Visitor, fields: dict[str, str], words: str) -> None:
    answer = write(desk, "essay", **fields)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_more_rows_for_criteria(desk: Visitor) -> None:
    page = write(desk, "essay", more="rows", **RUBRIC).get_data(as_text=True)
    assert page.count("Levels of criterion") == 7
    assert "3 all of it" in page


def test_a_file_upload_says_sorts_number_and_size(desk: Visitor) -> None:
    sent = write(desk, "file_upload", accept=["pdf", "picture"], most="2", largest="20")
    content = newest().content
    assert (content["accept"], content["most"], content["largest"]) == (["picture", "pdf"], 2, 20_000_000)
    assert "up to 20 MB each" in desk.page(sent.headers["Location"])
    assert 'value="pdf"' in desk.page(f"{sent.headers['Location']}/edit")


def test_a_case_is_written_with_its_first_question_and_grows_on_its_page(desk: Visitor) -> None:
    fields = {"stem": "A fire broke out.", "mark": "4", "difficulty": "3", "first": "true_false", "tags": "fire"}
    address = "/desk/banks/general/new-question?kind=case"
    second = desk.post(address, fields)
    page = second.get_data(as_text=True)
    assert second.status_code == 200
    assert 'name="part-stem"' in page
    assert 'name="stem" value="A fire broke out."' in page
    assert '<div class="prose">A fire broke out.</div>' in page, "the question is written with its case in sight"
    assert desk.post(address, {**fields, "part-stem": "Run?", "part-mark": "1"}).status_code == 422
    sent = desk.post(address, {**fields, "part-stem": "Run?", "part-mark": "1", "part-answer": "false"})
    assert sent.status_code == 303
    made = newest()
    assert (made.stem_html, made.mark) == ("A fire broke out.", 4000)
    assert [(one["kind"], one["mark"]) for one in made.content["questions"]] == [("true_false", 1000)]

    own = sent.headers["Location"]
    assert "Questions of the case" in desk.page(own)
    more = f"{own}/parts/new?kind=essay"
    assert 'name="part-rubric-0-title"' in desk.page(more)
    part = {"part-stem": "Why does it burn?", "part-mark": "3", "version": "1"}
    assert desk.post(more, part).status_code == 303
    late = desk.post(more, part)
    assert late.status_code == 409, "the case has another version by now"
    assert '<input type="hidden" name="version" value="1">' in late.text, "sent once more it is late again"
    assert '<input type="hidden" name="version" value="1">' in desk.post(more, {**part, "more": "1"}).text
    assert [one["kind"] for one in newest().content["questions"]] == ["true_false", "essay"]
    assert desk.post(f"{own}/parts/2/place", {"act": "up", "version": "2"}).status_code == 303
    assert [one["kind"] for one in newest().content["questions"]] == ["essay", "true_false"]
    assert "Why does it burn?" in desk.page(f"{own}/parts/1")
    second = desk.page(f"{own}/parts/2")
    assert '<div class="prose">A fire broke out.</div>' in second
    assert '<li value="1" class="prose">Why does it burn?</li>' in second, "what else the case asks"
    assert "1 other question of the case" in second
    changed = {"part-stem": "Why?", "part-mark": "2", "version": "3"}
    assert desk.post(f"{own}/parts/1", changed).status_code == 303
    assert newest().content["questions"][0]["mark"] == 2000
    tried = desk.page(f"{own}/try")
    assert re.findall(r"([\d.]+ marks?)</span> <span class=\"prose d-block\">(\w+)", tried)[-2:] == [
        ("2.667 marks", "Why"),
        ("1.333 marks", "Run"),
    ], "their shares of the four marks of the case"
    assert desk.post(f"{own}/parts/1/place", {"act": "remove", "version": "4"}).status_code == 303
    assert desk.post(f"{own}/parts/1/place", {"act": "remove", "version": "5"}).status_code == 422
    assert desk.page(f"{own}/parts/2", 404)
    desk.post(f"{own}/edit", {"stem": "A fire.", "mark": "4", "difficulty": "3"})
    assert (newest().stem_html, len(newest().content["questions"])) == ("A fire.", 1)


def test_a_case_keeps_its_source_and_who_wrote_it_when_a_part_of_it_changes(desk: Visitor) -> None:
    told = {"stem": "A fire.", "mark": "4", "difficulty": "3", "source": "Fire code", "clause": "§ 3"}
    part = {"part-stem": "Is it hot?", "part-mark": "1", "part-answer": "true"}
    sent = desk.post(
        "/desk/banks/general/new-question?kind=case", {**told, "first": "true_false", **part, "part-difficulty": "3"}
    )
    own = sent.headers["Location"]
    changed = {**part, "part-stem": "Is it very hot?", "version": "1"}
    assert desk.post(f"{own}/parts/1", changed).status_code == 303
    version = newest()
    question = db.session.get_one(Question, version.question_id)
    assert (version.number, version.content["questions"][0]["stem_html"]) == (2, "Is it very hot?")
    assert question.source_id is not None
    assert question.source_clause == "§ 3"
    assert db.session.scalars(select(Hand.act).where(Hand.version_id == version.id)).all() == [Act.WROTE]


def test_what_is_no_case_has_no_parts(desk: Visitor) -> None:
    sent = write(desk, "essay")
    assert desk.page(f"{sent.headers['Location']}/parts/1", 404)


def test_the_form_of_an_essay_says_how_points_become_marks(desk: Visitor) -> None:
    levels = {"rubric-0-title": "Content", "rubric-0-levels": "3 all\n0 none", "rubric-1-title": "Style"}
    levels["rubric-1-levels"] = "2 clear\n0 unclear"
    rule = "The rubric has 5 points in all and the question is worth 1 mark"
    sent = write(desk, "essay", **levels, mark="1")
    own = sent.headers["Location"]
    for page in (own, f"{own}/edit"):
        assert rule in desk.page(page)
        assert "One point counts 0.2 marks." in desk.page(page)
    assert "3 points (0.6 marks)" in desk.page(own)
    alike = write(desk, "essay", **levels, stem="Why so?", mark="5").headers["Location"]
    page = desk.page(alike)
    assert "The rubric has" not in page
    assert "3 marks" in page
    assert "(" not in re.findall(r"all <span class=\"meta\">([^<]*)", page)[0]


@pytest.mark.parametrize("mark", ["NaN", "sNaN", "Infinity", "-1", "1e5000"])
@pytest.mark.parametrize("kind", ["essay", "file_upload", "case"])
def test_marks_that_are_no_number_to_count_with_are_refused_in_the_form(desk: Visitor, kind: str, mark: str) -> None:
    sent = write(desk, kind, **RUBRIC, first="essay", mark=mark)
    assert sent.status_code == 422
    assert "Why?" in sent.text
    assert write(desk, kind, **RUBRIC, first="essay", mark=mark, more="1").status_code in (200, 422)


def test_an_unsafe_text_of_a_case_is_cleaned_before_it_is_shown_with_its_first_question(desk: Visitor) -> None:
    fields = {"stem": "<p>A fire</p><script>alert(1)</script>", "mark": "4", "difficulty": "3", "first": "true_false"}
    page = desk.post("/desk/banks/general/new-question?kind=case", fields).get_data(as_text=True)
    assert "<p>A fire</p>" in page
    assert "<script>alert(1)" not in page
