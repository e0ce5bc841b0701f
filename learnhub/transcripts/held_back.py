"""Marks that the review rules do not show a member yet: no paper about them may tell what their page does not."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from learnhub.kernel.db import db
from learnhub.quizzes import attempts, review
from learnhub.quizzes.models import Attempt, AttemptState, Mode, Quiz
from learnhub.quizzes.review import Item
from learnhub.transcripts.spans import Span


def held_back(member_id: int, span: Span) -> frozenset[int]:
    """The ids of a member's attempts whose marks the member may not see at the moment of the span; one statement.

    Staff see them on the sheets of their units: a transcript speaks for the member and waits.
    """
    made: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in db.session.scalars(
        select(Attempt)
        .join(Attempt.quiz)
        .options(*attempts.LIGHT, contains_eager(Attempt.quiz))
        .where(Attempt.member_id == member_id, Attempt.preview.is_(False), Quiz.mode != Mode.PRACTICE)
        .order_by(Attempt.number)
    ):
        made[attempt.quiz_id].append(attempt)
    return frozenset(
        one.id
        for same in made.values()
        for one in same
        if one.state == AttemptState.CLOSED and Item.MARK not in _shown(one, same, span)
    )


def _shown(attempt: Attempt, made: list[Attempt], span: Span) -> frozenset[Item]:
    left = attempts.attempts_left(attempt.quiz, made)
    return review.of_attempt(attempt.quiz, attempt, left, span.as_at)
