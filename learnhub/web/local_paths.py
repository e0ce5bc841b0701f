"""Where a person is sent after signing in: only ever to a path of our own."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_CONTROL = re.compile(r"[\x00-\x20\\\x7f]")


def local_path(wanted: str | None, otherwise: str) -> str:
    """The path if it is one of ours; `otherwise` for `//host`, `/\\host`, schemes and control characters."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or _CONTROL.search(wanted):
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    return wanted if not parts.scheme and not parts.netloc else otherwise
