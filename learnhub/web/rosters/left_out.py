"""Who among the chosen gets no sign-in code, in sentences: how many, their names, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import ngettext

from learnhub.identity.models import Member
from learnhub.journeys.invite_members import LeftOut, Why
from learnhub.web.language import series
from learnhub.web.language import translated as _


def _by_role(n: int, names: str) -> Any:
    return ngettext(
        "%(num)s member holds a role, so an administrator makes the code: %(names)s",
        "%(num)s members hold a role, so an administrator makes their codes: %(names)s",
        n,
        names=names,
    )


def _oneself(_n: int, _names: str) -> str:
    return _("You yourself: change your own password on the page “Me”.")


def _gone(n: int, names: str) -> Any:
    return ngettext(
        "%(num)s member left, so the account is closed: %(names)s",
        "%(num)s members left, so their accounts are closed: %(names)s",
        n,
        names=names,
    )


def _without_address(n: int, names: str) -> Any:
    return ngettext(
        "%(num)s member has no e-mail address, so print the slip: %(names)s",
        "%(num)s members have no e-mail address, so print their slips: %(names)s",
        n,
        names=names,
    )


_SAID: dict[Why, Callable[[int, str], Any]] = {
    Why.ROLE: _by_role,
    Why.ONESELF: _oneself,
    Why.LEFT: _gone,
    Why.NO_ADDRESS: _without_address,
}


def told(left_out: LeftOut, away: int = 0, *, most: int | None = None) -> list[str]:
    """A sentence for each reason, with all names or so many of them."""
    said = [say(len(left_out[why]), _names(left_out[why], most)) for why, say in _SAID.items() if why in left_out]
    if away:
        said.append(
            ngettext(
                "%(num)s member who came with this roster is not in your reach any more.",
                "%(num)s members who came with this roster are not in your reach any more.",
                away,
            )
        )
    return said


def _names(members: Sequence[Member], most: int | None) -> str:
    shown = [one.name for one in members[:most]]
    return series([*shown, "…"] if len(shown) < len(members) else shown)
