"""Which questions the answers of a key are for: by their numbers, and by the kind that its heading names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from question_bank.formats.papers import keys
from question_bank.formats.papers.blocks import Block
from question_bank.formats.papers.shapes import narrow


def answers_for(blocks: Sequence[Block], text: str, where: str) -> list[keys.Entry]:
    """`1.A 2.甲` for just these questions, each with its number once; what has options is answered by letters."""
    numbers = [block.number for block in blocks if block.number]
    if len(numbers) < len(blocks) or numbers != sorted(set(numbers)):
        return []
    is_shut = bool(blocks) and all(block.style == "paren" for block in blocks)
    found = keys.for_numbers(text, numbers, where, is_shut=is_shut)
    fits = all(
        len(block.options) < 2 or re.match(r"\s*\(?\s*[A-Ha-h]", narrow("".join(entry.answer)))
        for block, entry in zip(blocks, found, strict=False)
    )
    return found if fits else []


def same_kind(one: str | None, other: str | None) -> bool:
    """Whether a heading of the one kind can mean questions of the other."""
    choices = {"choice", "single_choice", "multiple_choice"}
    return one == other or (one in choices and other == "choice") or (one == "choice" and other in choices)
