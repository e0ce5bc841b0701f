"""How often expensive things may be asked for: per address, and per member once one is signed in."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter

from learnhub.config import Config
from learnhub.web.context import address, member_id_or_none


def _who() -> str:
    found = member_id_or_none()
    return f"member:{found}" if found else f"address:{address()}"


class DecoratedLimiter(Limiter):
    """A limiter of decorated views only, which are looked at when they are called: there is no limit for all."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = DecoratedLimiter(key_func=_who, headers_enabled=True, strategy="fixed-window")


def init_app(app: Flask, config: Config) -> None:
    """Limits in memory, or in Redis when several nodes share them."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", config.redis_url or "memory://")
    app.config.setdefault("RATELIMIT_SWALLOW_ERRORS", True)
    limiter.init_app(app)
