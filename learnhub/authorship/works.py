"""Who may see and who may edit which course or bank: every list and every look-up of them passes here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import defer

from courses.models import Course, CourseState, Lesson
from learnhub.audit import imports
from learnhub.audit.models import Import
from learnhub.authorship.models import CoInstructor, Ownership, Work
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed, NotFound
from learnhub.kernel.sql import upsert
from learnhub.kernel.words import _
from learnhub.organisations import roles, units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope
from question_bank.models import Bank


def own(work: Work, work_id: int, unit_id: int, now: datetime) -> None:
    """Give a course or bank to an open unit; a work has one owner."""
    units.require_open(unit_id)
    made = upsert(Ownership.__table__).values(work=work, work_id=work_id, unit_id=unit_id, since=now)
    db.session.execute(
        made.on_conflict_do_update(index_elements=["work", "work_id"], set_={"unit_id": unit_id, "since": now})
    )


def disown(work: Work, work_id: int) -> None:
    """A work is gone: nobody owns it or edits it any more."""
    for model in (CoInstructor, Ownership):
        db.session.query(model).filter_by(work=work, work_id=work_id).delete()


def owner_unit_id(work: Work, work_id: int) -> int | None:
    """The unit that owns a work."""
    return db.session.scalar(select(Ownership.unit_id).where(Ownership.work == work, Ownership.work_id == work_id))


def editable_ids(scope: Scope, work: Work) -> Select[int]:
    """A sub-query of the works that a member may edit: owned within their reach as an instructor, or named on them."""
    return select(Ownership.work_id).where(
        Ownership.work == work,
        or_(
            Ownership.unit_id.in_(scope.unit_ids(Permission.AUTHOR)),
            exists().where(
                CoInstructor.work == work,
                CoInstructor.work_id == Ownership.work_id,
                CoInstructor.member_id == scope.member_id,
            ),
        ),
    )


def editors(work: Work, work_id: int, now: datetime) -> set[int]:
    """The members who look after a work: who is named on it, and the instructors of the unit that owns it.

    Where the unit has none, those of the nearest unit above that has.
    """
    named = set(
        db.session.scalars(
            select(CoInstructor.member_id).where(CoInstructor.work == work, CoInstructor.work_id == work_id)
        )
    )
    unit_id = owner_unit_id(work, work_id)
    return named | (roles.nearest_holders(Permission.AUTHOR, unit_id, now) if unit_id else set())


def may_edit(scope: Scope, work: Work, work_id: int) -> bool:
    """Whether a member may edit a work."""
    wanted = editable_ids(scope, work).where(Ownership.work_id == work_id)
    return db.session.scalar(wanted) is not None


def visible_courses(scope: Scope) -> Select[int]:
    """A sub-query of the courses that a member may see: published by a unit that reaches them, or editable."""
    return select(Course.id).where(_visible(scope, _editable(scope)))


def _editable(scope: Scope) -> ColumnElement[bool]:
    return Course.id.in_(editable_ids(scope, Work.COURSE))


def _visible(scope: Scope, editable: ColumnElement[bool]) -> ColumnElement[bool]:
    offered = select(Ownership.work_id).where(
        Ownership.work == Work.COURSE, Ownership.unit_id.in_(scope.unit_ids(Permission.LEARN))
    )
    return or_(Course.id.in_(offered) & (Course.state == CourseState.PUBLISHED), editable)


def visible_course(scope: Scope, key: str | int) -> Course:
    """The course of that slug or id if the member may see it; otherwise NotFound, as if there were none."""
    return _course(select(Course).where(_named(Course, key), _visible(scope, _editable(scope))))


def seen_course(scope: Scope, key: str | int) -> tuple[Course, bool]:
    """As `visible_course`, and whether the member may edit it; one statement."""
    editable = _editable(scope)
    row = db.session.execute(
        select(Course, editable).where(_named(Course, key), _visible(scope, editable))
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such course in your reach."))
    return row[0], bool(row[1])


def seen_lesson(scope: Scope, lesson_id: int) -> Lesson:
    """The lesson of that id, its text not loaded, if the member may see its course; one statement."""
    wanted = select(Lesson).join(Course, Course.id == Lesson.course_id)
    lesson = db.session.scalar(
        wanted.where(Lesson.id == lesson_id, _visible(scope, _editable(scope))).options(
            defer(Lesson.body_source), defer(Lesson.body_html)
        )
    )
    if lesson is None:
        raise NotFound(_("There is no such lesson in your reach."))
    return lesson


def editable_course(scope: Scope, key: str | int) -> Course:
    """The course of that slug or id if the member may edit it."""
    return _course(select(Course).where(_named(Course, key), Course.id.in_(editable_ids(scope, Work.COURSE))))


def editable_courses(scope: Scope) -> list[Course]:
    """The courses that a member may edit, the one changed last first."""
    wanted = select(Course).where(Course.id.in_(editable_ids(scope, Work.COURSE)))
    return list(db.session.scalars(wanted.order_by(Course.updated_at.desc(), Course.id)))


def editable_bank(scope: Scope, key: str | int) -> Bank:
    """The bank of that slug or id if the member may edit it; otherwise NotFound."""
    bank = db.session.scalar(select(Bank).where(_named(Bank, key), Bank.id.in_(editable_ids(scope, Work.BANK))))
    if bank is None:
        raise NotFound(_("There is no such bank in your reach."))
    return bank


def editable_banks(scope: Scope) -> list[Bank]:
    """The banks that a member may edit, by title."""
    return list(
        db.session.scalars(
            select(Bank).where(Bank.id.in_(editable_ids(scope, Work.BANK))).order_by(Bank.title, Bank.id)
        )
    )


def visible_import(scope: Scope, import_id: int, *, lock: bool = False) -> Import:
    """An import that the member made, or that an administrator's reach covers; otherwise NotFound."""
    return imports.find(import_id, scope.member_id, _administered(scope), lock=lock)


def visible_imports(scope: Scope, limit: int = 20) -> list[Import]:
    """The newest imports that the member made, or that an administrator's reach covers."""
    return imports.latest(scope.member_id, _administered(scope), limit)


def _administered(scope: Scope) -> Select[int] | None:
    return scope.unit_ids(Permission.ADMINISTER) if scope.has(Permission.ADMINISTER) else None


def unit_to_own(scope: Scope, code: str = "") -> Unit:
    """The unit that will own something new: the one named, else the member's own, else the first they may author in.

    NotFound when the named one is out of reach, NotAllowed when the member authors nowhere.
    """
    if code:
        return scope.unit(Permission.AUTHOR, code)
    own = next((unit_id for unit_id in scope.own_unit_ids if scope.reaches(Permission.AUTHOR, unit_id)), None)
    chosen = own or next(iter(scope.roots(Permission.AUTHOR)), None)
    if chosen is None:
        raise NotAllowed(_("Only instructors make courses and banks."))
    return db.session.get_one(Unit, chosen)


def require_author(scope: Scope, unit_id: int) -> None:
    """NotAllowed unless the member may give new works to this unit."""
    if not scope.reaches(Permission.AUTHOR, unit_id):
        raise NotAllowed(_("You are not an instructor of this unit."))


def _named(model: type[Course] | type[Bank], key: str | int) -> ColumnElement[bool]:
    return model.id == key if isinstance(key, int) else model.slug == key


def _course(wanted: Select[Course]) -> Course:
    course = db.session.scalar(wanted)
    if course is None:
        raise NotFound(_("There is no such course in your reach."))
    return course
