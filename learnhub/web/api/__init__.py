"""The REST API, version 1: one module a feature, one OpenAPI document."""

from __future__ import annotations

import importlib

from flask import Flask

MODULES = (
    "account",
    "courses",
    "units",
    "transfers",
    "transcripts",
    "exports",
    "imports",
    "points",
    "boards",
    "attempts",
    "time_grants",
    "notices",
)
"""Modules of this folder that put their routes on the blueprint when they are imported."""


def init_app(app: Flask) -> None:
    """Put the API and its documents on the application."""
    from learnhub.web.api.blueprint import api
    from learnhub.web.api.documents import area

    for name in MODULES:
        importlib.import_module(f"learnhub.web.api.{name}")
    app.register_blueprint(api)
    app.register_blueprint(area)
