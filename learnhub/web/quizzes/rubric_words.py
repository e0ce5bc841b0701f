"""How the points of a rubric become marks, in words: nothing is said where they are the marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import ngettext

from learnhub.web.language import in_marks, say
from learnhub.web.language import translated as _
from question_bank.kinds.rubric import most_points
from question_bank.rubric_rule import rule

Rubric = Sequence[Mapping[str, Any]]


def level_worth(points: str, rubric: Rubric, full: int | None) -> str:
    """What a level is worth: its marks; its points, with their marks beside them where these are others.

    `full` is what the question is worth, in thousandths; None where that is not known.
    """
    thousandths = 1000 * Fraction(points)
    if full is not None and 1000 * most_points(rubric) == full:
        return in_marks(int(thousandths))
    shown = ngettext("%(reached)s point", "%(reached)s points", 1 if points == "1" else 2, reached=points)
    if full is None:
        return str(shown)
    return _(
        "%(points)s (%(marks)s)", points=shown, marks=in_marks(round(thousandths * full / (1000 * most_points(rubric))))
    )


def rubric_rule(rubric: Rubric, full: int | None) -> str:
    """A sentence that says how points become marks; empty where the points are the marks, or there are none."""
    said = rule(rubric, full)
    return str(say(said)) if said else ""
