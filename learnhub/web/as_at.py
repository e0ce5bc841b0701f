"""The day as at which a page is asked for: `as_at` in its address; today without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from learnhub.kernel.errors import Refused
from learnhub.kernel.words import Message, _
from learnhub.organisations import at_day
from learnhub.organisations.at_day import AtDay
from learnhub.web.context import arrived

NAME = "as_at"
"""The parameter of addresses."""


@dataclass(frozen=True)
class Asked:
    """A day as it was asked for. With a fault it is today's that is shown."""

    at: AtDay
    text: str = ""
    fault: Message | str | None = None

    @property
    def day(self) -> date | None:
        """The day of the past that is shown; None for today."""
        return self.at.day if self.at.past else None


def read(parameters: Mapping[str, str]) -> Asked:
    """The day of an address."""
    said = parameters.get(NAME, "").strip()[:20]
    try:
        return Asked(at_day.as_at(_day(said), arrived()), said)
    except Refused as refusal:
        return Asked(at_day.today(arrived()), said, refusal.message)


def member_url(member_id: int, linked: set[int]) -> str:
    """The address of a member's page; empty for who of that day is not in reach now."""
    return url_for("organisations.member", member_id=member_id) if member_id in linked else ""


def _day(said: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError as wrong:
        raise Refused(_("“%(value)s” is not a day.", value=said)) from wrong
