"""Grids of QTI 2 in which a row has several right columns, and words to sort: a question per row."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.qti.items import Ask, Item, Option
from question_bank.formats.qti.trying import Trial


@dataclass(frozen=True)
class Grid:
    """A match by rows and columns; `turned` when the rows are its second set."""

    rows: list[Option]
    columns: list[Option]
    right: dict[str, list[str]]
    turned: bool

    def pair(self, row: str, column: str) -> str:
        """A cell as the file names it."""
        return f"{column} {row}" if self.turned else f"{row} {column}"


def grid_of(ask: Ask) -> Grid | None:
    """What of a match is a grid: both sides stand in several right pairs, or one does and of the other some in none.

    Words to sort of which one belongs nowhere are such a grid: its rows are what they are sorted into.
    """
    pairs = [(one, two) for one, _space, two in (pair.partition(" ") for pair in ask.right)]
    if ask.sort != "match":
        return None
    left, right = {one for one, _two in pairs}, {two for _one, two in pairs}
    several = (len(left) < len(pairs), len(right) < len(pairs))
    left_over = (len(left) < len(ask.options), len(right) < len(ask.targets))
    turned = several == (False, True) and left_over[0]
    if not (all(several) or turned or (several == (True, False) and left_over[1])):
        return None
    rows, columns = (ask.targets, ask.options) if turned else (ask.options, ask.targets)
    found = {row.id: [pair[0 if turned else 1] for pair in pairs if pair[1 if turned else 0] == row.id] for row in rows}
    return Grid(rows, columns, found, turned)


def questions(item: Item, ask: Ask, grid: Grid, mark: int) -> list[dict[str, Any]]:
    """The rows as questions of several right options, the columns; `mark` in thousandths is shared out evenly."""
    trial = Trial(item, ask)
    if trial.score(ask.right) <= 0 or len(grid.columns) < 2 or not grid.rows:
        raise Refused(_("The right pairs can't be told from the rules of the file."))
    if not all(grid.right.values()):
        raise Refused(_("A prompt has no right choice."))
    item.warn(_("A grid with several right choices in a row became a question per row."))
    worths = {row: [trial.score([grid.pair(row, one)]) for one in found] for row, found in grid.right.items()}
    adds_up = all(worth > 0 for found in worths.values() for worth in found)
    if not adds_up:
        item.warn(_("Every part earns its share here; in the file only the whole answer earns."))
    full = sum((sum(found) for found in worths.values()), Fraction(0))
    made, before, reached = [], 0, Fraction(0)
    for number, row in enumerate(grid.rows, 1):
        right = grid.right[row.id]
        weights = _weights(trial, row.id, grid) if adds_up else {}
        share = Fraction(1, len(right))
        options = [
            {
                "html": one.html,
                "fraction": str(weights.get(one.id, share if one.id in right else 0)),
                "feedback_html": "",
            }
            for one in grid.columns
        ]
        reached += sum(worths[row.id], Fraction(0)) / full if adds_up else Fraction(1, len(grid.rows))
        until = int(mark * reached) if number < len(grid.rows) else mark
        content = {"options": options}
        made.append({"kind": "multiple_choice", "stem_html": row.html, "mark": until - before, "content": content})
        before = until
    return made


def _weights(trial: Trial, row: str, grid: Grid) -> dict[str, Fraction]:
    """What each column of a row is worth of the row, as far as columns earn or cost by themselves."""
    right = grid.right[row]
    alone = {one.id: trial.score([grid.pair(row, one.id)]) for one in grid.columns}
    whole = sum((alone[one] for one in right), Fraction(0))
    all_right = [grid.pair(row, one) for one in right]
    together = trial.score(all_right)
    others = {
        one.id: trial.score([*all_right, grid.pair(row, one.id)]) - together
        for one in grid.columns
        if one.id not in right
    }
    return {one: max(alone[one] if one in right else min(others[one], Fraction(0)), -whole) / whole for one in alone}
