"""How the points of a rubric become marks, as pages and printed keys say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from learnhub.kernel.words import Message, _
from question_bank.kinds.rubric import most_points
from question_bank.paper_parts import in_marks


def rule(rubric: Sequence[Mapping[str, Any]], full: int | None) -> Message | None:
    """A sentence that says how points become marks; none where the points are the marks, or there are none.

    `full` is what the question is worth, in thousandths; None where that is not known.
    """
    most = most_points(rubric)
    if full is None or not most or 1000 * most == full:
        return None
    return _(
        "The rubric has %(points)s points in all and the question is worth %(marks)s: the share of the points reached "
        "is the share of the marks. One point counts %(each)s.",
        points=f"{float(most):g}",
        marks=in_marks(full),
        each=in_marks(round(full / most)),
    )
