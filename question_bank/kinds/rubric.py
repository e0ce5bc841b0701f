"""A rubric: criteria with levels, each level worth points, by which a person marks an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.fractions import decimal
from question_bank.kinds.base import new_key

MOST_CRITERIA = 20
MOST_LEVELS = 12
LONGEST_LINE = 500
"""Characters of a criterion or a level."""
MOST_POINTS = Decimal(1000)
LEVEL_LINE = re.compile(r"\s*([0-9]+(?:[.．][0-9]+)?)\s*(?:分|points?|[:：|、,，])?\s*(.+)", re.I)
"""A level as people write it on a line: its points first, then what is reached."""

Rubric = list[dict[str, Any]]
"""`[{"key", "title", "levels": [{"key", "text", "points": "2"}]}]`."""


def validate(rubric: Any) -> None:
    """Refused unless this is a list of criteria (it may be empty), each with levels and something to earn."""
    if not isinstance(rubric, list) or len(rubric) > MOST_CRITERIA:
        raise Refused(_("A rubric has at most %(n)s criteria.", n=MOST_CRITERIA))
    for criterion in rubric:
        levels = criterion.get("levels") if isinstance(criterion, dict) else None
        if not levels or not isinstance(levels, list) or len(levels) > MOST_LEVELS or not _is_line(criterion, "title"):
            raise Refused(_("A criterion has a name and from one to %(n)s levels.", n=MOST_LEVELS))
        if not all(isinstance(level, dict) and _is_line(level, "text") for level in levels):
            raise Refused(_("A level says what is reached."))
        points = [decimal(str(level.get("points"))) for level in levels]
        if not all(0 <= one <= MOST_POINTS for one in points) or not any(points):
            raise Refused(
                _("The points of a level lie between 0 and %(n)s, and one of them is above 0.", n=MOST_POINTS)
            )


def prepare(rubric: Rubric) -> Rubric:
    """The rubric as it is stored, with keys."""
    taken: set[str] = set()
    return [
        {
            "key": new_key(taken),
            "title": _line(criterion["title"]),
            "levels": [
                {"key": new_key(taken), "text": _line(level["text"]), "points": str(decimal(str(level["points"])))}
                for level in criterion["levels"]
            ],
        }
        for criterion in rubric
    ]


def most_points(rubric: Sequence[Mapping[str, Any]]) -> Fraction:
    """The points of the best level of each criterion together."""
    best = (max(Fraction(str(level["points"])) for level in criterion["levels"]) for criterion in rubric)
    return sum(best, Fraction(0))


def worth(rubric: Rubric, chosen: Mapping[str, str]) -> Fraction:
    """The share of the mark for the levels chosen, by criterion; Refused unless each criterion has one."""
    earned, total = Fraction(0), most_points(rubric)
    for criterion in rubric:
        points = {level["key"]: Fraction(level["points"]) for level in criterion["levels"]}
        if chosen.get(criterion["key"]) not in points:
            raise Refused(_("Choose a level for “%(title)s”.", title=criterion["title"]))
        earned += points[chosen[criterion["key"]]]
    return earned / total if total else Fraction(0)


def _is_line(holder: Mapping[str, Any], name: str) -> bool:
    text = holder.get(name)
    return isinstance(text, str) and bool(text.strip()) and len(text) <= LONGEST_LINE


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())
