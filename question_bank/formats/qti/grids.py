"""Grids of QTI 2 in which a row has several right columns: a question per row."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.items import Ask, Item
from question_bank.formats.qti.trying import Trial


def is_grid(ask: Ask) -> bool:
    """Whether both sides of a match stand in several of its right pairs."""
    pairs = [tuple(pair.split(" ", 1)) for pair in ask.right]
    return ask.sort == "match" and all(len({pair[side] for pair in pairs}) < len(pairs) for side in (0, 1))


def rows(item: Item, ask: Ask, mark: int) -> list[dict[str, Any]]:
    """The rows as questions of several right options, the columns; `mark` in thousandths is shared out evenly."""
    trial = Trial(item, ask)
    if trial.score(ask.right) <= 0 or len(ask.targets) < 2 or not ask.options:
        raise Refused(_("The right pairs can't be told from the rules of the file."))
    right = {row.id: [two for one, two in (p.split(" ", 1) for p in ask.right) if one == row.id] for row in ask.options}
    if not all(right.values()):
        raise Refused(_("A prompt has no right choice."))
    item.warn(_("A grid with several right choices in a row became a question per row."))
    if not all(trial.score([pair]) > 0 for pair in ask.right):
        item.warn(_("Every part earns its share here; in the file only the whole answer earns."))
    questions = []
    for number, row in enumerate(ask.options, 1):
        share = Fraction(1, len(right[row.id]))
        options = [
            {"html": one.html, "fraction": str(share if one.id in right[row.id] else 0), "feedback_html": ""}
            for one in ask.targets
        ]
        own = mark * number // len(ask.options) - mark * (number - 1) // len(ask.options)
        questions.append(
            {"kind": "multiple_choice", "stem_html": row.html, "mark": own, "content": {"options": options}}
        )
    return questions
