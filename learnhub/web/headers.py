"""Headers that every answer carries: a strict content policy, no sniffing, no framing, no caching of personal pages."""

from __future__ import annotations

from flask import Flask, Response, request

from learnhub.config import Config
from learnhub.web import assets
from learnhub.web.context import member_id_or_none

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "object-src": "'none'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def content_policy(files_origin: str) -> str:
    """The policy in one line; a second origin for files, where there is one, may be shown and framed."""
    policy = dict(POLICY)
    if files_origin:
        for directive in ("img-src", "media-src", "frame-src"):
            policy[directive] += f" {files_origin}"
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


def init_app(app: Flask, config: Config) -> None:
    """Put the headers on; a view that set one of them (a served file) keeps its own."""
    policy = content_policy(config.files_origin)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if config.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if "Cache-Control" not in headers and (request.endpoint is None or member_id_or_none() is not None):
            headers["Cache-Control"] = "no-store"
        elif "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-cache"
        if request.endpoint != assets.ENDPOINT:
            response.vary.update(["Accept-Language", "Cookie", "HX-Request"])
        return response
