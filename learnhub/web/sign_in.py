"""Flask-Login meets Member: which session or token a request carries, and opening and closing sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, Request, g, request, session
from flask_login import LoginManager, UserMixin

from learnhub.identity import sessions, tokens
from learnhub.identity.models import Member
from learnhub.journeys import start_day
from learnhub.kernel.clock import local_date
from learnhub.kernel.db import unit_of_work
from learnhub.kernel.house import house
from learnhub.web import assets
from learnhub.web.context import address, arrived, config

KEY = "sid"
DEVICE = "device"
"""Tells one browser from another; it outlasts signing in again, so that who signs in anew in mid-exam goes on."""


class SignedInMember(UserMixin):  # type: ignore[misc]
    """What Flask-Login knows of a member."""

    def __init__(self, member_id: int) -> None:
        self.id = member_id


def load() -> None:
    """Read the session or the token of a request: one indexed statement. Static files are the same for everybody."""
    g.signed_in = g.bearer = g.left_alone = None
    if request.endpoint == assets.ENDPOINT:
        return
    now = arrived()
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer ") and request.path.startswith("/api/"):
        g.bearer = tokens.read(header.removeprefix("Bearer ").strip(), now)
        return
    key = session.get(KEY)
    found = sessions.read(key) if isinstance(key, str) else None
    if found is None:
        return
    if found.open and not found.idle(now, timedelta(minutes=config().idle_minutes)):
        g.signed_in = found
        if sessions.touch(found, now) and _another_day(found.last_seen_at, now):
            with unit_of_work():
                start_day.first_visit(found.member_id, now)
    else:
        g.left_alone = found


def _another_day(before: datetime, now: datetime) -> bool:
    return local_date(before, house.zone) != local_date(now, house.zone)


def open_session(member: Member, now: datetime, *, keep_form_token: bool = False) -> None:
    """Start a session under a fresh id. The old cookie's content goes, except what an open page still needs."""
    token, device = session.get("csrf_token"), session.get(DEVICE)
    old = g.get("signed_in") or g.get("left_alone")
    if old is not None:
        sessions.end(old.session_id, old.member_id, now)
    session.clear()
    session.permanent = True
    session[KEY] = sessions.start(member, now, address(), request.headers.get("User-Agent", ""))
    if device:
        session[DEVICE] = device
    if keep_form_token and token:
        session["csrf_token"] = token


def close_session(now: datetime) -> None:
    """End this browser's session on the server and forget its cookie."""
    if g.signed_in is not None:
        sessions.end(g.signed_in.session_id, g.signed_in.member_id, now)
    session.clear()


def _user(_request: Request) -> SignedInMember | None:
    token, found = g.get("bearer"), g.get("signed_in")
    return SignedInMember(token.member_id if token else found.member_id) if token or found else None


def init_app(app: Flask) -> None:
    """Tell Flask-Login who is signed in; `current_user` then works for any extension that asks."""
    manager = LoginManager()
    manager.session_protection = None
    manager.request_loader(_user)
    manager.init_app(app)
