"""Home: what now? One glance for each role that the person holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from learnhub.organisations import units
from learnhub.web.context import scope
from learnhub.web.guards import signed_in
from learnhub.web.health.views import TASKS
from learnhub.web.home import desk, learning

area = Blueprint("home", __name__)


@area.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The first page of every role."""
    return render_template(
        "home/index.html", deputations=_deputations(), **learning.overview(), **desk.overview(), tasks=TASKS
    )


@dataclass(frozen=True)
class StandingIn:
    """For whom, where and until when the person stands in."""

    name: str
    unit: str
    last: datetime


def _deputations() -> list[StandingIn]:
    """The banners of a deputy; no statement for who is none."""
    held = scope().deputations
    if not held:
        return []
    names = {unit.id: unit.name for unit in units.named([one.unit_id for one in held])}
    return [
        StandingIn(one.stands_in_for, names[one.unit_id], one.ends_at - timedelta(seconds=1))
        for one in held
        if one.ends_at is not None
    ]
