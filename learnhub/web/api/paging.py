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
from learnhub.web.ids import LARGEST


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
    if not isinstance(key, list) or not all(_is_part(part) for part in key):
        raise _foreign()
    return key


def key_like(cursor: str, *kinds: type) -> list[Any]:
    """The key that a cursor holds, of these kinds; empty for the first page. Refused when it is of another form."""
    key = key_of(cursor)
    if key and [type(part) for part in key] != list(kinds):
        raise _foreign()
    return key


def _is_part(part: Any) -> bool:
    if isinstance(part, bool):
        return False
    return isinstance(part, str) or (isinstance(part, int) and abs(part) <= LARGEST)


def _foreign() -> Refused:
    return Refused(_("This cursor is not one of ours. Begin the list again."))
