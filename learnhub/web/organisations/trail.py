"""The audit trail as a table: who did what and when, with filters in the address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, or_, select

from learnhub.audit.models import AuditEntry
from learnhub.kernel.clock import start_of_day
from learnhub.kernel.db import db
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.organisations import units
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.context import scope
from learnhub.web.guards import requires
from learnhub.web.organisations import trail_objects
from learnhub.web.organisations.views import PAGE, area
from learnhub.web.tables import Column, Row, Table, View

TRAIL = Table(
    (
        Column("at", _w("When"), down=True),
        Column("actor", _w("Who"), sorts=False),
        Column("action", _w("Action"), sorts=False),
        Column("object", _w("Object"), sorts=False),
        Column("number", _w("Number of the object"), sorts=False, shown=False),
        Column("more", _w("More"), sorts=False),
        Column("address", _w("Address of the device"), sorts=False),
    ),
    sort="-at",
    filters=("q", "action", "from", "until"),
    place="beyond",
)


@area.get("/audit")
@requires(Permission.ADMINISTER)
def audit() -> ResponseReturnValue:
    """The audit trail, the newest first, with filters."""
    view = TRAIL.read(request.args, "organisations.audit")
    rows = list(db.session.scalars(_further(_found(view), view).limit(PAGE + 1)))
    return render_template(
        "organisations/audit.html",
        view=view,
        rows=[Row(row) for row in rows[:PAGE]],
        objects=trail_objects.named(rows[:PAGE], scope()),
        further=view.url(beyond=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        actions=sorted(db.session.scalars(select(AuditEntry.action).distinct())),
    )


def _found(view: View) -> Any:
    within = scope().covers(Permission.ADMINISTER, AuditEntry.unit_id)
    if scope().reaches(Permission.ADMINISTER, units.root().id):
        within = or_(within, ~exists().where(Unit.id == AuditEntry.unit_id))
    query = select(AuditEntry).where(within)
    asked = view.filters
    if search := asked.get("q", "")[:80]:
        query = query.where(
            or_(AuditEntry.actor_name.icontains(search, autoescape=True), AuditEntry.object_id == search)
        )
    if "action" in asked:
        query = query.where(AuditEntry.action == asked["action"])
    if first := _day(asked.get("from", "")):
        query = query.where(AuditEntry.at >= start_of_day(first, house.zone))
    if last := _day(asked.get("until", "")):
        query = query.where(AuditEntry.at < start_of_day(last + timedelta(days=1), house.zone))
    return query


def _further(query: Any, view: View) -> Any:
    """The part of the trail beyond the last entry seen; ids are given in the order of time."""
    if view.place.isdecimal() and len(view.place) < 19:
        seen = int(view.place)
        query = query.where(AuditEntry.id < seen if view.down else AuditEntry.id > seen)
    return query.order_by(AuditEntry.id.desc() if view.down else AuditEntry.id)


def _day(text: str) -> date | None:
    """A calendar day as a date field sends it; anything else asks for nothing."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year < date.max.year else None
