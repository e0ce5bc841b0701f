"""Texts in which words are to be chosen: every word may be, those that the file marks are right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from question_bank.kinds.in_text import MOST_PLACES

_MARKS = re.compile(r"[.,;:!?…)\]}»”’\"'。，；：！？、）】》]+\Z")
"""Marks of punctuation, which belong to the word before them."""


def words(text: str) -> list[tuple[str, bool]]:
    """A marked text as words and the rest between them: each with whether it may be chosen.

    Words are parted by spaces, `&nbsp;` among them; HTML tags are never part of a word.
    """
    found = re.findall(r"<[^>]*>|(?:\s|&nbsp;)+|(?:(?!&nbsp;)[^\s<])+", text)
    return [(piece, bool(re.match(r"(?!&nbsp;)[^\s<]", piece))) for piece in found]


def segments_of(pieces: Iterable[tuple[str, bool]]) -> tuple[str, list[dict[str, Any]], bool]:
    """The text with its places, the pieces to choose, and whether wrong words had to be taken together.

    `pieces` is the text cut where the file marks something: HTML, and whether it is what was marked.
    """
    found: list[tuple[str, bool, bool]] = []
    for piece, right in pieces:
        if right:
            found.append((piece, True, True))
            continue
        after_right = bool(found) and found[-1][2]
        for word, may_be_chosen in words(piece):
            found.append((word, may_be_chosen and not (after_right and _MARKS.match(word)), False))
            after_right = False
    is_long = sum(1 for _word, chosen, _right in found if chosen) > MOST_PLACES
    if is_long:
        found = _together(found)
    stem, segments = "", []
    for word, may_be_chosen, right in found:
        if may_be_chosen:
            segments.append({"html": word, "right": right})
            stem += f"[[{len(segments)}]]"
        else:
            stem += word
    return stem, segments, is_long


def _together(found: list[tuple[str, bool, bool]]) -> list[tuple[str, bool, bool]]:
    """Wrong words up to the next tag, mark of punctuation or right word as one."""
    out: list[tuple[str, bool, bool]] = []
    open_group = False
    for word, may_be_chosen, right in found:
        joins = open_group and not right and not word.startswith("<")
        if joins:
            out[-1] = (out[-1][0] + word, True, False)
        else:
            out.append((word, may_be_chosen, right))
        open_group = not right and (may_be_chosen or joins) and not re.search(r"[.!?;:。！？；]$", word)
    return out
