"""HTTP, and only here: pages, forms and the REST API."""

from __future__ import annotations

from flask import Flask

from learnhub.config import Config


def init_app(app: Flask, config: Config) -> None:
    """Put every part of the web on the application."""
