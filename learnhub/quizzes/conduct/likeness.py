"""The report of similar answers and impossible times of a quiz: gathered, worked out by the clock, shown in reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, select

from learnhub.identity.models import Member
from learnhub.kernel import leases
from learnhub.kernel.db import aside, db, unit_of_work
from learnhub.kernel.errors import NotFound, Refused
from learnhub.kernel.leases import DONE, RUNNING, WAITING
from learnhub.kernel.markup import text_of
from learnhub.kernel.words import Message, _
from learnhub.quizzes import papers
from learnhub.quizzes.conduct import similarity, timings
from learnhub.quizzes.conduct.models import LikenessDecision, LikenessReport
from learnhub.quizzes.conduct.timings import Change
from learnhub.quizzes.models import Answer, AnswerVersion, Attempt, AttemptState, Quiz
from question_bank.versions import versions_by_id

IN_A_REQUEST = 300
"""Attempts up to which a request works the report out itself; the clock does the others."""
KINDS = ("single_choice", "true_false")
"""Questions with one choice: only those can be alike by chance in a way that can be counted."""
SIMILAR, QUICK, STEPS = "similar", "quick", "steps"
OUTCOMES: dict[str, Message] = {
    "nothing": _("nothing to it"),
    "open": _("talk to them first"),
    "confirmed": _("not their own work"),
}
LONGEST_REASON = 500
FAILED = _("The report could not be made. Ask for it again.")


@dataclass(frozen=True)
class Gathered:
    """The attempts of a quiz as rows, its questions with one choice as columns, and what was chosen when."""

    attempts: list[tuple[int, int]]
    """(member id, attempt id) by row: the last closed attempt of each member."""
    chosen: NDArray[np.int64]
    key: NDArray[np.int64]
    seconds: NDArray[np.float64]
    reading: NDArray[np.float64]
    changes: list[Change]


def newest(quiz_id: int) -> LikenessReport | None:
    """The newest report of a quiz."""
    query = select(LikenessReport).where(LikenessReport.quiz_id == quiz_id).order_by(LikenessReport.id.desc())
    return db.session.scalar(query.limit(1).execution_options(populate_existing=True))


def ask(quiz: Quiz, by: int | None, now: datetime) -> tuple[LikenessReport, bool]:
    """Ask for a report, and whether the request may make it itself; one that waits already is the same."""
    before = newest(quiz.id)
    if before is not None and before.state in (WAITING, RUNNING):
        return before, False
    report = LikenessReport(quiz_id=quiz.id, asked_by=by, created_at=now, found={})
    db.session.add(report)
    db.session.flush()
    count = db.session.scalar(select(func.count()).select_from(Attempt).where(*_counting(quiz.id))) or 0
    return report, count <= IN_A_REQUEST


def run_next(now: datetime) -> bool:
    """Make the next report that waits; False when there is none. Commits by itself."""
    return leases.run_next(LikenessReport, carry_out, FAILED, now)


def carry_out(report_id: int) -> None:
    """Make a report: read, work out, write, in that order, so that nobody waits for the arithmetic."""
    with aside():
        found = look(db.session.get_one(LikenessReport, report_id).quiz_id)
    with unit_of_work():
        report = db.session.get_one(LikenessReport, report_id)
        report.found, report.state, report.leased_until = found, DONE, None


def look(quiz_id: int) -> dict[str, Any]:
    """What is found in the closed attempts of a quiz, as a report keeps it."""
    data = gather(quiz_id)
    alike = similarity.similar_pairs(data.chosen, data.key)
    sitters = len(data.attempts)
    return {
        "sitters": sitters,
        "questions": len(data.key),
        "pairs": alike.compared,
        "bound": alike.bound,
        SIMILAR: [
            {
                "who": [_who(data, one.first), _who(data, one.second)],
                "compared": one.compared,
                "same": one.same,
                "wrong": one.same_wrong,
                "expected": one.expected,
                "chance": one.chance,
            }
            for one in alike.pairs
        ],
        QUICK: [
            {"who": [_who(data, one.row)], "timed": one.timed, "quick": one.quick, "expected": one.expected}
            | {"chance": one.chance}
            for one in timings.quick_sitters(data.seconds, data.reading)
        ],
        STEPS: [
            {"who": [_who(data, one.first), _who(data, one.second)], "steps": one.steps, "expected": one.expected}
            | {"chance": one.chance}
            for one in timings.in_step(data.changes, sitters)
        ],
    }


def _who(data: Gathered, row: int) -> list[str]:
    return [str(one) for one in data.attempts[row]]


def _counting(quiz_id: int) -> tuple[Any, ...]:
    return Attempt.quiz_id == quiz_id, Attempt.state == AttemptState.CLOSED, Attempt.preview.is_(False)


def gather(quiz_id: int) -> Gathered:
    """Read the last closed attempt of each member of a quiz; three statements and the questions."""
    rows = db.session.execute(
        select(Attempt.member_id, Attempt.id, Attempt.layout, Attempt.started_at)
        .join(Member, Member.id == Attempt.member_id)
        .where(*_counting(quiz_id), Member.test.is_(False))
        .order_by(Attempt.member_id, Attempt.number)
    )
    last = {row.member_id: row for row in rows}
    attempts = [(row.member_id, row.id) for row in last.values()]
    place = {row.id: number for number, row in enumerate(last.values())}
    asked = {(row.id, slot.number): slot.version_id for row in last.values() for slot in papers.slots_of(row.layout)}
    versions = versions_by_id(set(asked.values()))
    keys = {one.id: found for one in versions.values() if (found := _key(one.kind, one.content)) is not None}
    column = {version_id: number for number, version_id in enumerate(keys)}
    options: dict[int, dict[str, int]] = {version_id: {right: 0} for version_id, right in keys.items()}
    chosen = np.full((len(attempts), len(column)), -1, dtype=np.int64)
    of_quiz = select(Attempt.id).where(*_counting(quiz_id))
    answers = select(Answer.attempt_id, Answer.slot, Answer.response).where(Answer.attempt_id.in_(of_quiz))
    for attempt_id, slot, response in db.session.execute(answers):
        version_id = asked.get((attempt_id, slot))
        if version_id in column and response.get("choice"):
            numbers = options[version_id]
            number = numbers.setdefault(response["choice"], len(numbers))
            chosen[place[attempt_id], column[version_id]] = number
    starts = {row.id: row.started_at for row in last.values()}
    seconds, changes = _times(quiz_id, starts, place, asked, column, options)
    reading = np.array([timings.reading_seconds(text_of(versions[one].stem_html)) for one in column], dtype=np.float64)
    return Gathered(attempts, chosen, np.zeros(len(column), dtype=np.int64), seconds, reading, changes)


def _key(kind: str, content: dict[str, Any]) -> str | None:
    """The right option of a question with one choice; None for any other."""
    if kind == "true_false":
        return "true" if content["answer"] else "false"
    right = [one["key"] for one in content["options"] if one["fraction"] == "1"] if kind == "single_choice" else []
    return right[0] if len(right) == 1 else None


def _times(
    quiz_id: int,
    starts: dict[int, datetime],
    place: dict[int, int],
    asked: dict[tuple[int, int], int],
    column: dict[int, int],
    options: dict[int, dict[str, int]],
) -> tuple[NDArray[np.float64], list[Change]]:
    """How long each first answer took since what came before it, and what was changed when.

    Answers that arrived in one moment (a page without scripts, or what waited offline) can't be timed.
    """
    seconds = np.full((len(place), len(column)), np.nan)
    changes: list[Change] = []
    of_quiz = select(Attempt.id).where(*_counting(quiz_id))
    rows = db.session.execute(
        select(AnswerVersion.attempt_id, AnswerVersion.slot, AnswerVersion.response, AnswerVersion.saved_at)
        .where(AnswerVersion.attempt_id.in_(of_quiz), AnswerVersion.late.is_(False))
        .order_by(AnswerVersion.attempt_id, AnswerVersion.saved_at, AnswerVersion.id)
    )
    held: dict[tuple[int, int], Any] = {}
    before: dict[int, datetime] = dict(starts)
    begun = min(starts.values(), default=None)
    for attempt_id, slot, response, at in rows:
        if attempt_id not in place or begun is None:
            continue
        version_id, row = asked.get((attempt_id, slot)), place[attempt_id]
        passed = (at - before[attempt_id]).total_seconds()
        before[attempt_id] = at
        first = (attempt_id, slot) not in held
        changed = not first and held[attempt_id, slot] != response
        held[attempt_id, slot] = response
        if version_id not in column or not response.get("choice"):
            continue
        if first and passed > 0:
            seconds[row, column[version_id]] = passed
        elif changed:
            number = options[version_id].setdefault(response["choice"], len(options[version_id]))
            changes.append(Change(row, column[version_id], number, (at - begun).total_seconds()))
    return seconds, changes


@dataclass(frozen=True)
class Line:
    """A line of a report for who may see all it names: the numbers, the names, and what was decided last."""

    kind: str
    numbers: dict[str, Any]
    attempts: tuple[Attempt, ...]
    names: tuple[str, ...]
    decision: LikenessDecision | None


def lines(report: LikenessReport, unit_ids: Select[int]) -> list[Line]:
    """The lines whose attempts are all by members of these units; three statements."""
    told = [(kind, one) for kind in (SIMILAR, QUICK, STEPS) for one in report.found.get(kind, [])]
    wanted = {int(attempt_id) for _kind, one in told for _member, attempt_id in one["who"]}
    rows = db.session.execute(
        select(Attempt, Member.name)
        .join(Member, Member.id == Attempt.member_id)
        .where(Attempt.quiz_id == report.quiz_id, Attempt.id.in_(wanted), Attempt.unit_id.in_(unit_ids))
    )
    there = {attempt.id: (attempt, name) for attempt, name in rows}
    decided = {
        (one.kind, one.attempt_id, one.other_attempt_id): one
        for one in db.session.scalars(
            select(LikenessDecision)
            .where(LikenessDecision.quiz_id == report.quiz_id)
            .order_by(LikenessDecision.at, LikenessDecision.id)
        )
    }
    found = []
    for kind, one in told:
        ids = [int(attempt_id) for _member, attempt_id in one["who"]]
        if all(each in there for each in ids):
            people = [there[each] for each in ids]
            last = decided.get((kind, ids[0], ids[1] if len(ids) > 1 else None))
            found.append(Line(kind, one, tuple(a for a, _n in people), tuple(n for _a, n in people), last))
    return found


def decide(report: LikenessReport, line: Line, outcome: str, reason: str, by: int, now: datetime) -> LikenessDecision:
    """Keep what a person decided about a line. Refused without a reason; nothing else follows from it."""
    reason = " ".join(reason.replace("\0", "").split())
    if outcome not in OUTCOMES:
        raise NotFound(_("There is no such decision."))
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(_("Give a reason, of at most %(n)s characters.", n=LONGEST_REASON))
    first, *more = line.attempts
    made = LikenessDecision(
        quiz_id=report.quiz_id,
        kind=line.kind,
        member_id=first.member_id,
        attempt_id=first.id,
        other_id=more[0].member_id if more else None,
        other_attempt_id=more[0].id if more else None,
        outcome=outcome,
        reason=reason,
        decided_by=by,
        at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def one_of(found: Sequence[Line], kind: str, attempt_ids: str) -> Line:
    """The line that a form names by its kind and its attempts; NotFound otherwise."""
    for line in found:
        if line.kind == kind and "-".join(str(one.id) for one in line.attempts) == attempt_ids:
            return line
    raise NotFound(_("There is no such line in the newest report."))
