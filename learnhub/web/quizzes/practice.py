"""The practice page: today's set, this week's, and topics, each with how many were done in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from learnhub.kernel.words import Message
from learnhub.quizzes import attempts, catalogue, series
from learnhub.quizzes.models import Attempt, AttemptState
from learnhub.quizzes.series import Series
from learnhub.web.context import arrived, scope
from learnhub.web.guards import signed_in
from learnhub.web.quizzes.blueprint import area


@dataclass(frozen=True)
class Row:
    """A quiz that comes again: my open attempt, whether this set is done, why I may not begin, and my row of sets."""

    offered: catalogue.Offered
    open: Attempt | None
    done: bool
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


def _row(one: catalogue.Offered, now: datetime) -> Row:
    """A set counts as done once it was handed in, however it went."""
    mine = series.current(one.quiz, one.attempts, now)
    over = series.ends(one.quiz, now)
    return Row(
        one,
        one.open_attempt,
        over is not None and any(each.state == AttemptState.CLOSED for each in mine),
        attempts.why_not(one.quiz, one.attempts, now, one.window),
        series.streak(one.quiz, one.attempts, now),
        over,
    )
