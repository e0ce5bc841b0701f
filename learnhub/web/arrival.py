"""When a request reached us, stamped before anything else happens to it, and whose address it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from learnhub.kernel.clock import utcnow

ARRIVED = "learnhub.arrived"


class ArrivalStamp:
    """WSGI middleware: keeps the moment of arrival, by which saves are judged, whatever waits behind it."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[ARRIVED] = utcnow()
        return self.app(environ, start_response)


def stamp(wsgi_app: Any, trusted_proxies: int) -> Any:
    """The application behind the stamp; forwarded headers are believed only from so many proxies of ours."""
    if trusted_proxies:
        wsgi_app = ProxyFix(wsgi_app, x_for=trusted_proxies, x_proto=trusted_proxies, x_host=0)
    return ArrivalStamp(wsgi_app)


def arrival(environ: dict[str, Any]) -> datetime:
    """The stamped moment of a request."""
    moment = environ.get(ARRIVED)
    return moment if isinstance(moment, datetime) else datetime.now(UTC)
