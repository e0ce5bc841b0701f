"""Who may see and who may edit which course or bank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from courses.models import Course
from learnhub.authorship import works
from learnhub.authorship.models import CoInstructor, Work
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound
from learnhub.organisations.permissions import Role
from learnhub.organisations.scope import scope_of
from question_bank import authoring
from tests.makers import new_course, new_member, new_staff, small_tree


def test_a_member_sees_the_published_courses_of_their_unit_and_those_above(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for code in ("HQ", "B1", "B1a", "B2"):
        new_course(code.lower(), unit=tree[code])
    scope = scope_of(new_member(tree["B1"]).id, now)
    seen = db.session.scalars(select(Course.slug).where(Course.id.in_(works.visible_courses(scope))))
    assert sorted(seen) == ["b1", "hq"]
    with pytest.raises(NotFound):
        works.visible_course(scope, "b2")


def test_a_draft_is_seen_by_its_editors_only(app: Flask, now: datetime) -> None:
    tree = small_tree()
    course = db.session.get_one(Course, new_course("tea", unit=tree["B1"])[0].course_id)
    course.state = "draft"
    reader, author = new_member(tree["B1"]), new_staff(Role.INSTRUCTOR, tree["B1"])
    with pytest.raises(NotFound):
        works.visible_course(scope_of(reader.id, now), "tea")
    assert works.visible_course(scope_of(author.id, now), course.id) == course


def test_an_instructor_edits_their_unit_and_below_not_above_or_beside(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for code in ("HQ", "B1", "B1a", "B2"):
        bank = authoring.create_bank(code.lower(), code, now)
        works.own(Work.BANK, bank.id, tree[code].id, now)
    scope = scope_of(new_staff(Role.INSTRUCTOR, tree["B1"]).id, now)
    assert [bank.slug for bank in works.editable_banks(scope)] == ["b1", "b1a"]
    with pytest.raises(NotFound):
        works.editable_bank(scope, "hq")
    with pytest.raises(NotAllowed):
        works.require_author(scope, tree["B2"].id)


def test_a_co_instructor_edits_one_course_of_another_unit(app: Flask, now: datetime) -> None:
    tree = small_tree()
    course_id = new_course("tea", unit=tree["B2"])[0].course_id
    new_course("rice", unit=tree["B2"])
    helper = new_member(tree["B1"])
    db.session.add(CoInstructor(work=Work.COURSE, work_id=course_id, member_id=helper.id, since=now))
    scope = scope_of(helper.id, now)
    assert works.may_edit(scope, Work.COURSE, course_id)
    assert [course.slug for course in works.editable_courses(scope)] == ["tea"]


def test_a_work_has_one_owner(app: Flask, now: datetime) -> None:
    tree = small_tree()
    works.own(Work.COURSE, 5, tree["B1"].id, now)
    works.own(Work.COURSE, 5, tree["B2"].id, now)
    assert works.owner_unit_id(Work.COURSE, 5) == tree["B2"].id
    works.disown(Work.COURSE, 5)
    assert works.owner_unit_id(Work.COURSE, 5) is None


def test_new_works_go_to_the_unit_that_an_instructor_belongs_to(app: Flask, now: datetime) -> None:
    tree = small_tree()
    author = new_staff(Role.INSTRUCTOR, tree["B1"])
    assert works.unit_to_own(scope_of(author.id, now)) == tree["B1"]
    assert works.unit_to_own(scope_of(author.id, now), "B1a") == tree["B1a"]
    with pytest.raises(NotFound):
        works.unit_to_own(scope_of(author.id, now), "B2")
    with pytest.raises(NotAllowed):
        works.unit_to_own(scope_of(new_member(tree["B1"]).id, now))


def test_looking_up_costs_one_statement_each(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    tree = small_tree()
    new_course("tea", unit=tree["B1"])
    scope = scope_of(new_staff(Role.INSTRUCTOR, tree["B1"]).id, now)
    for look in (works.visible_course, works.editable_course):
        with statements() as seen:
            look(scope, "tea")
        assert len(seen) == 1
    with statements() as seen:
        works.editable_courses(scope)
    assert len(seen) == 1
