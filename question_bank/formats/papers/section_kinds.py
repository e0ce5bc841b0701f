"""The kind that the heading of a section gives each of its questions, where it fits."""

from __future__ import annotations

from collections.abc import Sequence

from question_bank.formats.fields.answers import blanks_in, says_true_or_false
from question_bank.formats.fields.blanks import fills_blanks
from question_bank.formats.papers.blocks import Block

LONGEST_WORD = 20
"""Characters of what belongs in a blank, below a heading that speaks of texts or of sums."""


def kind_of_section(block: Block) -> str | None:
    """The kind that the heading names; None where it can't be that: the questions of a case may be of any kind."""
    said = block.section.kind
    stem = "\n".join(block.stem)
    if said == "cloze" and not block.options and block.number and blanks_in(stem):
        return "fill_in"
    if said == "essay" and not block.options and "__" in stem and _fills_shortly(stem, block.answer):
        return "fill_in"
    if (
        said == "case"
        or (said == "cloze" and block.options)
        or (said == "essay" and (len(block.options) > 1 or _is_verdict(block.answer)))
    ):
        return None
    return said


def _fills_shortly(stem: str, answer: Sequence[str]) -> bool:
    return len(answer) == 1 and len(answer[0]) <= LONGEST_WORD and fills_blanks(stem, answer[0])


def _is_verdict(answer: list[str]) -> bool:
    return len(answer) == 1 and says_true_or_false(answer[0])
