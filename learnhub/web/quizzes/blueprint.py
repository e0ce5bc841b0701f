"""The blueprint that the pages of members and of authors share."""

from __future__ import annotations

from flask import Blueprint

area = Blueprint("quizzes", __name__)
