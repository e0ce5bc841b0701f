"""What a review shows of an answer that a person marks: rubric, levels, comment, and which role marked when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from learnhub.organisations import roles
from learnhub.organisations.permissions import Permission, Role
from learnhub.quizzes.models import HandMark
from learnhub.quizzes.review import Item
from learnhub.web.role_names import role_names

KINDS = ("essay", "file_upload")


@dataclass(frozen=True)
class ByHand:
    """An answer that a person marks, with exactly what the review rules allow; the rest is empty."""

    text: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    rubric: list[dict[str, Any]] = field(default_factory=list)
    levels: Mapping[str, str] = field(default_factory=dict)
    """The level reached, by criterion."""


@dataclass(frozen=True)
class Marking:
    """How an answer was marked: the comment, and which role marked it when; `waits` when nobody has yet."""

    waits: bool
    comment: str = ""
    role: str = ""
    at: datetime | None = None


def answer_of(kind_name: str, content: dict[str, Any], response: dict[str, Any], levels: Mapping[str, str]) -> ByHand:
    """The answer itself, and the rubric with the levels that may be seen."""
    return ByHand(response.get("text", ""), response.get("files", []), content.get("rubric", []), levels)


def levels_in(hand: HandMark | None, key: str, shown: frozenset[Item]) -> Mapping[str, str]:
    """The levels chosen for a part of an answer, where its mark may be seen."""
    part = part_in(hand, key) if Item.MARK in shown else None
    return part["levels"] if part else {}


def part_in(hand: HandMark | None, key: str) -> dict[str, Any] | None:
    """What a person gave for a part of an answer."""
    parts = hand.parts if hand is not None else []
    return next((dict(part) for part in parts if part["key"] == key), None)


def marking_of(hand: HandMark | None, is_waiting: bool, shown: frozenset[Item]) -> Marking | None:
    """How an answer was marked, as far as it may be seen; None where there is nothing to say."""
    if is_waiting:
        return Marking(waits=True)
    if hand is None or Item.MARK not in shown:
        return None
    comment = hand.comment if Item.FEEDBACK in shown else ""
    return Marking(False, comment, role_of(hand), hand.at)


def role_of(hand: HandMark) -> str:
    """By which role somebody marked: never who it was. Empty when the role is not known any more."""
    held = [grant.role for grant in roles.grants_of(hand.marker_id, hand.at)]
    may = [role for role in held if Permission.AUTHOR in roles.given_by(role)]
    may.sort(key=lambda role: (role != Role.INSTRUCTOR, role != Role.ADMINISTRATOR))
    return role_names().get(may[0], "") if may else ""
