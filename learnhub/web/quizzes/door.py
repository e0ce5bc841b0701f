"""At the door of an attempt: is it the device that holds it, and the browser that its quiz asks for?

Every request of an attempt passes here: pages, files, the clock and the hand-in before their views, a save by the API
while it holds the attempt's row, so that a save of an attempt without a door costs nothing.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import quote, urlsplit

from flask import g, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from learnhub.journeys import attempt_devices
from learnhub.kernel.db import db, unit_of_work
from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.words import _
from learnhub.quizzes.conduct import doors, rules, safe_browser
from learnhub.quizzes.conduct.doors import Door
from learnhub.quizzes.conduct.models import QuizConduct
from learnhub.quizzes.models import Quiz
from learnhub.web.api.blueprint import api
from learnhub.web.context import actor, arrived, bearer, config, member_id
from learnhub.web.errors import wants_json
from learnhub.web.quizzes.blueprint import area
from learnhub.web.sign_in import DEVICE

AT_THE_DOOR = frozenset(
    {
        "quizzes.attempt",
        "quizzes.save_page",
        "quizzes.before_hand_in",
        "quizzes.hand_in",
        "quizzes.clock_events",
        "quizzes.hand_in_file",
        "quizzes.file",
        "quizzes.tell_focus",
        "api.show_attempt",
        "api.attempt_clock",
        "api.hand_in",
        "api.next_page",
        "api.check_answer",
        "api.flag_question",
    }
)
"""Endpoints that are checked before their view; those that save by the API check while they save."""
AFTERWARDS = frozenset({"quizzes.reviewed", "quizzes.report_question", "quizzes.my_log"})
"""Endpoints that show nothing of an open attempt."""
WHILE_SAVING = frozenset({"api.save_answer", "api.save_answers"})


class SafeBrowserNeeded(NotAllowed):
    """The quiz is sat in Safe Exam Browser, and this request did not come from it with the right configuration."""


def check() -> ResponseReturnValue | None:
    """Before the views of an attempt: refuse, or say how to begin."""
    if request.endpoint not in AT_THE_DOOR or request.view_args is None:
        return None
    g.door = door = doors.of_attempt(member_id(), request.view_args["attempt_id"])
    if door is None:
        return None
    try:
        _pass(door)
    except SafeBrowserNeeded:
        if wants_json():
            raise
        return _explain(door.quiz_id, door.token)
    return None


area.before_request(check)
api.before_request(check)


def enter(attempt_id: int) -> None:
    """Pass the door of an attempt that was just begun by the API, or goes on; its paper follows."""
    admit(attempt_id)


def log_wanted() -> bool:
    """Whether the attempt of this request keeps a log of focus."""
    found: Door | None = g.get("door")
    return found is not None and found.log_focus


def refused_at() -> datetime | None:
    """When another device was refused at the door of this request's attempt; None for never."""
    found: Door | None = g.get("door")
    return found.refused_at if found is not None and found.one_device else None


def held_alone() -> bool:
    """Whether the attempt of this request is held by one device."""
    found: Door | None = g.get("door")
    return found is not None and found.one_device


def admit(attempt_id: int) -> None:
    """Check while a save holds the attempt's row; what the refusal leaves behind is written without the save."""
    door = doors.of_attempt(member_id(), attempt_id)
    if door is not None:
        _pass(door)


def check_start(quiz: Quiz) -> ResponseReturnValue | None:
    """Before an attempt begins (or goes on): the browser that the quiz asks for; the page that explains it, if not."""
    found = rules.of_quiz(quiz.id)
    if found is None or not found.safe_browser:
        return None
    if _is_safe_browser(tuple(found.config_keys), tuple(found.browser_keys), found.own_config, quiz.slug):
        return None
    if wants_json():
        raise _needed()
    return _explain(quiz.id, found.token)


def device() -> str:
    """What tells this device from another: its token, or a number that its cookie keeps."""
    token = bearer()
    if token is not None:
        return f"token:{token.token_id}"
    if DEVICE not in session:
        session[DEVICE] = secrets.token_urlsafe(16)
    return str(session[DEVICE])


def _pass(door: Door) -> None:
    if door.safe_browser:
        slug = db.session.get_one(Quiz, door.quiz_id).slug if door.own_config else ""
        if not _is_safe_browser(door.config_keys, door.browser_keys, door.own_config, slug):
            db.session.rollback()
            raise _needed()
    if door.one_device and door.device != device():
        _hold_or_refuse(door)


def _hold_or_refuse(door: Door) -> None:
    """Let the first device hold the attempt, or refuse this one; in a transaction of its own."""
    if door.device is None:
        with unit_of_work():
            if doors.take(door, device(), arrived()):
                return
    db.session.rollback()
    with unit_of_work():
        attempt_devices.refuse(actor(), door, request.headers.get("User-Agent", ""), arrived())
    raise NotAllowed(
        _("This attempt is open on another device. Go on there, or ask your invigilator to release it."),
        code="other_device",
    )


def _needed() -> SafeBrowserNeeded:
    return SafeBrowserNeeded(_("This quiz is sat in Safe Exam Browser."), code="safe_browser")


def _is_safe_browser(keys: tuple[str, ...], browser_keys: tuple[str, ...], own: bool, slug: str) -> bool:
    """Whether the request carries the right hashes of its own address: only these count, never what it calls itself."""
    url = own_url()
    accepted = (*keys, safe_browser.config_key(settings(slug))) if own else keys
    if not safe_browser.is_right(url, accepted, request.headers.get(safe_browser.CONFIG_HEADER)):
        return False
    browser = request.headers.get(safe_browser.BROWSER_HEADER)
    return not browser_keys or safe_browser.is_right(url, browser_keys, browser)


def own_url() -> str:
    """The absolute address of the request as a browser outside sees it: our public address, whatever the host says."""
    query = request.query_string.decode("latin-1")
    path = quote(request.script_root + request.path, safe="/:@!$&'()*+,;=~-._")
    return config().base_url.rstrip("/") + path + (f"?{query}" if query else "")


def settings(slug: str) -> dict[str, object]:
    """The configuration that we make for a quiz."""
    return safe_browser.settings_for(config().base_url.rstrip("/") + url_for("quizzes.quiz", slug=slug))


def start_links(token: str) -> tuple[str, str]:
    """Where the configuration file lies, and the link that opens it in the safe browser."""
    path = url_for("quizzes.safe_browser_file", token=token)
    parts = urlsplit(config().base_url)
    scheme = "sebs" if parts.scheme == "https" else "seb"
    return path, f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}{path}"


def _explain(quiz_id: int, token: str) -> ResponseReturnValue:
    quiz = db.session.get_one(Quiz, quiz_id)
    return render_template("quizzes/safe_browser.html", quiz=quiz, **_links(rules.of_quiz(quiz_id), token)), 403


def _links(found: QuizConduct | None, token: str) -> dict[str, str]:
    if found is None or not found.own_config:
        return {"file": "", "link": ""}
    file, link = start_links(token)
    return {"file": file, "link": link}
