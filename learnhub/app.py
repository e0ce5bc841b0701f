"""The application factory: the one place that knows every part."""

from __future__ import annotations

import importlib
from pathlib import Path
from urllib.parse import unquote, urlparse

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.orm import configure_mappers

from learnhub import web
from learnhub.config import Config, read_config
from learnhub.kernel import logs, signing
from learnhub.kernel.db import db, engine_options
from learnhub.kernel.files import FolderFiles
from learnhub.kernel.house import house

HERE = Path(__file__).resolve().parent
MODEL_PACKAGES = (
    "learnhub.identity",
    "learnhub.audit",
    "learnhub.organisations",
    "learnhub.organisations.profile",
    "courses",
    "question_bank",
    "learnhub.authorship",
    "learnhub.learning",
    "learnhub.study_time",
    "learnhub.quizzes",
    "learnhub.quizzes.conduct",
    "learnhub.points",
    "learnhub.notices",
    "learnhub.transcripts",
)
"""Every package that keeps tables: importing their models completes the metadata."""

migrate = Migrate(directory=str(HERE.parent / "migrations"), render_as_batch=True, compare_type=True)


def create_app(config: Config | None = None) -> Flask:
    """A LearnHub application for these settings (by default those of the environment)."""
    logs.configure()
    config = (config or read_config()).complete_keys(signing.make_key)
    app = web.Application(
        "learnhub", static_folder=None, template_folder="web/templates", instance_path=str(config.instance)
    )
    app.config.update(
        LEARNHUB=config,
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=[config.secret_key_old] if config.secret_key_old else [],
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        MAX_CONTENT_LENGTH=config.max_upload_mb * 1_000_000,
    )
    if config.embedded:
        Path(config.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    house.zone = config.zone
    house.files = FolderFiles(Path(unquote(urlparse(config.files_url).path)))
    house.signing_key = config.signing_key
    house.field_keys = tuple(config.field_keys.split(","))
    house.base_url = config.base_url
    house.default_locale = config.default_locale
    house.mail_url, house.mail_from = config.mail_url, config.mail_from
    db.init_app(app)
    migrate.init_app(app, db)
    load_models()
    web.init_app(app, config)
    return app


def load_models() -> None:
    """Import the models of every package and let SQLAlchemy check them."""
    for package in MODEL_PACKAGES:
        importlib.import_module(f"{package}.models")
    configure_mappers()


def wsgi() -> Flask:
    """The application as a server's worker loads it."""
    return create_app()
