"""The practice page: today's set, this week's, and topics, each with how many were done in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from learnhub.kernel.words import Message, _
from learnhub.quizzes import attempts, catalogue, series
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.quizzes.series import Series
from learnhub.web.context import arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.quizzes.blueprint import area


@dataclass(frozen=True)
class Row:
    """A quiz that comes again: my open attempt, how its set stands, why I may not begin, and my row of sets."""

    offered: catalogue.Offered
    open: Attempt | None
    badge: tuple[Message, str] | None
    why_not: Message | None
    streak: int
    ends: datetime | None


@area.get("/practice")
@signed_in
def practice() -> ResponseReturnValue:
    """What there is to practise: of today, of this week, by topic."""
    found = [_row(one, arrived()) for one in catalogue.offered(scope()) if one.quiz.series]
    by = {name: [row for row in found if row.offered.quiz.series == name] for name in (*Series,) if name}
    return render_template("quizzes/practice.html", today=by["daily"], week=by["weekly"], topics=by["topic"])


def set_badge(
    quiz: Quiz, made: Sequence[Attempt], why_not: Message | None, now: datetime
) -> tuple[Message, str] | None:
    """How this day's or week's set stands, in words with their tone; None for a quiz without sets.

    The list of quizzes and the practice page both ask here, so that they say the same; of one that is still to do
    the list says for when it is, as its heading says the rest.
    """
    match series.is_done(quiz, made, now):
        case True:
            return _("done"), "success"
        case False:
            return (_("not open"), "neutral") if why_not else (_("to do"), "brand")
    return None


def _row(one: catalogue.Offered, now: datetime) -> Row:
    why_not = attempts.why_not(one.quiz, one.attempts, now, one.window)
    done = series.is_done(one.quiz, one.attempts, now)
    badge = set_badge(one.quiz, one.attempts, why_not, now)
    return Row(
        one,
        one.open_attempt,
        badge or ((_("not open"), "neutral") if why_not else None),
        None if done else why_not,
        series.streak(one.quiz, one.attempts, now),
        series.ends(one.quiz, now),
    )
