"""What every kind of question can do: validate, show, read a response, mark it, tell the right answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol

from learnhub.kernel.errors import Refused
from learnhub.kernel.markup import sanitize_html
from learnhub.kernel.words import Message, _

Content = dict[str, Any]
Response = dict[str, Any]

LONGEST_TEXT = 2000
"""Characters of one typed answer."""
MOST_OPTIONS = 60
MOST_BLANKS = 60
_KEY_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Thirty-two of them, so that five random bits name each equally often."""


class Correctness(StrEnum):
    """How a response or a part of it compares with the right answer."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    BLANK = "blank"
    BY_HAND = "by_hand"
    """A person has to look: until then it earns nothing."""


@dataclass(frozen=True)
class Outcome:
    """What a response is worth as a fraction of the question's mark, in [-1, 1]; and each part of it."""

    fraction: Fraction
    correctness: Correctness
    parts: list[dict[str, Any]] = field(default_factory=list)
    """Per option chosen or blank filled: `{"key" or "number", "correctness", "fraction", "feedback_html"}`."""


BLANK_OUTCOME = Outcome(Fraction(0), Correctness.BLANK)


class Kind(Protocol):
    """A kind of question. `content` is what a version stores, `response` what an answer stores; both plain JSON."""

    name: str
    label: Message

    def validate(self, content: Content) -> None:
        """Refused, with what to do, when the content can't be asked or marked."""

    def prepare(self, content: Content) -> Content:
        """The content as it is stored: rich texts cleaned, options with fresh random keys."""

    def option_keys(self, content: Content) -> list[str]:
        """Keys of what may be shuffled, in the author's order; empty where there is nothing to shuffle."""

    def public(self, content: Content, order: Sequence[str] | None = None) -> dict[str, Any]:
        """What a sitter may see, options in the given order of keys: never weights, answers or feedback."""

    def clean_response(self, content: Content, raw: Any) -> Response:
        """The canonical response for what the API received; `{}` when blank, Refused when malformed."""

    def response_from_fields(self, content: Content, fields: Mapping[str, list[str]]) -> Response:
        """The canonical response for the fields of a plain HTML form: `choice`, `text`, `blank-1`, `blank-2` …"""

    def mark(self, content: Content, response: Response, multiple_marking: str = "all_or_nothing") -> Outcome:
        """What the response is worth. Pure: the same input gives the same outcome on any day."""

    def right_answer(self, content: Content) -> list[dict[str, Any]]:
        """For the review: `{"html"}` per right option, `{"text"}` per accepted text or number, with `number` of
        the blank and `fraction` where they matter."""

    def is_blank(self, response: Response | None) -> bool:
        """Whether nothing was answered."""


def new_key(taken: set[str]) -> str:
    """A random key of six letters and digits, unlike those taken: nothing can be read from it."""
    while True:
        key = "".join([_KEY_LETTERS[byte & 31] for byte in secrets.token_bytes(6)])
        if key not in taken:
            taken.add(key)
            return key


def rich(text: Any) -> str:
    """A piece of rich text, cleaned; Refused when it is not text."""
    if text is None:
        return ""
    if not isinstance(text, str):
        raise Refused(_("A text was expected."))
    return sanitize_html(text)


def as_object(raw: Any, *allowed: str) -> Mapping[str, Any]:
    """A response as an object with the allowed fields only; None counts as empty."""
    if raw is None:
        return {}
    if not isinstance(raw, dict) or set(raw) - set(allowed):
        raise Refused(_("This is not an answer to this question."))
    return raw


def typed(raw: Any, longest: int = LONGEST_TEXT) -> str:
    """A typed answer, trimmed; numbers are taken as written. Refused when it is no text or too long."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise Refused(_("This is not an answer to this question."))
    text = str(raw).replace("\x00", "").strip()
    if len(text) > longest:
        raise Refused(_("An answer has at most %(n)s characters.", n=longest))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused(_("This is not an answer to this question.")) from None
    return text


def first(fields: Mapping[str, list[str]], name: str) -> str:
    """The first value of a form field, or nothing."""
    return next(iter(fields.get(name, [])), "")


def within(fields: Mapping[str, list[str]], prefix: str) -> dict[str, list[str]]:
    """The form fields whose names begin with the prefix, without it: those of a question inside a question."""
    return {name.removeprefix(prefix): values for name, values in fields.items() if name.startswith(prefix)}


def order_within(kind: Kind, content: Content, order: Sequence[str] | None) -> list[str]:
    """The order of what may be shuffled in a question inside a question, out of the order of the whole."""
    own = kind.option_keys(content)
    return [key for key in order or own if key in own]


def need_list(content: Content, name: str, least: int, most: int) -> list[dict[str, Any]]:
    """A list of objects in the content; Refused when it is something else or of another length."""
    found = content.get(name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Refused(_("The question has no list of %(name)s.", name=name))
    if not least <= len(found) <= most:
        raise Refused(_("A question has between %(least)s and %(most)s %(name)s.", least=least, most=most, name=name))
    return found
