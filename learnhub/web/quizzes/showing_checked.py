"""What pages and the API may show of answers that were checked during an attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from learnhub.quizzes import papers, review, tries
from learnhub.quizzes.models import Attempt, Quiz
from learnhub.quizzes.review import Item
from learnhub.quizzes.tries import Behaviour
from learnhub.web.quizzes import showing
from learnhub.web.quizzes.showing import Reviewed
from question_bank.versions import versions_by_id


@dataclass(frozen=True)
class Verdict:
    """How a question stands after its last check: the tries that were made and are left, and what may be seen.

    `seen` is None where the answer was changed since: nobody hears of an answer that was not checked. `hints` are those
    of the tries so far, while there is another.
    """

    number: int
    made: int
    left: int
    fixed: bool
    correctness: str
    mark: int | None
    full_mark: int
    seen: Reviewed | None = None
    hints: Sequence[str] = ()


def verdicts(quiz: Quiz, attempt: Attempt, held: Mapping[int, Any], numbers: Sequence[int]) -> dict[int, Verdict]:
    """The questions among these that were checked, by number; no statement where nothing is checked."""
    if tries.behaviour(attempt.layout) == Behaviour.AT_END:
        return {}
    made = {n: rows for n, rows in tries.of_attempt(attempt.member_id, attempt.id).items() if n in numbers}
    slots = [papers.slot_of(attempt.layout, n) for n in made]
    versions = versions_by_id(slot.version_id for slot in slots)
    found = {}
    for slot in slots:
        rows, answer, fixed = made[slot.number], held.get(slot.number), slot.number in attempt.fixed
        last, shown = rows[-1], review.of_checked(quiz, fixed)
        same = answer is not None and answer.revision == last.revision
        marked = {"mark": last.mark, "correctness": last.correctness}
        marking = attempt.layout.get("marking", "all_or_nothing")
        version = versions.get(slot.version_id)
        left = 0 if fixed else tries.allowed(attempt.layout) - len(rows)
        found[slot.number] = Verdict(
            slot.number,
            len(rows),
            left,
            fixed,
            last.correctness,
            last.mark if Item.MARK in shown else None,
            slot.mark,
            showing.looked_at(slot, version, answer.response, marked, shown, marking)
            if answer is not None and same
            else None,
            version.hints[: len(rows)] if version is not None and left > 0 else (),
        )
    return found


def can_be_checked(attempt: Attempt, kind: str) -> bool:
    """Whether answers to a question of this kind are checked in this attempt."""
    return tries.behaviour(attempt.layout) != Behaviour.AT_END and kind not in papers.NOT_AT_ONCE
