"""Serving what people uploaded: in pieces where asked, sandboxed always, from a second origin where there is one."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, current_app, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from learnhub.kernel.errors import NotFound
from learnhub.kernel.house import house
from learnhub.kernel.words import _
from learnhub.web.context import config
from learnhub.web.guards import public

area = Blueprint("files", __name__)

INLINE = frozenset(
    {
        "image/png", "image/jpeg", "image/webp", "image/gif", "video/mp4", "video/webm", "audio/mpeg", "audio/mp4",
        "audio/ogg", "audio/wav", "application/pdf", "text/vtt",
    }
)  # fmt: skip
"""Kinds that a page may show; everything else is only ever a download."""

SANDBOX = "default-src 'none'; sandbox"
DOCUMENT = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
"""Chromium's own viewer shows no sandboxed PDF; a PDF runs nothing of the page's origin."""
CAPTIONS = "text/vtt"
"""Browsers take captions from the page's own origin only; they are text that nothing runs."""
LIFETIME = timedelta(hours=12)


def deliver(digest: str, name: str, media_type: str, *, download: bool = False) -> ResponseReturnValue:
    """A stored content as an answer: from here, or a way to it on the origin for files.

    The caller has checked that the person may have it.
    """
    if media_type != CAPTIONS and config().files_origin and urlsplit(config().files_origin).netloc != request.host:
        ticket = _tickets().dumps([digest, name, media_type, int(download)])
        where = url_for("files.by_ticket", ticket=ticket, name=name)
        return redirect(config().files_origin + where, 302)
    return answer(digest, name, media_type, download=download)


@area.get("/files/<ticket>/<path:name>")
@public
def by_ticket(ticket: str, name: str) -> ResponseReturnValue:
    """A file on the origin that has no cookies: the signed ticket says which, and holds for half a day."""
    try:
        digest, real_name, media_type, download = _tickets().loads(ticket, max_age=int(LIFETIME.total_seconds()))
    except (BadSignature, ValueError):
        raise NotFound(_("This link is over. Go back to the page and follow it again.")) from None
    del name
    return answer(digest, real_name, media_type, download=bool(download))


def answer(digest: str, name: str, media_type: str, *, download: bool = False) -> Response:
    """The content itself: whole or by ranges, never sniffed, never run."""
    inline = media_type in INLINE and not download
    response = send_file(
        house.files.open(digest),
        mimetype=media_type if inline else "application/octet-stream",
        etag=digest,
        conditional=False,
        max_age=3600,
    )
    size = house.files.size(digest)
    response.content_length = size
    response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    response.headers["Content-Disposition"] = disposition(name, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _document() if inline and media_type == "application/pdf" else SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if config().files_origin else "same-origin"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _document() -> str:
    """The policy of a PDF: our pages may frame it, from the second origin too."""
    return f"{DOCUMENT} {config().base_url}" if config().files_origin else DOCUMENT


def disposition(name: str, *, inline: bool) -> str:
    """The header that names a file, in both forms (RFC 6266), without any character that could end it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)[-100:] or "file"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name[-150:], safe='')}"


def _tickets() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="learnhub.files")
