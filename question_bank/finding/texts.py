"""What a question says, as it is searched and compared: everything a reader sees, folded, and cut into pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from learnhub.kernel.markup import text_of

LONGEST = 8_000
"""Characters of a question that are indexed."""
LONGEST_WORD = 40
_SHOWN = frozenset({"html", "match_html", "text", "stem_html", "title", "value", "low", "high", "unit", "template"})
_HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3040-\u30ff\uac00-\ud7af"
)
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_ONLY_HAN = re.compile(rf"[{_HAN}]+")
_SPACES = re.compile(r"\s+")


def words_of(title: str, stem_html: str, content: dict[str, Any]) -> str:
    """Title, text, options, answers: folded, one space between words."""
    parts = [title, stem_html, *_texts(content)]
    return _SPACES.sub(" ", folded(" ".join(text_of(part) if "<" in part else part for part in parts))).strip()[
        :LONGEST
    ]


def folded(text: str) -> str:
    """A text as it is compared: widths, compatibility forms and case gone."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\0", "")


def _texts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str) and name in _SHOWN and value:
        yield value


def runs(text: str) -> list[str]:
    """Words of a folded text: letters and digits of one script side by side; Chinese as long as it goes on."""
    return _RUN.findall(text)


def is_han(run: str) -> bool:
    """Whether a run is written without spaces between words."""
    return _ONLY_HAN.match(run) is not None


def terms_of(text: str) -> set[str]:
    """What the index holds of a folded text: every character and every two side by side in Chinese, else words."""
    found: set[str] = set()
    for run in runs(text):
        if is_han(run):
            found.update(run)
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        else:
            found.add(run[:LONGEST_WORD])
    return found


def shingles_of(text: str) -> set[str]:
    """What two texts are compared by: three characters side by side, punctuation and spaces aside.

    A shorter text is its own only shingle.
    """
    plain = "".join(runs(text))
    return {plain[at : at + 3] for at in range(len(plain) - 2)} or ({plain} if plain else set())
