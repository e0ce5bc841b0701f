"""From opening a lesson to its points: time is credited, rules are met, the lesson and perhaps the course completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.models import Asset, CompletionRule, Lesson
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.learning import enrolments, played, progress
from learnhub.points import events, ledger
from learnhub.study_time import beats


@dataclass(frozen=True)
class Beaten:
    """What a beat came to: credited today and in this lesson in seconds, played in percent, completed or not."""

    today_seconds: int
    lesson_seconds: int
    coverage: int | None
    completed: bool


def beat(member_id: int, lesson: Lesson, tab: str, now: datetime, *, reported: Any = None, position: int = 0) -> Beaten:
    """A page that shows the lesson says so: credit the time, note what was played, and complete what is complete.

    Looking at a lesson takes the course. Only the server's clock counts; `reported` ranges of media are believed as
    far as the time that passed allows.
    """
    coverage = None
    if reported is not None and lesson.main_asset_id is not None:
        media = db.session.get_one(Asset, lesson.main_asset_id)
        seen, ranges = progress.add_played(member_id, lesson, reported, position, media.seconds, now)
        coverage = played.percent(ranges, media.seconds or 0)
    else:
        seen = progress.see(member_id, lesson, now)
    if seen.first and enrolments.find(member_id, lesson.course_id) is None:
        enrolments.enrol(member_id, lesson.course_id, now)
    unit_id = ledger.earning_unit(member_id, now)
    credit = beats.beat(member_id, tab, lesson.id, lesson.course_id, unit_id, now)
    seconds = beats.lesson_seconds(member_id, lesson.id)
    completed = seen.completed
    if not completed and _is_met(lesson, seconds, coverage):
        completed = _complete(member_id, lesson, lesson.completion_rule, now)
    return Beaten(credit.today_seconds, seconds, coverage, completed)


def _is_met(lesson: Lesson, seconds: int, coverage: int | None) -> bool:
    if lesson.completion_rule == CompletionRule.TIME:
        return seconds >= lesson.completion_seconds
    return lesson.completion_rule == CompletionRule.COVERAGE and (coverage or 0) >= lesson.completion_coverage


def mark_done(member_id: int, lesson: Lesson, now: datetime) -> bool:
    """The member says that the lesson is done; Refused, with what is missing, where the lesson wants more than that."""
    if lesson.completion_rule == CompletionRule.TIME:
        missing = lesson.completion_seconds - beats.lesson_seconds(member_id, lesson.id)
        if missing > 0:
            raise Refused(_("This lesson wants %(n)s more seconds of study time.", n=missing))
    if lesson.completion_rule == CompletionRule.COVERAGE:
        state = progress.of_lesson(member_id, lesson.id)
        media = db.session.get(Asset, lesson.main_asset_id) if lesson.main_asset_id else None
        seen = played.percent(state.played if state else [], (media.seconds if media else None) or 0)
        if media is not None and media.seconds and seen < lesson.completion_coverage:
            raise Refused(
                _(
                    "You have played %(seen)s%% of it; the lesson wants %(wanted)s%%.",
                    seen=seen,
                    wanted=lesson.completion_coverage,
                )
            )
    if lesson.completion_rule == CompletionRule.QUIZ:
        raise Refused(_("This lesson is completed by passing its quiz."))
    return _complete(member_id, lesson, CompletionRule.MARKED, now)


def complete_by_quiz(member_id: int, lesson_id: int, now: datetime) -> bool:
    """A quiz of the lesson was passed; whether that completed it."""
    lesson = db.session.get_one(Lesson, lesson_id)
    return _complete(member_id, lesson, CompletionRule.QUIZ, now)


def _complete(member_id: int, lesson: Lesson, by: str, now: datetime) -> bool:
    if enrolments.find(member_id, lesson.course_id) is None:
        enrolments.enrol(member_id, lesson.course_id, now)
    if not progress.complete(member_id, lesson, by, now):
        return False
    events.happened(
        member_id,
        "lesson_completed",
        f"lesson:{lesson.id}",
        occurred_at=now,
        now=now,
        reason=_("Lesson completed: %(lesson)s", lesson=lesson.title),
    )
    enrolments.complete_if_done(member_id, lesson.course_id, now)
    return True
