"""The blueprint of the author's desk: the modules beside it put their views on it."""

from __future__ import annotations

from flask import Blueprint

area = Blueprint("authoring", __name__)
