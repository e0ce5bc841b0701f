"""Marks by hand: what of an answer a person marks, the marks given, and what the attempt comes to with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import exists, select, tuple_

from learnhub.kernel.db import db
from learnhub.kernel.errors import Conflict, NotFound, Refused
from learnhub.kernel.sql import locked
from learnhub.kernel.words import _
from learnhub.quizzes import answers, closing, papers
from learnhub.quizzes.conduct.models import LateDecision
from learnhub.quizzes.models import Attempt, AttemptState, HandMark
from question_bank import marking
from question_bank.kinds import Correctness, kind, rubric
from question_bank.versions import Version, versions_by_id

LONGEST_COMMENT = 5_000
"""Characters."""


@dataclass(frozen=True)
class Part:
    """What a person marks of an answer: the question itself (`key` is empty), or a question inside a case.

    `full` is what it is worth in thousandths.
    """

    key: str
    kind: str
    stem_html: str
    content: dict[str, Any]
    full: int
    response: dict[str, Any]

    @property
    def rubric(self) -> rubric.Rubric:
        """The rubric of the question; empty when there is none."""
        found: rubric.Rubric = self.content.get("rubric", [])
        return found


@dataclass(frozen=True)
class Given:
    """What a person gives for a part: a mark in thousandths, or none where the levels of the rubric say it all."""

    key: str = ""
    mark: int | None = None
    levels: Mapping[str, str] = field(default_factory=dict)


def parts_of(version: Version, response: dict[str, Any], full: int) -> list[Part]:
    """The parts of an answer that wait for a person, or had one: nothing that was left blank, or marks itself."""
    if version.kind != "case":
        is_for_a_person = _by_hand(version.kind, version.content, response)
        part = Part("", version.kind, version.stem_html, version.content, full, response)
        return [part] if is_for_a_person else []
    questions, given = version.content["questions"], response.get("answers", {})
    return [
        Part(one["key"], one["kind"], one["stem_html"], one["content"], worth(questions, one, full), given[one["key"]])
        for one in questions
        if one["key"] in given and _by_hand(one["kind"], one["content"], given[one["key"]])
    ]


def worth(questions: Sequence[Mapping[str, Any]], one: Mapping[str, Any], full: int) -> int:
    """What a question of a case is worth in thousandths: its share of the marks of the whole case."""
    return marking.round_half_up(Fraction(full * one["mark"], sum(each["mark"] for each in questions)))


def _by_hand(kind_name: str, content: dict[str, Any], response: dict[str, Any]) -> bool:
    return kind(kind_name).mark(content, response).correctness is Correctness.BY_HAND


_OUTDATED = exists().where(
    LateDecision.member_id == HandMark.member_id,
    LateDecision.attempt_id == HandMark.attempt_id,
    LateDecision.slot == HandMark.slot,
    LateDecision.id > HandMark.id,
)
"""A mark of an answer in whose place another one counts since: a late one, by decision. It has to be marked anew."""


def newest(member_id: int, attempt_id: int) -> dict[int, HandMark]:
    """The hand marks of an attempt that stand, by slot."""
    rows = db.session.scalars(
        select(HandMark)
        .where(HandMark.member_id == member_id, HandMark.attempt_id == attempt_id, ~_OUTDATED)
        .order_by(HandMark.at, HandMark.id)
    )
    return {row.slot: row for row in rows}


def history(member_id: int, attempt_id: int, slot: int) -> list[HandMark]:
    """Every hand mark of an answer, the one that stands first."""
    return list(
        db.session.scalars(
            select(HandMark)
            .where(HandMark.member_id == member_id, HandMark.attempt_id == attempt_id, HandMark.slot == slot)
            .order_by(HandMark.at.desc(), HandMark.id.desc())
        )
    )


def newest_of(keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], dict[int, HandMark]]:
    """The hand marks that stand for several attempts (member id, attempt id), by slot; one statement."""
    found: dict[tuple[int, int], dict[int, HandMark]] = {}
    rows = db.session.scalars(
        select(HandMark)
        .where(tuple_(HandMark.member_id, HandMark.attempt_id).in_(list(keys)), ~_OUTDATED)
        .order_by(HandMark.at, HandMark.id)
    )
    for row in rows:
        found.setdefault((row.member_id, row.attempt_id), {})[row.slot] = row
    return found


def put(
    attempt: Attempt, slot_number: int, given: Sequence[Given], comment: str, marker_id: int, seen: int, now: datetime
) -> HandMark:
    """Mark an answer of a closed attempt, and work out anew what the attempt comes to.

    `seen` is the id of the hand mark that the marker saw standing (0 for none): Conflict when another one stands now.
    Refused when the attempt is open, there is nothing to mark by hand, a part has no mark, or one above its worth.
    """
    attempt = lock(attempt)
    if attempt.state != AttemptState.CLOSED:
        raise Refused(_("This attempt is still open. It can be marked when it is handed in."))
    standing = newest(attempt.member_id, attempt.id)
    before = standing.get(slot_number)
    if (before.id if before else 0) != seen:
        raise Conflict(_("Somebody marked this answer in the meantime. Look at it again."))
    comment = comment.replace("\0", "").replace("\r\n", "\n").strip()
    if len(comment) > LONGEST_COMMENT:
        raise Refused(_("A comment has at most %(n)s characters.", n=LONGEST_COMMENT))
    parts = of_slot(attempt, slot_number)
    if not parts:
        raise Refused(_("Nothing of this answer is marked by hand."))
    by_key = {one.key: one for one in given}
    mark = HandMark(
        member_id=attempt.member_id,
        attempt_id=attempt.id,
        slot=slot_number,
        parts=[_marked(part, by_key.get(part.key, Given(part.key))) for part in parts],
        comment=comment,
        marker_id=marker_id,
        at=now,
    )
    db.session.add(mark)
    db.session.flush()
    judge(attempt)
    return mark


def of_slot(attempt: Attempt, slot_number: int) -> list[Part]:
    """What a person marks of the answer in a slot; NotFound when the paper is shorter."""
    slot = papers.slot_of(attempt.layout, slot_number)
    version = versions_by_id([slot.version_id]).get(slot.version_id)
    held = answers.of_attempt(attempt.member_id, attempt.id).get(slot_number)
    if version is None or held is None:
        return []
    return parts_of(version, held.response, slot.mark)


def lock(attempt: Attempt) -> Attempt:
    """The attempt's row, held until the end of the transaction, so that two markers take turns."""
    query = select(Attempt).where(Attempt.member_id == attempt.member_id, Attempt.id == attempt.id)
    found: Attempt | None = db.session.scalar(locked(query).execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such attempt."))
    return found


def _marked(part: Part, given: Given) -> dict[str, Any]:
    levels = {
        criterion["key"]: given.levels[criterion["key"]]
        for criterion in part.rubric
        if given.levels.get(criterion["key"]) in {level["key"] for level in criterion["levels"]}
    }
    mark = given.mark
    if mark is None and not part.rubric:
        raise Refused(_("Enter a mark."))
    if mark is None:
        mark = marking.round_half_up(rubric.worth(part.rubric, levels) * part.full)
    if not 0 <= mark <= part.full:
        raise Refused(_("The mark lies between 0 and %(full)s.", full=_in_marks(part.full)))
    return {"key": part.key, "mark": mark, "levels": levels}


def _in_marks(thousandths: int) -> str:
    return f"{Decimal(thousandths).scaleb(-3).normalize():f}"


def judge(attempt: Attempt) -> None:
    """The attempt's marks, score and result from the automatic marks and the hand marks that stand."""
    standing = newest(attempt.member_id, attempt.id)
    held = answers.of_attempt(attempt.member_id, attempt.id)
    automatic = closing.mark_held(attempt.member_id, attempt.id, attempt.layout, held)
    slots = papers.slots_of(attempt.layout)
    marks = [
        _with_hand(one, standing[slot.number], slot.mark) if slot.number in standing else one
        for one, slot in zip(automatic.marks, slots, strict=True)
    ]
    attempt.marks = marks
    attempt.waits = sum(1 for one in marks if one["correctness"] == Correctness.BY_HAND)
    score, passed = closing.judged(attempt.layout, marks)
    attempt.score, attempt.passed = (None, None) if attempt.waits else (score, passed)
    db.session.flush()


def _with_hand(automatic: Mapping[str, Any], hand: HandMark, full: int) -> dict[str, Any]:
    mark = min(automatic["mark"] + sum(part["mark"] for part in hand.parts), full)
    return {"mark": mark, "correctness": verdict(mark, full).value, "by_hand": True}


def verdict(mark: int, full: int) -> Correctness:
    """How right an answer was, told by its mark."""
    if mark >= full:
        return Correctness.RIGHT
    return Correctness.PARTLY if mark > 0 else Correctness.WRONG
