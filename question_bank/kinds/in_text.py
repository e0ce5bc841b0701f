"""Places in the text of a question: `[[1]]`, `[[2]]` … where a blank, a gap or a piece to choose stands."""

from __future__ import annotations

import re
from typing import Any, Protocol, TypeGuard

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _

PLACE = re.compile(r"\[\[(\d{1,3})\]\]")
"""A place; its number counts from 1."""
MOST_PLACES = 60
_TAG_OR_PLACE = re.compile(r'</?[a-zA-Z](?:"[^"]*"|[^">])*>|' + PLACE.pattern)


class InText(Protocol):
    """A kind whose question has places in its text."""

    def places(self, content: dict[str, Any]) -> int:
        """How many places the text has."""


def is_in_text(kind: object) -> TypeGuard[InText]:
    """Whether the questions of a kind have places in their text. An import asks it of every question."""
    return hasattr(kind, "places")


def check_places(markup: str, count: int) -> None:
    """Refused unless the words of the text hold each place from 1 to count exactly once."""
    found = sorted(piece for piece in split(markup) if isinstance(piece, int))
    if found != list(range(1, count + 1)):
        raise Refused(
            _("The text has to hold each of the places [[1]] to [[%(count)s]] exactly once.", count=count), count=count
        )


def split(markup: str) -> list[str | int]:
    """The text in pieces: HTML, and numbers where the places are. What looks like one inside a tag is none."""
    pieces: list[str | int] = []
    at = 0
    for found in _TAG_OR_PLACE.finditer(markup):
        if found.group(1):
            pieces += [markup[at : found.start()], int(found.group(1))]
            at = found.end()
    return [*pieces, markup[at:]]


def blanked(text: str) -> str:
    """The text with a line in each place: for lists, where there is nothing to fill in."""
    return PLACE.sub("____", text)
