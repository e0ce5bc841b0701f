"""The letter that somebody writes before an option, and the option without it."""

from __future__ import annotations

import re
import unicodedata

_LABEL = re.compile(r"\s*[(（]?([A-Z])[)）]?\s*[.、．:：)）,，]\s*|\s*[(（【\[]([A-Z])[)）】\]]\s*")


def without_label(text: str, letter: str) -> str:
    """An option's text without its own letter before it: `B、乙` is `乙`."""
    found = _LABEL.match(unicodedata.normalize("NFKC", text[:6]).upper() + text[6:])
    if found and (found.group(1) or found.group(2)) == letter:
        rest = text[_label_length(text) :].strip()
        return rest or text
    return text


def _label_length(text: str) -> int:
    for at, c in enumerate(text[:6]):
        if unicodedata.normalize("NFKC", c) in ".、:),,，】]" and at > 0:
            return at + 1 + (1 if text[at + 1 : at + 2] in {".", "、", "．"} and c in ")）" else 0)
    return 0


def without_labels(options: dict[str, str]) -> dict[str, str]:
    """Options whose texts begin with their letters, without these; twice where all say them twice (`A.A．甲`).

    Where no more than half of them do, what looks like a letter is part of a text: `a.zip`.
    """
    for _n in range(2):
        bare = {letter: without_label(text, letter) for letter, text in options.items()}
        if not _n and 2 * sum(bare[letter] != text for letter, text in options.items()) <= len(options):
            break
        if not _n:
            bare |= _said_twice(options, bare)
        if _n and (len(bare) < 2 or any(bare[letter] == text for letter, text in options.items())):
            break
        options = bare
    return options


def _said_twice(options: dict[str, str], bare: dict[str, str]) -> dict[str, str]:
    """The one option of several that bears the letter of that before it, `C.丙` behind `C.乙`, without it."""
    odd = [letter for letter, text in options.items() if bare[letter] == text]
    if len(odd) != 1 or len(options) < 3:
        return {}
    return {letter: without_label(options[letter], chr(ord(letter) - 1)) for letter in odd}
