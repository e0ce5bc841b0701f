"""The blueprint of the banks: the modules beside it put their views on it."""

from __future__ import annotations

from flask import Blueprint

area = Blueprint("question_bank", __name__)
