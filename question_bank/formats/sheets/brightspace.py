"""Brightspace's CSV of questions: a block of lines for each, the name of a field first: `Option,100,copper`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO

from learnhub.kernel.delimited import lines
from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.fields.rows import Row
from question_bank.formats.sheets.blackboard_lines import LETTERS, PAIR
from question_bank.typed_text import number

_KINDS = {
    "MC": "single_choice",
    "MS": "multiple_choice",
    "TF": "true_false",
    "SA": "short_answer",
    "WR": "essay",
    "M": "matching",
    "O": "ordering",
}
_BEGINS = "newquestion"
MOST_ROWS = 100_000


@dataclass
class _Block:
    """The lines of one question by the names of their fields, each without its name."""

    where: str
    code: str
    said: dict[str, list[list[str]]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return next((cells[0] for cells in self.said.get(name, []) if cells), "")

    def texts(self, name: str, at: int = 0) -> list[str]:
        return [cells[at] for cells in self.said.get(name, []) if len(cells) > at and cells[at]]


def looks_like(text: str) -> bool:
    """Whether the first line that is no comment begins a question."""
    head = "\n".join(text.lstrip("\ufeff").split("\n", 400)[:400])
    try:
        for row in csv.reader(StringIO(head, newline="")):
            if any(row) and not row[0].lstrip().startswith("//"):
                return row[0].strip().casefold() == _BEGINS and len(row) > 1
    except csv.Error:
        return False
    return False


def rows_of(text: str) -> list[tuple[str, Callable[[], Row]]]:
    """For each question its place, and what makes its row; that refuses what can't be read."""
    blocks: list[_Block] = []
    for row, where in zip(*lines(text.lstrip("\ufeff"), ",", MOST_ROWS), strict=True):
        name, *cells = [cell.strip() for cell in row] or [""]
        if name.casefold() == _BEGINS:
            blocks.append(_Block(where, (cells[0] if cells else "").upper()))
        elif name and blocks and not name.startswith("//"):
            blocks[-1].said.setdefault(name.casefold(), []).append(cells)
    return [(block.where, _reader(block)) for block in blocks]


def _reader(block: _Block) -> Callable[[], Row]:
    return lambda: _row(block)


def _row(block: _Block) -> Row:
    if block.code not in _KINDS:
        raise Refused(_("The type %(name)s is not known.", name=block.code[:40]))
    row = Row(block.where, block.first("questiontext"), _KINDS[block.code], mark=block.first("points"))
    row.explanation = block.first("feedback")
    row.hints = block.texts("hint")
    if block.code in {"MC", "MS"}:
        row.options = dict(zip(LETTERS, block.texts("option", 1), strict=False))
        row.flags = [letter for letter, is_right in zip(row.options, _right(block), strict=False) if is_right]
    elif block.code == "TF":
        worth = {name: number(block.first(name)) for name in ("true", "false")}
        row.answer = next((name for name, weight in worth.items() if weight), "")
    elif block.code == "SA":
        if any("regexp" in [cell.casefold() for cell in cells[2:]] for cells in block.said.get("answer", [])):
            raise Refused(_("Answers by a regular expression are refused."))
        row.options = dict(zip(LETTERS, block.texts("answer", 1), strict=False))
    elif block.code == "WR":
        row.answer = block.first("answerkey")
    elif block.code == "O":
        row.options = dict(zip(LETTERS, block.texts("item"), strict=False))
    else:
        row.options = dict(zip(LETTERS, _pairs(block), strict=False))
    return row


def _right(block: _Block) -> list[bool]:
    """Which options are right; refused where some are worth a part, which a table of this kind can't keep."""
    cells = [cells for cells in block.said.get("option", []) if len(cells) > 1 and cells[1]]
    weights = [number(cells[0]) or Decimal(0) for cells in cells]
    if len({weight for weight in weights if weight}) > 1 or any(weight < 0 for weight in weights):
        raise Refused(_("Options are worth different parts of the mark; write this question anew."))
    return [weight > 0 for weight in weights]


def _pairs(block: _Block) -> Sequence[str]:
    """Choices with the match of their number; a match without a choice belongs to nothing."""
    choices = {cells[0]: cells[1] for cells in block.said.get("choice", []) if len(cells) > 1}
    matches = {cells[0]: cells[1] for cells in block.said.get("match", []) if len(cells) > 1}
    if not set(choices) <= set(matches):
        raise Refused(_("A prompt has no right choice."))
    return [PAIR.join((choices.get(name, ""), match)).strip() for name, match in matches.items()]
