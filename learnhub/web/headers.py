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


VARY = "Accept-Language, Cookie, HX-Request"


def init_app(app: Flask, config: Config) -> None:
    """Put the headers on; a view that set one of them (a served file) keeps its own."""
    always = [
        ("Content-Security-Policy", content_policy(config.files_origin)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ]
    if config.secure:
        always.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        own = {name.lower() for name, _value in headers}
        headers.extend([header for header in always if header[0].lower() not in own])
        if "cache-control" not in own:
            personal = request.endpoint is None or member_id_or_none() is not None
            headers.add("Cache-Control", "no-store" if personal else "no-cache")
        if request.endpoint == assets.ENDPOINT:
            return response
        if "vary" in own:
            response.vary.update(VARY.split(", "))
        else:
            headers.add("Vary", VARY)
        return response
