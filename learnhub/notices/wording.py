"""How words are stored: a sentence of ours as a message, in every reader's language; a person's as they wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from learnhub.kernel.words import Message

Words = Message | str


def stored(words: Words) -> dict[str, Any]:
    """Words as a notice keeps them."""
    return words.to_json() if isinstance(words, Message) else {"written": words}


def read(kept: Mapping[str, Any]) -> Words:
    """The words that `stored` kept."""
    return str(kept["written"]) if "written" in kept else Message.from_json(kept)
