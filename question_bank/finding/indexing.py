"""Keeping the indexes in step with the questions: new ones, changed ones, and those that an older version wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from learnhub.kernel.db import db
from question_bank.finding import full_text, likeness
from question_bank.finding.models import QuestionText
from question_bank.finding.texts import terms_of, words_of
from question_bank.models import Question, QuestionVersion

BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """What the indexes hold of a question: its words, their pieces with spaces between, and the bands that meet a like
    one. It takes most of the work of writing a question, so it is made before anything is locked."""

    words: str
    terms: str
    bands: tuple[int, ...]


def entry_of(title: str, stem_html: str, content: dict[str, Any]) -> Entry:
    """The entry of a question that says this."""
    words = words_of(title, stem_html, content)
    return Entry(words, " ".join(sorted(terms_of(words))), tuple(sorted(set(likeness.bands_of(words)))))


def add(bank_id: int, entries: Sequence[tuple[int, Entry]]) -> None:
    """Make new questions (id, entry) findable."""
    full_text.add([(question_id, entry.words, entry.terms) for question_id, entry in entries])
    likeness.add(bank_id, [(question_id, entry.bands) for question_id, entry in entries])


def change(question: Question, version: QuestionVersion) -> None:
    """Find a question by its new version from now on."""
    full_text.forget([question.id])
    likeness.forget([question.id])
    add(question.bank_id, [(question.id, entry_of(version.title, version.stem_html, version.content))])


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
