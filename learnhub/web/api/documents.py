"""The OpenAPI document, and a page to browse it."""

from __future__ import annotations

import functools
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from learnhub.web.api.blueprint import spec
from learnhub.web.guards import public

area = Blueprint("api_documents", __name__)


@area.get("/api/v1/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """The document; it needs no sign-in."""
    return jsonify(_document())


@area.get("/api/docs")
@public
def browse() -> ResponseReturnValue:
    """The document as a page."""
    return render_template("api/docs.html", document=_document())


@functools.cache
def _document() -> dict[str, Any]:
    spec.app = current_app._get_current_object()  # type: ignore[attr-defined]
    return dict(spec.spec)
