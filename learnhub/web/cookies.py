"""The signed cookie and the form token: what was found right once is not calculated again for every request."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import ValidationError

from learnhub.web import assets, transaction

KEPT = 10_000
"""Cookies and tokens that are kept; one is half a kilobyte."""

TOKENLESS = frozenset({"api.make_token", "installable.share"})
"""Signing in for a token carries the password itself and reads no cookie; a shared photo is not read at all."""

csrf = CSRFProtect()


class Sessions(SecureCookieSessionInterface):
    """The session in its cookie; static files leave it alone, so that caches may keep one copy for everybody."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)
        self._read = lru_cache(KEPT)(self._signed)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The one signer of the application."""
        return self._signer

    def _signed(self, cookie: str) -> tuple[dict[str, Any], float]:
        """What a cookie says and when it was signed (seconds since 1970). BadSignature, which is not kept."""
        assert self._signer is not None
        said, at = self._signer.loads(cookie, return_timestamp=True)
        return said, at.timestamp()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The session of a request; an empty one when the cookie is missing, forged or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie or self._signer is None:
            return self.session_class()
        try:
            said, at = self._read(cookie)
        except BadSignature:
            return self.session_class()
        if time.time() - at > app.permanent_session_lifetime.total_seconds():
            return self.session_class()
        return self.session_class(
            {key: list(value) if isinstance(value, list) else value for key, value in said.items()}
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie back, except with a static file."""
        if request.endpoint != assets.ENDPOINT:
            super().save_session(app, session, response)


@lru_cache(KEPT)
def _found_right(_secret: Any, token: str, _of_session: str) -> None:
    """Flask-WTF's judgement of a token for the session of this request. ValidationError for a wrong one: not kept."""
    validate_csrf(token)


def check_form_token() -> None:
    """Unsafe methods need the form token and come from our own pages; a bearer token needs neither."""
    if request.method in transaction.SAFE or request.headers.get("Authorization", "").startswith("Bearer "):
        return
    if request.endpoint in TOKENLESS:
        return
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise CSRFError("foreign origin")
    if origin == "null":
        raise CSRFError("opaque origin")
    if not _has_right_header():
        csrf.protect()


def _has_right_header() -> bool:
    """Whether the token came in the header, as our scripts send it, and is that of the session."""
    token, of_session = request.headers.get("X-CSRFToken"), session.get("csrf_token")
    if not token or not of_session:
        return False
    try:
        _found_right(current_app.secret_key, token, of_session)
    except ValidationError:
        return False
    g.csrf_valid = True
    return True


def init_app(app: Flask) -> None:
    """Sign cookies and form tokens."""
    app.session_interface = Sessions(app)
    csrf.init_app(app)
