"""A course from a package: stored once, changed in place, taken back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses import authoring, catalogue, packages
from courses.drafts import CourseDraft
from courses.models import Asset, Course, CourseModule, CourseState, Lesson
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.quizzes.models import Quiz
from tests.courses.packing import packed, picture, small_course
from tests.makers import NOW, new_unit


def draft(**changed: str | bytes) -> CourseDraft:
    reading = packages.read(packed(small_course(**changed)), "tea.zip")
    assert reading.course, reading.refused
    return reading.course


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def hang_a_quiz_on(lesson: Lesson) -> None:
    """A record that points at a lesson, so that the lesson can't go."""
    db.session.add(Quiz(slug="q", title="Q", unit_id=new_unit("HQ").id, lesson_id=lesson.id, paper={}, created_at=NOW))
    db.session.flush()


def test_a_package_becomes_a_course_with_its_files(app: Flask, now: datetime) -> None:
    course = authoring.store_course(draft(), now)
    shape = catalogue.outline(course)
    assert [chapter.module.title for chapter in shape.chapters] == ["开始", "Practice"]
    assert [lesson.title for lesson in shape.lessons] == ["茶的种类", "水温", "动手"]
    assert [lesson.position for lesson in shape.lessons] == [1, 2, 3]
    first = catalogue.lesson(course, "kinds")
    assert '<img src="/courses/tea/assets/media/leaf.png" alt="茶叶">' in first.body_html
    second = catalogue.lesson(course, "water")
    assert 'href="/courses/tea/lessons/kinds"' in second.body_html
    assert [asset.path for asset in catalogue.files_of(second).attachments] == ["media/table.csv"]
    leaf = catalogue.asset(course, "media/leaf.png")
    assert leaf.details == {"width": 4, "height": 3}
    assert house.files.open(leaf.digest).read() == picture()
    assert course.state == CourseState.DRAFT


def test_the_same_package_twice_changes_nothing(app: Flask, now: datetime) -> None:
    authoring.store(draft(), now)
    db.session.commit()
    again = authoring.store(draft(), now + timedelta(days=1))
    assert (again.created, again.imported, again.updated, again.skipped) == (False, 0, 0, 3)
    assert again.course.updated_at == now
    assert not db.session.dirty


def test_a_changed_lesson_keeps_its_row_and_the_rest_stays(app: Flask, now: datetime) -> None:
    course = authoring.store_course(draft(), now)
    lesson_id = catalogue.lesson(course, "water").id
    done = authoring.store(draft(**{"01-start__02-water.md": "# 水温很重要\n\n八十度。"}), now)
    assert (done.imported, done.updated, done.skipped) == (0, 1, 2)
    water = catalogue.find_lesson(lesson_id)
    assert water.title == "水温很重要"
    assert catalogue.files_of(water).attachments == []


def test_a_lesson_that_records_need_stays_when_the_package_drops_it(app: Flask, now: datetime) -> None:
    course = authoring.store_course(draft(), now)
    hang_a_quiz_on(catalogue.lesson(course, "brew"))
    small = draft()
    small.modules.pop()
    done = authoring.store(small, now)
    assert done.kept == ["brew"]
    assert [lesson.slug for lesson in catalogue.outline(course).lessons] == ["kinds", "water", "brew"]


def test_a_lesson_that_nothing_needs_goes_with_the_package(app: Flask, now: datetime) -> None:
    course = authoring.store_course(draft(), now)
    small = draft()
    small.modules.pop()
    assert authoring.store(small, now).kept == []
    assert [chapter.module.title for chapter in catalogue.outline(course).chapters] == ["开始"]


def test_what_an_import_created_is_withdrawn(app: Flask, now: datetime) -> None:
    course = authoring.store_course(draft(), now)
    assert authoring.withdraw(course, now) is True
    assert [count(model) for model in (Course, CourseModule, Lesson, Asset)] == [0, 0, 0, 0]


def test_a_course_that_records_need_is_retired_instead(app: Flask, now: datetime) -> None:
    course = authoring.store_course(draft(), now)
    authoring.publish(course, now)
    hang_a_quiz_on(catalogue.lesson(course, "brew"))
    assert authoring.withdraw(course, now) is False
    assert catalogue.find("tea").state == CourseState.RETIRED
    assert catalogue.shelf() == []


def test_what_an_import_changed_is_put_back(app: Flask, now: datetime) -> None:
    course = authoring.store_course(draft(), now)
    before = json.loads(json.dumps(authoring.snapshot(course)))
    other = draft(**{"01-start__02-water.md": "# 别的\n", "03-more__01-new.md": "# 新课\n\n![x](../media/leaf.png)"})
    other.title = "另一个名字"
    del other.modules[1]
    done = authoring.store(other, now)
    assert done.before == before
    authoring.restore(before, now)
    assert authoring.snapshot(course) | {"course": 0} == before | {"course": 0}
    assert course.title == "茶的常识"


def test_quizzes_named_in_a_package_come_with_the_lessons_they_hang_on(app: Flask, now: datetime) -> None:
    done = authoring.store(draft(**{"02-practice__02-quiz.md": "---\ntitle: 小测\nquiz: tea-1\n---\n"}), now)
    assert done.quizzes == {"tea-1": catalogue.lesson(done.course, "quiz").id}


@pytest.mark.sqlite_only
def test_an_address_with_other_letters_is_quoted(app: Flask, now: datetime) -> None:
    files = {"课.md": "# 课\n\n![图](图 一.png)", "图 一.png": picture()}
    reading = packages.read(packed(files), "茶.zip")
    assert reading.course
    course = authoring.store_course(reading.course, now)
    assert course.slug == "茶"
    body = catalogue.outline(course).lessons[0].body_html
    assert 'src="/courses/%E8%8C%B6/assets/%E5%9B%BE%20%E4%B8%80.png"' in body
