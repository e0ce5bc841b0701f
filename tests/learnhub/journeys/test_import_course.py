"""A package on its way to a course: looked at, stored, brought up to date, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from courses import authoring, catalogue
from courses.models import Course, CourseState, Lesson
from learnhub.audit.models import Import
from learnhub.audit.trail import SYSTEM, Actor
from learnhub.authorship import works
from learnhub.authorship.models import Ownership, Work
from learnhub.identity.models import Member
from learnhub.journeys import import_course, study_lesson, undo_import
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound, Refused
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.quizzes.models import Quiz
from tests.courses.packing import packed, small_course
from tests.makers import new_member, new_staff, small_tree


@pytest.fixture
def tree(app: Flask) -> dict[str, Unit]:
    return small_tree()


@pytest.fixture
def instructor(tree: dict[str, Unit]) -> Member:
    return new_staff(Role.INSTRUCTOR, tree["B1"])


def bring(unit: Unit, now: datetime, actor: Actor = SYSTEM, **changed: str | bytes) -> import_course.Report:
    return import_course.carry_out(packed(small_course(**changed)), "tea.zip", actor=actor, unit=unit, now=now)


def test_a_package_becomes_a_published_course_of_the_unit(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now)
    assert {key: report[key] for key in ("format", "imported", "updated", "skipped", "refused")} == {
        "format": "markdown",
        "imported": 3,
        "updated": 0,
        "skipped": 0,
        "refused": [],
    }
    course = catalogue.find("tea")
    assert (report["ids"], course.state) == ([str(course.id)], CourseState.PUBLISHED)
    assert works.owner_unit_id(Work.COURSE, course.id) == tree["B1"].id
    assert report["undo"].startswith("import:")


def test_the_same_package_again_changes_no_lesson(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now)
    before = catalogue.find("tea").updated_at
    again = bring(tree["B1"], now + timedelta(days=1))
    assert (again["imported"], again["updated"], again["skipped"]) == (0, 0, 3)
    assert catalogue.find("tea").updated_at == before


def test_a_dry_run_shows_the_outline_and_writes_nothing(app: Flask) -> None:
    report = import_course.dry_run(packed(small_course()), "tea.zip")
    assert [one["title"] for one in report["modules"]] == ["开始", "Practice"]
    assert report["undo"] is None
    assert db.session.scalars(select(Course)).all() == []


def test_a_folder_is_read_as_a_package(tree: dict[str, Unit], now: datetime, tmp_path: Path) -> None:
    for name, content in small_course().items():
        file = tmp_path / "tea" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = import_course.carry_out(tmp_path / "tea", "tea", actor=SYSTEM, unit=tree["HQ"], now=now)
    assert report["imported"] == 3


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"nothing", "x.zip"), (packed({"imsmanifest.xml": "<manifest/>"}), "scorm.zip"), (packed({}), "empty.zip")],
)
def test_what_is_no_course_is_refused_with_its_place(
    tree: dict[str, Unit], now: datetime, content: bytes, name: str, tmp_path: Path
) -> None:
    report = import_course.carry_out(content, name, actor=SYSTEM, unit=tree["B1"], now=now)
    assert (report["imported"], report["undo"]) == (0, None)
    assert report["refused"]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused):
        import_course.preview(tmp_path / name, name, actor=SYSTEM, unit_id=tree["B1"].id, now=now)
    assert db.session.scalars(select(Import)).all() == []


def test_taking_back_a_new_course_leaves_nothing(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now)
    assert undo_import.undo(report["undo"], SYSTEM, now)["withdrawn"] == 1
    assert db.session.scalars(select(Course)).all() == []
    assert db.session.scalars(select(Ownership)).all() == []
    assert bring(tree["B1"], now)["imported"] == 3


def test_taking_back_a_course_that_members_took_only_retires_it(tree: dict[str, Unit], now: datetime) -> None:
    report = bring(tree["B1"], now)
    member = new_member(tree["B1"])
    study_lesson.beat(member.id, db.session.scalars(select(Lesson)).first(), "tab", now)  # type: ignore[arg-type]
    assert undo_import.undo(report["undo"], SYSTEM, now)["retired"] is True
    assert catalogue.find("tea").state == CourseState.RETIRED


def test_taking_back_an_update_puts_the_course_back_as_it_was(tree: dict[str, Unit], now: datetime) -> None:
    bring(tree["B1"], now)
    text = {lesson.slug: lesson.body_source for lesson in db.session.scalars(select(Lesson))}
    second = bring(tree["B1"], now, **{"02-practice__01-brew.md": "# 动手\n\n改了\n", "03-new__01-more.md": "# 更多\n"})
    assert (second["imported"], second["updated"]) == (1, 1)
    third = bring(tree["B1"], now + timedelta(hours=1), **{"02-practice__01-brew.md": "# 动手\n\n又改了\n"})
    with pytest.raises(Refused):
        undo_import.undo(second["undo"], SYSTEM, now)
    undo_import.undo(third["undo"], SYSTEM, now)
    undo_import.undo(second["undo"], SYSTEM, now)
    db.session.expire_all()
    assert {lesson.slug: lesson.body_source for lesson in db.session.scalars(select(Lesson))} == text


def test_only_who_edits_a_course_brings_it_up_to_date(tree: dict[str, Unit], instructor: Member, now: datetime) -> None:
    bring(tree["B1"], now, Actor(instructor))
    with pytest.raises(Refused):
        bring(tree["B2"], now, Actor(new_staff(Role.INSTRUCTOR, tree["B2"])))
    with pytest.raises(NotAllowed):
        bring(tree["B1"], now, Actor(new_member(tree["B1"])), **{"course.md": "---\nslug: other\ntitle: x\n---\n"})


def test_a_quiz_that_the_package_names_is_hung_on_its_lesson(
    tree: dict[str, Unit], instructor: Member, now: datetime
) -> None:
    quiz = Quiz(slug="tea-quiz", title="茶", unit_id=tree["B1"].id, paper={"questions": []}, created_at=now)
    foreign = Quiz(slug="foreign", title="f", unit_id=tree["B2"].id, paper={"questions": []}, created_at=now)
    db.session.add_all([quiz, foreign])
    lessons = {
        "02-practice__02-quiz.md": "---\ntitle: 测验\nkind: quiz\nquiz: tea-quiz\n---\n",
        "02-practice__03-quiz.md": "---\ntitle: 外来\nkind: quiz\nquiz: foreign\n---\n",
    }
    report = bring(tree["B1"], now, Actor(instructor), **lessons)
    assert any("foreign" in str(one) for one in report["warnings"])
    hung = db.session.get_one(Lesson, quiz.lesson_id)
    assert (hung.title, foreign.lesson_id) == ("测验", None)
    undo_import.undo(report["undo"], Actor(instructor), now)
    assert quiz.lesson_id is None


def test_a_package_is_looked_at_before_it_is_written(
    tree: dict[str, Unit], instructor: Member, now: datetime, tmp_path: Path
) -> None:
    file = tmp_path / "tea.zip"
    file.write_bytes(packed(small_course()))
    actor = Actor(instructor)
    db.session.commit()
    row = import_course.preview(file, "茶.zip", actor=actor, unit_id=tree["B1"].id, now=now)
    db.session.commit()
    assert db.session.scalars(select(Course)).all() == []
    file.unlink()
    assert import_course.accept(row, actor, now)["imported"] == 3
    with pytest.raises(Refused):
        import_course.accept(row, actor, now)
    with pytest.raises(NotFound):
        undo_import.undo(row.id, Actor(new_staff(Role.INSTRUCTOR, tree["B1"])), now)


def test_a_course_made_in_the_browser_is_not_taken_over_by_a_package(
    tree: dict[str, Unit], instructor: Member, now: datetime
) -> None:
    course = authoring.create_course("tea", "Tea", now)
    works.own(Work.COURSE, course.id, tree["B2"].id, now)
    with pytest.raises(Refused, match="tea"):
        bring(tree["B1"], now, Actor(instructor))
