"""A package becomes a course, or brings one up to date; its quizzes are hung where the package says."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from courses import authoring, catalogue, packages
from courses.packages import Reading
from courses.storing import StoredCourse, store
from learnhub.audit import imports
from learnhub.audit.imports import Report
from learnhub.audit.models import Import, ImportState
from learnhub.audit.trail import Actor, record
from learnhub.authorship import works
from learnhub.authorship.models import Work
from learnhub.kernel.db import aside, db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.sql import lock_again
from learnhub.kernel.words import Message, _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope, scope_of
from learnhub.quizzes.models import Quiz

KIND = "course"
Source = str | Path | bytes


def dry_run(source: Source, file_name: str, *, format: str = "auto") -> Report:
    """The report of an import that is not carried out, with the course's outline."""
    with packages.read(source, file_name, format) as reading:
        return report_of(reading)


def report_of(reading: Reading) -> Report:
    """What a package would bring: every lesson counts as imported until it is compared with the course."""
    course = reading.course
    lessons = course.lessons if course is not None else []
    report: Report = {
        "format": reading.format,
        "imported": len(lessons),
        "updated": 0,
        "skipped": 0,
        "refused": [{"where": one.where, "reason": one.reason} for one in reading.refused],
        "warnings": [_placed(one.where, one.reason) for one in reading.warnings],
        "ids": [],
        "undo": None,
    }
    if course is not None:
        report |= {"course": course.slug, "title": course.title}
        report["modules"] = [
            {"title": module.title, "lessons": [{"title": one.title, "kind": str(one.kind)} for one in module.lessons]}
            for module in course.modules
        ]
    return report


def _placed(where: str, reason: Message) -> Message:
    return _("%(where)s: %(reason)s", where=where, reason=reason) if where else reason


def carry_out(
    source: Source, file_name: str, *, format: str = "auto", actor: Actor, unit: Unit, now: datetime
) -> Report:
    """Bring a package at once. A new course is owned by the unit and published.

    A package that can't be read gives a report of what was refused, and nothing is stored.
    """
    with packages.read(source, file_name, format) as reading:
        report = report_of(reading)
        if reading.course is None or not reading.course.lessons:
            return report
        _require_editor(reading.course.slug, actor, unit.id, now)
        row = imports.preview(
            KIND, reading.format, file_name, _digest(source), report, actor, reading.course.slug, unit.id, now
        )
        return _write(row, reading, unit.id, actor, now)


def preview(source: Path, file_name: str, *, format: str = "auto", actor: Actor, unit_id: int, now: datetime) -> Import:
    """Keep a package to be looked at before it is accepted. One that can't be read is refused and not kept.

    It is read while others write, so what was not committed before is rolled back.
    """
    with aside(), packages.read(source, file_name, format) as reading:
        report = report_of(reading)
        if reading.course is None:
            raise Refused(_placed(reading.refused[0].where, reading.refused[0].reason))
        if not reading.course.lessons:
            raise Refused(_("There are no lessons in this package."))
        _require_editor(reading.course.slug, actor, unit_id, now)
        slug, found = reading.course.slug, reading.format
        with source.open("rb") as file:
            digest = house.files.put(file).digest
    report |= {"asked": {"format": format}}
    return imports.preview(KIND, found, file_name, digest, report, actor, slug, unit_id, now)


def accept(row: Import, actor: Actor, now: datetime) -> Report:
    """Write a package that was looked at. Refused when it was accepted before. It is read while others write, as by
    `preview`; then its row is locked."""
    _require_preview(row)
    _require_editor(row.target, actor, int(row.unit_id or 0), now)
    with ExitStack() as kept:
        with aside():
            path, format = kept.enter_context(_kept_file(row)), row.report.get("asked", {}).get("format") or "auto"
            reading = kept.enter_context(packages.read(path, row.file_name, format))
        if reading.course is None:
            raise Refused(_placed(reading.refused[0].where, reading.refused[0].reason))
        lock_again(row)
        _require_preview(row)
        return _write(row, reading, int(row.unit_id or 0), actor, now)


def _require_preview(row: Import) -> None:
    if row.state != ImportState.PREVIEWED:
        raise Refused(_("This import was accepted already."))


@contextmanager
def _kept_file(row: Import) -> Iterator[Path]:
    """The kept package as a file with its own ending, since readers go by it."""
    with TemporaryDirectory(prefix="learnhub-import-") as folder:
        path = Path(folder) / f"package{PurePosixPath(row.file_name).suffix[:10]}"
        with house.files.open(row.file_digest) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        yield path


def _digest(source: Source) -> str:
    """SHA-256 of the file; empty for a folder."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    if Path(source).is_dir():
        return ""
    with Path(source).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_editor(slug: str, actor: Actor, unit_id: int, now: datetime) -> None:
    """Refused unless the actor may edit the course of that slug, or make it when there is none."""
    scope = _scope(actor, now)
    if scope is None:
        return
    course = catalogue.with_slug(slug)
    if course is None:
        works.require_author(scope, unit_id)
    elif not works.may_edit(scope, Work.COURSE, course.id):
        raise Refused(
            _(
                "The address %(slug)s belongs to a course that you don't edit. Give this one another address (slug).",
                slug=slug,
            )
        )


def _scope(actor: Actor, now: datetime) -> Scope | None:
    return scope_of(actor.member.id, now) if actor.member is not None else None


def _write(row: Import, reading: Reading, unit_id: int, actor: Actor, now: datetime) -> Report:
    assert reading.course is not None
    done = store(reading.course, now)
    course = done.course
    if done.created:
        works.own(Work.COURSE, course.id, unit_id, now)
        authoring.publish(course, now)
    moved, missing = _hang_quizzes(done, _scope(actor, now))
    report = report_of(reading)
    kept = [_("%(slug)s: members have worked with this lesson; it stays at the end.", slug=slug) for slug in done.kept]
    report |= {
        "imported": done.imported,
        "updated": done.updated,
        "skipped": done.skipped,
        "warnings": [*report["warnings"], *kept, *missing],
        "ids": [str(course.id)],
        "undo": imports.name_of(row),
    }
    undo: dict[str, Any] = {"created": done.created, "before": done.before, "quizzes": moved}
    imports.accept(row, {**report, "kept": undo}, [course.id], now)
    record(
        actor,
        "import.course",
        "course",
        course.id,
        now,
        unit_id=unit_id,
        file=row.file_name,
        created=done.created,
        undo=report["undo"],
    )
    return report


def _hang_quizzes(done: StoredCourse, scope: Scope | None) -> tuple[dict[str, int | None], list[Message]]:
    """Hang the quizzes that the package names on their lessons: where each hung before, and which there are not."""
    wanted = select(Quiz).where(Quiz.slug.in_(sorted(done.quizzes)))
    if scope is not None:
        wanted = wanted.where(Quiz.unit_id.in_(scope.unit_ids(Permission.AUTHOR)))
    moved: dict[str, int | None] = {}
    missing = set(done.quizzes)
    for quiz in db.session.scalars(wanted) if done.quizzes else ():
        missing.discard(quiz.slug)
        if quiz.lesson_id != done.quizzes[quiz.slug]:
            moved[str(quiz.id)], quiz.lesson_id = quiz.lesson_id, done.quizzes[quiz.slug]
    db.session.flush()
    words = [_("There is no quiz %(slug)s of yours; its lesson has none yet.", slug=slug) for slug in sorted(missing)]
    return moved, words
