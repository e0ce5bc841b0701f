"""Where the buttons of a page of questions lead, once its answers are saved: on, back, a check, a flag, handing in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import submit_quiz
from learnhub.kernel.errors import Refused
from learnhub.quizzes import answers, catalogue, flags, pace
from learnhub.quizzes.answers import Refusal
from learnhub.quizzes.models import Attempt, Mode
from learnhub.web.context import arrived, member_id
from learnhub.web.language import say
from learnhub.web.quizzes import pages


def not_on_page(attempt: Attempt, refusals: Sequence[Refusal]) -> Refusal | None:
    """An answer that was not taken because its page is not the one on which the member is."""
    if not pace.is_sequential(attempt.layout):
        return None
    here = pages.numbers_on(catalogue.of_attempt(attempt), attempt, attempt.page)
    return next((one for one in refusals if one.slot not in here), None)


def carry_out(attempt: Attempt, page: int) -> ResponseReturnValue:
    """Do what the button asks and go there. A refusal is told on the page."""
    try:
        for name in ("check", "flag", "unflag"):
            slot = request.form.get(name, "")[:9]
            if slot.isdecimal():
                return _of_question(name, attempt, page, int(slot))
        return _go(attempt, page, request.form.get("go", "stay"))
    except Refused as refusal:
        flash(say(refusal.message), "warning")
        return redirect(url_for("quizzes.attempt", attempt_id=attempt.id, page=page), 303)


def _of_question(name: str, attempt: Attempt, page: int, slot: int) -> ResponseReturnValue:
    if name == "check":
        submit_quiz.check(member_id(), attempt.id, slot, arrived())
    else:
        flags.put(member_id(), attempt.id, slot, name == "flag")
    return redirect(url_for("quizzes.attempt", attempt_id=attempt.id, page=page, _anchor=f"q{slot}"), 303)


def _go(attempt: Attempt, page: int, go: str) -> ResponseReturnValue:
    if go == "hand-in":
        if _needs_no_question(attempt):
            submit_quiz.hand_in(member_id(), attempt.id, arrived())
            return redirect(url_for("quizzes.reviewed", attempt_id=attempt.id), 303)
        return redirect(url_for("quizzes.before_hand_in", attempt_id=attempt.id), 303)
    if go == "next" and pace.is_sequential(attempt.layout):
        pace.go_on(attempt, page)
        return redirect(url_for("quizzes.attempt", attempt_id=attempt.id), 303)
    page += {"next": 1, "previous": -1}.get(go, 0)
    if go.startswith("page-") and go[5:].isdecimal():
        page = int(go[5:])
    return redirect(url_for("quizzes.attempt", attempt_id=attempt.id, page=page), 303)


def _needs_no_question(attempt: Attempt) -> bool:
    """Whether handing in asks nothing first: practice can be begun again, so only a blank is worth a question."""
    if catalogue.of_attempt(attempt).mode != Mode.PRACTICE:
        return False
    held = answers.of_attempt(attempt.member_id, attempt.id)
    return all(slot in held and held[slot].response for slot in range(1, len(attempt.layout["slots"]) + 1))
