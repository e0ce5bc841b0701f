"""The frozen paper of an attempt: which versions are asked, in which order, with which marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, select

from learnhub.kernel import lean
from learnhub.kernel.clock import iso
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.words import _
from learnhub.quizzes import pace
from learnhub.quizzes.models import Quiz
from learnhub.quizzes.tries import Behaviour
from question_bank import drawing
from question_bank.kinds import Kind, kind
from question_bank.models import Question, QuestionVersion
from question_bank.versions import Version, versions_by_id

LARGEST_MARK = 1_000_000
"""Thousandths: a thousand marks for one question."""

LARGEST_SEED = 2**53 - 1

NOT_AT_ONCE = frozenset({"essay", "file_upload", "case", "description"})
"""Kinds that a person marks, or that ask nothing."""


@dataclass(frozen=True)
class Slot:
    """A place on a paper, counted from 1. `order` holds keys of options; `mark` is in thousandths."""

    number: int
    question_id: int
    version_id: int
    order: tuple[str, ...]
    mark: int


@dataclass(frozen=True)
class Asked:
    """What a version asks, as the saving of an answer needs it."""

    version_id: int
    kind: Kind
    content: dict[str, Any]


@dataclass(frozen=True)
class Chosen:
    """A question chosen for a paper, in the version that is newest now."""

    question_id: int
    version_id: int
    mark: int


def build(
    quiz: Quiz,
    seed: int,
    seen: frozenset[int] = frozenset(),
    on: date | None = None,
    closes_at: datetime | None = None,
    chosen: list[Chosen] | None = None,
) -> dict[str, Any]:
    """The layout of a new attempt, with the rules it will be marked by; the same seed gives the same layout.

    `chosen` are the questions where they are drawn already.

    `closes_at` is when the quiz closes for this member; it is kept with the limit, for time that is granted later.

    `seen` holds ids of questions that a drawn paper leaves out, as it leaves out those whose source is not in force on
    the day `on` (None looks at no day). Refused when the paper can't be made.
    """
    chosen = choose(quiz.paper, seed, seen, on) if chosen is None else chosen
    if quiz.shuffle_questions:
        chosen = [chosen[place] for place in drawing.shuffled_slots(seed, len(chosen))]
    versions = versions_by_id(one.version_id for one in chosen)
    way = pace.frozen(quiz, len(chosen))
    if quiz.behaviour == Behaviour.CHALLENGE:
        require_marked_at_once(versions)
    return {
        "seed": seed,
        "grace": quiz.grace_seconds,
        "limit": quiz.time_limit_seconds,
        "closes": iso(closes_at) if closes_at else None,
        "marking": quiz.multiple_marking,
        "pass_percent": quiz.pass_percent,
        **({"way": way} if way is not None else {}),
        "slots": [
            _slot(number, one, versions[one.version_id], seed if quiz.shuffle_options else None)
            for number, one in enumerate(chosen, 1)
        ],
    }


def require_marked_at_once(versions: Mapping[int, Version]) -> None:
    """Refused when one of these questions can't be marked the moment it is answered."""
    if any(version.kind in NOT_AT_ONCE for version in versions.values()):
        raise Refused(_("A challenge asks no essays, files, cases or texts without a question."))


def _slot(number: int, chosen: Chosen, version: Version, seed: int | None) -> dict[str, Any]:
    keys = kind(version.kind).option_keys(version.content)
    order = keys if seed is None else drawing.shuffled_order(seed, number, keys)
    mark = 0 if version.kind == "description" else chosen.mark
    return {
        "question": str(chosen.question_id),
        "version": str(chosen.version_id),
        "order": list(order),
        "mark": mark,
    }


def choose(
    paper: dict[str, Any], seed: int, seen: frozenset[int] = frozenset(), on: date | None = None
) -> list[Chosen]:
    """The questions of a paper, fixed or drawn, in the author's order; Refused, with the reason, when that fails."""
    if "blueprint" in paper:
        banks = [int(bank) for bank in paper.get("banks", [])]
        try:
            drawn = drawing.draw(paper["blueprint"], drawing.candidates(bank_ids=banks, on=on), seed, seen)
        except Refused as refusal:
            raise drawing.with_expired(refusal, drawing.quotas_of(paper["blueprint"]), banks, on) from None
        return [Chosen(one.question_id, one.version_id, mark) for one, mark in drawn]
    wanted = [(int(one["id"]), int(one["mark"])) for one in paper.get("questions", [])]
    rows = db.session.execute(
        select(Question.id, Question.version_id).where(
            Question.id.in_([question_id for question_id, _mark in wanted]), Question.version_id.is_not(None)
        )
    )
    newest = {int(question_id): int(version_id or 0) for question_id, version_id in rows}
    chosen = [Chosen(one, newest[one], mark) for one, mark in wanted if one in newest]
    if len(chosen) < len(wanted):
        raise Refused(_("A question of this quiz is missing. Tell your instructor."))
    if not chosen:
        raise Refused(_("This quiz has no questions yet."))
    return chosen


def seen_within(paper: dict[str, Any]) -> int:
    """For how many days a drawn paper leaves out what the member saw; 0 for no exclusion."""
    return int(paper.get("blueprint", {}).get("exclude_seen_days") or 0)


def slots_of(layout: dict[str, Any]) -> list[Slot]:
    """The slots of a layout, in order."""
    return [
        Slot(number, int(one["question"]), int(one["version"]), tuple(one["order"]), int(one["mark"]))
        for number, one in enumerate(layout["slots"], 1)
    ]


def slot_of(layout: dict[str, Any], number: int) -> Slot:
    """One slot of a layout; NotFound when the paper is shorter."""
    if not 1 <= number <= len(layout["slots"]):
        raise NotFound(_("There is no question %(number)s in this quiz.", number=number))
    one = layout["slots"][number - 1]
    return Slot(number, int(one["question"]), int(one["version"]), tuple(one["order"]), int(one["mark"]))


def grace_of(layout: dict[str, Any]) -> timedelta:
    """How long after the deadline a save still counts."""
    return timedelta(seconds=int(layout.get("grace", 5)))


def full_marks(layout: dict[str, Any]) -> int:
    """What the paper is worth, in thousandths."""
    return sum(int(one["mark"]) for one in layout["slots"])


_VERSION: Table = QuestionVersion.__table__  # type: ignore[assignment]
_ASKED = lean.Statement(select(_VERSION.c.kind, _VERSION.c.content).where(_VERSION.c.id == bindparam("id")))


@lru_cache(maxsize=2048)
def asked(version_id: int) -> Asked:
    """What a version asks. Versions never change, so a process may keep those it saw; NotFound for none."""
    row = lean.here().one(_ASKED, id=version_id)
    if row is None:
        raise NotFound(_("This question is missing. Tell your instructor."))
    return Asked(version_id, kind(row[0]), row[1])


def cleaned(layout: dict[str, Any], number: int, response: Any) -> dict[str, Any]:
    """A response to a question of a paper in the form in which it is kept; Refused when it is none."""
    found = asked(slot_of(layout, number).version_id)
    return found.kind.clean_response(found.content, response)
