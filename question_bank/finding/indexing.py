"""Keeping the indexes in step with the questions: new ones, changed ones, and those that an older version wrote."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from learnhub.kernel.db import db
from question_bank.finding import full_text, likeness
from question_bank.finding.models import QuestionText
from question_bank.finding.texts import words_of
from question_bank.models import Question, QuestionVersion

BATCH = 500


def add(bank_id: int, versions: Iterable[dict[str, object]]) -> None:
    """Make the questions of these new versions (rows as they were inserted) findable."""
    rows = [
        (int(str(one["question_id"])), words_of(str(one["title"]), str(one["stem_html"]), one["content"]))  # type: ignore[arg-type]
        for one in versions
    ]
    full_text.add(rows)
    likeness.add(bank_id, rows)


def change(question: Question, version: QuestionVersion) -> None:
    """Find a question by its new version from now on."""
    full_text.forget([question.id])
    likeness.forget([question.id])
    rows = [(question.id, words_of(version.title, version.stem_html, version.content))]
    full_text.add(rows)
    likeness.add(question.bank_id, rows)


def catch_up(limit: int = BATCH) -> int:
    """Make up to `limit` questions findable that are not yet; gives how many there were."""
    missing = db.session.execute(
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == Question.version_id)
        .outerjoin(QuestionText, QuestionText.question_id == Question.id)
        .where(QuestionText.question_id.is_(None))
        .order_by(Question.id)
        .limit(limit)
    ).all()
    for question, version in missing:
        change(question, version)
    return len(missing)
