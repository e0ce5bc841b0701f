"""Answers that were checked during an attempt: every try, what each one earned, and what they come to at the close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, Table, select
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.kernel.append_only import append_only
from learnhub.kernel.db import Model, db
from learnhub.quizzes.models import Attempt
from question_bank.fractions import fraction
from question_bank.kinds import Correctness
from question_bank.marking import round_half_up


class Behaviour(StrEnum):
    """When answers are marked."""

    AT_END = "at_end"
    """All of them, when the attempt is handed in."""
    AT_ONCE = "at_once"
    """Each one when its member asks for it; then it stands."""
    TRIES = "tries"
    """Each one when its member asks, and it may be tried again, for fewer marks."""
    CHALLENGE = "challenge"
    """Each one, one after another, until the first that is not right: it ends the attempt."""


class AnswerTry(Model):
    """A check of an answer: which revision of it was looked at, and what it earned as that try."""

    __tablename__ = "answer_try"

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1."""
    revision: Mapped[int]
    """Of the answer; its words stand in `answer_version`."""
    mark: Mapped[int]
    """Thousandths, the penalty taken off."""
    correctness: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["member_id", "attempt_id"], [Attempt.member_id, Attempt.id]),)


TRY: Table = AnswerTry.__table__  # type: ignore[assignment]
append_only(TRY)


def behaviour(layout: Mapping[str, Any]) -> Behaviour:
    """When the answers of an attempt are marked."""
    return Behaviour((layout.get("way") or {}).get("behaviour", Behaviour.AT_END))


def allowed(layout: Mapping[str, Any]) -> int:
    """How many tries an answer has in this attempt."""
    return int((layout.get("way") or {}).get("tries", 1))


def worth(layout: Mapping[str, Any], share: Fraction, full: int, number: int) -> int:
    """What a try earns in thousandths: its share of the full mark, less the penalty for each try before it.

    Exact up to the last step. A negative share is not made smaller by trying again.
    """
    penalty = fraction((layout.get("way") or {}).get("penalty", "0"))
    kept = max(Fraction(0), 1 - penalty * (number - 1))
    return round_half_up(share * full * (kept if share > 0 else 1))


def of_attempt(member_id: int, attempt_id: int) -> dict[int, list[Any]]:
    """The tries of an attempt by slot, in order: rows of `answer_try`."""
    found: dict[int, list[Any]] = {}
    rows = db.session.execute(
        select(TRY).filter_by(member_id=member_id, attempt_id=attempt_id).order_by(TRY.c.slot, TRY.c.number)
    )
    for row in rows:
        found.setdefault(row.slot, []).append(row)
    return found


def counted(
    layout: Mapping[str, Any],
    marks: Sequence[Mapping[str, Any]],
    made: Mapping[int, Sequence[Any]],
    unchecked: Mapping[int, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """The marks of a paper with its tries: of each question the try that earned most.

    An answer that was never checked counts as the first try; `unchecked` has what answers earn as one more try that
    were changed after their last check. In a challenge nothing counts from the first answer on that is not right.
    """
    found = []
    for n, one in enumerate(marks, 1):
        tried = [{"mark": each.mark, "correctness": each.correctness} for each in made.get(n, ())]
        if n in unchecked:
            tried.append(dict(unchecked[n]))
        found.append(max(tried, key=lambda each: each["mark"]) if tried else dict(one))
    return list(_streak(found)) if behaviour(layout) == Behaviour.CHALLENGE else found


def _streak(marks: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    unbroken = True
    for one in marks:
        unbroken = unbroken and one["correctness"] == Correctness.RIGHT
        yield one if unbroken else {**one, "mark": 0}
