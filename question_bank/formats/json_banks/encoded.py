"""Texts that Open Trivia DB was asked to encode: as parts of addresses (`%20`), or as Base64."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, unquote_plus

from question_bank.formats.json_banks.dialect_items import Item

_PERCENT = re.compile(r"[^\s%]*(?:%[0-9A-Fa-f]{2}[^\s%]*)+")
_TYPES = {"bXVsdGlwbGU=", "Ym9vbGVhbg=="}
"""`multiple` and `boolean`."""


def decoded(item: Item) -> Item:
    """The object with its texts as they are read; unchanged where its question is not encoded."""
    stem = item.get("question")
    if not isinstance(stem, str):
        return item
    if item.get("type") in _TYPES:
        return {name: _each(value, _from_base64) for name, value in item.items()}
    if _PERCENT.fullmatch(stem):
        read = unquote if "%20" in stem or "+" not in stem else unquote_plus
        return {name: _each(value, read) for name, value in item.items()}
    return item


def _each(value: Any, read: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_each(one, read) for one in value]
    return read(value) if isinstance(value, str) else value


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
