"""Text with a NUL in it is nobody's honest input, and PostgreSQL can't hold it: turned away at the door."""

from __future__ import annotations

from flask import abort, request

NUL = "\x00"


def check() -> None:
    """400 for a NUL in the path, the query, a form or a JSON body."""
    if NUL in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
        abort(400)
    texts: list[str] = []
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        if request.is_json:
            texts.append(NUL if rb"\u0000" in request.get_data() else "")
        else:
            texts += [value for values in request.form.listvalues() for value in values]
    if any(NUL in text for text in texts):
        abort(400)
