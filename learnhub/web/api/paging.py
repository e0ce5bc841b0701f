"""Cursors: where a page of a list ended, as an opaque text."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson
from pydantic import Field

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import _
from learnhub.web.api.blueprint import Query


class Page(Query):
    """Query of a list: how many, and from where."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str = ""


def cursor_of(*key: Any) -> str:
    """The cursor after the row with this key."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def key_of(cursor: str) -> list[Any]:
    """The key that a cursor holds; empty for the first page. Refused when it was not made by `cursor_of`."""
    if not cursor:
        return []
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or not all(isinstance(part, int | str) for part in key):
        raise Refused(_("This cursor is not one of ours. Begin the list again."))
    return key
