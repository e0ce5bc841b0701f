"""Courses for members: the catalogue, a course with one's progress, a lesson and its files."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from courses import catalogue
from courses.models import Asset, CompletionRule, Course, CourseState, Lesson
from learnhub.authorship import works
from learnhub.journeys import study_lesson
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.learning import enrolments, played, progress
from learnhub.organisations.permissions import Permission
from learnhub.quizzes.models import Quiz
from learnhub.study_time import beats
from learnhub.web import files
from learnhub.web.context import arrived, me, member_id, scope
from learnhub.web.courses import covers
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _

area = Blueprint("courses", __name__)

MOST_SHOWN = 500
"""Courses on the page of the catalogue; searching finds the others."""

ICONS = {
    "text": "file-earmark-text",
    "video": "play-circle",
    "audio": "headphones",
    "pdf": "file-earmark-pdf",
    "file": "file-earmark",
    "link": "link-45deg",
    "quiz": "pencil-square",
}


@area.get("/courses")
@signed_in
def index() -> ResponseReturnValue:
    """The catalogue: my courses first, then what else is open to me."""
    search = request.args.get("q", "").strip()[:80]
    category = request.args.get("category", "")[:80]
    visible = set(db.session.scalars(works.visible_courses(scope())))
    mine = enrolments.of_member(member_id(), visible)
    taken = {one.course.id for one in mine}
    offered = [one for one in catalogue.shelf(limit=MOST_SHOWN) if one.course.id in visible]
    shelf = [one for one in catalogue.shelf(search, category, limit=MOST_SHOWN) if one.course.id in visible]
    pictures = covers.addresses([one.course for one in shelf] + [one.course for one in mine])
    return render_template(
        "courses/index.html",
        mine=[] if search or category else mine,
        shelf=[one for one in shelf if search or category or one.course.id not in taken],
        covers=pictures,
        search=search,
        category=category,
        categories=sorted({one.course.category for one in offered if one.course.category}),
    )


@area.get("/courses/<slug>")
@signed_in
def course(slug: str) -> ResponseReturnValue:
    """A course: what is in it, how far I am, and where to go on."""
    found, may_edit = works.seen_course(scope(), slug)
    outline = catalogue.outline(found)
    states = progress.of_course(member_id(), found.id)
    enrolment = enrolments.find(member_id(), found.id)
    done = sum(1 for lesson in outline.lessons if _is_done(states, lesson))
    following = next((lesson for lesson in outline.lessons if not _is_done(states, lesson)), None)
    return render_template(
        "courses/course.html",
        course=found,
        outline=outline,
        states=states,
        enrolment=enrolment if enrolment and enrolment.ended_at is None else None,
        done=done,
        total=len(outline.lessons),
        following=following,
        icons=ICONS,
        draft=found.state != CourseState.PUBLISHED,
        may_edit=may_edit,
    )


@area.post("/courses/<slug>/enrolment")
@signed_in
def enrol(slug: str) -> ResponseReturnValue:
    """Take a course and begin with its first lesson."""
    found = works.visible_course(scope(), slug)
    enrolments.enrol(member_id(), found.id, arrived())
    lesson = progress.first_missing(member_id(), found.id)
    if lesson is None:
        return redirect(url_for("courses.course", slug=slug), 303)
    return redirect(url_for("courses.lesson", slug=slug, lesson_slug=lesson.slug), 303)


@area.post("/courses/<slug>/leave")
@signed_in
def leave(slug: str) -> ResponseReturnValue:
    """Take a course off my list; nothing is lost."""
    found = works.visible_course(scope(), slug)
    enrolments.leave(member_id(), found.id, arrived())
    flash(_("The course is off your list. What you did is kept."), "success")
    return redirect(url_for("courses.index"), 303)


@area.get("/courses/<slug>/lessons/<lesson_slug>")
@signed_in
def lesson(slug: str, lesson_slug: str) -> ResponseReturnValue:
    """A lesson: its text, its media, its files, and what comes next."""
    return _lesson_page(works.visible_course(scope(), slug), lesson_slug)


def _lesson_page(found: Course, lesson_slug: str, refusal: str = "") -> ResponseReturnValue:
    item = catalogue.lesson(found, lesson_slug)
    before, after = catalogue.neighbours(item)
    parts = catalogue.files_of(item)
    state = progress.of_lesson(member_id(), item.id)
    quizzes = db.session.scalars(
        select(Quiz).where(
            Quiz.lesson_id == item.id, Quiz.published, Quiz.unit_id.in_(scope().unit_ids(Permission.LEARN))
        )
    ).all()
    page = render_template(
        "courses/lesson.html",
        course=found,
        lesson=item,
        before=before,
        after=after,
        main=parts.main,
        captions=parts.captions,
        attachments=parts.attachments,
        file_url=lambda asset, **more: _file_url(found, asset, **more),
        state=state,
        done=state is not None and state.completed_at is not None,
        coverage=played.percent(state.played, parts.main.seconds or 0) if state and parts.main else 0,
        seconds=beats.lesson_seconds(member_id(), item.id),
        quizzes=quizzes,
        rules=CompletionRule,
        refusal=refusal,
        every=int(beats.EVERY.total_seconds()),
    )
    return page, 422 if refusal else 200


@area.post("/courses/<slug>/lessons/<lesson_slug>/done")
@signed_in
def done(slug: str, lesson_slug: str) -> ResponseReturnValue:
    """I am done with this lesson: go on to the next."""
    found = works.visible_course(scope(), slug)
    item = catalogue.lesson(found, lesson_slug)
    try:
        study_lesson.mark_done(member_id(), item, arrived())
    except Refused as refusal:
        return _lesson_page(found, lesson_slug, str(say(refusal.message)))
    _before, after = catalogue.neighbours(item)
    if after is None:
        flash(_("You have reached the end of the course."), "success")
        return redirect(url_for("courses.course", slug=slug), 303)
    return redirect(url_for("courses.lesson", slug=slug, lesson_slug=after.slug), 303)


@area.get("/courses/<slug>/cover.webp")
@signed_in
def cover(slug: str) -> ResponseReturnValue:
    """The picture of a course, as small as a card shows it."""
    return covers.answer(works.visible_course(scope(), slug))


@area.get("/courses/<slug>/assets/<path:path>")
@signed_in
def asset(slug: str, path: str) -> ResponseReturnValue:
    """A file of a course, by ranges where asked, so that a video can be sought in."""
    found = works.visible_course(scope(), slug)
    item = catalogue.asset(found, path)
    name = PurePosixPath(item.path).name
    return files.deliver(item.digest, name, item.media_type, download="download" in request.args)


def beaten(item: Lesson, body: Any) -> dict[str, Any]:
    """One beat of a lesson's page; what the page shows of it."""
    result = study_lesson.beat(
        me().id, item, body.tab, arrived(), reported=body.played, position=int(body.position or 0)
    )
    return {
        "today_seconds": result.today_seconds,
        "lesson_seconds": result.lesson_seconds,
        "coverage": result.coverage,
        "completed": result.completed,
        "next_beat_seconds": int(beats.EVERY.total_seconds()),
        "server_time": iso(arrived()),
    }


def _is_done(states: dict[int, Any], item: Lesson) -> bool:
    state = states.get(item.id)
    return state is not None and state.completed_at is not None


def _file_url(found: Course, item: Asset, *, download: bool = False) -> str:
    address = url_for("courses.asset", slug=found.slug, path=item.path)
    return f"{address}?download=1" if download else address
