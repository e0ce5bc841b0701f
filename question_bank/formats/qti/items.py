"""A question as any version of QTI says it: a text, what is asked in it, and rules that score a response."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from learnhub.kernel.words import Message

Responses = Mapping[str, Sequence[str]]
"""What was answered, by the identifier of what was asked: identifiers of options, texts, or pairs `left right`."""
SPOT = re.compile("\ue000(\\d{1,3})\ue001")
"""Where in a text something is asked; the number counts from 0."""

BREAK = "\ue005"
"""Where in a text something begins that belongs to what is asked behind it."""


@dataclass(frozen=True)
class Verdict:
    """What the rules say to a response: its score in the file's own measure, and the feedback shown, by identifier."""

    score: Fraction
    told: frozenset[str] = frozenset()


class Rules(Protocol):
    """The scoring of an item."""

    def verdict(self, responses: Responses) -> Verdict:
        """What these responses earn and are told; what is not answered is left out."""


class NoRules:
    """Nothing is scored: a person marks."""

    def verdict(self, responses: Responses) -> Verdict:
        return Verdict(Fraction(0))


class OneAnswer:
    """Full score for one text typed as the response `response`."""

    def __init__(self, text: str) -> None:
        self._text = text

    def verdict(self, responses: Responses) -> Verdict:
        return Verdict(Fraction(int(list(responses.get("response", ())) == [self._text])))


@dataclass
class Option:
    """Something to choose; `limit` says how often it may be used (0: as often as one likes)."""

    id: str
    html: str
    limit: int = 1
    feedback_html: str = ""


@dataclass
class Typed:
    """An answer that rules accept: how the kinds write it, and a text that meets it."""

    answer: dict[str, Any]
    sample: str


@dataclass
class Ask:
    """One thing asked. `sort`: choice, inline, text, number, essay, upload, order, match, matches, associate,
    gaps, hottext.

    `right` holds the right response. `targets` are the right-hand side of a match, or the gaps. `typed` are the
    candidates of a typed answer.
    """

    id: str
    sort: str
    options: list[Option] = field(default_factory=list)
    targets: list[Option] = field(default_factory=list)
    multiple: bool = False
    right: list[str] = field(default_factory=list)
    typed: list[Typed] = field(default_factory=list)
    prompt_html: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass
class Item:
    """A question of a file. `body` is HTML with a SPOT for each of `asks`; `kind` is what its author called it.

    `feedback` holds texts by identifier, `linked` the identifiers that rules show, `used` those that found a place.
    `own` items were written here and say what they mean; `parts` are the questions of an own case. `top` is the score
    that the file promises at most, `mark` what the question is worth in the file.
    """

    id: str
    where: str
    title: str = ""
    body: str = ""
    asks: list[Ask] = field(default_factory=list)
    rules: Rules = field(default_factory=NoRules)
    feedback: dict[str, str] = field(default_factory=dict)
    linked: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)
    kind: str = ""
    mark: Fraction | None = None
    top: Fraction | None = None
    below_zero: bool = False
    own: bool = False
    parts: list[Item] = field(default_factory=list)
    category: str = ""
    tags: tuple[str, ...] = ()
    difficulty: int = 3
    source: str = ""
    """What it rests on, with the clause."""
    marker_html: str = ""
    by_hand: dict[str, Any] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)
    """Shown one after another while somebody tries again."""
    warnings: list[Message] = field(default_factory=list)

    def warn(self, message: Message) -> None:
        """Keep something that the sender should know."""
        if message not in self.warnings:
            self.warnings.append(message)


_HINT = re.compile(r"(?:^|[^A-Za-z])hints?(?![a-z])|(?:^|[^A-Z])Hints?(?![a-z])|HINTS?(?![A-Z]*ER)")


def names_hint(*names: str | None) -> bool:
    """Whether one of the names that a file gives to a text says that it is a hint: HINT, hint2, FB_HINT."""
    return any(name and _HINT.search(name) for name in names)


def spot(number: int) -> str:
    """The SPOT of that number."""
    return f"\ue000{number}\ue001"
