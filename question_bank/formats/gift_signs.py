"""Signs of GIFT where they mean something else: inside tags and words, and answers that stand without braces."""

from __future__ import annotations

import re

_MARKS = frozenset("~=")
_SIGNS = re.compile(r"(?<!\\)[~={}]")


def braced(source: str) -> tuple[str, bool]:
    """A question with its braces, and whether they had to be set: a text, and below it a line for each answer.

    Only where one of the lines is right (`=`), the others are wrong (`~`), and nothing else can be meant.
    """
    lines = source.split("\n")
    first = next((n for n, line in enumerate(lines) if line.lstrip()[:1] in _MARKS), 0)
    stem, answers = "\n".join(lines[:first]), [line.strip() for line in lines[first:]]
    marks = [line[:1] for line in answers]
    told = marks.count("=") == 1 and len(marks) > 1 and _MARKS.issuperset(marks)
    if not first or not told or re.search(r"(?<!\\)[{}]", stem):
        return source, False
    if any(line.count("{") != line.count("}") for line in answers):
        return source, False
    inside = "\n".join(line[:1] + _SIGNS.sub(r"\\\g<0>", line[1:]) for line in answers)
    return f"{stem}{{\n{inside}\n}}", True


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
