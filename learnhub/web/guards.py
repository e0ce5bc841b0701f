"""Who may call an endpoint: every view carries a mark, and one without a mark answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

from learnhub.kernel.errors import NotAllowed
from learnhub.kernel.words import _
from learnhub.organisations.permissions import Permission
from learnhub.web.context import bearer, member_id_or_none, scope

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed in"


def public(view: View) -> View:
    """Anybody may call this view."""
    view.guard = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Every member may call this view; what it shows is their own or found through their scope."""
    view.guard = SIGNED_IN  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only who holds the permission on some unit may call this view; the object is found through the scope."""

    def mark(view: View) -> View:
        view.guard = permission  # type: ignore[attr-defined]
        return view

    return mark


class SignInNeeded(Exception):
    """Nobody is signed in, or the session is over: the person is asked, and then goes on."""


def guard_of(endpoint: str) -> str | Permission | None:
    """The mark of an endpoint's view; None when it has none."""
    return getattr(current_app.view_functions[endpoint], "guard", None)


def check() -> None:
    """Before each request: does the mark of its view let this person in?"""
    if request.endpoint is None:
        return
    guard = guard_of(request.endpoint)
    if guard == PUBLIC:
        return
    if guard is None:
        raise NotAllowed(_("This page is not open to anybody."))
    if member_id_or_none() is None:
        raise SignInNeeded
    token = bearer()
    if token and request.method not in {"GET", "HEAD", "OPTIONS"} and "write" not in token.scopes:
        raise NotAllowed(_("This token may only read."))
    if isinstance(guard, Permission) and not scope().has(guard):
        raise NotAllowed(_("Your roles do not include this. Ask your administrator if you need it."))
