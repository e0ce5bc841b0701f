"""The text of a JSON file as data: JSON, an object on each line, data in a script, or JSON with a comma too many."""

from __future__ import annotations

import json
import re
from typing import Any

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from question_bank.formats.json_banks import literals, script_lists
from question_bank.formats.json_banks.broken import mended

_DECODER = json.JSONDecoder()
_BEGINS = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[{\]\"\d]|\[\s*[\[{\]\"\d]))")


def looks_like(text: str) -> bool:
    """Whether the text begins as JSON does, or is a script of data."""
    return _BEGINS.match(text.lstrip("\ufeff")) is not None or script_lists.looks_like(text)


_HALF = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""Halves of signs, and the sign of no sign: nothing that comes from a text can be shown or stored with them."""
_HALVES = re.compile("[\ud800-\udfff\0]")


def loaded(text: str) -> Any:
    """What the text says; Refused when it is no data. An object on each line (JSON Lines) is a list of them."""
    found = _loaded(text)
    return _whole(found) if _HALF.search(text) else found


def _whole(found: Any) -> Any:
    """The data with its texts and names as they can be stored."""
    if isinstance(found, dict):
        return {_whole(key): _whole(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_whole(one) for one in found]
    return _HALVES.sub("", found) if isinstance(found, str) else found


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise Refused(_("This JSON is nested too deeply.")) from None
    except ValueError as error:
        found = _by_lines(text) or _one_after_other(text) or _as_script(text)
        if found is None:
            raise Refused(_("This is not JSON: %(why)s", why=str(error)[:200])) from None
        return found


def _by_lines(text: str) -> list[Any] | None:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(line.strip()[0] == "{" and line.strip()[-1] in "}," for line in lines):
        return None
    try:
        return [json.loads(line.strip().rstrip(","), parse_constant=_no_constant) for line in lines]
    except (ValueError, RecursionError):
        return None


def _one_after_other(text: str) -> list[Any]:
    """Objects with nothing but space or a comma between them, as programs write them while they go on."""
    found, at = [], 0
    text = text.strip().lstrip("\ufeff")
    while at < len(text):
        if text[at] in " \t\r\n,":
            at += 1
        elif text[at] != "{":
            return []
        else:
            try:
                value, at = _DECODER.raw_decode(text, at)
            except (ValueError, RecursionError):
                return []
            found.append(value)
    return found if len(found) > 1 else []


def _as_script(text: str) -> Any:
    """The data of a script, or of a text that is JSON but for its quotes, commas and remarks; None for any other."""
    try:
        return literals.loose(text)
    except literals.NoLiteral:
        is_json = _BEGINS.match(text.lstrip("\ufeff")) is not None
        return mended(text) if is_json else script_lists.values_of(text)


def _no_constant(name: str) -> Any:
    raise ValueError(name)
