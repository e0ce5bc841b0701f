"""Errors become pages or problem+json (RFC 9457), once, in the reader's words; an unforeseen one shows an id only."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, DomainError, NotAllowed, NotFound, Refused
from learnhub.kernel.words import Message, _
from learnhub.web.guards import SignInNeeded
from learnhub.web.language import say

log = structlog.get_logger()

STATUS: dict[type[DomainError], int] = {NotFound: 404, NotAllowed: 403, Refused: 422, Conflict: 409}

TITLES: dict[int, Message] = {
    400: _("This request was not understood"),
    401: _("Please sign in"),
    403: _("This is not open to you"),
    404: _("There is nothing here"),
    405: _("This can't be done here"),
    409: _("Things have changed in the meantime"),
    413: _("This file is too large"),
    415: _("This kind of content can't be read"),
    416: _("This part of the file does not exist"),
    422: _("This can't be done"),
    429: _("Too many tries"),
    500: _("Something went wrong on our side"),
    503: _("Too busy at the moment"),
}

ADVICE: dict[int, Message] = {
    400: _("Go back, load the page again and try once more."),
    403: _("Your roles do not include this. Ask your administrator if you need it."),
    404: _("The address may be wrong, or you may not open this page."),
    405: _("Go back and use the buttons of the page."),
    413: _("Choose a smaller file and try again."),
    429: _("Wait a little and try again."),
    500: _("Nothing was half-stored. Try again; if it happens again, tell your administrator this number."),
    503: _("Nothing was lost. Wait a few seconds and try again."),
}


def wants_json() -> bool:
    """Whether the caller is a program: the API, a script of a page, or whoever prefers JSON."""
    if request.path.startswith("/api/"):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def problem(status: int, detail: Any = "", **more: Any) -> Response:
    """An answer of application/problem+json."""
    body = {"type": "about:blank", "title": say(TITLES.get(status, TITLES[500])), "status": status}
    if detail:
        body["detail"] = str(say(detail))
    response = jsonify({**body, **more})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def page(status: int, detail: Any = "", error_id: str = "") -> tuple[str, int]:
    """An error page in the reader's words, with what to do next."""
    title = TITLES.get(status, TITLES[500])
    text = detail or ADVICE.get(status, ADVICE[500])
    return render_template("errors/page.html", code=status, title=title, text=text, id=error_id), status


def answer(status: int, detail: Any = "", **more: Any) -> ResponseReturnValue:
    """The error in the form that the caller reads."""
    return problem(status, detail, **more) if wants_json() else page(status, detail, more.get("id", ""))


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(Exception, _unforeseen)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
    db.session.rollback()
    return answer(status, error.message, **_plain(error.details)) if wants_json() else page(status, error.message)


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    return {key: say(value) for key, value in details.items()}


def _sign_in_needed(_error: SignInNeeded) -> ResponseReturnValue:
    if request.path.startswith("/api/") or wants_json() or request.headers.get("HX-Request"):
        response = problem(401, _("Your session is over. Enter your password to go on; nothing is lost."))
        if request.path.startswith("/api/"):
            response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")), 303)
    return (
        render_template(
            "account/resume.html", kept=_written(), path=request.full_path.rstrip("?"), files=bool(request.files)
        ),
        401,
    )


def _written() -> list[tuple[str, str]]:
    """The fields of the form that was sent."""
    return [(name, value) for name, values in request.form.lists() if name != "csrf_token" for value in values]


def _is_ours_and_plain() -> bool:
    """Whether a page of our own sent the form as a browser does, with nothing in it that must not be shown again."""
    brought = any(file.filename for file in request.files.values())
    plain = not (brought or wants_json() or request.path.startswith("/api/") or "HX-Request" in request.headers)
    ours = urlsplit(request.headers.get("Origin", "")).netloc == request.host
    return plain and ours and bool(request.form) and not any("password" in name for name in request.form)


def _form_too_old(_error: CSRFError) -> ResponseReturnValue:
    if _is_ours_and_plain():
        path = request.full_path.rstrip("?")
        return render_template("errors/again.html", kept=_written(), path=path), 400
    return answer(
        400, _("This form is too old or came from elsewhere. Go back, load the page again and send it again.")
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    result = answer(status)
    response = current_app.make_response(result)
    for name in ("Retry-After", "Allow", "Content-Range"):
        for key, value in error.get_headers():
            if key == name:
                response.headers[key] = value
    if status == 429 and "Retry-After" not in response.headers:
        response.headers["Retry-After"] = "60"
    return response


def _database_busy(error: OperationalError) -> ResponseReturnValue:
    if "locked" not in str(error.orig) and "deadlock" not in str(error.orig):
        return _unforeseen(error)
    log.warning("database busy", path=request.path)
    response = current_app.make_response(answer(503))
    response.headers["Retry-After"] = "3"
    return response


def _unforeseen(error: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_ERRORS"):
        raise error
    error_id = secrets.token_hex(4)
    g.error_id = error_id
    log.error("unforeseen error", id=error_id, path=request.path, exc_info=error)
    db.session.rollback()
    try:
        return answer(500, id=error_id)
    except Exception:
        log.exception("error page failed", id=error_id)
        return Response(gettext("Something went wrong on our side") + f" ({error_id})", 500, mimetype="text/plain")
