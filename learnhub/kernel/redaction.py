"""Taking words out of texts and of stored JSON: each is replaced by what stands in for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_WORD = "0-9A-Za-z_"


class Redactor:
    """Replaces words wherever they stand as words, in any case; keys of JSON and numbers stay."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._stand_ins = {word.casefold(): stand_in for word, stand_in in words.items() if word}
        self._pattern = re.compile(
            "|".join(_bounded(word) for word in sorted(self._stand_ins, key=len, reverse=True)) or r"(?!)",
            re.IGNORECASE,
        )

    def __call__(self, value: Any) -> Any:
        """The value without the words; equal to what was given when none was there."""
        if isinstance(value, str):
            return self._pattern.sub(self._stand_in, value)
        if isinstance(value, dict):
            return {key: self(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self(one) for one in value]
        return value

    def _stand_in(self, found: re.Match[str]) -> str:
        return self._stand_ins.get(found.group().casefold(), "")


def _bounded(word: str) -> str:
    """A Latin word or a number matches as a whole only; Chinese has no spaces to tell."""
    before = f"(?<![{_WORD}])" if re.match(f"[{_WORD}]", word) else ""
    after = f"(?![{_WORD}])" if re.search(f"[{_WORD}]$", word) else ""
    return before + re.escape(word) + after
