"""Somebody writes a question, or a new version of one: it is kept, with whose hand wrote it, and leaves a trace."""

from __future__ import annotations

from datetime import datetime

from learnhub.audit.trail import Actor, record
from learnhub.authorship import hands
from learnhub.authorship.models import Act
from question_bank import authoring
from question_bank.authoring import QuestionDraft
from question_bank.models import Bank, Question, QuestionState, QuestionVersion


def write(bank: Bank, draft: QuestionDraft, actor: Actor, now: datetime, *, as_draft: bool = False) -> Question:
    """A new question of the bank, published at once or kept as a draft that waits for a review."""
    state = QuestionState.DRAFT if as_draft else QuestionState.PUBLISHED
    made = authoring.add_question(bank, draft, now, state)
    hands.note(Act.WROTE, [made.version_id or 0], actor.id, now)
    record(actor, "question.made", "question", made.id, now, bank=bank.slug)
    return made


def revise(
    bank: Bank, question: Question, draft: QuestionDraft, actor: Actor, now: datetime, *, as_in: int | None = None
) -> QuestionVersion:
    """A new version of a question of the bank; `as_in` is the number of the version that it repeats, if it does."""
    version = authoring.revise(question, draft, now)
    hands.note(Act.WROTE, [version.id], actor.id, now)
    repeated = {"as_in": as_in} if as_in else {}
    record(actor, "question.changed", "question", question.id, now, bank=bank.slug, version=version.number, **repeated)
    return version
