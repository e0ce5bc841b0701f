"""The log of focus: heard from the page, and shown alike to the member and to the instructors of the quiz."""

from __future__ import annotations

import json
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learnhub.organisations.permissions import Permission
from learnhub.quizzes import attempts, catalogue
from learnhub.quizzes.conduct import focus
from learnhub.web.context import arrived, member_id, scope
from learnhub.web.guards import requires, signed_in
from learnhub.web.limits import limiter
from learnhub.web.quizzes import door
from learnhub.web.quizzes.blueprint import area


@area.post("/attempts/<int:attempt_id>/focus")
@signed_in
@limiter.limit("60/minute")
def tell_focus(attempt_id: int) -> ResponseReturnValue:
    """Hear what the page of my open attempt tells; nothing is kept where the quiz does not ask for it."""
    found = attempts.find(member_id(), attempt_id)
    if door.log_wanted():
        focus.keep(
            found.member_id, found.id, _told(request.form.get("events", "")), len(found.layout["slots"]), arrived()
        )
    return "", 204


def _told(text: str) -> list[dict[str, Any]]:
    try:
        told = json.loads(text[:20_000])
    except ValueError:
        return []
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


@area.get("/attempts/<int:attempt_id>/log")
@signed_in
def my_log(attempt_id: int) -> ResponseReturnValue:
    """What was noted during my attempt: the same lines that instructors see."""
    found = attempts.find(member_id(), attempt_id)
    return render_template(
        "quizzes/log.html",
        quiz=catalogue.of_attempt(found),
        attempt=found,
        lines=focus.of_attempt(found.member_id, found.id),
        name="",
    )


@area.get("/desk/quizzes/<int:quiz_id>/attempts/<int:handed_id>/log")
@requires(Permission.AUTHOR)
def attempt_log(quiz_id: int, handed_id: int) -> ResponseReturnValue:
    """What was noted during a member's attempt."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    found, member = focus.find_attempt(quiz, scope().unit_ids(Permission.AUTHOR), handed_id)
    lines = focus.of_attempt(found.member_id, found.id)
    return render_template("quizzes/log.html", quiz=quiz, attempt=found, lines=lines, name=member.name)
