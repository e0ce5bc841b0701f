"""One number, one source: lines of the sheet against what the records say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from learnhub.audit.trail import SYSTEM
from learnhub.boards import standings
from learnhub.identity.models import Member, MemberState
from learnhub.kernel.db import db
from learnhub.kernel.errors import NotFound
from learnhub.kernel.periods import parse_period
from learnhub.kernel.words import _
from learnhub.learning.models import Enrolment
from learnhub.organisations import memberships, roles
from learnhub.organisations.models import Unit
from learnhub.organisations.permissions import Role
from learnhub.points import ledger
from learnhub.quizzes.models import Attempt, Mode, Quiz
from learnhub.study_time.models import CreditRule, StudyDay, StudyInterval, YearlyTarget
from learnhub.transcripts import columns, numbers, spans
from tests.makers import JOINED, new_course, new_member, new_staff, new_unit, small_tree

YEAR = parse_period("2026")


def year(as_at: datetime) -> spans.Span:
    return spans.of_period(YEAR, as_at)


def earn(member: Member, points: int, at: datetime, source: str = "1", posted: datetime | None = None) -> None:
    ledger.post(
        member.id,
        kind="test",
        source_id=source,
        points=points,
        reason=_("Quiz passed"),
        occurred_at=at,
        now=posted or at,
    )


def sat(member: Member, quiz: Quiz, number: int, score: int | None, full: int, at: datetime, **fields: Any) -> None:
    passed = None if score is None else 100 * score >= 60 * full
    db.session.add(
        Attempt(
            member_id=member.id,
            quiz_id=quiz.id,
            unit_id=quiz.unit_id,
            number=number,
            state="closed",
            layout={},
            started_at=at,
            closed_at=at,
            score=score,
            full_marks=full,
            passed=passed,
            **fields,
        )
    )
    db.session.flush()


def new_quiz(unit: Unit, now: datetime, mode: Mode = Mode.EXAM) -> Quiz:
    quiz = Quiz(slug=f"q-{mode}", title="Quiz", unit_id=unit.id, mode=mode, paper={}, created_at=now)
    db.session.add(quiz)
    db.session.flush()
    return quiz


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 200), "0.01"),
        (Fraction(-1, 200), "-0.01"),
        (Fraction(1005, 1000), "1.01"),
        (Fraction(32), "32.00"),
        (None, "None"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: Fraction | None, printed: str) -> None:
    assert str(columns.rounded(value)) == printed


def test_scores_are_exact_percentages_of_each_attempt(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member = new_member(unit)
    quiz, practice = new_quiz(unit, now), new_quiz(unit, now, Mode.PRACTICE)
    sat(member, quiz, 1, 7_000, 9_000, now)
    sat(member, quiz, 2, 1_000, 3_000, now)
    sat(member, quiz, 3, None, 3_000, now)
    sat(member, quiz, 4, 3_000, 3_000, now, preview=True)
    sat(member, quiz, 5, 3_000, 3_000, now + timedelta(hours=2))
    sat(member, practice, 1, 3_000, 3_000, now)
    line = numbers.of_member(member.id, year(now))
    assert (line.attempts, line.best, line.mean) == (3, Fraction(700, 9), Fraction(500, 9))
    assert line.pass_rate == 50, "of the two that were marked"
    assert columns.shown(line, str)["mean"] == Decimal("55.56")


def test_hours_follow_the_rule_of_their_day(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member, (lesson, *_rest) = new_member(unit), new_course()
    db.session.add(CreditRule(valid_from=date(2026, 1, 1), minutes_per_hour=45))
    db.session.add(CreditRule(valid_from=date(2026, 7, 1), minutes_per_hour=60))
    for day in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1)):
        db.session.add(
            StudyDay(
                member_id=member.id, day=day, course_id=lesson.course_id, unit_id=unit.id, milliseconds=45 * 60_000
            )
        )
    db.session.flush()
    assert numbers.of_member(member.id, year(now)).online == 1 + Fraction(3, 4)


def test_hours_as_at_a_moment_do_not_change_afterwards(app: Flask, now: datetime) -> None:
    member, (lesson, *_rest) = new_member(new_unit()), new_course()
    interval = StudyInterval(
        member_id=member.id,
        lesson_id=lesson.id,
        course_id=lesson.course_id,
        started_at=now - timedelta(minutes=20),
        ended_at=now - timedelta(seconds=20),
    )
    db.session.add(interval)
    db.session.flush()
    before = numbers.of_member(member.id, year(now)).online
    assert before == Fraction(18, 45), "what is two minutes old counts"
    interval.ended_at = now + timedelta(minutes=5)
    db.session.flush()
    assert numbers.of_member(member.id, year(now)).online == before
    assert numbers.of_member(member.id, year(now + timedelta(hours=1))).online == Fraction(25, 45)


def test_what_is_owed_is_the_nearest_target_of_the_heaviest_role(app: Flask, now: datetime) -> None:
    tree = small_tree()
    plain, elsewhere = new_member(tree["B1a"]), new_member(tree["B2"])
    secretary = new_staff(Role.SECRETARY, tree["B1"])
    roles.grant(SYSTEM, secretary, Role.INSTRUCTOR, tree["B1"], now)
    for role, unit_id, hours in (("member", 0, 32), ("member", tree["B1"].id, 40), ("secretary", 0, 56)):
        db.session.add(YearlyTarget(year=2026, role=role, unit_id=unit_id, hours=hours * 1000))
    db.session.flush()
    span = year(now + timedelta(minutes=1))
    owed = {line.member_id: line.owed for line in numbers.sheet(tree["HQ"], span)}
    assert owed == {plain.id: 40, elsewhere.id: 32, secretary.id: 56}
    quarter = spans.of_period(parse_period("2026-Q4"), now)
    assert numbers.of_member(elsewhere.id, quarter).owed == Fraction(32 * 92, 365)
    assert numbers.of_member(elsewhere.id, spans.of_period(parse_period("2025"), now)).owed is None


def test_a_transfer_leaves_the_points_with_the_member_and_the_rank_with_the_unit(app: Flask, now: datetime) -> None:
    tree = small_tree()
    moved, stayed = new_member(tree["B1"], name="Moved"), new_member(tree["B2"], name="Stayed")
    earn(moved, 100, datetime(2026, 5, 1, tzinfo=UTC))
    earn(stayed, 5, datetime(2026, 5, 1, tzinfo=UTC))
    memberships.transfer(moved, tree["B2"], date(2026, 6, 1))
    earn(moved, 3, datetime(2026, 7, 1, tzinfo=UTC), "2")
    assert [line.name for line in numbers.sheet(tree["B1"], year(now))] == []
    lines = {line.name: line for line in numbers.sheet(tree["B2"], year(now))}
    assert (lines["Moved"].points, lines["Moved"].rank) == (103, 2)
    assert [str(remark) for remark in lines["Moved"].remarks] == ["Came from Unit B1 on 2026-06-01"]
    assert (lines["Stayed"].points, lines["Stayed"].rank, lines["Stayed"].remarks) == (5, 1, ())
    spring = spans.between(date(2026, 1, 1), date(2026, 5, 31), now)
    assert [line.name for line in numbers.sheet(tree["B1"], spring)] == ["Moved"]


def test_ranks_are_those_of_the_board(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for n, points in enumerate((5, 9, 9, 1, 0, 7)):
        earn(new_member(tree["B1"] if n % 2 else tree["B1a"]), points, now)
    new_member(tree["B1"], name="Without points")
    earn(new_member(tree["B1"], test=True), 50, now)
    left = new_member(tree["B1"], name="Left")
    earn(left, 40, now)
    left.state = MemberState.LEFT
    db.session.flush()
    for code in ("B1", "B1a"):
        board = standings.member_board(YEAR, tree[code], now=now)
        ranks = {row.member_id: (row.rank, row.points) for row in board.rows}
        lines = [line for line in numbers.sheet(tree["HQ"], year(now)) if line.unit_code == code]
        assert {line.member_id: (line.rank, line.points) for line in lines if line.rank} == {
            line.member_id: ranks[line.member_id] for line in lines if line.member_id in ranks
        }
    shown = {line.name: line for line in numbers.sheet(tree["HQ"], year(now))}
    assert shown["Without points"].rank is None
    assert (shown["Left"].rank, str(shown["Left"].remarks[-1])) == (None, "Account closed")


def test_what_was_recorded_later_is_not_seen(app: Flask, now: datetime) -> None:
    unit = new_unit()
    member, (lesson, *_rest) = new_member(unit), new_course()
    earn(member, 4, now - timedelta(days=1))
    earn(member, 2, now - timedelta(days=1), "late", posted=now + timedelta(days=1))
    done = now + timedelta(hours=1)
    db.session.add(Enrolment(member_id=member.id, course_id=lesson.course_id, enrolled_at=JOINED_AT, completed_at=done))
    db.session.flush()
    before, after = numbers.of_member(member.id, year(now)), numbers.of_member(member.id, year(now + timedelta(days=2)))
    assert (before.points, before.courses) == (4, 0)
    assert (after.points, after.courses) == (6, 1)


JOINED_AT = datetime(JOINED.year, JOINED.month, JOINED.day, tzinfo=UTC)


def test_a_member_s_own_line_is_the_line_of_the_sheet(app: Flask, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(numbers, "CHUNK", 3)
    tree = small_tree()
    for n in range(8):
        earn(new_member(tree["B1" if n < 5 else "B2"]), n, now)
    sheet = list(numbers.sheet(tree["HQ"], year(now)))
    assert [line.position for line in sheet] == list(range(1, 9))
    assert len({line.member_id for line in sheet}) == numbers.count(tree["HQ"], year(now)) == 8
    for line in sheet:
        alone = numbers.of_member(line.member_id, year(now))
        assert replace(alone, position=line.position) == line


def test_a_page_of_the_sheet_goes_on_after_its_last_line(app: Flask, now: datetime) -> None:
    tree = small_tree()
    for code in ("B1", "B1a", "B2", "B2"):
        new_member(tree[code])
    whole = [line.number for line in numbers.sheet(tree["HQ"], year(now))]
    first = list(numbers.sheet(tree["HQ"], year(now), limit=2))
    key = (first[-1].unit_code, first[-1].number)
    rest = list(numbers.sheet(tree["HQ"], year(now), after=key))
    assert [line.number for line in first + rest] == whole


def test_a_sheet_costs_a_fixed_number_of_statements(app: Flask, now: datetime, statements: Callable[[], Any]) -> None:
    tree = small_tree()
    seen = []
    for code in ("B1", "B1", "B2", "B1a"):
        for _n in range(3):
            earn(new_member(tree[code]), 1, now)
        with statements() as made:
            list(numbers.sheet(tree["HQ"], year(now)))
        seen.append(len(made))
    assert set(seen) == {13}


def test_nobody_s_line_is_not_found(app: Flask, now: datetime) -> None:
    with pytest.raises(NotFound):
        numbers.of_member(1, year(now))


def test_completion_is_what_a_reader_computes_from_the_printed_hours(app: Flask, now: datetime) -> None:
    member = new_member(new_unit())
    line = numbers.of_member(member.id, year(now))
    shown = columns.shown(replace(line, online=Fraction(89, 45), owed=Fraction(4)), str)
    assert (shown["hours"], shown["hours_owed"], shown["completion"]) == (Decimal("1.98"), Decimal(4), Decimal("49.50"))
    assert columns.completion(replace(line, owed=None)) is None
