"""Signs of GIFT that begin no answer where they stand: inside tags and inside words."""

from __future__ import annotations

import re


def in_word(inner: str, at: int) -> bool:
    """Whether an unescaped `=` stands inside a word, `header=True`, where every answer has a line of its own."""
    begun = sum(1 for line in inner.split("\n") if line.lstrip()[:1] in {"=", "~"})
    word = inner[at - 1 : at].isalnum() and inner[at + 1 : at + 2].isalnum()
    return word and begun > 1 and inner[:at].rpartition("\n")[2].lstrip()[:1] in {"=", "~", "#"}


def in_tag(inner: str, start: int, at: int) -> bool:
    """Whether an unescaped `=` belongs to an attribute of a tag: `<img src="…">`."""
    opened = inner.rfind("<", start, at)
    return (
        opened >= 0
        and ">" not in inner[opened:at]
        and re.match(r"<[a-zA-Z][^<>]*\s[\w-]+\s*$", inner[opened:at]) is not None
        and inner[at + 1 :].lstrip()[:1] in {'"', "'"}
    )
