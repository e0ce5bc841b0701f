"""What a member may see of their attempt, and when: pure rules, read by every page and answer that shows one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from learnhub.kernel.words import Message, _
from learnhub.quizzes import series
from learnhub.quizzes.models import Attempt, AttemptState, Mode, Quiz

RIGHT_AFTER = timedelta(minutes=2)
"""How long after the hand-in is "right after"."""


class Moment(StrEnum):
    """Where an attempt and its quiz stand in time."""

    DURING = "during"
    AFTER = "after"
    LATER = "later"
    CLOSED = "closed"


class Item(StrEnum):
    """What there is to see. The explanation belongs to the right answer: it names it."""

    RESPONSE = "response"
    CORRECTNESS = "correctness"
    MARK = "mark"
    FEEDBACK = "feedback"
    RIGHT_ANSWER = "right_answer"


EVERYTHING = tuple(Item)
_AT_ONCE = (Item.RESPONSE, Item.CORRECTNESS, Item.MARK, Item.FEEDBACK)

PRESETS: dict[str, dict[str, list[str]]] = {
    Mode.PRACTICE: {Moment.AFTER: [*EVERYTHING], Moment.LATER: [*EVERYTHING], Moment.CLOSED: [*EVERYTHING]},
    Mode.TEST: {Moment.AFTER: [*_AT_ONCE], Moment.LATER: [*_AT_ONCE], Moment.CLOSED: [*EVERYTHING]},
    Mode.EXAM: {Moment.AFTER: [], Moment.LATER: [], Moment.CLOSED: [Item.RESPONSE, Item.MARK]},
}
"""What is shown when, by mode, unless the quiz says otherwise. During an attempt only what was checked is shown."""

PRESET_WORDS: dict[str, Message] = {
    Mode.PRACTICE: _("Everything right after handing in"),
    Mode.TEST: _("Marks after handing in; right answers after the close, or when no attempts are left"),
    Mode.EXAM: _("Answers and marks after the close only"),
}


def moment(
    quiz: Quiz,
    *,
    state: str,
    submitted_at: datetime | None,
    attempts_left: int | None,
    now: datetime,
    closed_at: datetime | None = None,
) -> Moment:
    """The moment of an attempt. A quiz without a closing date counts as closed for who has no attempts left.

    It is closed when it is closed for the last unit and the last member with time past the close: nobody's key buys
    another's answers; `closed_at` says when where that differs, as for the set of a day. An exam without a closing date
    never closes by itself: others may still sit it.
    """
    if state == AttemptState.OPEN or submitted_at is None:
        return Moment.DURING
    closed_at = closed_at or quiz.closed_for_all_at
    if closed_at is not None:
        if now >= closed_at:
            return Moment.CLOSED
    elif attempts_left == 0 and quiz.mode != Mode.EXAM:
        return Moment.CLOSED
    return Moment.AFTER if now <= submitted_at + RIGHT_AFTER else Moment.LATER


def rules_of(quiz: Quiz) -> Mapping[str, Sequence[str]]:
    """The quiz's own rules, or those of its mode."""
    return quiz.review or PRESETS[quiz.mode]


def shown(rules: Mapping[str, Sequence[str]], at: Moment) -> frozenset[Item]:
    """What may be seen at a moment."""
    if at is Moment.DURING:
        return frozenset()
    return frozenset(Item(item) for item in rules.get(at, ()))


def of_attempt(quiz: Quiz, attempt: Attempt, attempts_left: int | None, now: datetime) -> frozenset[Item]:
    """What the member may see of an attempt now. Of a preview its author sees everything once it is handed in."""
    at = moment(
        quiz,
        state=attempt.state,
        submitted_at=attempt.submitted_at,
        attempts_left=attempts_left,
        now=now,
        closed_at=series.closed_for_all(quiz, attempt),
    )
    if attempt.preview and at is not Moment.DURING:
        return frozenset(EVERYTHING)
    return shown(rules_of(quiz), at)


def marks_shown_at(quiz: Quiz, attempt: Any, submitted_at: datetime) -> datetime | None:
    """From when the clock alone lets a member see the mark of an attempt (anything with its `started_at`).

    Where the rules show it neither right after nor later, that is the close for all. None where there is no such
    moment: a quiz without a close.
    """
    rules = rules_of(quiz)
    if Item.MARK in rules.get(Moment.AFTER, ()):
        return submitted_at
    closed_at = series.closed_for_all(quiz, attempt)
    if Item.MARK not in rules.get(Moment.LATER, ()):
        return closed_at
    later = submitted_at + RIGHT_AFTER
    return later if closed_at is None else min(later, closed_at)


def may_show_marks(quiz: Quiz, now: datetime) -> bool:
    """Whether any attempt of a quiz may have a mark that is shown now; False only where none has before a close."""
    rules = rules_of(quiz)
    if quiz.series or any(Item.MARK in rules.get(at, ()) for at in (Moment.AFTER, Moment.LATER)):
        return True
    return quiz.closed_for_all_at is None or quiz.closed_for_all_at <= now


def of_checked(quiz: Quiz, fixed: bool) -> frozenset[Item]:
    """What may be seen of an answer that was checked during the attempt: what the rules say of "during", else what
    they show right after handing in, since who may check may also hand in. Whether it is right, always; the right
    answer never before the answer stands."""
    rules = rules_of(quiz)
    items = rules.get(Moment.DURING, rules.get(Moment.AFTER, ()))
    seen = {Item.RESPONSE, Item.CORRECTNESS, *(Item(item) for item in items)}
    return frozenset(seen if fixed else seen - {Item.RIGHT_ANSWER})


def preset_of(review: dict[str, Any]) -> str:
    """The name of the preset that these rules are; empty for the mode's own or for none of them."""
    return next((name for name, rules in PRESETS.items() if rules == review), "")
