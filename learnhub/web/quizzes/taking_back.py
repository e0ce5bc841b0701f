"""Granted time taken back, from the page of who sits now: by who might give it, with a reason."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from learnhub.journeys import grant_time
from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.words import _ as _w
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import taken_back
from learnhub.web.context import actor, arrived, scope
from learnhub.web.guards import requires
from learnhub.web.language import say, sentences
from learnhub.web.language import translated as _
from learnhub.web.quizzes.blueprint import area
from learnhub.web.quizzes.sitting import AT_ONCE, Place, of_quiz, of_unit


@area.post("/desk/quizzes/<int:quiz_id>/sitting/take-back")
@requires(Permission.AUTHOR)
def sitting_quiz_take_back(quiz_id: int) -> ResponseReturnValue:
    """Take back time that was granted in a quiz."""
    return _take_back(of_quiz(quiz_id))


@area.post("/units/<code>/sitting/take-back")
@requires(Permission.MANAGE_MEMBERS)
def sitting_unit_take_back(code: str) -> ResponseReturnValue:
    """Take back time that was granted to members of a unit."""
    return _take_back(of_unit(code))


def _take_back(place: Place) -> ResponseReturnValue:
    named = request.form.get("grant", "")
    if not (named.isdecimal() and len(named) < 20):
        raise NotFound(_w("There is no such grant of time in your reach."))
    grant = taken_back.find(scope(), int(named))
    try:
        grant_time.take_back(actor(), grant, request.form.get("reason", ""), arrived(), unit_id=place.unit.id)
    except (Refused, Conflict) as refusal:
        db.session.rollback()
        flash(say(refusal.message), "warning")
        return redirect(place.url() + "#granted", 303)
    db.session.commit()
    flash(_said(grant_time.carry_back(int(named), arrived(), batches=AT_ONCE)), "success")
    return redirect(place.url() + "#granted", 303)


def _said(done: grant_time.TakenBack) -> str:
    if not done.attempts:
        return _("The time is taken back. No attempt that runs had it.")
    said = [ngettext("%(n)s attempt has less time.", "%(n)s attempts have less time.", done.attempts, n=done.attempts)]
    if done.used:
        said.append(
            ngettext(
                "%(n)s had used some of it already, keeps that, and has a minute left.",
                "%(n)s had used some of it already, keep that, and have a minute left.",
                done.used,
                n=done.used,
            )
        )
    return sentences(said)
