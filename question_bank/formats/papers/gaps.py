"""Numbers that a paper leaves out: a question that stands inside the one before it is told, not swallowed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from learnhub.kernel.words import _
from question_bank.formats.papers.blocks import Block, Section
from question_bank.formats.papers.shapes import narrow

WIDEST_GAP = 30
"""How many numbers may be left out before the next one counts another thing."""


def note_gaps(sections: Sequence[Section]) -> None:
    """Tell of each question whether the next number is missing, and mark those whose text holds it."""
    for section in sections:
        numbered = [block for block in section.blocks if block.number and not block.is_material]
        for block, after in itertools.zip_longest(numbered, numbered[1:]):
            number = (block.number or 0) + 1
            is_missing = after is None or number < (after.number or 0) <= number + WIDEST_GAP
            if is_missing and _holds(block, number):
                block.holds_next = True
            elif is_missing and after is not None and after.style == block.style:
                block.notes.append(
                    _("%(where)s: no question %(n)s was found below this one.", where=block.where, n=number)
                )


def _holds(block: Block, number: int) -> bool:
    """Whether a line of the question goes on with the next number behind an answer, or far from what stands before."""
    begins = re.compile(rf"(?:[)\]】√×✓✗。;]|\s|答案\s*:\s*\S{{1,6}})\s*{number}\s*[.、]\s*(?!\d)(?=\S{{4}})")
    texts = [*block.stem, *block.answer, *(line for one in block.options for line in one.lines)]
    lines = [narrow(line) for text in texts for line in text.split("\n")]
    return any(begins.search(line) and not _counts_to(line, number) for line in lines)


def _counts_to(line: str, number: int) -> bool:
    """Whether the number ends a list that the line counts from 1: `1.贯彻；2.组织；3.检查；4.制止`."""
    counted = [int(found) for found in re.findall(r"(?<![\d.])(\d{1,2})\s*[.、]\s*(?!\d)", line)]
    return number > 2 and counted[:number] == list(range(1, number + 1))
