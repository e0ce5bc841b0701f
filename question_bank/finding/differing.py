"""Two questions beside each other, with the words in which they differ marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from learnhub.kernel.markup import text_of
from question_bank.finding.texts import is_han

LONGEST = 4_000
"""Characters of a question that are compared word by word."""
_PIECE = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """Some words of a text, and whether the other text has them not."""

    text: str
    differs: bool


def text_for_people(title: str, stem_html: str, content: dict[str, Any]) -> str:
    """What a question says, a line for each of its parts: its name, what it asks, options and answers with weights."""
    lines = [title, text_of(stem_html), *_lines(content)]
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())[:LONGEST]


def in_order_of(content: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The content with its options and pairs in the order of another's: where they stand makes no difference."""
    aligned = dict(content)
    for name in ("options", "pairs"):
        mine, theirs = content.get(name), other.get(name)
        if isinstance(mine, list) and isinstance(theirs, list):
            place = {text_of(one["html"]): n for n, one in enumerate(theirs)}
            aligned[name] = sorted(mine, key=lambda one: place.get(text_of(one["html"]), len(place)))
    return aligned


def _lines(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _lines(one, name)
    elif isinstance(value, dict):
        told = [_told(key, value[key]) for key in value if key in _SHOWN and isinstance(value[key], str | int)]
        if any(told):
            yield " ".join(one for one in told if one)
        for key, inner in value.items():
            if isinstance(inner, list | dict):
                yield from _lines(inner, key)


_SHOWN = ("html", "match_html", "text", "stem_html", "value", "low", "high", "tolerance", "unit", "fraction", "answer")


def _told(name: str, value: str | int) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if name == "fraction":
        return {"0": "", "1": "✓"}.get(str(value), f"✓ {value}")
    return text_of(value) if isinstance(value, str) and "<" in value else str(value)


def marked(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; Chinese is compared sign by sign, everything else word by word."""
    left, right = _pieces(one), _pieces(other)
    found: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for side, words in zip(found, ("".join(left[a:b]), "".join(right[c:d])), strict=True):
            if words:
                side.append(Piece(words, tag != "equal"))
    return found


def _pieces(text: str) -> list[str]:
    return [part for word in _PIECE.findall(text) for part in ([word] if not any(map(is_han, word)) else list(word))]
