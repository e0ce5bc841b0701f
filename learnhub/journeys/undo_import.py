"""An accepted import is taken back: questions leave the bank, a course or a roster's members are put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from courses.models import Course, Lesson
from courses.storing import restore, withdraw
from learnhub.audit import imports
from learnhub.audit.models import Import
from learnhub.audit.trail import Actor, record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.journeys import import_course, import_questions, import_roster
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from learnhub.organisations.scope import Scope, scope_of
from learnhub.quizzes.models import Quiz
from question_bank import authoring


def undo(name: str | int, actor: Actor, now: datetime) -> dict[str, Any]:
    """Take back the import called `import:17` (or 17), once, by who made it or an administrator above.

    Gives what was done: `undone` (the name), `kind`, and how many things went (`withdrawn`) or were put back.
    """
    import_id = imports.id_of(name)
    if actor.member is None:
        row = imports.find(import_id, None, lock=True)
    else:
        row = _found(scope_of(actor.member.id, now), import_id)
    imports.require_standing(row)
    if row.kind == import_questions.KIND:
        result = {"withdrawn": authoring.withdraw(int(one) for one in row.object_ids)}
    elif row.kind == import_course.KIND:
        result = _undo_course(row, now)
    elif row.kind == import_roster.KIND:
        result = import_roster.take_back(row, actor, now)
    else:
        raise Refused(_("An import of this kind can't be taken back."))
    imports.mark_undone(row, now)
    done = {"undone": imports.name_of(row), "kind": row.kind, **result}
    record(actor, "import.undone", "import", row.id, now, unit_id=row.unit_id, file=row.file_name, **result)
    return done


def _found(scope: Scope, import_id: int) -> Import:
    """A roster by the unit whose members it brought, everything else by who brought it."""
    try:
        return import_roster.visible(scope, import_id, lock=True)
    except NotFound:
        row = works.visible_import(scope, import_id, lock=True)
        if row.kind == import_roster.KIND:
            raise
        return row


def _undo_course(row: Import, now: datetime) -> dict[str, Any]:
    if imports.accepted_after(row):
        raise Refused(_("A later import changed this course; take that one back first."))
    kept = row.report["kept"]
    course = db.session.get(Course, int(row.object_ids[0]))
    if course is None:
        return {"withdrawn": 0, "restored": 0}
    _hang_back(kept["quizzes"])
    if not kept["created"]:
        restore(kept["before"], now)
        return {"withdrawn": 0, "restored": 1}
    course_id = course.id
    gone = withdraw(course, now)
    if gone:
        works.disown(Work.COURSE, course_id)
    return {"withdrawn": 1, "restored": 0, "retired": not gone}


def _hang_back(quizzes: dict[str, int | None]) -> None:
    """Quizzes that the import moved go back to the lessons on which they hung."""
    for quiz_id, lesson_id in quizzes.items():
        quiz = db.session.get(Quiz, int(quiz_id))
        if quiz is not None:
            quiz.lesson_id = lesson_id if lesson_id and db.session.get(Lesson, lesson_id) else None
    db.session.flush()
