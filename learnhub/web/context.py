"""What a view may ask about its request: who, from where, when, and with what reach."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import current_app, g, request

from learnhub.audit.trail import Actor
from learnhub.config import Config
from learnhub.identity.models import Member
from learnhub.identity.sessions import SignedIn
from learnhub.identity.tokens import Bearer
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.words import _
from learnhub.organisations.permissions import Permission
from learnhub.organisations.scope import Scope, scope_of
from learnhub.web.arrival import arrival


def config() -> Config:
    """The settings of this application."""
    return cast(Config, current_app.config["LEARNHUB"])


def arrived() -> datetime:
    """The moment at which the request reached us: the `now` of everything that it does."""
    if "now" not in g:
        g.now = arrival(request.environ)
    return cast(datetime, g.now)


def signed_in_session() -> SignedIn | None:
    """The session of the cookie, when it is open and not idle."""
    return cast("SignedIn | None", g.get("signed_in"))


def bearer() -> Bearer | None:
    """The token of the request, if it came with one."""
    return cast("Bearer | None", g.get("bearer"))


def member_id_or_none() -> int | None:
    """The member's id by session or token; None for a visitor."""
    session, token = signed_in_session(), bearer()
    if token:
        return token.member_id
    return session.member_id if session else None


def member_id() -> int:
    """The id of the member whose request this is."""
    found = member_id_or_none()
    if found is None:
        raise NotAllowed(_("Sign in first."))
    return found


def me() -> Member:
    """The member whose request this is."""
    found = db.session.get(Member, member_id())
    if found is None:
        raise NotAllowed(_("Sign in first."))
    return found


def scope() -> Scope:
    """The member's reach, read once a request."""
    if "scope" not in g:
        g.scope = scope_of(member_id(), arrived())
    return cast(Scope, g.scope)


def address() -> str:
    """The client's address, as far as the proxies in front are ours."""
    return request.remote_addr or ""


def actor() -> Actor:
    """Who acts, for the audit trail."""
    if member_id_or_none() is None:
        return Actor(None, address())
    return Actor(me(), address(), stands_in_for)


def stands_in_for(unit_id: int | None) -> str:
    """Whose deputy the person is in what this request asks for on a unit; empty when in their own right."""
    guard = getattr(current_app.view_functions.get(request.endpoint or ""), "guard", None)
    return scope().stands_in_for(guard, unit_id) if isinstance(guard, Permission) else ""
