"""Two versions of a question beside each other: which words went, which came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction
from typing import Any

from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from question_bank.models import QuestionVersion

MOST_TOKENS = 4_000
"""Words and characters of one text that are compared one by one; longer texts are compared line by line."""
_TOKEN = re.compile(r"[^\W\d_\u2e80-\u9fff]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_KEYS = frozenset({"key", "match_key"})


class Piece(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


Pieces = list[tuple[Piece, str]]


@dataclass(frozen=True)
class Difference:
    """A part of a question in two versions: what it is, and its pieces on either side."""

    label: Message
    old: Pieces
    new: Pieces

    @property
    def differs(self) -> bool:
        """Whether anything went or came."""
        return any(piece is not Piece.SAME for piece, _text in (*self.old, *self.new))


def between(old: QuestionVersion, new: QuestionVersion) -> list[Difference]:
    """The parts of two versions, name to mark, whether they differ or not; parts that neither has are left out."""
    return [
        Difference(label, *compare(one, other))
        for (label, one), (_label, other) in zip(_parts(old), _parts(new), strict=True)
        if one or other
    ]


def compare(old: str, new: str) -> tuple[Pieces, Pieces]:
    """The pieces of two texts: words in alphabets, each character in Chinese, numbers whole."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(left), len(right)) > MOST_TOKENS:
        left, right = _LINE.findall(old), _LINE.findall(new)
    before: Pieces = []
    after: Pieces = []
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            before.append((Piece.SAME, "".join(left[i:j])))
            after.append((Piece.SAME, "".join(right[k:m])))
            continue
        if i < j:
            before.append((Piece.GONE, "".join(left[i:j])))
        if k < m:
            after.append((Piece.NEW, "".join(right[k:m])))
    return before, after


def _parts(version: QuestionVersion) -> Sequence[tuple[Message, str]]:
    return (
        (_("Name in lists"), version.title),
        (_("Question"), _said(version.stem_html)),
        (_("Options and answers"), "\n".join(_lines(version.content))),
        (_("Explanation"), _said(version.explanation_html)),
        (_("Hints"), "\n".join(map(_said, version.hints))),
        (_("Marks"), f"{version.mark / 1000:g}"),
    )


def _lines(content: dict[str, Any]) -> Iterator[str]:
    """Every option, pair, answer … of a content on a line; settings by their names."""
    for name, value in sorted(content.items()):
        if isinstance(value, list):
            yield from (_told(one) for one in value)
        elif name not in _KEYS:
            yield f"{name}: {_told(value)}"


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(told for name, one in sorted(value.items(), key=_text_first) if (told := _named(name, one)))
    if isinstance(value, list):
        return " | ".join(_told(one) for one in value)
    return _said(value) if isinstance(value, str) else str(value)


def _named(name: str, value: Any) -> str:
    """A value with its name, but for texts, which tell what they are; keys say nothing."""
    if name == "fraction":
        return f"{100 * float(Fraction(str(value))):.5g}%"
    told = "" if name in _KEYS else _told(value)
    return told if not told or name in {"html", "text", "answers", "stem_html"} else f"{name}: {told}"


def _text_first(item: tuple[str, Any]) -> tuple[bool, str]:
    return item[0] not in {"html", "text", "stem_html"}, item[0]


def _said(markup: str) -> str:
    """A text without its markup; pictures and sounds by their names."""
    pictures = re.findall(r'src="([^"]*)"', markup) if "src=" in markup else []
    return " ".join([text_of(markup), *(f"[{one}]" for one in pictures)]) if "<" in markup else markup
