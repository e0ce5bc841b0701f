"""What the demo's questions rest on, one source of it superseded, and the errors that its members reported."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from learnhub.kernel.clock import local_date
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.quizzes import papers, reports
from learnhub.quizzes.models import Attempt, AttemptState
from question_bank import sources
from question_bank.models import Bank, Category, Question, Source

RULES = "《党政机关公文处理工作条例》"
OLD_RULES = "《国家行政机关公文处理办法》"
LAW = "《中华人民共和国网络安全法》"
FEW, MANY = 2, 12
"""Questions that rest on the superseded source, and on each of the others."""
SAID = (
    ("outdated", "新条例施行以后，这里的说法已经改了，请核对。"),
    ("unclear", "题目可以有两种理解，请改得更明确一些。"),
)


def write(bank: Bank, now: datetime) -> None:
    """Sources with the days from which they hold; the questions of two topics rest on them."""
    today = local_date(now, house.zone)
    rules = sources.write(bank, None, name=RULES, valid_from=date(2012, 7, 1), valid_until=None, today=today)
    law = sources.write(bank, None, name=LAW, valid_from=date(2017, 6, 1), valid_until=None, today=today)
    old = sources.write(
        bank, None, name=OLD_RULES, valid_from=date(2001, 1, 1), valid_until=None, superseded_by=RULES, today=today
    )
    about_notices = _questions(bank, "公文写作")
    _rest_on(old, about_notices[:FEW])
    _rest_on(rules, about_notices[FEW : FEW + MANY])
    _rest_on(law, _questions(bank, "网络安全")[:MANY])
    db.session.flush()


def report(now: datetime) -> None:
    """Members who looked back at what they handed in last say what is wrong with a question."""
    query = select(Attempt).where(Attempt.state == AttemptState.CLOSED, ~Attempt.preview)
    latest = db.session.scalars(query.order_by(Attempt.closed_at.desc(), Attempt.id).limit(len(SAID) * 5)).all()
    for n, (attempt, (reason, text)) in enumerate(zip(latest[::5], SAID, strict=False)):
        slots = papers.slots_of(attempt.layout)
        reports.report(attempt, slots[n % len(slots)].number, reason, text, now - timedelta(hours=5 + 20 * n))


def _questions(bank: Bank, topic: str) -> list[Question]:
    query = select(Question).join(Category, Category.id == Question.category_id)
    return list(
        db.session.scalars(
            query.where(Question.bank_id == bank.id, Category.path.startswith(topic)).order_by(Question.id)
        )
    )


def _rest_on(source: Source, questions: list[Question]) -> None:
    for question in questions:
        question.source_id = source.id
