"""Similar answers and impossible times, for the instructors of a quiz: what was found, its odds, what was decided."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.audit.trail import record
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.leases import DONE
from learnhub.kernel.words import _ as _w
from learnhub.organisations.permissions import Permission
from learnhub.quizzes import catalogue
from learnhub.quizzes.conduct import likeness as likenesses
from learnhub.quizzes.conduct import similarity
from learnhub.quizzes.models import Quiz
from learnhub.web.context import actor, arrived, member_id, scope
from learnhub.web.guards import requires
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.quizzes.blueprint import area


@area.get("/desk/quizzes/<int:quiz_id>/likeness")
@requires(Permission.AUTHOR)
def likeness(quiz_id: int) -> ResponseReturnValue:
    """The newest report of a quiz: each line with its numbers, and what was decided about it."""
    return _page(catalogue.find_authored(scope(), quiz_id))


@area.post("/desk/quizzes/<int:quiz_id>/likeness")
@requires(Permission.AUTHOR)
@limiter.limit("20/hour")
def ask_likeness(quiz_id: int) -> ResponseReturnValue:
    """Ask for a report; a small one is made at once, a large one by the clock."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    report, at_once = likenesses.ask(quiz, actor().id, arrived())
    report_id = report.id
    db.session.commit()
    if at_once:
        likenesses.carry_out(report_id)
    return redirect(url_for("quizzes.likeness", quiz_id=quiz_id), 303)


@area.post("/desk/quizzes/<int:quiz_id>/likeness/decisions")
@requires(Permission.AUTHOR)
def decide_likeness(quiz_id: int) -> ResponseReturnValue:
    """Keep what I decided about a line, and why; nothing else follows from it."""
    quiz = catalogue.find_authored(scope(), quiz_id)
    report = likenesses.newest(quiz.id)
    if report is None:
        raise NotFound(_w("There is no such line in the newest report."))
    found = likenesses.lines(report, scope().unit_ids(Permission.AUTHOR))
    line = likenesses.one_of(found, request.form.get("kind", ""), request.form.get("attempts", ""))
    if member_id() in {one.member_id for one in line.attempts}:
        raise NotFound(_w("There is no such line in the newest report."))
    outcome, reason = request.form.get("outcome", ""), request.form.get("reason", "")
    try:
        made = likenesses.decide(report, line, outcome, reason, member_id(), arrived())
    except Refused as refusal:
        db.session.rollback()
        return _page(catalogue.find_authored(scope(), quiz_id), fault=str(say(refusal.message)), status=422)
    for attempt in line.attempts:
        record(
            actor(),
            "likeness.decided",
            "attempt",
            attempt.id,
            arrived(),
            unit_id=attempt.unit_id,
            quiz=quiz.title,
            member=str(attempt.member_id),
            reason=made.reason,
        )
    flash(_("The decision is kept. Nothing else changed."), "success")
    return redirect(url_for("quizzes.likeness", quiz_id=quiz_id), 303)


def _page(quiz: Quiz, *, fault: str = "", status: int = 200) -> ResponseReturnValue:
    report = likenesses.newest(quiz.id)
    lines = likenesses.lines(report, scope().unit_ids(Permission.AUTHOR)) if report is not None else []
    mine = [one for one in lines if member_id() not in {attempt.member_id for attempt in one.attempts}]
    return render_template(
        "quizzes/likeness.html",
        quiz=quiz,
        report=report,
        ready=report is not None and report.state == DONE,
        parts=[(kind, [one for one in mine if one.kind == kind]) for kind in ("similar", "quick", "steps")],
        outcomes={key: str(say(words)) for key, words in likenesses.OUTCOMES.items()},
        fault=fault,
        family=similarity.FAMILY,
        least=(similarity.LEAST_SITTERS, similarity.LEAST_QUESTIONS),
    ), status
