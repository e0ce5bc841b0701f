"""Planted bugs: one mistake each in a part of the exam core. The machine must see every one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from unittest.mock import patch

from sqlalchemy import bindparam

from learnhub.journeys import quiz_rewards
from learnhub.kernel import lean
from learnhub.quizzes import answers, checking, closing, flags, grants, late_answers, overdue, pace, tries
from learnhub.quizzes.models import Attempt, Quiz
from tests.makers import NOW
from tests.stateful.model import Rules

Bug = Callable[[], AbstractContextManager[Any]]


def _any_base(new: Any) -> Any:
    """An answer from an old tab overwrites what was said elsewhere."""
    return (answers.ANSWER.c.sequence < new.excluded.sequence) & (bindparam("base") > -1)


_ANY_BASE = lean.Statement(lambda dialect: answers._upsert(dialect, _any_base))


def _no_grace(now: datetime, deadline: datetime | None, grace: timedelta) -> bool:
    return deadline is None or now <= deadline


def _nothing(*_rest: Any) -> int:
    """What is left out."""
    return 0


_reading, _closing = overdue.mark, overdue.close


def _closed_over(ended: Sequence[overdue.Ended], now: datetime) -> list[overdue.Ended]:
    """What was saved since it was marked is closed over: nobody asks whether the attempt is still the same."""
    again = {one.key: one.row for one in _reading([one.key for one in ended], now, overdue.Versions())}
    return _closing([replace(one, row=again[one.key]) for one in ended if one.key in again], now)


def _everybody(grant: Any) -> Any:
    return (grants.ATTEMPT.c.quiz_id == grant.quiz_id) & grants.ATTEMPT.c.deadline.is_not(None)


def _close_forgotten(*rest: Any, past_close_seconds: int = 0) -> Any:
    start, limit, extra, closes = rest
    return _ends(start, limit, extra, closes if limit is None else None, past_close_seconds=past_close_seconds)


def _without_what_was_granted(attempt: Any) -> Any:
    end = _own_end(attempt)
    return end and end - timedelta(seconds=attempt.page_extra_seconds)


_own_end = pace.own_end
_ends = pace.deadline_for


def _paid_per_attempt(attempt: Attempt, quiz: Quiz) -> str:
    return f"quiz:{quiz.id}:attempt:{attempt.number}"


def _paid_once(attempt: Attempt, quiz: Quiz, source: str, now: datetime) -> Any:
    """The second name of a pass is forgotten."""
    return _paying(attempt, quiz, source.partition(":again:")[0].partition(":mark:")[0], now)


_paying = quiz_rewards._pay_passing

FREE: dict[str, Any] = {
    "sequential": False,
    "per_page": 4,
    "question_seconds": None,
    "tries": 1,
    "penalty": Fraction(0),
}
AT_END = FREE | {"behaviour": "at_end", "limit": 60, "closes": None, "allowed": 3}
PAGES = AT_END | {"sequential": True, "per_page": 1}
TIMED = PAGES | {"limit": None, "question_seconds": 20}
AT_ONCE = FREE | {"behaviour": "at_once"}
TRIES = FREE | {"behaviour": "tries", "tries": 3, "penalty": Fraction(1, 3)}
CLOSES = AT_END | {"closes": NOW + timedelta(seconds=100)}

RULES = Rules(limit=60, closes=None, more_for_first=0, allowed=3, marks=(1000, 2001, 1000, 1000))

PASSES = ("answer", 0, 2, "right", None, 0)
PASSES_PAGE = ("answer", 0, 1, "right", None, 0)
FAILS = ("answer", 0, 2, "wrong", None, 0)
HANDS_IN = ("hand_in", 0, False)
CUT_OFF = ("power_cut", 0, 36, 1, "wrong", True, 300, "HQ")

FOUND: dict[str, tuple[dict[str, Any], Bug]] = {
    "an old tab overwrites": (AT_END, lambda: patch.object(answers, "_PUT", _ANY_BASE)),
    "no grace": (AT_END, lambda: patch.object(answers, "takes_saves", _no_grace)),
    "what came late is lost": (AT_END, lambda: patch.object(late_answers, "keep", _nothing)),
    "a page that was left takes answers": (PAGES, lambda: patch.object(pace, "require_here", _nothing)),
    "the sweeper's clock": (AT_END, lambda: patch.object(closing, "ended_at", lambda now, _deadline: now)),
    "no bound for queues": (AT_END, lambda: patch.object(overdue, "QUEUE_BOUND", timedelta(0))),
    "a grant reaches everybody": (AT_END, lambda: patch.object(grants, "_meant", _everybody)),
    "granted time passes the close": (CLOSES, lambda: patch.object(pace, "deadline_for", _close_forgotten)),
    "one flag at a time": (AT_END, lambda: patch.object(flags, "sorted", lambda slots: list(slots)[-1:], create=True)),
}
"""Mistakes that the machine finds by itself, by name: the rules of the quizzes in which it looks, and the mistake."""

TOLD: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]], Bug]] = {
    "a checked answer may be changed": (
        AT_ONCE,
        [FAILS, ("check", 0, 2), PASSES],
        lambda: patch.object(checking, "sorted", lambda _fixed: [], create=True),
    ),
    "a further try costs nothing": (
        TRIES,
        [FAILS, ("check", 0, 2), PASSES, ("check", 0, 2)],
        lambda: patch.object(tries, "worth", lambda _layout, share, full, _number: tries.round_half_up(share * full)),
    ),
    "closed over what was just saved": (
        AT_END,
        [PASSES, ("go_to_an_edge", 0, "deadline", 35, 1), ("sweep_beside_a_save", 0, 2, "wrong")],
        lambda: patch.object(overdue, "close", _closed_over),
    ),
    "late answers stay out when there is more time": (
        AT_END,
        [("power_cut", 0, 6, 2, "right", False, 300, "HQ")],
        lambda: patch.object(late_answers, "count_what_is_in_time", _nothing),
    ),
    "time granted to a page is not for the page": (
        TIMED,
        [("show", 0), ("grant", 60, "HQ", False, False, None, True), ("time_goes_by", 30), PASSES_PAGE],
        lambda: patch.object(pace, "own_end", _without_what_was_granted),
    ),
    "a reopened attempt keeps its points": (
        AT_END,
        [PASSES, CUT_OFF],
        lambda: patch.object(quiz_rewards, "take_back", _nothing),
    ),
    "each attempt that passes is paid": (
        AT_END,
        [PASSES, HANDS_IN, ("begin", 0), PASSES, HANDS_IN],
        lambda: patch.object(quiz_rewards, "_passing", _paid_per_attempt),
    ),
    "a pass that was taken back is never paid again": (
        AT_END,
        [PASSES, CUT_OFF, FAILS, HANDS_IN, ("begin", 0), PASSES, HANDS_IN],
        lambda: patch.object(quiz_rewards, "_pay_passing", _paid_once),
    ),
}
"""Mistakes that show only after several steps that belong together: those steps are told, by rule and arguments."""
