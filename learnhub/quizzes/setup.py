"""Setting a quiz up: its paper is tried before it is kept, so that a member never meets one that can't be drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.ids import new_id
from learnhub.kernel.markup import sanitize_html
from learnhub.kernel.words import _
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.quizzes import access, papers, review
from learnhub.quizzes.models import Counts, Mode, Quiz
from learnhub.quizzes.pace import Navigation
from learnhub.quizzes.series import Series
from learnhub.quizzes.tries import Behaviour
from question_bank.fractions import fraction
from question_bank.kinds.multiple_choice import MARKINGS
from question_bank.versions import versions_by_id

LONGEST_LIMIT = 24 * 3600
MOST_ATTEMPTS = 100
MOST_TRIES = 10
SHORTEST_QUESTION, LONGEST_QUESTION = 5, 3600
"""Seconds."""
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


@dataclass(frozen=True)
class Settings:
    """Everything that an author decides. Times are instants, lengths seconds; `paper` as in `Quiz.paper`."""

    title: str
    paper: dict[str, Any]
    introduction_html: str = ""
    mode: str = Mode.TEST
    lesson_id: int | None = None
    published: bool = True
    time_limit_seconds: int | None = None
    grace_seconds: int = 5
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    attempts_allowed: int | None = None
    wait_seconds: int = 0
    counts: str = Counts.BEST
    pass_percent: int = 60
    shuffle_questions: bool = False
    shuffle_options: bool = True
    questions_per_page: int = 5
    multiple_marking: str = "all_or_nothing"
    review: dict[str, Any] = field(default_factory=dict)
    navigation: str = Navigation.FREE
    series: str = Series.NONE
    same_for_all: bool = True
    question_seconds: int | None = None
    behaviour: str = Behaviour.AT_END
    tries: int = 1
    penalty: str = "0"
    access_code: str = ""
    addresses: list[str] = field(default_factory=list)


def create_quiz(unit: Unit, settings: Settings, now: datetime, *, slug: str = "") -> Quiz:
    """A new quiz of a unit; it reaches that unit and all below. Refused when its settings or paper can't be."""
    _check(settings, now)
    units.require_open(unit.id)
    quiz_id = new_id()
    quiz = Quiz(id=quiz_id, slug=_free_slug(slug) if slug else f"q{quiz_id:x}", unit_id=unit.id, created_at=now)
    _apply(quiz, settings)
    db.session.add(quiz)
    db.session.flush()
    return quiz


def change_quiz(quiz: Quiz, unit: Unit, settings: Settings, now: datetime | None = None) -> None:
    """Change a quiz. Attempts that were started keep the paper, the deadline and the marking they began with."""
    _check(settings, now)
    if quiz.unit_id != unit.id:
        units.require_open(unit.id)
    quiz.unit_id = unit.id
    _apply(quiz, settings)
    db.session.flush()


def _apply(quiz: Quiz, settings: Settings) -> None:
    for name in settings.__dataclass_fields__:
        setattr(quiz, name, getattr(settings, name))
    quiz.title = " ".join(settings.title.split())[:200]
    quiz.introduction_html = sanitize_html(settings.introduction_html)
    quiz.access_code = settings.access_code.strip()
    quiz.addresses = access.ranges_of("\n".join(settings.addresses))


def _free_slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        raise Refused(_("A quiz's short name is made of small letters, digits and hyphens."))
    if db.session.scalar(select(Quiz.id).where(Quiz.slug == slug)) is not None:
        raise Refused(_("There is already a quiz called %(slug)s.", slug=slug))
    return slug


def _check(settings: Settings, now: datetime | None) -> None:
    if not settings.title.strip():
        raise Refused(_("The quiz has no title."))
    limit = settings.time_limit_seconds
    if limit is not None and not 1 <= limit <= LONGEST_LIMIT:
        raise Refused(_("A time limit lies between one second and one day."))
    if settings.opens_at and settings.closes_at and settings.opens_at >= settings.closes_at:
        raise Refused(_("The quiz closes before it opens."))
    if settings.attempts_allowed is not None and not 1 <= settings.attempts_allowed <= MOST_ATTEMPTS:
        raise Refused(_("A quiz allows between 1 and %(n)s attempts, or any number.", n=MOST_ATTEMPTS))
    if not 0 <= settings.pass_percent <= 100:
        raise Refused(_("The pass mark lies between 0 and 100 percent."))
    if not 0 <= settings.questions_per_page <= 100:
        raise Refused(_("A page shows between 1 and 100 questions, or all of them."))
    if not 0 <= settings.grace_seconds <= 120 or settings.wait_seconds < 0:
        raise Refused(_("A waiting time is not below zero, and the grace at most two minutes."))
    if settings.multiple_marking not in MARKINGS:
        raise Refused(_("There is no such way to mark multiple choice."))
    if len(settings.access_code.strip()) > access.LONGEST_CODE:
        raise Refused(_("An access code has at most %(n)s characters.", n=access.LONGEST_CODE))
    access.ranges_of("\n".join(settings.addresses))
    Mode(settings.mode), Counts(settings.counts), Navigation(settings.navigation), Series(settings.series)
    _check_tries(settings)
    _check_question_time(settings)
    for at, items in settings.review.items():
        review.Moment(at), [review.Item(item) for item in items]
    check_paper(settings.paper, local_date(now, house.zone) if now else None)


def _check_tries(settings: Settings) -> None:
    """Refused when answers can't be checked in that way during an attempt."""
    behaviour = Behaviour(settings.behaviour)
    if behaviour == Behaviour.AT_END:
        return
    if settings.mode == Mode.EXAM:
        raise Refused(_("An exam says nothing before its end. Choose practice or test to check answers at once."))
    if behaviour == Behaviour.TRIES and not 2 <= settings.tries <= MOST_TRIES:
        raise Refused(_("A question has between 2 and %(n)s tries.", n=MOST_TRIES))
    if not 0 <= fraction(settings.penalty) <= 1:
        raise Refused(_("A further try takes off between 0 and 100 percent."))
    if behaviour == Behaviour.CHALLENGE:
        chosen = papers.choose(settings.paper, seed=0)
        papers.require_marked_at_once(versions_by_id(one.version_id for one in chosen))


def _check_question_time(settings: Settings) -> None:
    """Refused when questions can't have that time of their own."""
    if settings.question_seconds is None:
        return
    if not SHORTEST_QUESTION <= settings.question_seconds <= LONGEST_QUESTION:
        raise Refused(_("A question's time lies between 5 seconds and one hour."))
    if settings.navigation != Navigation.SEQUENTIAL and settings.behaviour != Behaviour.CHALLENGE:
        raise Refused(_("A time for each question needs a paper with no way back. Choose that way through, too."))


def check_paper(paper: dict[str, Any], on: date | None = None) -> int:
    """Draw the paper once, for trial, as on that day: the number of its questions.

    Refused, with the reason, when it can't be.
    """
    for question in paper.get("questions", []):
        if not 0 <= int(question["mark"]) <= papers.LARGEST_MARK:
            raise Refused(_("A mark lies between 0 and 1000."))
    chosen = papers.choose(paper, seed=0, on=on)
    if len({one.question_id for one in chosen}) < len(chosen):
        raise Refused(_("A question stands on the paper twice."))
    return len(chosen)
