"""How a member gets into a quiz: what they bring along, and how often a wrong access code may be tried."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from learnhub.kernel.errors import NotAllowed, Refused
from learnhub.quizzes import access
from learnhub.quizzes.access import Came
from learnhub.quizzes.lobby import Place
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.web.context import address, arrived, member_id
from learnhub.web.language import say
from learnhub.web.limits import limiter
from learnhub.web.quizzes import gate

WRONG_CODES = "10 per 10 minutes"
"""Of one member, in all quizzes together; right codes are not counted."""

few_wrong_codes = limiter.shared_limit(
    WRONG_CODES, scope="access-code", deduct_when=lambda _response: bool(g.get("wrong_code"))
)


def begin(quiz: Quiz, code: str | None, crowd: bool) -> Attempt | Place:
    """Start an attempt or go on with the open one, or get a place in the lobby; a wrong code is noted for the limit."""
    try:
        return gate.start(quiz, member_id(), arrived(), Came(code or "", address()), crowd)
    except Refused as refusal:
        g.wrong_code = bool(code) and asks_for_code(refusal)
        raise


def asks_for_code(refusal: Refused) -> bool:
    """Whether it was refused for want of the access code."""
    return refusal.details.get("code") == access.WRONG_CODE


def is_inside(quiz: Quiz) -> bool:
    """Whether this request comes from where the quiz may be sat."""
    return not quiz.addresses or access.is_inside(quiz.addresses, address())


def turned_away(quiz: Quiz, attempt: Attempt | None = None) -> ResponseReturnValue | None:
    """Where who comes from another address is sent, with the reason; None for who may see the questions."""
    if attempt is not None and attempt.preview:
        return None
    try:
        access.require_address(quiz, address())
    except NotAllowed as refusal:
        flash(say(refusal.message), "warning")
        return redirect(url_for("quizzes.quiz", slug=quiz.slug), 303)
    return None
