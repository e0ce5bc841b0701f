"""Courses written in the browser: made, filled, put in order, published, deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from courses import authoring, catalogue
from courses.models import Course, CourseState
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from tests.courses.packing import picture


def new_course(now: datetime, lessons: int = 3, slug: str = "tea") -> Course:
    """A course of one module with lessons L1, L2 …"""
    course = authoring.create_course(slug, "茶", now, summary="怎样泡 100% 的好茶", category="生活")
    module = authoring.add_module(course, "开始", now)
    for number in range(1, lessons + 1):
        authoring.add_lesson(module, f"L{number}", now)
    return course


def titles(course: Course) -> list[list[str]]:
    return [[lesson.title for lesson in chapter.lessons] for chapter in catalogue.outline(course).chapters]


def test_a_course_is_made_and_published(app: Flask, now: datetime) -> None:
    course = new_course(now)
    assert catalogue.shelf() == []
    authoring.publish(course, now)
    [shelved] = catalogue.shelf()
    assert (shelved.course.slug, shelved.lessons, shelved.seconds) == ("tea", 3, 900)
    authoring.unpublish(course, now)
    assert catalogue.shelf() == []
    authoring.retire(course, now)
    assert [item.course.slug for item in catalogue.shelf(states=(CourseState.RETIRED,))] == ["tea"]


@pytest.mark.sqlite_only
def test_an_empty_course_is_not_published(app: Flask, now: datetime) -> None:
    with pytest.raises(Refused):
        authoring.publish(authoring.create_course("tea", "茶", now), now)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("slug", ["", "Tea", "a/b", "a b", "-a", "a-", "x" * 81, "../a"])
def test_an_address_takes_only_what_an_address_can(app: Flask, now: datetime, slug: str) -> None:
    with pytest.raises(Refused):
        authoring.create_course(slug, "茶", now)


@pytest.mark.sqlite_only
def test_an_address_is_given_once(app: Flask, now: datetime) -> None:
    authoring.create_course("tea", "茶", now)
    with pytest.raises(Conflict):
        authoring.create_course("tea", "水", now)


def test_a_course_is_found_by_slug_and_by_id(app: Flask, now: datetime) -> None:
    course = new_course(now)
    assert catalogue.find("tea").id == catalogue.find(course.id).id == catalogue.find(str(course.id)).id
    for key in ("absent", "0", "-1", "9" * 30, "１２", str(course.id + 1)):
        with pytest.raises(NotFound):
            catalogue.find(key)


def test_what_is_written_becomes_clean_html_with_the_courses_files(app: Flask, now: datetime) -> None:
    course = new_course(now, 1)
    lesson = catalogue.outline(course).lessons[0]
    authoring.add_asset(course, BytesIO(picture()), "叶.png", now)
    pictures = "![叶](uploads/叶.png) ![x](%E5%8F%B6.png) ![y](absent.png)"
    authoring.edit_lesson(lesson, now, body_source=f"{pictures} [l](../01-a/02-l2.md)\n\n<b onclick=x>y</b>")
    assert lesson.body_html.count('src="/courses/tea/assets/uploads/%E5%8F%B6.png"') == 2
    assert "absent" not in lesson.body_html
    assert 'href="/courses/tea/lessons/l2"' in lesson.body_html
    assert "onclick" not in lesson.body_html


@pytest.mark.sqlite_only
def test_an_upload_is_typed_and_replaced_by_its_name(app: Flask, now: datetime) -> None:
    course = new_course(now, 1)
    lesson = catalogue.outline(course).lessons[0]
    first = authoring.add_asset(course, BytesIO(b"a,b\n"), "../../t.csv", now, lesson=lesson, title="表")
    assert (first.path, first.title, first.media_type) == ("uploads/t.csv", "表", "text/csv")
    again = authoring.add_asset(course, BytesIO(b"a,b,c\n"), "t.csv", now, lesson=lesson)
    assert (again.id, again.size) == (first.id, 6)
    assert [item.id for item in catalogue.files_of(lesson).attachments] == [first.id]
    with pytest.raises(Refused):
        authoring.add_asset(course, BytesIO(b"<svg/>"), "x.svg", now)
    with pytest.raises(Refused):
        authoring.add_asset(course, BytesIO(picture()), "x.pdf", now)


def test_lessons_move_and_their_numbers_follow(app: Flask, now: datetime) -> None:
    course = new_course(now)
    second = authoring.add_module(course, "练习", now)
    lessons = catalogue.outline(course).lessons
    authoring.move_lesson(lessons[0], second, 1, now)
    assert titles(course) == [["L2", "L3"], ["L1"]]
    authoring.move_lesson(lessons[2], second, 2, now)
    assert titles(course) == [["L2"], ["L1", "L3"]]
    authoring.move_module(second, 1, now)
    assert titles(course) == [["L1", "L3"], ["L2"]]
    assert [lesson.position for lesson in catalogue.outline(course).lessons] == [1, 2, 3]


def test_lessons_know_their_neighbours(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    lessons = catalogue.outline(new_course(now)).lessons
    with statements() as seen:
        before, after = catalogue.neighbours(lessons[1])
    assert (before, after) == (lessons[0], lessons[2])
    assert len(seen) == 1
    assert catalogue.neighbours(lessons[0])[0] is None
    assert catalogue.neighbours(lessons[2])[1] is None


def test_deleting_closes_the_gap(app: Flask, now: datetime) -> None:
    course = new_course(now)
    authoring.delete_lesson(catalogue.outline(course).lessons[1], now)
    assert [(lesson.title, lesson.position) for lesson in catalogue.outline(course).lessons] == [("L1", 1), ("L3", 2)]
    module = catalogue.outline(course).chapters[0].module
    with pytest.raises(Refused):
        authoring.delete_module(module, now)
    for lesson in catalogue.outline(course).lessons:
        authoring.delete_lesson(lesson, now)
    authoring.delete_module(module, now)
    assert catalogue.outline(course).chapters == []


@pytest.mark.sqlite_only
def test_edits_are_checked(app: Flask, now: datetime) -> None:
    course = new_course(now, 1)
    lesson = catalogue.outline(course).lessons[0]
    for wrong in (
        {"title": " "},
        {"title": "x" * 201},
        {"link_url": "javascript:x"},
        {"completion": ("time", 0)},
        {"completion": ("coverage", 101)},
    ):
        with pytest.raises(Refused):
            authoring.edit_lesson(lesson, now, **wrong)
    authoring.edit_lesson(
        lesson, now, title=" 新\n题 ", link_url="https://example.org", nominal_seconds=10**9, completion=("time", 60)
    )
    assert (lesson.title, lesson.nominal_seconds, lesson.completion_seconds) == ("新 题", 86_400, 60)
    authoring.edit_course(course, now + timedelta(1), title="新", summary=" s ", language="en", category="c")
    assert (course.title, course.summary, course.updated_at) == ("新", "s", now + timedelta(1))


def test_an_outline_costs_one_statement_at_any_size(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    course = new_course(now, 40)
    db.session.flush()
    db.session.expire_all()
    _ = course.id
    with statements() as seen:
        shape = catalogue.outline(course)
        assert [lesson.title for lesson in shape.lessons] == [f"L{n}" for n in range(1, 41)]
    assert len(seen) == 1


def test_the_shelf_is_searched_word_by_word(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    for slug in ("tea", "coffee"):
        authoring.publish(new_course(now, 1, slug), now)
    with statements() as seen:
        assert [item.course.slug for item in catalogue.shelf("好茶 TEA")] == ["tea"]
    assert len(seen) == 1
    assert len(catalogue.shelf("100%")) == 2
    assert catalogue.shelf("100_") == []
    assert len(catalogue.shelf(category="生活", language="zh_Hans")) == 2
    assert catalogue.shelf(category="x") == []
    assert catalogue.categories() == ["生活"]
    assert len(catalogue.shelf(limit=1, offset=1)) == 1
