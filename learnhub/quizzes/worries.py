"""What an author should know of a quiz before its members: no paper can be drawn, a source of its questions is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import Message, _, n_
from learnhub.quizzes import setup
from learnhub.quizzes.models import Quiz
from question_bank import sources
from question_bank.models import Question, Source


def of_quiz(quiz: Quiz, now: datetime) -> list[Message]:
    """What stands against the quiz today, a sentence each; nothing for one that is closed."""
    return [] if quiz.closes_at is not None and quiz.closes_at <= now else list(_found(quiz, now))


def _found(quiz: Quiz, now: datetime) -> Iterator[Message]:
    day = local_date(now, house.zone)
    banks = [int(bank) for bank in quiz.paper.get("banks", [])]
    if "blueprint" in quiz.paper:
        if not any(sources.count_stale(banks, day).values()):
            return
        try:
            setup.check_paper(quiz.paper, day)
        except Refused as refusal:
            yield _("Nobody can start this quiz: %(why)s", why=refusal.message)
        return
    over = _resting_on_sources_over(quiz, day)
    if over:
        yield n_(
            "%(n)s question of this quiz rests on a source that is over. Members get it until you change the quiz.",
            "%(n)s questions of this quiz rest on a source that is over. Members get them until you change the quiz.",
            over,
        )


def _resting_on_sources_over(quiz: Quiz, day: date) -> int:
    asked = [int(one["id"]) for one in quiz.paper.get("questions", [])]
    query = (
        select(func.count())
        .select_from(Question)
        .join(Source, Source.id == Question.source_id)
        .where(Question.id.in_(asked), sources.stale_on(day))
    )
    return db.session.scalar(query) or 0
