"""The lobby's page: one's place, without JavaScript by itself each few seconds, with it without blinking."""

from __future__ import annotations

from flask import Response, jsonify, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learnhub.quizzes import attempts, catalogue
from learnhub.quizzes.lobby import Place
from learnhub.web.context import arrived, member_id, scope
from learnhub.web.errors import wants_json
from learnhub.web.guards import signed_in
from learnhub.web.quizzes import gate
from learnhub.web.quizzes.blueprint import area


@area.get("/lobby/<int:quiz_id>")
@signed_in
def lobby(quiz_id: int) -> ResponseReturnValue:
    """My place before a quiz; when there is none any more, the attempt that I began elsewhere, or the quiz's page."""
    place = gate.look(quiz_id, member_id(), arrived())
    if place is None:
        quiz = catalogue.find_by_id(scope(), quiz_id)
        found = attempts.find_open(quiz_id, member_id())
        where = url_for("quizzes.attempt", attempt_id=found.id) if found else url_for("quizzes.quiz", slug=quiz.slug)
        return jsonify(go=where) if wants_json() else redirect(where, 303)
    if wants_json():
        return told(place)
    wait = gate.again_in(place)
    return _not_kept(make_response(render_template("quizzes/lobby.html", place=place, wait=wait)), wait)


def told(place: Place, room: str | None = None) -> Response:
    """A place for the page's script; `room` is where it goes on asking."""
    wait = gate.again_in(place)
    answer = jsonify(admitted=place.admitted, ahead=place.ahead, again_in=wait, **({"room": room} if room else {}))
    answer.status_code = 202 if room else 200
    return _not_kept(answer, wait)


def _not_kept(answer: Response, wait: int) -> Response:
    answer.headers["Retry-After"] = str(wait)
    answer.headers["Cache-Control"] = "no-store"
    return answer
