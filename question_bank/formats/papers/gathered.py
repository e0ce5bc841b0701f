"""What gathering finds in a paper: its parts, their questions, the entries of its keys, and what fits nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from learnhub.kernel.words import Message
from question_bank.formats.papers import keys
from question_bank.formats.papers.blocks import Line, Section


class KeyPart(NamedTuple):
    """A part of a key: the kind and the chapter that its headings name, its entries, how many sections are above."""

    kind: str | None
    category: str
    entries: list[keys.Entry]
    sections: int


@dataclass
class Gathered:
    """A paper in blocks: its sections, the entries of its keys by section, and the lines that fit nowhere."""

    sections: list[Section] = field(default_factory=lambda: [Section()])
    unplaced: list[Line] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    key: list[KeyPart] = field(default_factory=list)
