"""Word files in the form of text2qti, as converters for Canvas take them: `*b)`, `[*]`, `= 3 +- 0.1`, `____`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.papers import text2qti
from question_bank.formats.papers.blocks import Line
from question_bank.formats.reading import Reading

_SURE = re.compile(r"^(?:quiz title\s*:|\[\*\]\s+\S|=\s*\[?-?\d)", re.IGNORECASE | re.MULTILINE)
_OF_OTHERS = re.compile(r"^\s*(?:Type|Category)\s*:|^\s*[@~]\s", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(r"line (\d+)")


def is_quiz_of_text2qti(text: str) -> bool:
    """Whether the lines of a document are such a quiz, by a sign that no paper has."""
    return _SURE.search(text) is not None and _OF_OTHERS.search(text) is None and text2qti.looks_like(text)


def read_quiz(reading: Reading, lines: Sequence[Line]) -> None:
    """Add the questions of such a quiz to a reading, each with its paragraph for its place."""
    found = text2qti.read("\n".join(line.text for line in lines), reading.format)

    def place(where: str) -> str:
        number = _LINE.match(where)
        return lines[int(number.group(1)) - 1].where if number and int(number.group(1)) <= len(lines) else where

    reading.questions += [replace(draft, where=place(draft.where)) for draft in found.questions]
    reading.refused += [replace(one, where=place(one.where)) for one in found.refused]
    reading.warnings += found.warnings
