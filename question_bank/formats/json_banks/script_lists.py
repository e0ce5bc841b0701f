"""The lists and objects of a script. Of a list that is no plain data throughout, the rest is read, and that told."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from typing import Any

from learnhub.kernel.words import _
from question_bank.formats.json_banks.broken import BROKEN
from question_bank.formats.json_banks.literals import CODE, HEAD, INSIDE, START, NoLiteral, one_at

MOST_ENTRIES = 20_000
LEAST_STEPS = 100_000
"""Of a walk through a short script."""
"""Entries of a list that is no plain data."""
_STEM = r"(?:question|questions?_?(?:text|content|title)|stem|prompt|题目|题干|问题|q)"
_OTHER = r"(?:options|choices|answers?|correct\w*|答案|选项)"
_ASKS = re.compile(
    rf"[{{,\s](['\"]?)(?:{_STEM}\1\s*:|(?:title|text|content|name)\1\s*:[^\n]*[{{,\s]['\"]?{_OTHER}['\"]?\s*:)", re.I
)
"""What names a question: no list of pages or of pictures has it."""
_MADE = re.compile(r"(?:new\s+)?[A-Za-z_$][\w$.]*\(\s*(?:['\"`][^'\"`\n]{5}|\{)")
"""`choice("Which …", […], 2)`: a question that a program makes."""
_PART = re.compile(
    r"[{,\s]['\"]?(?:\w*questions?|items|list|data|children|rows|题目\w*)['\"]?\s*:\s*\[\s*\{", re.IGNORECASE
)
"""A list of questions inside of an entry: it is looked for there."""
_SPACE = re.compile(r"(?:[\s,;]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")


_RUN = re.compile(r"[^'\"`\[\](){},]+")


class _Walk:
    """Ways through a script from the beginning of an entry to its end, which are not all gone: they could be many."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._steps = LEAST_STEPS + 2 * len(text)

    def behind(self, at: int) -> int:
        """The place of the comma or bracket behind an entry of a list; where nothing can be told, that of the entry."""
        depth, start = 0, at
        while self._steps > 0 and (found := _RUN.match(self.text, at) or CODE.match(self.text, at)):
            self._steps -= 1
            sign = found.group()
            if depth == 0 and sign in {",", "]", "}", ")"}:
                return at
            depth += (sign in {"(", "[", "{"}) - (sign in {")", "]", "}"})
            at = found.end()
        return start


def looks_like(text: str) -> bool:
    """Whether a text is a script that begins with data: nothing but remarks and imports stands before it."""
    text = text.lstrip("\ufeff")
    at = 0
    while head := HEAD.match(text, at):
        at = head.end()
    space = re.compile(r"\s*").match(text, at)
    at = space.end() if space else at
    return START.match(text, at) is not None and values_of(text) is not None


def values_of(text: str) -> Any:
    """The lists and objects that a script holds, by their names; one alone as it is, None when there is none."""
    text = text.lstrip("\ufeff")
    ends: dict[int, int] = {}
    walk = _Walk(text)
    found = _values(walk, START, ends)
    found |= _values(walk, INSIDE, ends, found)
    if not any(_is_whole(one) for one in found.values()):
        return None
    return next(iter(found.values())) if len(found) == 1 else found


def _values(walk: _Walk, begins: re.Pattern[str], ends: dict[int, int], others: Collection[str] = ()) -> dict[str, Any]:
    """What begins so outside of the stretches that `ends` tells (from start to end), under names not in `others`.

    `ends` grows by what is found. What is no plain data is looked into where nothing else tells where its lists begin.
    """
    found: dict[str, Any] = {}
    text, before, at = walk.text, sorted(ends), 0
    while start := begins.search(text, at):
        above = bisect_right(before, start.end())
        if above and start.end() < ends[before[above - 1]]:
            at = ends[before[above - 1]]
            continue
        try:
            value, at = one_at(text, start.end())
        except NoLiteral as error:
            parted = _entries(walk, start.end())
            if parted is None:
                at = max(error.at, start.end()) if begins is START else start.end()
                continue
            value, at = parted
        if _holds_objects(value):
            ends[start.end()] = at
            name = start.group("name") or start.group("place") or "default"
            is_new = name not in found and name not in others
            found[name if is_new else f"{name}{len(found) + len(others)}"] = value
    return found


def _holds_objects(value: Any) -> bool:
    """Whether a value could hold a question: lists of texts and `module.exports = { questions }` do not."""
    inside = value if isinstance(value, list) else value.values()
    return any(isinstance(one, dict | list) for one in inside) or (isinstance(value, dict) and "answer" in value)


def _is_whole(value: Any) -> bool:
    return not isinstance(value, list) or any(not isinstance(one, dict) or BROKEN not in one for one in value)


def _entries(walk: _Walk, at: int) -> tuple[list[Any], int] | None:
    """The entries of a list that is no plain data throughout, and where it ends; None where it asks nothing.

    An entry that a program works out, and that asks something, is told as broken.
    """
    text = walk.text
    if text[at : at + 1] != "[":
        return None
    found: list[Any] = []
    at += 1
    while len(found) < MOST_ENTRIES:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if text[at : at + 1] in {"]", ""}:
            break
        end = walk.behind(at)
        if end <= at:
            return None
        entry = text[at:end]
        if _PART.search(entry):
            return None
        if entry.startswith("{"):
            found += _entry(text, at, entry)
        elif _MADE.match(entry):
            found.append(_told(text, at))
        at = end
    return (found, at + 1) if any(isinstance(one, dict) and BROKEN in one for one in found) else None


def _entry(text: str, at: int, entry: str) -> list[Any]:
    try:
        return [one_at(text, at)[0]]
    except NoLiteral:
        return [_told(text, at)] if _ASKS.search(entry) else []


def _told(text: str, at: int) -> dict[str, Any]:
    line = text.count("\n", 0, at) + 1
    return {BROKEN: _("Line %(n)s: a program works this question out, or names what stands elsewhere.", n=line)}
