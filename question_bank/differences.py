"""Two versions of a question beside each other: which words went, which came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
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
_PLAIN = frozenset({"html", "text", "answers", "stem_html", "content", "options", "levels", "title"})
"""What needs no name beside it."""
_NAMES: dict[str, Message] = {
    "accept": _("Sorts of files"),
    "answer": _("Answer"),
    "feedback_html": _("Feedback"),
    "feedback_true_html": _("Feedback to who says true"),
    "feedback_false_html": _("Feedback to who says false"),
    "group": _("Group"),
    "kind": _("Kind"),
    "largest": _("Bytes at most in one file"),
    "layout": _("Choices stand"),
    "least": _("At least"),
    "low": _("From"),
    "high": _("To"),
    "mark": _("Marks"),
    "marker_html": _("Marking notes"),
    "match_html": _("What belongs to it"),
    "most": _("At most"),
    "negative": _("Wrong options take marks away"),
    "points": _("Marks"),
    "right": _("Right"),
    "rubric": _("Rubric"),
    "scoring": _("An order that is not quite right earns"),
    "template": _("What the field holds at first"),
    "tolerance": _("Tolerance"),
    "tolerance_kind": _("Sort of tolerance"),
    "unit": _("Unit of measurement"),
    "unlimited": _("For several gaps"),
    "value": _("Value"),
    "weight": _("Weight"),
}
"""The settings of kinds by the names that their forms have."""
Say = Callable[[Message], str]


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


def between(old: QuestionVersion, new: QuestionVersion, say: Say = str) -> list[Difference]:
    """The parts of two versions, name to mark, whether they differ or not; parts that neither has are left out.

    `say` puts the names of settings into the reader's language.
    """
    return [
        Difference(label, *compare(one, other))
        for (label, one), (_label, other) in zip(_parts(old, say), _parts(new, say), strict=True)
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


def _parts(version: QuestionVersion, say: Say) -> Sequence[tuple[Message, str]]:
    return (
        (_("Name in lists"), version.title),
        (_("Question"), _said(version.stem_html)),
        (_("Options and answers"), "\n".join(_lines(version.content, say))),
        (_("Explanation"), _said(version.explanation_html)),
        (_("Hints"), "\n".join(map(_said, version.hints))),
        (_("Marks"), f"{version.mark / 1000:g}"),
    )


def _lines(content: dict[str, Any], say: Say) -> Iterator[str]:
    """Every option, pair, answer … of a content on a line; settings by their names."""
    for name, value in sorted(content.items()):
        if isinstance(value, list):
            yield from (_told(one, say, name) for one in value)
        elif told := _named(name, value, say):
            yield told


def _told(value: Any, say: Say, name: str = "") -> str:
    if isinstance(value, dict):
        parts = (_named(inner, one, say) for inner, one in sorted(value.items(), key=_text_first))
        return " · ".join(filter(None, parts))
    if isinstance(value, list):
        return " | ".join(_told(one, say, name) for one in value)
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, str):
        return _said(value) if name.endswith("html") else value
    return str(value)


def _named(name: str, value: Any, say: Say) -> str:
    """A value with its name, but for texts, which tell what they are; keys say nothing."""
    if name == "fraction":
        return f"{100 * float(Fraction(str(value))):.5g}%"
    if name in ("mark", "points") and isinstance(value, int):
        value = f"{value / 1000:g}" if name == "mark" else value
    told = "" if name in _KEYS else _told(value, say, name)
    if not told or name in _PLAIN:
        return told
    return f"{say(_NAMES[name])}: {told}" if name in _NAMES else f"{name}: {told}"


def _text_first(item: tuple[str, Any]) -> tuple[bool, str]:
    return item[0] not in {"html", "text", "stem_html"}, item[0]


def _said(markup: str) -> str:
    """A text without its markup; pictures and sounds by their names."""
    pictures = re.findall(r'src="([^"]*)"', markup) if "src=" in markup else []
    return " ".join([text_of(markup), *(f"[{one}]" for one in pictures)])
