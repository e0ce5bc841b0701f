"""Home: what now? One glance for each role that the person holds."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learnhub.web.guards import signed_in
from learnhub.web.health.views import TASKS
from learnhub.web.home import desk, learning

area = Blueprint("home", __name__)


@area.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The first page of every role."""
    return render_template("home/index.html", **learning.overview(), **desk.overview(), tasks=TASKS)
