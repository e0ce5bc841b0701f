"""One request, one commit: what a request did is kept when it answers well, and undone when it does not."""

from __future__ import annotations

from flask import Flask, Response, request

from learnhub.kernel.db import db, set_writing

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def begin() -> None:
    """Safe methods only read; on SQLite they do not wait for the writer."""
    set_writing(request.method not in SAFE)


def init_app(app: Flask) -> None:
    """Commit after an answer below 400 to an unsafe method, roll back after everything else."""

    @app.after_request
    def finish(response: Response) -> Response:
        if not db.session.registry.has():
            return response
        if request.method in SAFE or response.status_code >= 400:
            db.session.rollback()
        else:
            db.session.commit()
        return response
