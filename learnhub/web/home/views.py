"""Home: what now?"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learnhub.web.guards import signed_in

area = Blueprint("home", __name__)


@area.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The first page of every role."""
    return render_template("home/index.html")
