"""Lists of JSON of which some objects are broken: the others are kept, each broken one holds its line and why."""

from __future__ import annotations

import json
import re
from typing import Any

from learnhub.kernel.words import _
from question_bank.formats.json_banks import literals

BROKEN = "\0broken"
"""Under this key stands where an object is broken, and why: no file has it."""
_LIST = re.compile(r"\[\s*(?=\{)")
_NEXT = re.compile(r"[}\]\"'\d]\s*,?\s*(?=\{\s*[\"'\w])|\]\s*,\s*\"[^\"\n]{1,60}\"\s*:\s*\[\s*(?=\{)")
_PART = re.compile(r"[\"'](?:\w*questions?\w*|items|list|data|children|题目\w*)[\"']\s*:\s*\[\s*\{", re.IGNORECASE)
"""A list of questions inside of an object: what stands above them would be lost with it."""
MOST_OBJECTS = 200_000
MOST_BROKEN = 50
"""Broken objects, beyond as many as are whole, after which a text is given up."""


def mended(text: str) -> list[Any] | None:
    """The objects of the first list of a text, the broken ones as a note; None unless most of them are whole."""
    start = _LIST.search(text)
    if start is None:
        return None
    found: list[Any] = []
    at, broken = start.end(), 0
    while at < len(text) and len(found) < MOST_OBJECTS:
        value, end, why = _object(text, at)
        found.append({BROKEN: _("This is not JSON: %(why)s", why=why)} if value is None else value)
        broken += value is None
        if 2 * broken > len(found) + MOST_BROKEN:
            return None
        following = _NEXT.search(text, max(end - 1, at + 1))
        if value is None and _PART.search(text, at, following.start() if following else len(text)):
            return None
        if following is None:
            break
        at = following.end()
    return found if 2 * broken < len(found) < MOST_OBJECTS else None


def _object(text: str, at: int) -> tuple[Any, int, str]:
    """The object that begins at a place and where it ends; where it is broken, nothing, and why."""
    try:
        value, end = json.JSONDecoder().raw_decode(text, at)
        return value, end, ""
    except (ValueError, RecursionError) as error:
        why = str(error)[:120]
    try:
        value, end = literals.one_at(text, at)
        return value, end, ""
    except literals.NoLiteral:
        return None, at, why
