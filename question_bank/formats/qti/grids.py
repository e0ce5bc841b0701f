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
    worths = {row.id: [trial.score([f"{row.id} {one}"]) for one in right[row.id]] for row in ask.options}
    adds_up = all(worth > 0 for found in worths.values() for worth in found)
    if not adds_up:
        item.warn(_("Every part earns its share here; in the file only the whole answer earns."))
    full = sum((sum(found) for found in worths.values()), Fraction(0))
    questions, before, reached = [], 0, Fraction(0)
    for number, row in enumerate(ask.options, 1):
        weights = _weights(trial, row.id, ask, right[row.id]) if adds_up else {}
        share = Fraction(1, len(right[row.id]))
        options = [
            {
                "html": one.html,
                "fraction": str(weights.get(one.id, share if one.id in right[row.id] else 0)),
                "feedback_html": "",
            }
            for one in ask.targets
        ]
        reached += sum(worths[row.id], Fraction(0)) / full if adds_up else Fraction(1, len(ask.options))
        until = int(mark * reached) if number < len(ask.options) else mark
        questions.append(
            {"kind": "multiple_choice", "stem_html": row.html, "mark": until - before, "content": {"options": options}}
        )
        before = until
    return questions


def _weights(trial: Trial, row: str, ask: Ask, right: list[str]) -> dict[str, Fraction]:
    """What each column of a row is worth of the row, as far as columns earn or cost by themselves."""
    alone = {one.id: trial.score([f"{row} {one.id}"]) for one in ask.targets}
    whole = sum((alone[one] for one in right), Fraction(0))
    together = trial.score([f"{row} {one}" for one in right])
    others = {
        one.id: trial.score([*(f"{row} {two}" for two in right), f"{row} {one.id}"]) - together
        for one in ask.targets
        if one.id not in right
    }
    return {one: max(alone[one] if one in right else min(others[one], Fraction(0)), -whole) / whole for one in alone}
