"""Quizzes for members: which there are, an attempt page by page, handing in, looking back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.dates import get_timezone_name
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from learnhub.journeys import answer_reports, submit_quiz
from learnhub.kernel.db import unit_of_work
from learnhub.kernel.errors import Conflict, NotAllowed, Refused
from learnhub.kernel.house import house
from learnhub.kernel.words import _ as _w
from learnhub.quizzes import (
    access,
    answers,
    attempts,
    catalogue,
    closing,
    grants,
    pace,
    reports,
    results,
    review,
    series,
    taken_back,
    windows,
)
from learnhub.quizzes.answers import Refusal
from learnhub.quizzes.conduct import focus as focus_log
from learnhub.quizzes.conduct import late as conduct_late
from learnhub.quizzes.conduct import rules as conduct_rules
from learnhub.quizzes.deadlines import seconds_left
from learnhub.quizzes.lobby import Place
from learnhub.quizzes.models import Attempt, AttemptState, Mode, Quiz
from learnhub.quizzes.review import Item, Moment
from learnhub.web.context import address, arrived, member_id, scope
from learnhub.web.errors import wants_json
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
    focus,
    gate,
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
from learnhub.web.quizzes.forms import percent_of

__all__ = [
    "area",
    "clock_events",
    "conduct",
    "desk",
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


@area.get("/quizzes")
@signed_in
def index() -> ResponseReturnValue:
    """The quizzes that reach me: those I am in, those I may start, those behind me."""
    now = arrived()
    rows = [_offered(one, now) for one in catalogue.offered(scope())]
    return render_template("quizzes/index.html", rows=rows, has_practice=any(row["quiz"].series for row in rows))


def _offered(one: catalogue.Offered, now: datetime) -> dict[str, Any]:
    """A quiz of the list; it is due until it was handed in, and again when its result is known and not enough."""
    mine = series.current(one.quiz, one.attempts, now)
    result = _result(one.quiz, mine)
    return {
        "quiz": one.quiz,
        "open": one.open_attempt,
        "why_not": None if one.open_attempt else attempts.why_not(one.quiz, one.attempts, now, one.window),
        "window": one.window,
        "result": result,
        "due": not mine or (result is not None and not result.passed),
        "made": len(one.attempts),
        "waits": any(each.waits for each in one.attempts),
    }


@area.get("/quizzes/<slug>")
@signed_in
def quiz(slug: str) -> ResponseReturnValue:
    """A quiz before one starts: its rules in words, and my attempts."""
    return _quiz_page(slug)


def _quiz_page(slug: str, fault: str = "") -> ResponseReturnValue:
    """`fault` is what was wrong with the access code."""
    found = catalogue.find(scope(), slug)
    open_ = attempts.find_open(found.id, member_id())
    if open_ is not None:
        submit_quiz.look_at(member_id(), open_.id, arrived())
        found = catalogue.find(scope(), slug)
    made = attempts.of_member(member_id(), found.id)
    open_ = next((one for one in made if one.state == AttemptState.OPEN), None)
    window = _window(found)
    return render_template(
        "quizzes/quiz.html",
        quiz=found,
        attempts=made,
        shown={one.id: _shown(found, one, made) for one in made},
        open=open_,
        why_not=None if open_ else attempts.why_not(found, made, arrived(), window),
        window=window,
        left=attempts.attempts_left(found, series.current(found, made, arrived())),
        result=_result(found, series.current(found, made, arrived())),
        set_ends=series.ends(found, arrived()),
        streak=series.streak(found, made, arrived()),
        questions=_question_count(found),
        Item=Item,
        zone=get_timezone_name(house.zone, locale=get_locale()),
        conduct=conduct_rules.of_quiz(found.id),
        review_words=review.PRESET_WORDS.get(review.preset_of(found.review) or found.mode),
        penalty=percent_of(found.penalty),
        inside=entering.is_inside(found),
        address=address(),
        longest_code=access.LONGEST_CODE,
        fault=fault,
    ), 422 if fault else 200


def _window(quiz: Quiz) -> windows.Window:
    return windows.for_member([quiz], member_id(), arrived())[quiz.id]


def _question_count(quiz: Quiz) -> int:
    if "blueprint" in quiz.paper:
        return sum(int(quota["count"]) for quota in quiz.paper["blueprint"]["quotas"])
    return len(quiz.paper.get("questions", []))


def _shown(quiz: Quiz, attempt: Attempt, made: list[Attempt]) -> frozenset[Item]:
    return review.of_attempt(quiz, attempt, attempts.attempts_left(quiz, made), arrived())


def _result(quiz: Quiz, made: Any) -> results.Result | None:
    """My result, once the marks of every closed attempt may be seen."""
    made = list(made)
    closed = [one for one in made if one.state == AttemptState.CLOSED]
    if any(Item.MARK not in _shown(quiz, one, made) for one in closed):
        return None
    return results.counted(closed, quiz)


@area.post("/quizzes/<slug>/attempts")
@signed_in
@entering.few_wrong_codes
def start(slug: str) -> ResponseReturnValue:
    """Start an attempt, or go on with the open one; into the lobby, when too many come at once."""
    with gate.looking() as crowd:
        found, browser = gate.find(scope(), slug, crowd)
        away = (door.check_start(found) if browser else None) or entering.turned_away(found)
        if away is not None:
            return away
        try:
            attempt = entering.begin(found, request.form.get("access_code"), crowd)
        except Refused as refusal:
            if wants_json():
                raise
            if entering.asks_for_code(refusal):
                return _quiz_page(slug, str(say(refusal.message)))
            flash(say(refusal.message), "warning")
            return redirect(url_for("quizzes.quiz", slug=slug), 303)
    if isinstance(attempt, Place):
        where = url_for("quizzes.lobby", quiz_id=attempt.quiz_id)
        return waiting_room.told(attempt, where) if wants_json() else redirect(where, 303)
    where = url_for("quizzes.attempt", attempt_id=attempt.id)
    return jsonify(go=where) if wants_json() else redirect(where, 303)


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
        page_ends=pace.page_ends(attempt.layout, attempt.page, attempt.page_since),
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
    shown = _shown(quiz, found, made)
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
        why_not=attempts.why_not(quiz, made, arrived(), _window(quiz)),
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
    if Item.RESPONSE not in _shown(quiz, found, attempts.of_member(member_id(), quiz.id)):
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
