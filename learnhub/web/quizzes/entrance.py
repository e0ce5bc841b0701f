"""Quizzes for members before one starts: which there are, one with its rules, and the start."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.dates import get_timezone_name
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from learnhub.journeys import submit_quiz
from learnhub.kernel.errors import Refused
from learnhub.kernel.house import house
from learnhub.quizzes import access, attempts, catalogue, results, review, series, windows
from learnhub.quizzes.conduct import rules as conduct_rules
from learnhub.quizzes.lobby import Place
from learnhub.quizzes.models import Attempt, AttemptState, Quiz
from learnhub.quizzes.review import Item
from learnhub.web.context import address, arrived, member_id, scope
from learnhub.web.errors import wants_json
from learnhub.web.guards import signed_in
from learnhub.web.language import say
from learnhub.web.quizzes import door, entering, gate, waiting_room
from learnhub.web.quizzes.blueprint import area
from learnhub.web.quizzes.forms import percent_of
from learnhub.web.quizzes.practice import set_badge


@area.get("/quizzes")
@signed_in
def index() -> ResponseReturnValue:
    """The quizzes that reach me: those I am in, those I may start, those behind me."""
    now = arrived()
    rows = [_offered(one, now) for one in catalogue.offered(scope())]
    return render_template("quizzes/index.html", rows=rows, has_practice=any(row["quiz"].series for row in rows))


def _offered(one: catalogue.Offered, now: datetime) -> dict[str, Any]:
    """A quiz of the list; it is due until it was handed in, and again when its result is known and not enough.

    A set of the day or week is due until it was handed in; what is told of it is of this set.
    """
    mine = series.current(one.quiz, one.attempts, now)
    done = series.is_done(one.quiz, one.attempts, now)
    why_not = None if one.open_attempt else attempts.why_not(one.quiz, one.attempts, now, one.window)
    return {
        "quiz": one.quiz,
        "open": one.open_attempt,
        "why_not": why_not,
        "window": one.window,
        "result": results.told(one.quiz, mine, now),
        "due": not done if done is not None else results.is_to_pass(one.quiz, mine, now),
        "set": set_badge(one.quiz, one.attempts, why_not, now),
        "made": sum(each.state == AttemptState.CLOSED for each in mine),
        "waits": any(each.waits for each in mine),
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
    window = window_of(found)
    return render_template(
        "quizzes/quiz.html",
        quiz=found,
        attempts=made,
        shown={one.id: shown_of(found, one, made) for one in made},
        open=open_,
        why_not=None if open_ else attempts.why_not(found, made, arrived(), window),
        window=window,
        left=attempts.attempts_left(found, series.current(found, made, arrived())),
        result=results.told(found, series.current(found, made, arrived()), arrived()),
        set_ends=series.ends(found, arrived()),
        tried=bool(series.current(found, made, arrived())),
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


def window_of(quiz: Quiz) -> windows.Window:
    """When the quiz is open for me."""
    return windows.for_member([quiz], member_id(), arrived())[quiz.id]


def _question_count(quiz: Quiz) -> int:
    if "blueprint" in quiz.paper:
        return sum(int(quota["count"]) for quota in quiz.paper["blueprint"]["quotas"])
    return len(quiz.paper.get("questions", []))


def shown_of(quiz: Quiz, attempt: Attempt, made: list[Attempt]) -> frozenset[Item]:
    """What I may see of an attempt of mine at this moment."""
    return review.of_attempt(quiz, attempt, attempts.attempts_left(quiz, made), arrived())


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
