"""Courses at the desk: written in the browser, brought in as a package, taken back."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses import authoring, catalogue
from courses.models import Asset, Course, CourseModule, CourseState, Lesson
from learnhub.audit.models import Import
from learnhub.authorship import works
from learnhub.authorship.models import CoInstructor, Work
from learnhub.identity.models import Member
from learnhub.kernel.db import db
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from tests.courses.packing import packed, picture, small_course
from tests.makers import PASSWORD, new_course, new_member, new_staff, small_tree
from tests.visiting import Visitor

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def instructor(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.INSTRUCTOR, tree["B1"], password=PASSWORD)


@pytest.fixture
def visitor(app: Flask, instructor: Member) -> Visitor:
    return Visitor(app, instructor)


def made(visitor: Visitor, slug: str = "tea") -> Course:
    """An empty course made in the browser."""
    answer = visitor.post("/desk/new-course", {"title": "Tea", "slug": slug, "language": "en", "unit": "B1"})
    assert answer.headers["Location"] == f"/desk/courses/{slug}", answer.get_data(as_text=True)
    return catalogue.find(slug)


def with_lesson(visitor: Visitor, kind: str = "text") -> tuple[Course, Lesson, str]:
    course = made(visitor)
    visitor.post("/desk/courses/tea/modules", {"title": "First"})
    module = db.session.scalars(select(CourseModule)).one()
    answer = visitor.post(f"/desk/courses/tea/modules/{module.id}/lessons", {"title": "Water", "kind": kind})
    return course, db.session.scalars(select(Lesson)).one(), answer.headers["Location"]


def values(**changed: Any) -> dict[str, Any]:
    return {"title": "Water", "body_source": "# Hot\n\n**80** degrees", "minutes": "7", "rule": "marked", **changed}


def test_a_course_is_written_published_and_read(app: Flask, visitor: Visitor, tree: dict[str, Unit]) -> None:
    _course, lesson, where = with_lesson(visitor)
    assert where == "/desk/courses/tea/lessons/water"
    answer = visitor.post(where, values(rule="time", rule_minutes="3"))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    db.session.expire_all()
    assert (lesson.body_html, lesson.completion_seconds) == ("<h2>Hot</h2>\n<p><strong>80</strong> degrees</p>\n", 180)
    reader = Visitor(app, new_member(tree["B1"], password=PASSWORD))
    assert reader.get("/courses/tea").status_code == 404
    assert visitor.post("/desk/courses/tea/state", {"state": "published"}).status_code == 303
    assert "<strong>80</strong>" in reader.page("/courses/tea/lessons/water")
    visitor.post("/desk/courses/tea/state", {"state": "draft"})
    assert reader.get("/courses/tea").status_code == 404


def test_an_address_is_taken_once_and_what_was_typed_stays(visitor: Visitor) -> None:
    made(visitor)
    form = {"title": "Other tea", "slug": "tea", "language": "en", "unit": "B1"}
    answer = visitor.post("/desk/new-course", form)
    assert answer.status_code == 422
    assert 'value="Other tea"' in answer.get_data(as_text=True)
    for wrong in ({"slug": "Two words"}, {"title": " "}, {"unit": "B2"}, {"slug": "../x"}):
        assert visitor.post("/desk/new-course", form | wrong).status_code == 422
    assert visitor.post("/desk/courses/tea/state", {"state": "published"}).status_code == 422, "it has no lesson"
    assert visitor.post("/desk/courses/tea/state", {"state": "x"}).status_code == 404


def test_a_text_is_shown_before_it_is_saved_and_cleaned(visitor: Visitor) -> None:
    _course, lesson, where = with_lesson(visitor)
    nasty = "# Hi\n\n<script>alert(1)</script><img src=x onerror=alert(1)>"
    page = visitor.post(where, values(body_source=nasty, do="preview")).get_data(as_text=True)
    assert "<h2>Hi</h2>" in page
    assert "onerror" not in page.split('id="preview"')[1]
    db.session.expire_all()
    assert lesson.body_source == ""
    answer = visitor.json("POST", "/desk/courses/tea/markdown", {"source": nasty})
    assert answer.get_json()["html"].startswith("<h2>Hi</h2>")
    assert "script" not in answer.get_json()["html"]
    for body in ({}, {"source": 1}, [], "x"):
        assert visitor.json("POST", "/desk/courses/tea/markdown", body).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"minutes": "0"},
        {"minutes": "x"},
        {"rule": "time"},
        {"rule": "coverage", "rule_percent": "101"},
        {"rule": "x"},
        {"link_url": "javascript:alert(1)"},
        {"main_asset": "12345"},
    ],
)
def test_a_lesson_that_can_t_be_keeps_what_was_typed(visitor: Visitor, wrong: dict[str, str]) -> None:
    _course, _lesson, where = with_lesson(visitor)
    answer = visitor.post(where, values(body_source="typed at length", **wrong))
    assert answer.status_code == 422
    assert "typed at length" in answer.get_data(as_text=True)


def test_modules_and_lessons_are_moved_renamed_and_deleted(visitor: Visitor) -> None:
    course, _lesson, where = with_lesson(visitor)
    visitor.post("/desk/courses/tea/modules", {"title": "Second"})
    one, two = db.session.scalars(select(CourseModule).order_by(CourseModule.position))
    first, second = one.id, two.id

    def outline() -> list[tuple[str, list[str]]]:
        db.session.expire_all()
        chapters = catalogue.outline(course).chapters
        return [(chapter.module.title, [item.title for item in chapter.lessons]) for chapter in chapters]

    visitor.post(f"{where}/place", {"do": "down"})
    assert outline() == [("First", []), ("Second", ["Water"])]
    visitor.post(f"/desk/courses/tea/modules/{second}", {"do": "up"})
    visitor.post(f"/desk/courses/tea/modules/{first}", {"do": "rename", "title": "Last"})
    assert outline() == [("Second", ["Water"]), ("Last", [])]
    assert visitor.post(f"/desk/courses/tea/modules/{second}", {"do": "delete"}).status_code == 422, "it has a lesson"
    assert visitor.post(f"/desk/courses/tea/modules/{first}", {"do": "delete"}).status_code == 303
    visitor.post(f"{where}/place", {"do": "up"})
    assert visitor.post(f"{where}/place", {"do": "delete"}).status_code == 303
    assert outline() == [("Second", [])]


def test_a_file_lands_in_the_main_place_where_it_fits_and_else_is_attached(visitor: Visitor) -> None:
    _course, _lesson, where = with_lesson(visitor, kind="file")
    for content, name in ((b"a,b\n1,2\n", "table.csv"), (picture(), "leaf.png")):
        answer = visitor.post(f"{where}/files", {"file": (BytesIO(content), name)})
        assert answer.status_code == 303, answer.get_data(as_text=True)
    db.session.expire_all()
    lesson = db.session.scalars(select(Lesson)).one()
    main = db.session.get_one(Asset, lesson.main_asset_id)
    attached = db.session.scalars(select(Asset).where(Asset.lesson_id == lesson.id)).one()
    assert (main.path, attached.path) == ("uploads/table.csv", "uploads/leaf.png")
    visitor.post(f"/desk/courses/tea/assets/{attached.id}/detach")
    db.session.expire_all()
    assert attached.lesson_id is None
    picked = {"title": "T", "language": "en", "cover": str(attached.id)}
    assert visitor.post("/desk/courses/tea", picked).status_code == 303
    assert visitor.post("/desk/courses/tea", {**picked, "cover": str(main.id)}).status_code == 422
    refused = visitor.post(f"{where}/files", {"file": (BytesIO(b"<svg onload='x()'/>"), "x.svg")})
    assert refused.status_code == 422
    assert visitor.post(f"{where}/files").status_code == 422
    assert visitor.post("/desk/courses/tea/files", {"file": (BytesIO(b"MZ\x90\x00"), "x.exe")}).status_code == 422


def send_package(visitor: Visitor, content: bytes, name: str = "tea.zip") -> Any:
    return visitor.post("/desk/import-course", {"file": (BytesIO(content), name), "unit": "B1"})


def test_a_package_is_seen_accepted_and_taken_back(visitor: Visitor) -> None:
    where = send_package(visitor, packed(small_course())).headers["Location"]
    page = visitor.page(where)
    assert "茶的种类" in page
    assert "Nothing is written yet" in page
    assert db.session.scalars(select(Course)).all() == []
    assert visitor.post(f"{where}/accept").status_code == 303
    assert visitor.post(f"{where}/accept").status_code == 303, "a double click"
    assert db.session.scalars(select(Course.state)).all() == [CourseState.PUBLISHED]
    assert "Take it back" in visitor.page(where)
    assert "tea.zip" in visitor.page("/desk/courses")
    again = send_package(visitor, packed(small_course())).headers["Location"]
    assert "brought up to date" in visitor.page(again)
    visitor.post(f"{where}/undo")
    assert db.session.scalars(select(Course)).all() == []


@pytest.mark.parametrize(
    "content", [b"", b"no zip", packed({"imsmanifest.xml": "<manifest/>"}), packed({"a.txt": "x"})]
)
def test_what_is_no_package_is_a_clear_error(visitor: Visitor, content: bytes) -> None:
    answer = send_package(visitor, content)
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_package_does_not_take_over_a_foreign_course(
    app: Flask, visitor: Visitor, tree: dict[str, Unit], now: datetime
) -> None:
    course = authoring.create_course("tea", "Foreign tea", now)
    works.own(Work.COURSE, course.id, tree["B2"].id, now)
    answer = send_package(visitor, packed(small_course()))
    assert answer.status_code == 422
    assert "Foreign tea" not in answer.get_data(as_text=True)
    for address in ("/desk/courses/tea", "/desk/courses/tea/lessons/x"):
        assert visitor.get(address).status_code == 404
    assert visitor.post("/desk/courses/tea", {"title": "mine"}).status_code == 404


def test_members_have_no_desk_but_a_co_instructor_edits_the_one_course(
    app: Flask, tree: dict[str, Unit], now: datetime
) -> None:
    lesson, *_rest = new_course("open", unit=tree["B1"])
    member, helper = new_member(tree["B1"], password=PASSWORD), new_member(tree["B2"], password=PASSWORD)
    db.session.add(CoInstructor(work=Work.COURSE, work_id=lesson.course_id, member_id=helper.id, since=now))
    addresses = ["/desk/courses", "/desk/new-course", "/desk/import-course", "/desk/courses/open"]
    assert [Visitor(app, member).get(one).status_code for one in addresses] == [403, 403, 403, 404]
    assert [Visitor(app, helper).get(one).status_code for one in addresses] == [403, 403, 403, 200]
    editing = Visitor(app, helper)
    assert editing.post("/desk/courses/open/lessons/lesson-1", values()).status_code == 303
    assert "/desk/courses/open" in editing.page("/courses/open")
    assert "/desk/courses/open" not in Visitor(app, member).page("/courses/open")
