"""The navigation that every page shows, by role, and the few names that every template knows."""

from __future__ import annotations

import time
from collections.abc import Container
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from flask import Flask, current_app, g, request, url_for
from sqlalchemy import Engine, event, select

from learnhub.kernel.db import db
from learnhub.kernel.words import Message, _
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Permission
from learnhub.web.acts import act, thing, who
from learnhub.web.context import config, scope, signed_in_session
from learnhub.web.devices import device
from learnhub.web.language import html_language
from learnhub.web.looks import look
from learnhub.web.trail_details import beside


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
    Place(_("Member fields"), "card-checklist", "profiles.index", "admin", Permission.ADMINISTER),
    Place(_("Audit trail"), "clock-history", "organisations.audit", "admin", Permission.ADMINISTER),
    Place(_("System"), "activity", "health.status", "admin", Permission.ADMINISTER),
)

_UNITS = ("organisations.index", "account.profile")
_ME = ("account.profile",)
BELONGS: dict[str, tuple[str, ...]] = {
    "account": _ME,
    "authoring": ("authoring.index",),
    "boards": ("boards.index",),
    "courses": ("courses.index",),
    "hours": _ME,
    "hours.of_member": _UNITS,
    "installable.shared": _ME,
    "notices": ("home.index",),
    "organisations": _UNITS,
    "points": _ME,
    "points.of_member": _UNITS,
    "points.refused_of_member": _UNITS,
    "profiles": _UNITS,
    "profiles.field": ("profiles.index",),
    "profiles.own": _ME,
    "question_bank": ("question_bank.index",),
    "quizzes": ("quizzes.index",),
    "quizzes.answer_to_mark": ("quizzes.desk",),
    "quizzes.answer_versions": ("quizzes.desk",),
    "quizzes.edit": ("quizzes.desk",),
    "quizzes.mark_answer": ("quizzes.desk",),
    "quizzes.late_answers": ("quizzes.desk",),
    "quizzes.decide_late": ("quizzes.desk",),
    "quizzes.conduct": ("quizzes.desk",),
    "quizzes.set_conduct": ("quizzes.desk",),
    "quizzes.attempt_log": ("quizzes.desk",),
    "quizzes.likeness": ("quizzes.desk",),
    "quizzes.decide_likeness": ("quizzes.desk",),
    "quizzes.marking": ("quizzes.desk",),
    "quizzes.new": ("quizzes.desk",),
    "quizzes.practice": ("quizzes.index",),
    "quizzes.results": ("quizzes.desk",),
    "quizzes.sitting_quiz": ("quizzes.desk",),
    "quizzes.sitting_unit": _UNITS,
    "rosters": _UNITS,
    "searches": _UNITS,
    "transcripts": _UNITS,
    "transcripts.own": _ME,
    "transcripts.check": _ME,
    "transcripts.verify": _ME,
    "transcripts.verify_file": _ME,
    "transfers": _UNITS,
    "transfers.mine": _ME,
}
"""Where the pages stand that are no place themselves, by endpoint or by area: the first place that the person has."""


def places() -> list[dict[str, Any]]:
    """The places of this person, with the one they are at marked."""
    if signed_in_session() is None:
        return []
    known = current_app.view_functions
    shown = [
        place
        for place in PLACES
        if place.endpoint in known and (place.permission is None or scope().has(place.permission))
    ]
    here = place_of(g.get("stands_at") or request.endpoint or "", {place.endpoint for place in shown})
    return [
        {
            "label": place.label,
            "icon": place.icon,
            "url": url_for(place.endpoint),
            "place": place.group,
            "active": place.endpoint == here,
        }
        for place in shown
    ]


def stand_at(endpoint: str) -> None:
    """Mark the place of that endpoint on this page: where one address shows what belongs to several places."""
    g.stands_at = endpoint


def place_of(endpoint: str, shown: Container[str]) -> str | None:
    """The one place that a page belongs to, among those that are shown; None for a page outside of them all."""
    wanted = BELONGS.get(endpoint) or BELONGS.get(endpoint.split(".", maxsplit=1)[0], ())
    return next((place for place in (endpoint, *wanted) if place in shown), None)


NAME_KEPT = 5.0
"""Seconds for which a process keeps the organisation's name: another one's change of it is seen after that."""
_names: WeakKeyDictionary[Engine, tuple[str, float]] = WeakKeyDictionary()


@event.listens_for(Unit, "after_insert")
@event.listens_for(Unit, "after_update")
def _forget_names(*_about: Any) -> None:
    _names.clear()


def organisation_name() -> str:
    """The name of the unit at the top, read at most once a request."""
    if "organisation_name" not in g:
        g.organisation_name = _kept_name()
    return cast(str, g.organisation_name)


def _kept_name() -> str:
    name, until = _names.get(db.engine, ("", 0.0))
    if time.monotonic() >= until:
        query = select(Unit.name).where(Unit.parent_id.is_(None)).order_by(Unit.created_at, Unit.id).limit(1)
        name = db.session.scalar(query) or "LearnHub"
        _names[db.engine] = name, time.monotonic() + NAME_KEPT
    return name


def init_app(app: Flask) -> None:
    """Give templates the navigation, the person and the organisation."""
    for made in (act, beside, device, thing, who):
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
