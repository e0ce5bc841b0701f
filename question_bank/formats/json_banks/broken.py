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
        value, end, why = _object(text, at, has_patience=broken < MOST_BROKEN)
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


def _object(text: str, at: int, *, has_patience: bool) -> tuple[Any, int, str]:
    """The object that begins at a place and where it ends; where it is broken, nothing, and why."""
    try:
        value, end = json.JSONDecoder().raw_decode(text, at)
        return value, end, ""
    except (ValueError, RecursionError) as error:
        why = str(error)[:120]
    try:
        value, end = literals.one_at(text, at)
    except literals.NoLiteral:
        value, end = _with_quotes_inside(text, at) if has_patience else (None, at)
    return value, end, "" if value is not None else why


_INSIDE = re.compile(r'\\.|["\n]')
_CLOSES = re.compile(r"\s*[,:}\]]")
LONGEST_OBJECT = 50_000
"""Characters that are looked at for quotes; of many broken objects in one file no more are."""


def _with_quotes_inside(text: str, at: int) -> tuple[Any, int]:
    """The object at a place whose texts hold quotes as they are, `"所谓"大同"是指？"`, and its end; else nothing.

    A quote ends a text where a comma, a colon or a bracket follows. Those inside have to come in pairs, with something
    between: `"说"好", 行"` could end twice, and between `"甲" "乙"` a comma is missing.
    """
    written, depth, here = [], 0, at
    while here < min(len(text), at + LONGEST_OBJECT):
        sign, here = text[here], here + 1
        depth += (sign in "{[") - (sign in "}]")
        if sign == '"':
            said, here = _said(text, here)
            if said is None:
                break
            sign = f'"{said}"'
        written.append(sign)
        if not depth:
            break
    try:
        value = json.loads("".join(written))
    except (ValueError, RecursionError):
        return None, at
    return (value, here) if isinstance(value, dict) else (None, at)


def _said(text: str, here: int) -> tuple[str | None, int]:
    """What stands up to the quote that ends a text, the quotes inside marked as such, and the place behind it."""
    parts, start = [], here
    while found := _INSIDE.search(text, here):
        here = found.end()
        if found.group() == "\n":
            break
        if found.group() != '"':
            continue
        parts.append(text[start : found.start()])
        start = here
        if _CLOSES.match(text, here):
            is_sure = len(parts) % 2 and all(part.strip() for part in parts[1::2])
            return ('\\"'.join(parts) if is_sure else None), here
    return None, here
