"""Answers that came too late, for who marks: each with what counts in its place, and a decision with its reason."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import count_late
from learnhub.kernel.db import unit_of_work
from learnhub.kernel.errors import Conflict, Refused
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import catalogue, papers, waiting
from learnhub.quizzes.conduct import late
from learnhub.quizzes.conduct.models import LateAct
from learnhub.quizzes.models import Quiz
from learnhub.web.context import actor, arrived, member_id, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.quizzes.blueprint import area


@area.get("/desk/quizzes/<int:quiz_id>/late")
@requires(Permission.AUTHOR)
def late_answers(quiz_id: int) -> ResponseReturnValue:
    """The answers of a quiz that came too late: which count by decision, and which do not."""
    return _page(catalogue.find_authored(scope(), quiz_id))


@area.post("/desk/quizzes/<int:quiz_id>/late/<int:handed_id>/<int:late_id>")
@requires(Permission.AUTHOR)
def decide_late(quiz_id: int, handed_id: int, late_id: int) -> ResponseReturnValue:
    """Let a late answer count, or not any more."""
    seen = request.form.get("seen", "")
    act = LateAct.TAKEN_BACK if request.form.get("act") == LateAct.TAKEN_BACK else LateAct.COUNTED
    try:
        with unit_of_work():
            quiz = catalogue.find_authored(scope(), quiz_id)
            attempt, _member = waiting.find(quiz, scope().unit_ids(Permission.AUTHOR), member_id(), handed_id)
            count_late.decide(
                actor(),
                attempt,
                late_id,
                act,
                request.form.get("reason", ""),
                int(seen) if seen.isdecimal() and len(seen) < 20 else 0,
                arrived(),
            )
    except (Refused, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        quiz = catalogue.find_authored(scope(), quiz_id)
        return _page(quiz, fault=str(say(refusal.message)), at=late_id, status=status)
    flash(_("The answer counts."), "success") if act is LateAct.COUNTED else flash(_("The answer does not count."))
    return redirect(url_for("quizzes.late_answers", quiz_id=quiz_id, _anchor=f"late-{late_id}"), 303)


def _page(quiz: Quiz, *, fault: str = "", at: int = 0, status: int = 200) -> ResponseReturnValue:
    found = late.of_quiz(quiz, scope().unit_ids(Permission.AUTHOR), member_id())
    return render_template(
        "quizzes/late.html",
        quiz=quiz,
        rows=[(one, _question(one)) for one in found],
        fault=fault,
        at=at,
        reason=request.form.get("reason", ""),
        Act=LateAct,
    ), status


def _question(one: late.Late) -> dict[str, Any]:
    asked = papers.asked(papers.slot_of(one.attempt.layout, one.version.slot).version_id)
    return {"kind": asked.kind.name, "public": asked.kind.public(asked.content)}
