"""The navigation that every page shows, by role, and the few names that every template knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from sqlalchemy import select

from learnhub.kernel.db import db
from learnhub.kernel.words import Message, _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.acts import act, thing, who
from learnhub.web.context import config, scope, signed_in_session
from learnhub.web.devices import device
from learnhub.web.language import html_language
from learnhub.web.looks import look


@dataclass(frozen=True)
class Place:
    """A place in the navigation: its words, icon, endpoint, where it stands and who sees it."""

    label: Message
    icon: str
    endpoint: str
    group: str = "main"
    permission: Permission | None = None


PLACES = (
    Place(_("Home"), "house", "home.index"),
    Place(_("Courses"), "book", "courses.index"),
    Place(_("Quizzes"), "pencil-square", "quizzes.index"),
    Place(_("Boards"), "trophy", "boards.index"),
    Place(_("Me"), "person", "account.profile"),
    Place(_("My courses and files"), "journal-text", "authoring.index", "desk", Permission.AUTHOR),
    Place(_("Question banks"), "collection", "question_bank.index", "desk", Permission.AUTHOR),
    Place(_("My quizzes"), "ui-checks", "quizzes.desk", "desk", Permission.AUTHOR),
    Place(_("Units and members"), "people", "organisations.index", "desk", Permission.SEE_MEMBERS),
    Place(_("Points rules"), "sliders", "points.rules", "admin", Permission.ADMINISTER),
    Place(_("Fields of members"), "card-checklist", "profiles.index", "admin", Permission.ADMINISTER),
    Place(_("Audit trail"), "clock-history", "organisations.audit", "admin", Permission.ADMINISTER),
    Place(_("System"), "activity", "health.status", "admin", Permission.ADMINISTER),
)


def places() -> list[dict[str, Any]]:
    """The places of this person, with the one they are at marked."""
    if signed_in_session() is None:
        return []
    from flask import current_app

    known = current_app.view_functions
    here = (request.endpoint or "").split(".")[0]
    return [
        {
            "label": place.label,
            "icon": place.icon,
            "url": url_for(place.endpoint),
            "place": place.group,
            "active": place.endpoint == request.endpoint
            or (place.endpoint.split(".")[0] == here and request.endpoint not in _OWN_PLACES),
        }
        for place in PLACES
        if place.endpoint in known and (place.permission is None or scope().has(place.permission))
    ]


_OWN_PLACES = frozenset(place.endpoint for place in PLACES)


def organisation_name() -> str:
    """The name of the unit at the top, read once a request."""
    if "organisation_name" not in g:
        g.organisation_name = db.session.scalar(
            select(Unit.name).where(Unit.parent_id.is_(None)).order_by(Unit.created_at, Unit.id).limit(1)
        )
    return g.organisation_name or "LearnHub"


def init_app(app: Flask) -> None:
    """Give templates the navigation, the person and the organisation."""
    for made in (act, device, thing, who):
        app.jinja_env.filters[made.__name__] = made

    @app.context_processor
    def names() -> dict[str, Any]:
        return {
            "navigation": places,
            "me": signed_in_session(),
            "organisation_name": organisation_name,
            "html_language": html_language(),
            "look": look(),
            "settings": config(),
            "Permission": Permission,
        }
