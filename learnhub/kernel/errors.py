"""What a verb raises when it can't do what was asked; web turns each into a page or problem+json, once."""

from __future__ import annotations

from typing import Any

from learnhub.kernel.words import Message


class DomainError(Exception):
    """Base of all refusals. `message` is shown to the person who asked, in their language."""

    def __init__(self, message: Message | str = "", **details: Any) -> None:
        super().__init__(str(message))
        self.message = message
        self.details = details


class NotFound(DomainError):
    """There is no such thing, or none that this person may see: both look the same from outside."""


class NotAllowed(DomainError):
    """The thing may be seen, but not this done to it."""


class Refused(DomainError):
    """A rule of the domain says no; the message says which and what to do."""


class Conflict(DomainError):
    """Somebody else was faster; `details` carries the current state so that the person can choose."""
