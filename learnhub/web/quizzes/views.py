"""Quizzes for members: an attempt page by page, handing in, looking back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import answer_reports, submit_quiz
from learnhub.kernel.db import unit_of_work
from learnhub.kernel.errors import Conflict, NotAllowed, Refused
from learnhub.kernel.words import _ as _w
from learnhub.quizzes import (
    answers,
    attempts,
    catalogue,
    closing,
    grants,
    pace,
    reports,
    review,
    series,
    taken_back,
)
from learnhub.quizzes.answers import Refusal
from learnhub.quizzes.conduct import focus as focus_log
from learnhub.quizzes.conduct import late as conduct_late
from learnhub.quizzes.deadlines import seconds_left
from learnhub.quizzes.models import Attempt, AttemptState, Mode, Quiz
from learnhub.quizzes.review import Item, Moment
from learnhub.web.context import arrived, member_id
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.language import translated as _
from learnhub.web.limits import limiter
from learnhub.web.quizzes import (
    buttons,
    clock_events,
    conduct,
    desk,
    door,
    entering,
    entrance,
    focus,
    late,
    likeness,
    marking,
    pages,
    practice,
    showing,
    showing_checked,
    sitting,
    taking_back,
    uploads,
    waiting_room,
)
from learnhub.web.quizzes.blueprint import area

__all__ = [
    "area",
    "clock_events",
    "conduct",
    "desk",
    "entrance",
    "focus",
    "late",
    "likeness",
    "marking",
    "practice",
    "sitting",
    "taking_back",
    "waiting_room",
]

SAVE_INTERVAL_MS = 1400
"""After the last keystroke; with the page's 30% of jitter an answer is on its way within two seconds."""


@area.get("/attempts/<int:attempt_id>")
@signed_in
def attempt(attempt_id: int) -> ResponseReturnValue:
    """A page of an open attempt, or the whole paper, which phones keep; one that is over shows its receipt instead."""
    found = submit_quiz.look_at(member_id(), attempt_id, arrived())
    if found.state != AttemptState.OPEN:
        return redirect(url_for("quizzes.reviewed", attempt_id=attempt_id), 303)
    quiz = catalogue.of_attempt(found)
    away = entering.turned_away(quiz, found)
    if away is not None:
        return away
    found = submit_quiz.show(found, arrived())
    if found.state != AttemptState.OPEN:
        return redirect(url_for("quizzes.reviewed", attempt_id=attempt_id), 303)
    return _page(found, request.args.get("page", 1, int), whole="whole" in request.args)


def _page(
    attempt: Attempt,
    number: int,
    *,
    sent: pages.Sent | None = None,
    refusals: list[Refusal] | None = None,
    whole: bool = False,
) -> ResponseReturnValue:
    quiz, now = catalogue.of_attempt(attempt), arrived()
    away = entering.turned_away(quiz, attempt)
    if away is not None:
        return away
    whole = whole and pages.may_be_kept(attempt)
    count = 1 if whole else pages.page_count(quiz, attempt)
    number = 1 if whole else pages.shown(quiz, attempt, number)
    on_page = range(1, len(attempt.layout["slots"]) + 1) if whole else pages.numbers_on(quiz, attempt, number)
    held = answers.of_attempt(attempt.member_id, attempt.id)
    asked = showing.questions(attempt, held, on_page)
    conflicts = {one.slot: one for one in refusals or [] if one.code == "stale"}
    faults: dict[int, Any] = {one.slot: one.message for one in refusals or [] if one.code != "stale"}
    undecided = set(conflicts)
    if sent is not None:
        faults |= sent.faults
        undecided |= sent.undecided
    return render_template(
        "quizzes/attempt.html",
        quiz=quiz,
        attempt=attempt,
        page=number,
        pages=count,
        whole=whole,
        direct=quiz.mode == Mode.PRACTICE,
        sequential=pace.is_sequential(attempt.layout),
        page_ends=pace.page_ends(attempt),
        now=now,
        verdicts=showing_checked.verdicts(quiz, attempt, held, on_page),
        way=attempt.layout.get("way") or {},
        can_be_checked=showing_checked.can_be_checked,
        questions=asked,
        slots=_slots(quiz, attempt, held, None if whole else number),
        typed={slot: response for slot, response in (sent.typed if sent else {}).items() if slot in undecided},
        undecided=undecided,
        faults=faults,
        uploads=any(uploads.takes_files(one.kind, one.public) for one in asked),
        seconds_left=seconds_left(now, attempt.deadline),
        clock=attempts.clock_of(attempt, now),
        interval=SAVE_INTERVAL_MS,
        member_id=member_id(),
        door=door,
    ), 409 if undecided else 422 if faults else 200


def _slots(quiz: Quiz, attempt: Attempt, held: dict[int, Any], page: int | None) -> list[dict[str, Any]]:
    """The navigator: every question, its page, whether the server holds an answer."""
    return [
        {
            "number": slot,
            "page": pages.page_of(quiz, attempt, slot),
            "here": pages.page_of(quiz, attempt, slot) == page,
            "answered": slot in held and bool(held[slot].response),
            "flagged": slot in attempt.flags,
            "open": not pace.is_sequential(attempt.layout) or pages.page_of(quiz, attempt, slot) == attempt.page,
        }
        for slot in range(1, len(attempt.layout["slots"]) + 1)
    ]


@area.post("/attempts/<int:attempt_id>")
@signed_in
def save_page(attempt_id: int) -> ResponseReturnValue:
    """Save a page of answers and go where its button says. What was taken stays, whatever else is wrong."""
    found = attempts.find(member_id(), attempt_id)
    page = request.args.get("page", 1, int)
    try:
        fields, unfit = uploads.with_uploads(found, request.form, request.files)
        sent = pages.read(found, fields)
        sent.faults |= unfit
        with unit_of_work():
            refusals = pages.save(attempts.find(member_id(), attempt_id), sent, arrived())
    except Conflict as over:
        flash(say(over.message), "warning")
        return redirect(url_for("quizzes.attempt", attempt_id=attempt_id), 303)
    found = attempts.find(member_id(), attempt_id)
    unseen = buttons.not_on_page(found, refusals)
    if unseen is not None:
        flash(say(unseen.message), "warning")
        return redirect(url_for("quizzes.attempt", attempt_id=attempt_id), 303)
    if refusals or sent.faults or sent.undecided:
        return _page(found, page, sent=sent, refusals=refusals)
    return buttons.carry_out(found, page)


@area.get("/attempts/<int:attempt_id>/hand-in")
@signed_in
def before_hand_in(attempt_id: int) -> ResponseReturnValue:
    """Before handing in: what is answered and what is not."""
    found = submit_quiz.look_at(member_id(), attempt_id, arrived())
    if found.state != AttemptState.OPEN:
        return redirect(url_for("quizzes.reviewed", attempt_id=attempt_id), 303)
    quiz, held = catalogue.of_attempt(found), answers.of_attempt(found.member_id, found.id)
    asked = {one.number for one in showing.questions(found, held) if one.asks}
    slots = [slot for slot in _slots(quiz, found, held, None) if slot["number"] in asked]
    return render_template(
        "quizzes/hand_in.html",
        quiz=quiz,
        attempt=found,
        slots=slots,
        blank=[slot for slot in slots if not slot["answered"]],
        flagged=[slot for slot in slots if slot["flagged"]],
        last_page=pages.shown(quiz, found, pages.page_count(quiz, found)),
        seconds_left=seconds_left(arrived(), found.deadline),
        clock=attempts.clock_of(found, arrived()),
        interval=SAVE_INTERVAL_MS,
        member_id=member_id(),
    )


@area.post("/attempts/<int:attempt_id>/hand-in")
@signed_in
def hand_in(attempt_id: int) -> ResponseReturnValue:
    """Hand in; a second time leads to the same receipt."""
    submit_quiz.hand_in(member_id(), attempt_id, arrived())
    return redirect(url_for("quizzes.reviewed", attempt_id=attempt_id), 303)


@area.get("/attempts/<int:attempt_id>/review")
@signed_in
def reviewed(attempt_id: int) -> ResponseReturnValue:
    """The receipt of a closed attempt, and what the review rules allow to be seen of it now."""
    found = submit_quiz.look_at(member_id(), attempt_id, arrived())
    if found.state == AttemptState.OPEN:
        return redirect(url_for("quizzes.attempt", attempt_id=attempt_id), 303)
    quiz = catalogue.of_attempt(found)
    made = attempts.of_member(member_id(), quiz.id)
    shown = entrance.shown_of(quiz, found, made)
    held = answers.of_attempt(found.member_id, found.id) if shown else {}
    return render_template(
        "quizzes/review.html",
        quiz=quiz,
        attempt=found,
        receipt=closing.receipt_of(found),
        questions=showing.reviewed(found, held, shown),
        so_far=closing.judged(found.layout, found.marks)[0],
        shown=shown,
        Item=Item,
        more_later=_more_later(quiz, found, shown),
        closed_at=series.closed_for_all(quiz, found),
        reports=reports.of_attempt(found) if shown else {},
        reasons=reports.REASONS,
        outcomes=answer_reports.SAID,
        why_not=attempts.why_not(quiz, made, arrived(), entrance.window_of(quiz)),
        granted=grants.of_attempt(found),
        taken=taken_back.of_attempt(found),
        late=conduct_late.of_attempt(found),
        noted=bool(found.layout.get("door")) and bool(focus_log.of_attempt(found.member_id, found.id)),
        member_id=member_id(),
    )


@area.post("/attempts/<int:attempt_id>/questions/<int:slot>/report")
@signed_in
@limiter.limit("30/minute")
def report_question(attempt_id: int, slot: int) -> ResponseReturnValue:
    """Report an error in a question that I may see in the review of my attempt."""
    found = attempts.find(member_id(), attempt_id)
    quiz = catalogue.of_attempt(found)
    if Item.RESPONSE not in entrance.shown_of(quiz, found, attempts.of_member(member_id(), quiz.id)):
        raise NotAllowed(_w("The questions of this attempt can't be looked at now."))
    try:
        reports.report(found, slot, request.form.get("reason", ""), request.form.get("text", ""), arrived())
    except Refused as refusal:
        flash(say(refusal.message), "warning")
    else:
        flash(_("Thank you. Who looks after the question reads it, and you get an answer."), "success")
    return redirect(url_for("quizzes.reviewed", attempt_id=attempt_id, _anchor=f"q{slot}"), 303)


def _more_later(quiz: Quiz, attempt: Attempt, shown: frozenset[Item]) -> bool:
    """Whether something is shown after the close that is not shown yet."""
    return (
        bool(review.shown(review.rules_of(quiz), Moment.CLOSED) - shown)
        and series.closed_for_all(quiz, attempt) is not None
    )
