"""Ids in addresses: whole numbers that fit the database; a longer one names nothing (404)."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**63 - 1


class IdConverter(IntegerConverter):
    """`<int:…>` up to 63 bits."""

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST)
        super().__init__(map, *args, **kwargs)


def init_app(app: Flask) -> None:
    """Let every `<int:…>` of the application be an id that fits."""
    app.url_map.converters["int"] = IdConverter
