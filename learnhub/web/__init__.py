"""HTTP, and only here: pages, forms and the REST API."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from flask import Flask
from flask.json.provider import JSONProvider
from flask_compress import Compress

from learnhub.config import Config
from learnhub.web import (
    arrival,
    assets,
    cookies,
    errors,
    files,
    guards,
    headers,
    ids,
    language,
    limits,
    load,
    navigation,
    plain_text,
    sign_in,
    templating,
    transaction,
)

AREAS = (
    "account",
    "home",
    "help",
    "health",
    "design",
    "courses",
    "authoring",
    "question_bank",
    "hours",
    "organisations",
    "profiles",
    "rosters",
    "transfers",
    "searches",
    "transcripts",
    "points",
    "boards",
    "quizzes",
    "notices",
    "installable",
)
"""One folder a feature; each has a blueprint `area` in its views."""


class OrjsonProvider(JSONProvider):
    """JSON by orjson: fast, and Chinese stays readable."""

    def dumps(self, obj: object, **_options: object) -> str:
        return orjson.dumps(obj, option=orjson.OPT_NON_STR_KEYS).decode()

    def loads(self, s: str | bytes, **_options: object) -> object:
        return orjson.loads(s)


class Application(Flask):
    """Flask, whose templates are ours and whose views are all plain functions."""

    jinja_environment = templating.PageEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: Flask asks at each of a request's twenty calls whether it is a coroutine."""
        return func


def init_app(app: Flask, config: Config) -> None:
    """Put every part of the web on the application, in the order in which a request meets it."""
    app.json = OrjsonProvider(app)
    app.url_map.strict_slashes = False
    ids.init_app(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config.update(
        SESSION_COOKIE_NAME="__Host-learnhub" if config.secure else "learnhub",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_FORM_MEMORY_SIZE=4_000_000,
        COMPRESS_MIMETYPES=["text/html", "application/json", "application/problem+json", "text/csv"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
    )
    app.wsgi_app = arrival.stamp(app.wsgi_app, config.trusted_proxies)  # type: ignore[method-assign]
    language.init_app(app, config)
    sign_in.init_app(app)
    cookies.init_app(app)
    Compress(app)
    headers.init_app(app, config)
    transaction.init_app(app)
    errors.init_app(app)
    load.init_app(app, config)
    app.before_request(transaction.begin)
    app.before_request(plain_text.check)
    app.before_request(sign_in.load)
    app.before_request(cookies.check_form_token)
    app.before_request(guards.check)
    limits.init_app(app, config)
    assets.init_app(app)
    templating.init_app(app)
    navigation.init_app(app)
    app.register_blueprint(files.area)
    for name in filter(_there, AREAS):
        app.register_blueprint(importlib.import_module(f"learnhub.web.{name}.views").area)
    importlib.import_module("learnhub.web.api").init_app(app)


def _there(name: str) -> bool:
    return importlib.util.find_spec(f"learnhub.web.{name}") is not None
